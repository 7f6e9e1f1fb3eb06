"""Means after many layers, against layers drawn; false means are refused."""

import numpy as np
import pytest
import sympy as sp

from tests.theory.proofs.holding import MORE, holds
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, copies
from theory.functions.heads_of_series import inverse_radius
from theory.laws import Layers, Normal, independent_entries
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import layers, series

n = sp.Symbol("n", integer=True, positive=True)
depth = sp.Symbol("depth", integer=True, positive=True)
q, below = sp.symbols("q below", positive=True)
z = sp.Symbol("z", real=True)
S, B, W = (sp.MatrixSymbol(name, n, n) for name in "SBW")
done = layers.done
RELU = copies(sp.Max(0, z), n)
NUMBERS = Layers(below, inner(RELU, RELU) / n, sp.Integer(1), depth, ((z, Normal(0, 2 * below)),))
WEIGHTS = ((W, independent_entries(n, n, 1 / n, gaussian=True)),)
MATRICES = Layers(B, W * B * W.T, sp.Identity(n), depth, WEIGHTS)
GROWN = {q: sp.Integer(1), q**2: (1 + 5 / n) ** done}
TRACES = {
    sp.Trace(S * S) / n: 1 + done,
    sp.Trace(S) ** 2 / n**2: sp.Integer(1),
}


def kernel_with(laws):
    kernel = Kernel(())
    kernel.laws = laws
    return kernel


def test_numbers():
    kernel, use = kernel_with({q: NUMBERS}), layers.layers(means=GROWN)
    assert use.holds(kernel, E(q**2) / E(q) ** 2, (1 + 5 / n) ** depth, "=")
    assert not holds(use, kernel, E(q**2) / E(q) ** 2, MORE * (1 + 5 / n) ** depth)
    assert not holds(use, kernel, E(q**3), (1 + 5 / n) ** depth)
    wrong = layers.layers(means={**GROWN, q**2: (1 + 4 / n) ** done})
    assert not holds(wrong, kernel, E(q**2), (1 + 4 / n) ** depth)
    late = layers.layers(means={**GROWN, q**2: (1 + 5 / n) ** (done + 1)})
    assert not holds(late, kernel, E(q**2), (1 + 5 / n) ** (depth + 1))


def test_numbers_drawn():
    """Width 4, three layers: the second moment is (1 + 5/4)^3."""
    random, width, count = np.random.default_rng(5), 4, 400_000
    square = np.ones(count)
    for _ in range(2):
        values = np.sqrt(2 * square)[:, None] * random.standard_normal((count, width))
        square = np.mean(np.maximum(values, 0) ** 2, axis=1)
    assert abs(np.mean(square**2) - (1 + 5 / width) ** 2) < 6 * np.std(square**2) / count**0.5


def test_a_mean_that_is_not_known_is_refused():
    entries = copies(sp.tanh(z), n)
    law = Layers(below, inner(entries, entries) / n, sp.Integer(1), depth, ((z, Normal(0, below)),))
    use = layers.layers(means={q: sp.Integer(1)})
    assert not holds(use, kernel_with({q: law}), E(q), sp.Integer(1))


def test_matrices_in_the_limit_of_width():
    kernel, use = kernel_with({S: MATRICES}), layers.layers(means=TRACES, wide=n)
    left = sp.Limit(E(sp.Trace(S**2)) / n, n, sp.oo)
    assert use.holds(kernel, left, depth + 1, "=")
    assert not holds(use, kernel, left, MORE * (depth + 1))
    assert not holds(use, kernel, E(sp.Trace(S**2)) / n, depth + 1)  # no limit
    at_width = layers.layers(means=TRACES)
    assert not holds(at_width, kernel, E(sp.Trace(S**2)) / n, depth + 1)
    one_sided = Layers(B, W * B, sp.Identity(n), depth, WEIGHTS)  # not symmetric
    assert not holds(use, kernel_with({S: one_sided}), left, depth + 1)


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_matrices_at_a_width(layer):
    """Tr S^2 after layers of width 5, by the recursion of both traces and by draws."""
    random, width, count = np.random.default_rng(layer), 5, 20_000
    product = np.broadcast_to(np.eye(width), (count, width, width))
    for _ in range(layer):
        product = random.standard_normal((count, width, width)) / width**0.5 @ product
    squares = np.sum((product @ np.swapaxes(product, 1, 2)) ** 2, axis=(1, 2))
    grow, shrink = (1 + 2 / width) ** layer, (1 - 1 / width) ** layer
    expected = (width * (width + 2) * grow - width * (width - 1) * shrink) / 3
    assert abs(squares.mean() - expected) < 6 * squares.std() / count**0.5


def test_the_radius_of_an_inverse():
    w = sp.Symbol("w", positive=True)
    kernel, use = Kernel(()), series.radius(at=1 / depth)
    left = inverse_radius(sp.Lambda(w, (1 + w) ** (depth + 1)))
    end = (1 / depth) / (1 + 1 / depth) ** (depth + 1)
    assert use.holds(kernel, left, end, "=")
    assert not holds(use, kernel, left, MORE * end)
    early = series.radius(at=1 / (depth + 1))  # the slope is not yet zero
    assert not holds(early, kernel, left, (w / (1 + w) ** (depth + 1)).subs(w, 1 / (depth + 1)))
    signs = inverse_radius(sp.Lambda(w, (1 + w) ** -2))  # a phi with negative coefficients
    assert not holds(series.radius(at=sp.Integer(1)), kernel, signs, sp.Integer(4))
