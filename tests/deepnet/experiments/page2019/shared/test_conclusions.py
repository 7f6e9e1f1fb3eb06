"""The post's three conclusions about a net, against dense vectors."""

import numpy as np
import pytest

from deepnet.curvature import Batches, moment_gradients
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.conclusions import conclusions, mean_gradients
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.experiments.page2019.tiny import tiny_net


@pytest.mark.parametrize("norm", ["active", "none"])
def test_gradients_of_means_are_the_first_of_the_moments(norm):
    problem, weights, *data = tiny_net(norm)
    weights = {name: w.astype(float) for name, w in weights.items()}
    x, targets = (part.astype(float) for part in data)
    batches = Batches(problem, weights, [(x[:8], targets[:8]), (x[8:], targets[8:])])
    one, other = mean_gradients(batches), moment_gradients(batches)["mean"]
    assert one.shape == (10, problem.net.parameters)
    assert rounded(one, other, condition=PASSES)


def test_conclusions_are_those_of_dense_vectors(context):
    """The share by the last layer's closed form: dm_0/dW_0 is the mean of its inputs, scaled."""
    net = protocol.net("none", context.changed(stop=0))
    numbers = conclusions(net, context)
    batches = protocol.batches(net, context)
    gradients = moment_gradients(batches)["mean"]
    last = gradients[0, -10 * net.problem.net.shapes["classifier"][-1] :]
    assert rounded(float(numbers["share"]), np.sum(last**2) / np.sum(gradients[0] ** 2))
    assert 0 < float(numbers["overlap"]) < 1
    again = conclusions(net, context)
    assert all(np.array_equal(numbers[name], again[name]) for name in numbers)
