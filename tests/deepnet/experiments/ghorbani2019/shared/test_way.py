"""The way from a net to the end of its run."""

from dataclasses import replace

import numpy as np

from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.way import cosines, way
from deepnet.vectors import from_vector
from tests.close import rounded


def test_an_end_one_step_down_the_gradient_lies_in_its_direction(context):
    moment = protocol.moment("none", 1, context)
    net = protocol.net(moment, context)
    step = measures.stochastic_gradients(net, context, 1)[:, 0]
    shapes = {name: w.shape for name, w in net.state.weights.items()}
    moved = {
        name: w - 0.1 * from_vector(step, shapes)[name] for name, w in net.state.weights.items()
    }
    end = replace(net, state=replace(net.state, weights=moved))
    found = way(end, moment, context)
    assert rounded(np.float32(found["raw"][0]), 1)  # as the weights
    assert np.array_equal(found["raw"], found["cosine"])
    assert np.abs(found["raw"][1:]).max() < 1 - 1e-3


def test_cosines_are_those_of_every_pair():
    one, other = np.array([[1.0, 3], [0, 4]]), np.array([[1.0], [1]])
    assert rounded(cosines(one, other), [[0.5**0.5], [0.7 * 2**0.5]])
