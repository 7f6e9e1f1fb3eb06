"""The accuracy of a net, with a norm and without, with noise and without."""

from dataclasses import replace

import numpy as np
import pytest

from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.scores import scores
from deepnet.nets.initialise import initialise
from deepnet.training import State, evaluate, settle


def _net(name, context):
    own = protocol.problem(name, context)
    rng = np.random.default_rng(3)
    weights = initialise(own.net, rng, "he_uniform")
    for layer, w in weights.items():  # scales and shifts too
        weights[layer] = (w + 0.3 * rng.normal(size=w.shape)).astype(w.dtype)
    return own, weights


@pytest.mark.parametrize("part", ["train", "test"])
def test_without_a_norm_a_score_is_that_in_eval_mode(context, part):
    own, weights = _net("none", context)
    expected = evaluate(own, State(weights, {}), context.data, part).accuracy
    assert getattr(scores(own, weights, context.data, 32), part) == expected


@pytest.mark.parametrize("name", ["active", "l1"])
def test_one_batch_of_all_images_has_the_statistics_of_all(context, name):
    """Frozen at these the training images score as they do with them."""
    own, weights = _net(name, context)
    data = context.data
    same = replace(data, x_test=data.x_train, y_test=data.y_train)
    score = scores(own, weights, same, len(data.x_train))
    outputs = own.outputs(weights, data.normalised(data.x_train))
    assert score.train == score.test == (outputs.argmax(-1) == data.y_train).mean()


def test_running_statistics_of_one_batch_give_the_same_test_score(context):
    own, weights = _net("active", context)
    training = protocol.training(0.1, context.changed(batch=64))
    state = State(weights, {})
    state = replace(state, statistics=settle(own, context.data, training, state))
    expected = evaluate(own, state, context.data).accuracy
    assert scores(own, weights, context.data, 64).test == expected


def test_noise_is_scored_only_where_asked_for(context):
    quiet, weights = _net("active", context)
    loud, _ = _net("noisy", context)
    without = scores(quiet, weights, context.data, 32)
    assert scores(loud, weights, context.data, 32) == without
    assert scores(quiet, weights, context.data, 32, noisy=True) == without
    assert scores(loud, weights, context.data, 32, noisy=True) != without
