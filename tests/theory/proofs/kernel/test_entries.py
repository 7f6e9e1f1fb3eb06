"""Columns entry by entry: what softmax gives is decided at any number of outputs."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import diagonal, inner, log_sum_exp, softmax
from theory.functions.constants import ones
from theory.functions.eigenvalues import largest
from theory.proofs.kernel.along import along
from theory.proofs.kernel.decide import Kernel

M = s.M.symbol
z, v, a, target = (each.symbol for each in (s.outputs, s.velocity, s.acceleration, s.target))
x = sp.Symbol("x", real=True)
p, one = softmax(z), ones(M, 1)
CURVED = diagonal(p) - p * p.T
CENTRED = v - inner(p, v) * one


def kernel() -> Kernel:
    return Kernel((s.outputs, s.velocity, s.acceleration, s.target))


def loss(at):
    return log_sum_exp(at) - inner(target, at)


def bend(at):
    return sp.Subs(sp.Derivative(loss(at), (x, 2)), x, 0)


TRUE = (
    (inner(one, p), sp.Integer(1)),
    (p.T * one, sp.Identity(1)),
    (diagonal(p) * one, p),
    (inner(p, diagonal(v) * a), inner(v, diagonal(p) * a)),
    (bend(z + x * v), inner(p, diagonal(CENTRED) * CENTRED)),
    (bend(z + x * v), inner(v, CURVED * v)),
    (bend(z + x * v + x**2 * a / 2), inner(v, CURVED * v) + inner(a, p - target)),
    (along(p - target, z, v), diagonal(p) * v - inner(p, v) * p),
    (v.T * CURVED * v, inner(v, CURVED * v)),
    (softmax(z + x * one), p),
    (log_sum_exp(z + x * one), log_sum_exp(z) + x),
)
FALSE = (
    (inner(one, p), M),
    (inner(one, p), 1 / M),
    (diagonal(p) * one, one),
    (diagonal(p) * v, p),
    (inner(p, diagonal(v) * a), inner(v, a)),
    (bend(z + x * v), inner(p, diagonal(v) * v)),
    (bend(z + x * v), sp.Rational(21, 20) * inner(p, diagonal(CENTRED) * CENTRED)),
    (bend(z + x * v), inner(v, (diagonal(p) + p * p.T) * v)),
    (bend(z + x * v + x**2 * a / 2), inner(v, CURVED * v) + inner(a, target - p)),
    (bend(z + x * v + x**2 * a / 2), inner(v, CURVED * v) + inner(a, p - target) / 2),
    (bend(z + x * v + x**2 * a), inner(v, CURVED * v) + inner(a, p - target)),
    (along(p - target, z, v), diagonal(p) * v - inner(p, v) * one),
    (softmax(2 * z), p),
    (softmax(z + x * v), p),
    (log_sum_exp(z + x * one), log_sum_exp(z)),
    (log_sum_exp(2 * z), 2 * log_sum_exp(z)),
)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_what_is_equal_at_any_number_of_outputs_is_equal(left, right):
    assert kernel().same(left, right)
    assert not kernel().same(left, sp.Rational(21, 20) * right)


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_differs_is_not_equal(left, right):
    assert not kernel().same(left, right)


def test_letters_are_read_before_softmax_is_looked_for():
    D, chances = sp.MatrixSymbol("D", M, M), sp.MatrixSymbol("p", M, 1)
    inside = kernel().within({D: diagonal(p), chances: p})
    assert inside.same(D * one, chances)
    assert inside.same(one.T * D, chances.T)
    assert not inside.same(D * v, chances)
    assert not inside.within({chances: v}).same(D * one, chances)


def test_a_letter_inside_a_name_has_no_slope():
    H, way = s.Hess.symbol, sp.MatrixSymbol("K", *s.Hess.symbol.shape)
    column, unit = sp.MatrixSymbol("c", H.shape[0], 1), sp.Identity(H.shape[0])
    here = Kernel((s.Hess,))
    hidden = (largest(H), inner(column, sp.Inverse(H) * column),
              inner(column, sp.Inverse(H + 2 * unit) * column))  # fmt: skip
    for value in hidden:
        with pytest.raises(NotImplementedError, match="no derivative"):
            here.number(along(value, H, way))
    assert here.same(along(inner(column, H * H * column), H, way),
                     2 * inner(column, H * way * column)) is False  # fmt: skip
    turned = inner(column, H * way * column) + inner(column, way * H * column)
    assert here.same(along(inner(column, H * H * column), H, way), turned)
