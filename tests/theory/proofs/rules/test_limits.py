"""Rules of limits, of iterates and of convex functions accept what is true, refuse what is not."""

import sympy as sp

from tests.theory.proofs.holding import MORE, check, holds
from theory import symbols as s
from theory.functions.heads_of_chance import E
from theory.functions.heads_of_nets import repeated
from theory.functions.iterates import Iterated
from theory.laws import standard_pair
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import chance, convexity, iterates, limits

e, theta, x = sp.symbols("e theta x", positive=True)
l = sp.Symbol("l", integer=True, positive=True)  # noqa: E741
c = s.c.symbol
KERNEL = Kernel((s.c,))
PAIR = sp.symbols("first second", real=True)


class nearer(Iterated):  # noqa: N801
    """Half of the way to 1, again and again."""

    start = sp.Integer(0)

    @staticmethod
    def after(value):
        return (1 + value) / 2


class squared(Iterated):  # noqa: N801
    """The square, which falls to 0."""

    start = sp.Rational(1, 2)

    @staticmethod
    def after(value):
        return value**2


def test_an_angle_for_a_small_number():
    start = sp.Limit(sp.acos(1 - e) / sp.sqrt(e), e, 0)
    end = sp.Limit(theta / sp.sqrt(1 - sp.cos(theta)), theta, 0)
    check(KERNEL, limits.by_small_angle(), start, end)
    assert start.doit() == sp.sqrt(2)
    from_below = sp.Limit(sp.sqrt(1 - c**2) / sp.acos(c), c, 1, "-")
    check(KERNEL, limits.by_small_angle(), from_below, sp.Limit(sp.sin(theta) / theta, theta, 0))
    from_above = sp.Limit(sp.acos(c), c, 1, "+")
    assert not holds(limits.by_small_angle(), KERNEL, from_above, sp.Limit(theta, theta, 0))
    elsewhere = sp.Limit(sp.acos(1 - e), e, 1)
    assert not holds(limits.by_small_angle(), KERNEL, elsewhere, sp.Limit(theta, theta, 1))


def test_limits_of_the_parts():
    whole = sp.Limit((sp.sin(x) / x) ** 2 / (1 + x), x, 0)
    parts = sp.Limit(sp.sin(x) / x, x, 0) ** 2 / sp.Limit(1 + x, x, 0)
    check(KERNEL, limits.inside_limits(), whole, parts)
    infinite = sp.Limit(x * (1 / x), x, 0), sp.Limit(x, x, 0) * sp.Limit(1 / x, x, 0)
    assert not holds(limits.inside_limits(), KERNEL, *infinite)
    by_zero = sp.Limit(x**2 / x, x, 0), sp.Limit(x**2, x, 0) / sp.Limit(x, x, 0)
    assert not holds(limits.inside_limits(), KERNEL, *by_zero)
    elsewhere = sp.Limit(x**2, x, 0), sp.Limit(x, x, 1) ** 2
    assert not holds(limits.inside_limits(), KERNEL, *elsewhere)


def test_a_recursion_that_tends_to_one():
    start = sp.Limit((1 - nearer(l + 1)) / (1 - nearer(l)), l, sp.oo)
    end = sp.Limit((1 - (1 + x) / 2) / (1 - x), x, 1, "-")
    check(KERNEL, iterates.at_fixed_point(), start, end)
    away = sp.Limit(squared(l + 1) / squared(l), l, sp.oo)
    assert not holds(iterates.at_fixed_point(), KERNEL, away, sp.Limit(x, x, 1, "-"))
    by_index = sp.Limit(l * (1 - nearer(l)), l, sp.oo)
    assert not holds(iterates.at_fixed_point(), KERNEL, by_index, sp.Limit(l * (1 - x), x, 1, "-"))


def test_a_map_again_and_again():
    start, zero = sp.Lambda(c, (1 + c) / 2), sp.Integer(0)
    left = repeated(start, zero, l)
    assert iterates.repeats().holds(KERNEL, left, nearer(l), "=")
    assert not holds(iterates.repeats(), KERNEL, left, MORE * nearer(l))
    assert not holds(iterates.repeats(), KERNEL, left, nearer(l + 1))
    assert not holds(iterates.repeats(), KERNEL, left, squared(l))
    assert not holds(iterates.repeats(), KERNEL, repeated(start, sp.Integer(1), l), nearer(l))
    kernel = Kernel(())
    kernel.laws = standard_pair(*PAIR, c)
    product = E(PAIR[0] * PAIR[1])
    by_mean = repeated(sp.Lambda(c, (1 + product) / 2), zero, l)
    use = iterates.in_map(by=chance.expectation())
    assert use.holds(kernel, by_mean, left, "=")
    faster = repeated(sp.Lambda(c, MORE * (1 + c) / 2), zero, l)
    assert not holds(use, kernel, by_mean, faster)
    assert not holds(use, kernel, by_mean, repeated(start, zero, l + 1))


def test_below_a_chord():
    use = convexity.chord(letter=c)
    assert use.holds(KERNEL, sp.exp(c), (1 - c) / 2 / sp.E + (1 + c) / 2 * sp.E, "<=")
    assert not holds(use, KERNEL, sp.exp(c), MORE * ((1 - c) / 2 / sp.E + (1 + c) / 2 * sp.E), "<=")
    assert not holds(use, KERNEL, sp.exp(c), (1 - c) / 2 / sp.E + (1 + c) / 2 * sp.E, ">=")
    assert not holds(use, KERNEL, -sp.exp(c), -(1 - c) / 2 / sp.E - (1 + c) / 2 * sp.E, "<=")
    assert not holds(use, KERNEL, c**3, c, "<=")  # convex only above 0
    assert not holds(convexity.chord(letter=x), KERNEL, x**2, x, "<=")  # of no known range


def test_slopes_tell_a_limit_at_0() -> None:
    t, h = sp.Symbol("t", real=True), sp.Function("h")
    f = c * t**2 + t**3 * h(t)
    check(KERNEL, limits.by_slopes(), sp.Limit(f / t**2, t, 0, "+-"), c)
    twice = (t + t**2 * h(t)).subs(t, t + t**2 * h(t)) - t
    check(KERNEL, limits.by_slopes(), sp.Limit(twice / t**2, t, 0, "+-"), 2 * h(0))


def test_without_smoothness_or_with_a_lower_slope_they_tell_nothing() -> None:
    t, h = sp.Symbol("t", real=True), sp.Function("h")
    rule = limits.by_slopes()
    for inside, right in (
        ((t + c * t**2) / t**2, c),  # it grows without a bound
        ((1 + c * t**2) / t**2, c),
        ((c * t**2 + sp.Abs(t) ** 3) / t**2, c),
        ((c * t**2 + sp.sqrt(t) ** 5 * h(t)) / t**2, c),
        ((c * t**2 + t**2 * h(1 / t)) / t**2, c),
    ):
        assert not holds(KERNEL, rule, sp.Limit(inside, t, 0, "+-"), right)
    assert not holds(KERNEL, rule, sp.Limit(c * (t - 1) ** 2 / t**2, t, 1, "+-"), c)
    assert not holds(KERNEL, rule, sp.Limit(c**3 / c**2, c, 0, "+-"), 0)  # c means a parameter
