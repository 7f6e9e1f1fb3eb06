"""Equals may not stand for equals under a slope in a letter that they hold."""

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads import grad, sup
from theory.functions.stated import jacobian, rank
from theory.proofs.kernel.binding import under_a_slope

N = sp.Symbol("N", integer=True, positive=True)
u, g = sp.MatrixSymbol("u", N, 1), sp.MatrixSymbol("g", N, 1)


def test_a_slope_may_be_replaced_as_a_whole() -> None:
    slopes = jacobian(inner(u, u) * u, u)
    assert not under_a_slope(rank(slopes), slopes)
    assert under_a_slope(rank(slopes), inner(u, u))
    assert under_a_slope(grad(inner(g, slopes * g), u), slopes)
    assert not under_a_slope(grad(inner(g, u), u), g)


def test_a_letter_of_which_nothing_is_known_is_the_same_under_an_extreme() -> None:
    rate, value = sp.Symbol("rate", positive=True), sp.Function("f")
    whole = sup(value(rate), rate, rate < 1)
    assert under_a_slope(whole, value(rate))
    assert under_a_slope(whole, value(rate), {rate})
    assert not under_a_slope(whole, value(rate), set())
