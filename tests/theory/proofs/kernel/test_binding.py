"""What binds a letter: under it equals may not always stand for equals."""

from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.domain import Integer, Parameter, Real
from theory.functions import large, rates
from theory.functions.columns import inner
from theory.functions.descents import end_of_descent
from theory.functions.flows import end_of_flow
from theory.functions.heads import grad, inf, minimum, sup
from theory.functions.homogeneous import at_place
from theory.functions.stated import argmin, gradient_growth, jacobian, rank
from theory.proofs.kernel.binding import fresh, under_a_slope
from theory.proofs.kernel.decide import Kernel

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


ALPHA = Parameter("alpha", "a number above 1", Real(low=1))
alpha = ALPHA.symbol
M = sp.MatrixSymbol("M", N, N)
OF_NUMBERS = (
    lambda value: sup(value, alpha, alpha < 3),
    lambda value: inf(value, alpha, alpha < 3),
    lambda value: minimum(value, alpha),
    lambda value: rates.least(value, (alpha,)),
    lambda value: rates.first(alpha, value < 3),
    lambda value: rates.largest_over(value, alpha, 0, 5),
    lambda value: rates.smallest_over(value, alpha, 0, 5),
    lambda value: argmin(alpha, value, (alpha,)),
    lambda value: large.infimum(alpha, value, 3),
    lambda value: end_of_flow(alpha, value, (alpha,), (2,)),
    lambda value: end_of_descent(alpha, value, (alpha,), (2,), 1),
    lambda value: gradient_growth(value, alpha, N),
    lambda value: sp.Limit(value, alpha, 0),
    lambda value: sp.Integral(value, (alpha, 0, 5)),
    lambda value: sp.Sum(value, (alpha, 0, 5)),
)


@pytest.mark.parametrize("over", OF_NUMBERS)
def test_a_head_runs_over_all_values_of_its_letter(over: Any) -> None:
    kernel = Kernel((ALPHA,))
    assert kernel.same(sp.Max(alpha, 1), alpha)
    assert not kernel.same(over(sp.Max(alpha, 1)), over(alpha))
    assert kernel.same(over(sp.Max(alpha, 1) + 1), over(1 + sp.Max(alpha, 1)))


def test_a_product_runs_over_all_values_of_its_index() -> None:
    count = Parameter("n", "a whole number above 1", Integer(low=2))
    n, kernel = count.symbol, Kernel((count,))
    first, second = sp.Product(sp.Max(n, 2), (n, 1, 5)), sp.Product(n, (n, 1, 5))
    assert kernel.same(sp.Max(n, 2), n)
    assert first.doit() != second.doit()
    assert not kernel.same(first, second)


@pytest.mark.parametrize("over", OF_NUMBERS[:9])
def test_so_does_one_in_which_a_matrix_stands(over: Any) -> None:
    kernel = Kernel((ALPHA,))
    size = sp.Trace(M)
    assert not kernel.same(over(sp.Max(alpha, 1) * size), over(alpha * size))
    assert kernel.same(over(alpha * sp.Trace(M + M)), over(2 * size * alpha))


def test_a_letter_means_what_the_claim_says_where_no_head_runs_over_it() -> None:
    kernel = Kernel((ALPHA,))
    low = sp.Max(alpha, 1)
    x = sp.Symbol("x", real=True)
    assert kernel.same(rates.largest_over(x, x, 0, low), rates.largest_over(x, x, 0, alpha))
    assert not kernel.same(at_place(low * M, alpha, x), at_place(alpha * M, alpha, x))


@pytest.mark.parametrize(
    "over",
    [
        lambda value: rates.least(value, (s.u.symbol,)),
        lambda value: sup(value, s.u.symbol),
        lambda value: argmin(alpha, value, (alpha, s.u.symbol)),
    ],
)
def test_a_column_may_have_any_length_under_an_extreme(over: Any) -> None:
    kernel = Kernel((s.u,))
    unit = s.u.symbol
    one, length = inner(g, g), inner(g, g) * inner(unit, unit)
    assert kernel.same(one, length)
    assert not kernel.same(over(one), over(length))
    assert kernel.same(over(length), over(inner(unit, unit) * inner(g, g)))


def test_fresh_letters_of_different_kinds_have_different_names() -> None:
    real, positive = sp.Symbol("a", real=True), sp.Symbol("a", positive=True)
    assert str(fresh(real)) != str(fresh(positive))
    assert fresh(positive).is_positive
    assert fresh(real) == fresh(real) == fresh(fresh(real))
