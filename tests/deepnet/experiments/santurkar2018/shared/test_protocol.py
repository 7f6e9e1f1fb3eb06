"""The nets of the source, their noise, and which of their runs count."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from companion.errors import UsageError
from deepnet import ops
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.nets.initialise import initialise
from deepnet.training import State
from tests.close import rounded
from tests.deepnet.experiments.santurkar2018.tiny import CONFIG

NAMES: tuple[protocol.Name, ...] = get_args(protocol.Name)


# ----- Nets and trainings -----


def test_all_nets_of_a_seed_start_from_the_same_weights(context):
    context = context.changed(epochs=0)
    first = protocol.trained("none", 0.1, context).state.weights
    assert all(not np.any(first[f"{layer}_bias"]) for layer in ("conv1", "dense3"))
    for name in NAMES[1:]:
        weights = protocol.trained(name, 0.1, context).state.weights
        assert all(np.array_equal(weights[layer], first[layer]) for layer in first)


@pytest.mark.parametrize("name", NAMES)
def test_only_nets_with_a_norm_have_scale_and_shift(name):
    shapes = protocol.net_of(name, CONFIG).shapes
    assert ("conv1_scale" in shapes) == (name not in ("none", "none_noisy"))
    assert "dense3_scale" not in shapes


def test_the_norm_of_the_deviations_with_power_two_is_batch_norm(context):
    data, gradients = context.data, []
    for name in ("active", "centred_l2"):
        own = protocol.problem(name, context)
        weights = initialise(own.net, np.random.default_rng(1), "glorot_uniform", "float64")
        x = data.normalised(data.x_train[:16], np.float64)
        targets = ops.smoothed(data.y_train[:16], 10, 0.0, x.dtype)
        gradients.append(own.linearise(weights, x, targets).grad())
    size = max(np.abs(one).max() for one in gradients[0].values())
    for layer, one in gradients[0].items():
        assert rounded(gradients[1][layer], one, size)


def test_what_is_unknown_is_refused(context):
    with pytest.raises(UsageError, match="no net is named 'l3'"):
        protocol.norm("l3", context)
    images = {part: getattr(context.data, part)[:, :16] for part in ("x_train", "x_test")}
    with pytest.raises(UsageError, match=r"images \(16, 32, 3\); the nets take \(32, 32, 3\)"):
        protocol.problem("none", replace(context, data=replace(context.data, **images)))


# ----- What counts -----


@pytest.mark.parametrize(
    ("loss", "accuracy", "diverged", "mark"),
    [
        (1.0, 0.9, False, ""),
        (2.3, 0.9, False, "did not train"),  # an accuracy leaves chance before the loss does
        (1.0, 0.1, False, "did not train"),
        (float("nan"), 0.9, False, "did not train"),
        (1.0, 0.9, True, "diverged"),
    ],
)
def test_a_run_counts_by_its_accuracy_and_its_loss(context, loss, accuracy, diverged, mark):
    records = {"loss": [loss] * 4, "accuracy": [accuracy] * 4}
    state = State({}, {}, records=records, epoch=2, diverged=diverged)
    assert protocol.outcome(state, context).words == mark
