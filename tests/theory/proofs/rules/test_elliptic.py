"""Substitutions, inversions and elliptic integrals: what the rules accept and refuse."""

from typing import Any

import mpmath
import pytest
import sympy as sp

from tests.close import discretised
from theory import symbols as s
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.elliptic import (
    complete_elliptic,
    in_the_piece,
    inverted,
    no_range,
    substituted,
)
from theory.proofs.rules.pieces import pieces
from theory.proofs.uses import Use

v, lam = s.v.symbol, s.lam.symbol
x, t = sp.symbols("x t", positive=True)
real = sp.Symbol("y", real=True)
ROOT = sp.Integral(sp.sqrt(x), (x, 0, v))
SQUARED = sp.Integral(2 * t**2, (t, 0, sp.sqrt(v)))
EVEN = sp.sqrt((3 - x) * (3 - 1 / x)) / x
M = -v


def holds(use: Use, left: Any, right: Any) -> bool:
    return use.holds(Kernel((s.v, s.lam)), left, right, "=")


def test_a_substitution_either_way() -> None:
    assert holds(substituted(by=t**2), ROOT, SQUARED)
    assert holds(substituted(by=t**2), SQUARED, ROOT)
    assert not holds(substituted(by=t**2), ROOT, sp.Rational(21, 20) * SQUARED)


@pytest.mark.parametrize(
    "by, right",
    [
        (t**2, sp.Integral(2 * t**2, (t, 0, v))),  # another end
        (t**2, sp.Integral(t**2, (t, 0, sp.sqrt(v)))),  # without the slope
        (sp.sqrt(v) - t, SQUARED),
        (t, SQUARED),
        (v * (1 - t), sp.Integral(v * sp.sqrt(v * (1 - t)), (t, 1, 0))),  # backwards
    ],
)
def test_what_is_no_substitution(by: Any, right: Any) -> None:
    assert not holds(substituted(by=by), ROOT, right)


def test_a_substitution_that_turns_round_or_of_negative_values() -> None:
    folded = sp.Integral(2 * real**2, (real, -1, 1))
    assert not holds(substituted(by=real**2), sp.Integral(sp.sqrt(x), (x, 1, 1)), folded)
    negative = sp.Integral(x**2, (x, -1, 1))  # the letter is said to be positive
    assert not holds(substituted(by=t - 1), negative, sp.Integral((t - 1) ** 2, (t, 0, 2)))


def test_what_inversion_leaves() -> None:
    whole, half = sp.Integral(EVEN, (x, sp.Rational(1, 2), 2)), sp.Integral(EVEN, (x, 1, 2))
    assert holds(inverted(), whole, 2 * half)
    assert not holds(inverted(), whole, half)
    assert not holds(inverted(), whole, sp.Rational(21, 10) * half)
    assert not holds(inverted(), sp.Integral(EVEN, (x, sp.Rational(1, 3), 2)), 2 * half)
    other = [sp.Integral(x * EVEN, (x, *ends)) for ends in ((sp.Rational(1, 2), 2), (1, 2))]
    assert not holds(inverted(), other[0], 2 * other[1])


def test_elliptic_integrals() -> None:
    inside = sp.sqrt(1 - t**2) / sp.sqrt(1 + v * t**2)
    weights = (1 + 1 / v, -1 / v)
    value = weights[0] * sp.elliptic_k(M) + weights[1] * sp.elliptic_e(M)
    found = sp.Integral(inside, (t, 0, 1))
    assert holds(complete_elliptic(modulus=M, weights=weights), 3 * found, 3 * value)
    for right in (sp.Rational(21, 20) * value, weights[0] * sp.elliptic_k(M)):
        assert not holds(complete_elliptic(modulus=M, weights=weights), found, right)
    assert not holds(complete_elliptic(modulus=v, weights=weights), found, value)
    assert not holds(complete_elliptic(modulus=M, weights=(1, 1)), found, value)
    assert not holds(
        complete_elliptic(modulus=M, weights=weights), sp.Integral(inside, (t, 0, 2)), value
    )
    number = mpmath.quad(lambda y: sp.lambdify((t, v), inside, "mpmath")(y, 2), [0, 1])
    assert discretised(float(number), float(sp.N(value.subs(v, 2), 20)), 1e-12)


def test_a_range_that_may_be_empty() -> None:
    from_least = sp.Integral(sp.sqrt(x), (x, sp.Min(lam, lam + v), lam))
    assert holds(no_range(), from_least, sp.Integer(0))
    assert not holds(no_range(), from_least, sp.Integer(1))
    from_most = sp.Integral(sp.sqrt(x), (x, sp.Min(lam, lam + v), lam + v))
    assert holds(no_range(), from_most, sp.Integral(sp.sqrt(x), (x, lam, lam + v)))
    assert not holds(no_range(), from_most, sp.Integer(0))


def test_the_piece_that_is_met() -> None:
    def cased(value: Any) -> Any:
        return sp.Piecewise((value, lam > 0), (7, True))

    use = in_the_piece(by=substituted(by=t**2))
    assert holds(use, cased(ROOT), cased(SQUARED))
    assert not holds(use, cased(ROOT), cased(2 * SQUARED))
    assert not holds(use, sp.Piecewise((ROOT, lam > v), (7, True)), cased(SQUARED))
    assert holds(in_the_piece(by=pieces()), cased(v + v), sp.Piecewise((2 * v, v > 0), (0, True)))
