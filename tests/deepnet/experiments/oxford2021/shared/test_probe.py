"""The probe of a layer, against the claims."""

import numpy as np
import pytest

from deepnet.experiments.oxford2021.shared.probe import probe
from deepnet.nets.modes import Active, Detached, Ghost, Noisy, Power
from deepnet.nets.noise import Noise
from deepnet.watch import activations
from tests.close import rounded
from tests.deepnet.experiments.oxford2021.tiny import probed_net
from theory import smoothness


def test_a_probe_has_the_gradient_and_the_hessian_of_the_claims():
    problem, weights, x, targets = probed_net()
    probed = probe(problem, weights, "dense2", x, targets)
    for unit in (0, 5):
        known = {"y": probed.y[:, unit], "g": probed.slope_out[:, unit], "eps": 1e-5,
                 "gamma": probed.scale[unit]}  # fmt: skip
        exact = smoothness.gradient(**known)
        assert rounded(probed.slope_in[:, unit], exact)
        H = np.zeros((len(x), len(x)))
        for row in range(len(x)):
            one = np.zeros_like(probed.y)
            one[row, unit] = 1
            H[:, row] = probed.hvp_out(one)[:, unit]
        assert rounded(H, np.diag(np.diag(H)))  # nothing couples the examples
        K = smoothness.hessian(**known, H=H)
        direction = np.random.default_rng(unit).standard_normal(len(x))
        only = np.zeros_like(probed.y)
        only[:, unit] = direction
        bent = probed.hvp_in(only)[:, unit]
        assert rounded(bent, K @ direction, np.abs(K).max())


@pytest.mark.parametrize("layer", ["conv1", "dense1", "dense3"])
def test_a_probe_is_of_a_dense_layer_with_batch_norm(layer):
    problem, weights, x, targets = probed_net()
    with pytest.raises(ValueError, match=f"layer '{layer}' has no batch norm over examples alone"):
        probe(problem, weights, layer, x, targets)


@pytest.mark.parametrize(
    "norm",
    [Power(1.0, raw=True), Ghost(4), Detached(), Noisy(Active(), Noise(seed=1))],
    ids=lambda norm: type(norm).__name__,
)
def test_a_probe_has_the_gradient_of_any_norm(norm):
    """The gradient of the weights W of y = W a is the slope in y times the layer's inputs a."""
    problem, weights, x, targets = probed_net()
    problem = problem.with_norm(norm)
    probed = probe(problem, weights, "dense2", x, targets)
    a = activations(problem, weights, x)["dense1"].after.reshape(len(x), -1)
    gradient = problem.linearise(weights, x, targets).grad()["dense2"]
    assert rounded(probed.slope_in.T @ a, gradient)
