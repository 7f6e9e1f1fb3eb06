"""Rules of curvature: true uses hold, their right side x 21/20 and tricky false ones do not."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import diagonal, inner, log_sum_exp, softmax
from theory.functions.constants import ones
from theory.functions.heads import grad, hess, smooth
from theory.proofs.kernel.along import along
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import curvature

M = s.M.symbol
z, v, target = s.outputs.symbol, s.velocity.symbol, s.target.symbol
W, h = s.W_out.symbol, s.hidden.symbol
p, one = softmax(z), ones(M, 1)
LOSS = log_sum_exp(z) - inner(target, z)
K = hess(LOSS, z)
CURVED = diagonal(p) - p * p.T
TIMES = sp.Rational(21, 20)


def holds(use, left, right, relation="="):
    kernel = Kernel((s.outputs, s.velocity, s.target, s.W_out, s.hidden))
    return use.holds(kernel, left, right, relation)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (inner(v, K * v), inner(v, CURVED * v)),
        (inner(target, K * v), inner(target, CURVED * v)),
        (inner(v, hess(inner(z, z), z) * v), 2 * inner(v, v)),
        (inner(v, hess(inner(target, z) ** 2, z) * v), 2 * inner(target, v) ** 2),
    ],
)
def test_a_hessian_between_directions_is_a_mixed_slope(left, right):
    use = curvature.hessian_between()
    assert holds(use, left, right)
    assert not holds(use, left, TIMES * right)
    assert not holds(use, left, right, "<=")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (inner(v, K * v), inner(v, diagonal(p) * v)),
        (inner(v, K * v), inner(v, (diagonal(p) + p * p.T) * v)),
        (inner(v, hess(LOSS, v) * v), inner(v, CURVED * v)),  # the loss does not depend on v
        (inner(v, hess(smooth(z, target, W * W.T), z) * v), sp.Integer(0)),
        (inner(target, K * v), inner(v, CURVED * v)),
        (inner(v, v), inner(v, CURVED * v)),
    ],
)
def test_a_hessian_between_directions_is_nothing_else(left, right):
    assert not holds(curvature.hessian_between(), left, right)


def test_a_hessian_times_a_vector_is_the_slope_of_the_gradient():
    use, moved = curvature.hessian_times(gradient=p - target), along(p - target, z, v)
    assert holds(use, K * v, moved)
    assert holds(use, K * v, CURVED * v)
    assert not holds(use, K * v, TIMES * CURVED * v)
    assert not holds(use, K * v, along(p - target, z, one))
    assert not holds(use, K * v, -moved)
    for wrong in (p, target - p, p - TIMES * target, one):
        assert not holds(curvature.hessian_times(gradient=wrong), K * v, along(wrong, z, v))


def test_gradients_inside_are_written_out():
    summed = inner(ones(M, 1), W * h)
    left = W * grad(summed, h) + grad(summed, W) * h
    true = {"W_out": one * h.T, "hidden": W.T * one}
    right = W * (W.T * one) + one * h.T * h
    assert holds(curvature.gradients(**true), left, right)
    assert not holds(curvature.gradients(**true), left, TIMES * right)
    assert not holds(curvature.gradients(**{**true, "W_out": 2 * one * h.T}), left, right)
    twice = W * (W.T * one) + 2 * one * h.T * h
    assert not holds(curvature.gradients(**{**true, "W_out": 2 * one * h.T}), left, twice)
    assert not holds(curvature.gradients(hidden=W.T * one), left, right)
    assert not holds(curvature.gradients(**true), left, W * (W.T * one))
