"""Quadratic forms that are positive, and heads that have no value at a point."""

import sympy as sp

from theory import symbols as s
from theory.domain import Array
from theory.functions.columns import inner
from theory.functions.large import gaussian, tends_to
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel

N = s.N.symbol
R, S, u, x = s.R.within(kind="definite"), s.S, s.u, sp.MatrixSymbol("x", N, 1)
KERNEL = Kernel((R, S, u))


def positive(number: sp.Expr) -> bool:
    return KERNEL.has_sign(number, "is_positive")


def test_a_definite_form_of_a_unit_vector_is_positive() -> None:
    assert positive(inner(u.symbol, R.symbol * u.symbol))
    assert positive(inner(R.symbol * u.symbol, R.symbol * u.symbol))
    assert positive(1 / sp.sqrt(inner(u.symbol, R.symbol**3 * u.symbol)))


def test_what_may_be_zero_is_not_said_to_be_positive() -> None:
    assert isinstance(S.domain, Array) and S.domain.kind == "psd"
    assert not positive(inner(u.symbol, S.symbol * u.symbol))
    assert KERNEL.nonnegative(inner(u.symbol, S.symbol * u.symbol))
    assert not positive(inner(x, R.symbol * x))  # x may be zero
    assert not positive(inner(x, x))
    assert not positive(inner(u.symbol, R.symbol * x))


def test_a_head_without_a_value_at_a_point_is_compared_by_form() -> None:
    n = sp.Symbol("n", integer=True, positive=True)
    Z, a = gaussian("Z", n, n), sp.Symbol("a", positive=True)
    one, other = tends_to(sp.Trace(Z * Z.T) / n, n), tends_to(sp.Trace(Z) / n, n)
    assert equality.vanishes((a + 1) * one - a * one - one)
    assert not equality.vanishes(one - other)
    assert not equality.vanishes(tends_to(a, n) - tends_to(a + 1, n))
