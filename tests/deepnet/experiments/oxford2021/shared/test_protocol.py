"""The protocol of the landscapes: the joint rate, and initial weights."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.oxford2021.shared import protocol

CONFIG = protocol.configuration(Scale.TINY)
RATES = [0.01, 0.003, 0.001]


@pytest.mark.parametrize(
    ("dies_from", "joint"),
    [((1.0, 1.0), 0.01), ((0.01, 1.0), 0.003), ((0.003, 0.01), 0.001), ((0.0001, 1.0), 0.001)],
)
def test_the_joint_rate_is_the_largest_at_which_both_train(monkeypatch, context, dies_from, joint):
    limits = dict(zip(protocol.KINDS, dies_from, strict=True))

    def fake(recipe, context):
        dies = recipe.rate >= limits[recipe.norm]
        return SimpleNamespace(outcome=Outcome.DID_NOT_TRAIN if dies else Outcome.TRAINED)

    monkeypatch.setattr(protocol, "trained", fake)
    context = context.changed(rates=RATES)
    assert protocol.rate_of("joint", "vgg16", context) == joint
    assert protocol.rate_of("source", "vgg16", context) == RATES[0]


def test_the_nets_of_a_pair_begin_at_the_same_weights(context):
    for name in protocol.NAMES:
        none, active = (protocol.recipe(name, kind, 0.01, CONFIG) for kind in protocol.KINDS)
        plain, normed = protocol.weights(none, context), protocol.weights(active, context)
        assert all(np.array_equal(w, normed[layer]) for layer, w in plain.items())
        assert {layer.rpartition("_")[2] for layer in normed.keys() - plain.keys()} == {
            "scale",
            "shift",
        }
        other = protocol.weights(replace(none, draw=1), context)
        assert not np.array_equal(plain["conv1"], other["conv1"])


def test_images_of_another_size_are_refused(context):
    recipe = protocol.recipe("lenet", "none", 0.01, CONFIG)
    with pytest.raises(UsageError, match=r"the nets take \(32, 32, 3\)"):
        protocol.net_of(recipe, context.data.halved())
