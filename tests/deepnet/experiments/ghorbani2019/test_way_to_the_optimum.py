"""The way from a net to the end of its run."""

from dataclasses import replace

import numpy as np

from deepnet.experiments.ghorbani2019 import way_to_the_optimum
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.vectors import from_vector
from tests.close import rounded
from tests.deepnet.experiments.ghorbani2019.tiny import CONFIG


def test_an_end_one_step_down_the_gradient_lies_in_its_direction(context):
    at = protocol.moment("none", 1, CONFIG, context)
    of = protocol.net(at, CONFIG, context)
    step = measures.stochastic_gradients(of, CONFIG, context, 1)[:, 0]
    shapes = {name: w.shape for name, w in of.state.weights.items()}
    moved = {
        name: w - 0.1 * from_vector(step, shapes)[name] for name, w in of.state.weights.items()
    }
    end = replace(of, state=replace(of.state, weights=moved))
    found = way_to_the_optimum.way(end, at, CONFIG, context)
    assert rounded(np.float32(found["raw"][0]), 1)  # as the weights
    assert np.array_equal(found["raw"], found["cosine"])
    assert np.abs(found["raw"][1:]).max() < 1 - 1e-3
