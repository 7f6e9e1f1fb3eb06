"""The protocol of the landscapes: images, verdicts, the joint rate, and initial weights."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.experiments.oxford2021.shared import protocol
from deepnet.training import State, Training, constant

CONFIG = protocol.configuration(Scale.TINY)
RATES = [0.01, 0.003, 0.001]


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    count=st.integers(1, 40),
    skip=st.integers(0, 20),
)
def test_images_are_balanced_and_no_other_choice_shares_one(labels, count, skip):
    labels = np.array(labels)
    first, second = protocol.balanced(labels, skip), protocol.balanced(labels, count, skip)
    assert len(second) == min(count, max(0, len(labels) - skip))
    assert len(set(first) | set(second)) == len(first) + len(second)
    if skip == 0:
        chosen, there = (np.bincount(classes, minlength=4) for classes in (labels[second], labels))
        most = chosen.max()  # a class that has fewer has no more to give
        assert all(c >= most - 1 or c == t for c, t in zip(chosen, there, strict=True))


def test_too_few_images_are_refused_in_one_line(context):
    with pytest.raises(UsageError, match="textures has 64 training images; give 70"):
        protocol.images(context.data, 40, 40, skip=30)


@pytest.mark.parametrize(
    ("accuracy", "loss", "words"),
    [(0.5, 1.0, ""), (0.1, 1.0, "did not train"), (0.3, 2.29, "did not train")],
)
def test_a_net_on_the_plateau_did_not_train_however_well_it_guesses(context, accuracy, loss, words):
    training = Training(epochs=1, batch=8, schedule=constant(0.1), rule=None)
    records = {"accuracy": [accuracy] * 8, "loss": [loss] * 8}
    assert protocol.verdict(State({}, {}, records=records), context.data, training) == words


@pytest.mark.parametrize(
    ("dies_from", "joint"),
    [((1.0, 1.0), 0.01), ((0.01, 1.0), 0.003), ((0.003, 0.01), 0.001), ((0.0001, 1.0), 0.001)],
)
def test_the_joint_rate_is_the_largest_at_which_both_train(monkeypatch, context, dies_from, joint):
    limits = dict(zip(protocol.KINDS, dies_from, strict=True))

    def fake(recipe, context):
        return SimpleNamespace(mark="did not train" if recipe.rate >= limits[recipe.norm] else "")

    monkeypatch.setattr(protocol, "trained", fake)
    context = context.changed(rates=RATES)
    assert protocol.rate_of("joint", "vgg16", context) == joint
    assert protocol.rate_of("source", "vgg16", context) == RATES[0]


def test_the_nets_of_a_pair_begin_at_the_same_weights(context):
    for name in protocol.NAMES:
        none, active = (protocol.recipe(name, kind, 0.01, CONFIG) for kind in protocol.KINDS)
        net = protocol.net_of(none, context.data)
        plain = protocol.initial(none, net, context)
        normed = protocol.initial(active, protocol.net_of(active, context.data), context)
        assert all(np.array_equal(w, normed[layer]) for layer, w in plain.items())
        assert {layer.rpartition("_")[2] for layer in normed.keys() - plain.keys()} == {
            "scale",
            "shift",
        }
        other = protocol.initial(replace(none, draw=1), net, context)
        assert not np.array_equal(plain["conv1"], other["conv1"])


def test_images_of_another_size_are_refused(context):
    recipe = protocol.recipe("lenet", "none", 0.01, CONFIG)
    with pytest.raises(UsageError, match=r"the nets take \(32, 32, 3\)"):
        protocol.net_of(recipe, context.data.halved())


def test_targets_are_those_of_the_images(context):
    ((x, targets), _) = protocol.images(context.data, 32, 16)
    rows = protocol.balanced(context.data.y_train, 16)
    assert np.array_equal(x, context.data.normalised(context.data.x_train[rows]))
    assert np.array_equal(targets, ops.smoothed(context.data.y_train[rows], 10, 0.0, x.dtype))
