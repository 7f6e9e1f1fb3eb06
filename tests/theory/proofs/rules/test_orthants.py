"""Rules of events accept what is true and refuse what is not."""

import pytest
import sympy as sp

from tests.theory.proofs.holding import MORE, check, holds
from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import orthants

t, a, b, d = sp.symbols("t a b d", real=True)
HALF = sp.Rational(1, 2)


@pytest.fixture
def kernel():
    made = Kernel(())
    made.laws = {t: Normal(0, 2), a: Normal(), b: Normal(1, 3), d: Normal(0, 0)}
    return made


def cdf(value):
    return (1 + sp.erf(value / sp.sqrt(2))) / 2


def both(*forms):
    return Prob(sp.And(*(form > 0 for form in forms)))


def test_given_a_letter(kernel):
    steps = sp.Heaviside(t, 0)
    other = (1 + sp.erf((t - 1) / sp.sqrt(6))) / 2
    assert orthants.given().holds(kernel, E(cdf(t)), both(t - a), "=")
    assert orthants.given().holds(kernel, E(steps * cdf(t) * other), both(t, t - a, t - b), "=")
    assert orthants.given().holds(kernel, E(cdf(t)), both(3 * (t - a)), "=")
    assert not holds(orthants.given(), kernel, E(MORE * cdf(t)), both(t - a))
    assert not holds(orthants.given(), kernel, E(cdf(t)), MORE * both(t - a))
    kernel.laws = {**kernel.laws, d: Normal(t, 1)}
    assert not holds(orthants.given(), kernel, E(cdf(t)), both(t - d))  # not independent
    # less than, another law, one letter twice
    assert not holds(orthants.given(), kernel, E(cdf(t)), both(a - t))
    assert not holds(orthants.given(), kernel, E(cdf(t)), both(t - b))
    assert not holds(orthants.given(), kernel, E(cdf(t) ** 2), both(t - a, 2 * t - 2 * a))
    assert not holds(orthants.given(), kernel, E(cdf(t)), Prob(sp.Or(t - a > 0, t - a > 1)))


def test_three_are_positive(kernel):
    forms = t, t - a, t + a
    pairs = both(t, t - a) + both(t, t + a) + both(t - a, t + a)
    use = orthants.three_positive()
    assert use.holds(kernel, both(*forms), pairs / 2 - HALF / 2, "=")
    assert not holds(use, kernel, both(*forms), MORE * (pairs / 2 - HALF / 2))
    assert not holds(use, kernel, both(*forms), pairs / 2)
    # a mean that is not 0, a form that is not linear, one that is always 0
    for third in (t - b, t * a, d):
        pairs = both(t, t - a) + both(t, third) + both(t - a, third)
        assert not holds(use, kernel, both(t, t - a, third), pairs / 2 - HALF / 2)


def test_angles_of_one_cosine(kernel):
    use = orthants.same_cosine()
    check(kernel, use, sp.acos(sp.Rational(1, 3)), sp.pi - 2 * sp.atan(sp.sqrt(2)))
    assert not holds(use, kernel, sp.pi / 3, sp.pi / 3 - 2 * sp.pi)
    assert not holds(use, kernel, sp.pi / 3, -sp.pi / 3)
    assert not holds(use, kernel, sp.acos(sp.Symbol("x")), sp.acos(sp.Symbol("x")))
