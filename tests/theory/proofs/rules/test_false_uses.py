"""False statements that a rule must not accept: each use hides one flaw."""

from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.domain import Parameter, Real
from theory.functions.columns import diagonal, inner, largest_size
from theory.functions.covariances import nonzeros
from theory.functions.equations import at_the_zero, largest_zero_of, zero_of
from theory.functions.flows import end_of_flow
from theory.functions.heads import grad, hess, moved, sup
from theory.functions.heads_of_chance import E, Prob
from theory.functions.rates import after_steps, eigenvector_to
from theory.functions.recursions import iterate
from theory.laws import ChiSquared, Normal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import (
    areas,
    binomials,
    calculus,
    chance,
    columns,
    convergence,
    counts,
    curvature,
    equations,
    extremes,
    flows,
    growth,
    integrals,
    limits,
    parts,
    pieces,
    repetition,
    slopes,
    substitution,
    use,
)
from theory.proofs.rules.recursion import done, value

y, g, H, u = s.y.symbol, s.g.symbol, s.H.symbol, s.u.within(rows=s.B.symbol).symbol
a, t, x, z = sp.symbols("a t x z", real=True)
p, q, r = sp.symbols("p q r", positive=True)
B = s.B.symbol
v = sp.MatrixSymbol("v", B, 1)
w = sp.MatrixSymbol("w", B, 1)
e = sp.MatrixSymbol("e", B, 1)
ANY = Parameter("v", "any column", s.g.domain)
SHARE = Parameter("c", "a share", Real(0, 1))
c = SHARE.symbol


@pytest.fixture
def kernel() -> Kernel:
    found = Kernel((s.y, s.g, s.H, s.u.within(rows=B), SHARE, ANY))
    found.laws = {x: Normal(0, 1), z: Normal(0, 1), p: ChiSquared(3)}
    return found


def refused(kernel: Kernel, use_: Any, left: Any, right: Any, relation: str = "=") -> bool:
    try:
        return not use_.holds(kernel, left, right, relation)
    except (NotImplementedError, TypeError, ValueError):  # whatever stops a proof
        return True


# -- integrals and limits ------------------------------------------------------------------


def test_an_antiderivative_across_a_pole(kernel: Kernel) -> None:
    left = sp.Integral(1 / t**2, (t, -1, 1))
    assert refused(kernel, areas.antiderivative(of=-1 / t), left, sp.Integer(-2))
    assert refused(kernel, areas.antiderivative(of=sp.S.One - 1 / t), left, sp.Integer(-2))
    at_2 = sp.Integral(1 / (t - a) ** 2, (t, 0, 1))
    F = -1 / (t - a)
    assert refused(kernel, areas.antiderivative(of=F), at_2, F.subs(t, 1) - F.subs(t, 0))


def test_a_substitution_that_takes_a_letter_that_is_free(kernel: Kernel) -> None:
    left = sp.Integral(a * x, (x, 0, 1))
    assert refused(kernel, substitution.substitution(image=a), left, sp.Integral(a**2, (a, 0, 1)))


def test_a_scaled_limit_of_a_free_letter(kernel: Kernel) -> None:
    left, right = sp.Limit(p / (1 + p), p, sp.oo), sp.Limit(p / (1 + q), q, sp.oo)
    assert refused(kernel, substitution.scaled_limit(scale=sp.Integer(1)), left, right)


def test_a_binomial_sum_whose_index_is_a_letter(kernel: Kernel) -> None:
    k = sp.Symbol("k", integer=True, nonnegative=True)
    n = sp.Symbol("n", integer=True, nonnegative=True)
    left = sp.Integral((1 + k**2 + 2 * k * sp.cos(t)) ** n, (t, 0, sp.pi))
    right = sp.pi * sp.Sum(sp.binomial(n, k) ** 2 * k ** (2 * k), (k, 0, n))
    assert refused(kernel, binomials.circle_power(ratio=k), left, right)


def test_a_binomial_with_its_index_in_the_parts(kernel: Kernel) -> None:
    j = sp.Symbol("j", integer=True, nonnegative=True)
    n = sp.Symbol("n", integer=True, nonnegative=True)
    left = sp.Integral((1 + sp.cos(t)) ** n, (t, 0, sp.pi))
    constant, moving = 1 + j, sp.cos(t) - j
    term = sp.binomial(n, j) * constant ** (n - j)
    right = sp.Sum(term * sp.Integral(moving**j, (t, 0, sp.pi)), (j, 0, n))
    rule = binomials.binomial_theorem(constant=constant, factor=sp.Integer(1), moving=moving)
    assert refused(kernel, rule, left, right)


def test_limits_inside_beside_the_letter_of_the_limit(kernel: Kernel) -> None:
    left = sp.Limit(2 * t, t, 0)
    assert refused(kernel, limits.inside_limits(), left, t + sp.Limit(t, t, 0))


def test_a_limit_that_is_another_where_a_letter_is_0(kernel: Kernel) -> None:
    assert refused(kernel, calculus.limit(), sp.Limit(1 / (1 + a**2 * t), t, sp.oo), sp.Integer(0))
    assert refused(kernel, calculus.limit(), sp.Limit(sp.exp(-(a**2) * t), t, sp.oo), sp.Integer(0))


def test_an_integral_over_a_letter_of_the_claim(kernel: Kernel) -> None:
    near, over = sp.Abs(c - 1), sp.Integral(sp.Abs(c - 1), (c, 0, 5))
    assert refused(kernel, use.equals(are={}), sp.Limit(near, c, 5), sp.Limit(1 - c, c, 5))
    assert refused(kernel, use.equals(are={}), over, sp.Integral(1 - c, (c, 0, 5)))
    assert refused(kernel, use.equals(are={}), sup(sp.Abs(c - 1), c), sup(1 - c, c))


def test_equals_on_the_domain_are_none_under_a_gradient(kernel: Kernel) -> None:
    length, one = inner(u, u), sp.Integer(1)
    by = use.equals(are={length: one})
    left, right = inner(u, grad(length, u)), inner(u, grad(one, u))
    assert refused(kernel, by, left, right)
    inside = use.inside(by=by, old=length, new=one)
    assert refused(kernel, inside, left, right)
    put = integrals.replaced(part=length, is_=one, by=use.equals(are={length: one}))
    assert refused(kernel, put, left, right)
    assert refused(kernel, parts.part(of=length, is_=one, by=by), left, right)


# -- slopes --------------------------------------------------------------------------------


def test_a_gradient_on_a_sphere_is_no_gradient_beside_it(kernel: Kernel) -> None:
    half = inner(u, u) / 2
    false = inner(u, u) ** 5 * u
    assert refused(
        kernel,
        slopes.slopes(are={grad(half, u): false}),
        inner(g, moved(grad(half, u), (u, g))),
        inner(g, moved(false, (u, g))),
    )
    K_b = g + 10 * inner(u, g) * u
    rule = curvature.hessian_times(gradient=false)
    assert refused(kernel, rule, hess(half, u) * g, K_b)


def test_a_gradient_in_its_own_direction(kernel: Kernel) -> None:
    way = sp.MatrixSymbol("any_h", B, 1)
    false = 2 * inner(y, way) / inner(way, way) * way
    assert refused(kernel, calculus.gradient(), grad(inner(y, y), y), false)


# -- extremes ------------------------------------------------------------------------------


def test_a_supremum_at_what_is_no_real_number(kernel: Kernel) -> None:
    rule = extremes.extreme(at=sp.I, gap=1 + t**2)
    assert refused(kernel, rule, sup(-(t**2), t), sp.Integer(1))


def test_a_supremum_over_a_letter_that_is_an_axis(kernel: Kernel) -> None:
    kernel.axis(e)
    rule = extremes.extreme(at=e, gap=sp.Integer(0))
    assert refused(kernel, rule, sup(inner(e, e), e), sp.Integer(1))


def test_an_infimum_outside_of_the_letters_sign(kernel: Kernel) -> None:
    low = sp.Symbol("low", negative=True)
    rule = extremes.extreme(at=sp.Integer(5), gap=5 - low)
    assert refused(kernel, rule, sup(low, low), sp.Integer(5))


def test_a_zero_of_a_column_outside_of_the_letters_sign(kernel: Kernel) -> None:
    rule = equations.only_zero(at={q: sp.Integer(-1)})
    column = (q + 1) * sp.OneMatrix(B, 1)
    assert refused(kernel, rule, at_the_zero(q, column, sp.Tuple(q)), sp.Integer(-1))


def test_an_axis_reaches_the_largest_entry_of_one_column(kernel: Kernel) -> None:
    kernel.axis(e)
    first, second = largest_size(v), largest_size(w)
    assert columns.reached().holds(kernel, first, sp.Abs(inner(e, v)), "=")
    assert refused(kernel, columns.reached(), second, sp.Abs(inner(e, w)))


# -- numbers -------------------------------------------------------------------------------


def test_a_diagonal_with_zeros_does_not_count_as_full(kernel: Kernel) -> None:
    assert refused(kernel, counts.count_of_nonzeros(), nonzeros(diagonal(v)), B)
    assert refused(kernel, counts.count_of_nonzeros(), nonzeros(diagonal(v) * w), nonzeros(w))


def test_a_zero_of_what_may_be_zero_everywhere(kernel: Kernel) -> None:
    body = sp.Lambda(t, (t - 1) * (inner(v, v) * v - inner(v, v) * v.T.T + (H - H.T) * v))
    rule = equations.linear_zero(is_=sp.Integer(1))
    assert refused(kernel, rule, zero_of(body), sp.Integer(1))
    body = sp.Lambda(q, q + 1)
    assert refused(kernel, equations.linear_zero(is_=sp.Integer(-1)), zero_of(body), sp.Integer(-1))


def test_a_largest_zero_in_its_own_letter(kernel: Kernel) -> None:
    body = sp.Lambda(q, q + 1)
    rule = equations.quadratic_zero(is_=q / 2, other=sp.Integer(0), times=2 * (q + 1) / q**2)
    assert refused(kernel, rule, largest_zero_of(body), q / 2)


def test_eigenvectors_of_a_matrix_that_is_not_symmetric(kernel: Kernel) -> None:
    A = sp.MatrixSymbol("A", B, B)
    kernel.matrix(A, "any")
    n = sp.Symbol("n", integer=True, nonnegative=True)
    at = eigenvector_to(A, q)
    step = after_steps(A * v, v, w, n)
    quantity = inner(at, v)
    rule = repetition.multiplied_by_each_step(quantity=quantity, factor=q)
    assert refused(kernel, rule, inner(at, step), q**n * inner(at, w))


# -- chance --------------------------------------------------------------------------------


def test_a_mean_with_its_letter_outside_of_the_integral(kernel: Kernel) -> None:
    law = Normal(0, 1)
    false = sp.Integral(x * law.density(t), (t, -sp.oo, sp.oo))
    assert refused(kernel, chance.density(), E(x), false)


def test_a_probability_beyond_the_ends_of_a_law(kernel: Kernel) -> None:
    law = ChiSquared(3)
    false = sp.Integral(law.density(p), (p, -1, sp.oo))
    event = sp.Gt(p, -1, evaluate=False)
    assert refused(kernel, chance.probability(), Prob(event), false)


def test_a_probability_between_bounds_in_the_wrong_order(kernel: Kernel) -> None:
    false = sp.Integral(Normal(0, 1).density(x), (x, a, t))
    assert refused(kernel, chance.probability(), Prob(sp.And(x > a, x < t)), false)


# -- recursions and flows ------------------------------------------------------------------


def test_a_recursion_that_is_drawn_ever_less(kernel: Kernel) -> None:
    n = sp.Symbol("n", integer=True, nonnegative=True)
    factor = 1 - 1 / (done + 2) ** 2
    body = sp.Lambda((value, done), 1 + factor * (value - 1))
    left = sp.Limit(iterate(body, sp.Integer(2), n), n, sp.oo)
    rule = convergence.drawn(to=sp.Integer(1), excess=sp.Integer(1), factor=factor)
    assert refused(kernel, rule, left, sp.Integer(1))


def test_growth_from_0_of_a_letter_that_stays_above_another(kernel: Kernel) -> None:
    inside = kernel.within({r: q / (1 + sp.Symbol("m", positive=True))})  # r < q
    rule = growth.inverse_of_what_grows_faster(letter=q)
    slower = q + q**2 - 2 * r * q  # less than q where q < 2 r
    assert refused(inside, rule, 1 / slower, 1 / q, "<=")


def test_a_flow_in_letters_that_are_positive_by_name(kernel: Kernel) -> None:
    half = sp.Rational(1, 2)
    loss = sp.integrate((q + 1) * (q + half) ** 2, q) + 1  # the flow stops at - 1/2
    way = flows.Faster(half**2, q**2 + q, sp.Integer(0), sp.Integer(0))
    rule = flows.error_vanishes(
        of=flows.error - 1,
        means=(q + 1, sp.Integer(0)),
        rate=(q + half) ** 2,
        positive=way,
        negative=way,
    )
    left = end_of_flow(q, loss, sp.Tuple(q), sp.Tuple(r))
    assert refused(kernel, rule, left, sp.Integer(-1))


def test_a_support_beside_which_nothing_is_said(kernel: Kernel) -> None:
    function = sp.Piecewise((1, sp.And(t > 1, t < 2)), (0, t < 5))
    image = sp.Piecewise(
        (0, p <= 1), (sp.Integral(1, (t, 1, p)), p < 2), (sp.Integral(1, (t, 1, 2)), True)
    )
    assert refused(kernel, pieces.support(), sp.Integral(function, (t, 0, p)), image)


def test_a_limit_of_summands_that_is_another_where_an_entry_is_0(kernel: Kernel) -> None:
    i, n = sp.Symbol("i", integer=True), sp.Symbol("n", integer=True, positive=True)
    entry = sp.IndexedBase("A", real=True)[i]
    left = sp.Limit(sp.Sum(1 / (1 + p * entry**2), (i, 1, n)), p, sp.oo)
    assert refused(kernel, calculus.limit(), left, sp.Integer(0))


def test_a_radius_that_does_not_take_all_values(kernel: Kernel) -> None:
    inside = kernel.within({q: 1 / (1 + r)})
    wave, line = sp.exp(-(x**2) - z**2), (-sp.oo, sp.oo)
    left = sp.Integral(sp.Abs(x**2 + z**2 - 1) * wave, (x, *line), (z, *line))
    right = sp.Integral(q * (1 - q**2) * sp.exp(-(q**2)), (q, 0, sp.oo), (t, 0, 2 * sp.pi))
    assert refused(inside, areas.polar(), left, right)


def test_a_sum_that_is_shifted_over_a_pole(kernel: Kernel) -> None:
    k, n = sp.symbols("k n", integer=True, nonnegative=True)
    left = sp.Sum(1 / (k + 1), (k, 0, n))
    right = sp.Sum(1 / k, (k, 0, n)) + 1 / (n + 1) - sp.zoo
    assert refused(kernel, binomials.shifted(of=left, by=1), left, right)


def test_letters_that_assume_more_than_what_they_mean(kernel: Kernel) -> None:
    below, whole = sp.Symbol("below", negative=True), sp.Symbol("whole", integer=True)
    by = use.equals(are={})
    for letter, image in ((below, q), (whole, t)):
        rule = use.in_letters(by=by, of=(letter, letter), means={letter: image}, rules={})
        assert refused(kernel, rule, image, image)
