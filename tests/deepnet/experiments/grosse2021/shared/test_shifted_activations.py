"""Constants added to a net's activations."""

import numpy as np

from companion.scale import Scale
from deepnet.experiments.grosse2021 import knockout
from deepnet.experiments.grosse2021.shared import noise_kinds, protocol
from deepnet.experiments.grosse2021.shared.shifted_activations import shifted
from deepnet.experiments.images import whole
from deepnet.nets.modes import Active, NoNorm
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import tiny_context, tiny_images


def test_a_shift_is_of_what_the_next_layer_takes():
    """By hand, without batch norm; with it nothing is left of the shift."""
    this = noise_kinds.recipe("none", "plain", knockout.configuration(Scale.TINY), 0.1)
    problem = protocol.problem(this, tiny_images())
    weights = {name: w.astype(float) for name, w in protocol.weights(this, tiny_context()).items()}
    x, _ = whole(tiny_images(), dtype="float64")
    shift = np.linspace(-2, 2, 8)
    net = shifted(problem.net, this, shift)
    h = np.maximum(x.reshape(64, 48) @ weights["dense1"].T, 0) + shift
    h = np.maximum(h @ weights["dense2"].T, 0) @ weights["dense3"].T
    assert rounded(net.forward(weights, x, NoNorm()), h)
    one, other = (one.forward(weights, x, Active()) for one in (problem.net, net))
    assert rounded(one, other)
