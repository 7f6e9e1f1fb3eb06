"""The residual nets: their shape and start, their images, and trainings from record to record."""

from dataclasses import replace

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from tests.close import rounded
from tests.deepnet.experiments.ghorbani2019.tiny import CONFIG, images

# ----- Shape and start -----


def test_the_quick_net_has_10934_weights_and_starts_as_the_protocol_says(context):
    context = context.changed(**protocol.configuration(Scale.QUICK))
    active, none = (
        protocol.trained(protocol.recipe(norm, context), 0, context).state.weights
        for norm in ("active", "none")
    )
    assert sum(w.size for w in active.values()) == 10_934
    for name, w in active.items():
        fan = np.prod(w.shape[1:])
        if w.ndim > 1 and w.size > 1000:
            expected = (1 if name == "dense" else 2) / fan
            assert abs(w.var() / expected - 1) < 6 * np.sqrt(2 / w.size)
        smaller = 6**-0.5 if name.endswith("_conv2") else 1.0  # two blocks in three stages
        assert rounded(none[name], smaller * w)


@pytest.mark.parametrize(("side", "says"), [(24, "6 x 6"), (20, "both must be even|5 x 5")])
def test_images_that_the_net_cannot_take_are_refused(tmp_path, side, says):
    small = replace(
        images(), x_train=images().x_train[:, :side, :side], x_test=images().x_test[:, :side, :side]
    )
    with pytest.raises(UsageError, match=says):
        prepared(Context(CONFIG, small, 0, tmp_path, tmp_path))


def test_too_few_images_are_refused(tmp_path):
    with pytest.raises(UsageError, match="give 28 or more"):
        prepared(Context(CONFIG, images().sample(27, 16), 0, tmp_path, tmp_path))


# ----- From record to record -----


@pytest.mark.parametrize("norm", ["active", "none", "population"])
def test_a_training_in_parts_ends_with_the_same_bits(tmp_path, context, norm):
    context = context.changed(records=[0, 1, 2])
    recipe = (
        protocol.population(0.1, context.config)
        if norm == "population"
        else protocol.recipe(norm, context)
    )
    parts = protocol.trained(recipe, 2, context).state
    elsewhere = replace(context.changed(records=[0, 2]), out=tmp_path / "elsewhere")
    whole = protocol.trained(recipe, 2, elsewhere).state
    assert parts.records["loss"] == whole.records["loss"]
    assert all(np.array_equal(parts.weights[name], whole.weights[name]) for name in whole.weights)


def test_another_start_and_another_order_are_other_trainings(context):
    states = [
        protocol.trained(protocol.recipe("none", context, **changes), 1, context).state
        for changes in ({}, {"order": 1}, {"start": 1})
    ]
    losses = [tuple(state.records["loss"]) for state in states]
    assert len(set(losses)) == 3
