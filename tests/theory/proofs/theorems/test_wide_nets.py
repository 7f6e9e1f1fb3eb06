"""The theorem on wide nets, against a wide net that is drawn."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate

from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import wide_nets

t = sp.Symbol("t", real=True)
n, layer = sp.symbols("n layer", integer=True, positive=True)
ACTIVATIONS = {"relu": sp.Max(0, t), "abs": sp.Abs(t), "leaky": sp.Max(0, t) - sp.Max(0, -t) / 4}
WIDTH, LAYERS = 2000, 3


def applied(activation, correlation):
    """The map at a correlation, by quadrature."""
    f = sp.lambdify(t, activation)
    root = np.sqrt(1 - correlation**2)

    def mean(function):
        value, _ = integrate.dblquad(
            lambda y, x: function(x, y) * np.exp(-(x * x + y * y) / 2) / (2 * np.pi), -8, 8, -8, 8
        )
        return value

    product = mean(lambda x, y: f(x) * f(correlation * x + root * y))
    return product / mean(lambda x, y: f(x) ** 2)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_correlations_in_a_wide_net(name):
    activation, expected = ACTIVATIONS[name], 0.0
    said = wide_nets.correlations_in_wide_nets(sp.Lambda(t, activation), layer, n).statement()
    stated = said.right.args[0](sp.Rational(1, 2)).atoms(sp.Integral)
    assert len(stated) == 2
    f = sp.lambdify(t, activation)
    random = np.random.default_rng(4)
    values = random.standard_normal((WIDTH, 2))
    for _ in range(LAYERS - 1):
        weights = np.sqrt(2 / WIDTH) * random.standard_normal((WIDTH, len(values)))
        values, expected = f(weights @ values), applied(activation, expected)
    cosine = (
        values[:, 0] @ values[:, 1] / np.linalg.norm(values[:, 0]) / np.linalg.norm(values[:, 1])
    )
    # of the sums before the next activation, whose correlation is the cosine of what is below
    assert abs(cosine - expected) < 0.08


def test_an_activation_must_take_factors_out():
    kernel = Kernel(())
    for activation, holds in ((sp.Max(0, t), True), (sp.tanh(t), False), (sp.Max(0, t - 1), False)):
        use = wide_nets.correlations_in_wide_nets(sp.Lambda(t, activation), layer, n)
        said = use.statement()
        assert use.holds(kernel, said.left, said.right, "=") == holds
