"""Rules of finite sums: what they accept and what they refuse."""

import sympy as sp

from theory import symbols as s
from theory.functions.numbers import scaled_bessel
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import binomials, functions
from theory.proofs.uses import Use

alpha, v, k = (each.symbol for each in (s.alpha, s.v, s.k))
KERNEL = Kernel((s.alpha, s.v, s.k))
WRONG = sp.Rational(21, 20)
phi = sp.Symbol("phi", real=True)
i, j = sp.symbols("i j", integer=True, nonnegative=True)
HALF_TURN = (phi, 0, sp.pi)
CIRCLE = 1 + v**2 + 2 * v * sp.cos(phi)


def holds(use: Use, left: sp.Expr, right: sp.Expr) -> bool:
    return use.holds(KERNEL, sp.sympify(left), sp.sympify(right), "=")


def test_powers_of_a_distance_on_a_circle() -> None:
    use = binomials.circle_power(ratio=v)
    first = sp.pi * sp.Sum(sp.binomial(k, i) ** 2 * v ** (2 * i), (i, 0, k))
    assert holds(use, alpha * sp.Integral(CIRCLE**k, HALF_TURN), alpha * first)
    assert not holds(use, sp.Integral(CIRCLE**k, HALF_TURN), WRONG * first)
    waves = sp.cos(phi) * CIRCLE**k
    shifted = sp.binomial(k, i) * sp.binomial(k, i + 1) * v ** (2 * i + 1)
    assert holds(use, sp.Integral(waves, HALF_TURN), sp.pi * sp.Sum(shifted, (i, 0, k)))
    assert not holds(use, sp.Integral(waves, HALF_TURN), first)
    assert not holds(use, sp.Integral(sp.sin(phi) * CIRCLE**k, HALF_TURN), 0)  # not even
    assert not holds(use, sp.Integral(CIRCLE**k, (phi, 0, 2 * sp.pi)), first)
    assert not holds(use, sp.Integral(CIRCLE**alpha, HALF_TURN), first.xreplace({k: alpha}))
    assert not holds(binomials.circle_power(ratio=2 * v), sp.Integral(CIRCLE**k, HALF_TURN), first)


def test_it_is_what_integration_gives() -> None:
    for power, value in ((1, 1 + v**2), (2, 1 + 4 * v**2 + v**4)):
        left = sp.integrate(sp.expand(CIRCLE**power), HALF_TURN)
        total = sp.Sum(sp.binomial(power, i) ** 2 * v ** (2 * i), (i, 0, power)).doit()
        assert sp.expand(left - sp.pi * value) == sp.expand(total - value) == 0


def test_the_binomial_theorem_under_an_integral() -> None:
    use = binomials.binomial_theorem(constant=alpha, factor=v, moving=sp.cos(phi))
    left = sp.Integral((alpha + v * sp.cos(phi)) ** k * sp.sin(phi), HALF_TURN)
    inside = sp.Integral(sp.cos(phi) ** j * sp.sin(phi), HALF_TURN)
    right = sp.Sum(sp.binomial(k, j) * alpha ** (k - j) * v**j * inside, (j, 0, k))
    assert holds(use, 3 * left, 3 * right)
    assert not holds(use, left, WRONG * right)
    shorter = sp.Sum(sp.binomial(k, j) * alpha ** (k - j) * v**j * inside, (j, 0, k - 1))
    assert not holds(use, left, shorter)
    other = binomials.binomial_theorem(constant=alpha, factor=2 * v, moving=sp.cos(phi))
    assert not holds(other, left, right)
    real = sp.Integral((alpha + v * sp.cos(phi)) ** alpha, HALF_TURN)  # no whole power
    assert not holds(use, real, right.xreplace({k: alpha}))


def test_odd_terms() -> None:
    use = binomials.odd_terms_vanish()
    inside = sp.Integral(sp.cos(phi) ** j * sp.sin(phi) ** 2, HALF_TURN)
    left = sp.Sum(v**j * inside, (j, 0, 2 * k))
    right = sp.Sum(v ** (2 * j) * inside.subs(j, 2 * j), (j, 0, k))
    assert holds(use, alpha * left, alpha * right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, sp.Sum(v**j * inside, (j, 0, k)), right)  # k may be odd
    sine = sp.Integral(sp.sin(phi) ** j, HALF_TURN)
    even = sp.Sum(sine.subs(j, 2 * j), (j, 0, k))
    assert not holds(use, sp.Sum(sine, (j, 0, 2 * k)), even)


def test_shifted_terms() -> None:
    total = sp.Sum(v**i, (i, 0, k))
    use = binomials.shifted(of=total, by=1)
    right = sp.Sum(v ** (i - 1), (i, 0, k)) + v**k - 1 / v
    assert holds(use, alpha + total, alpha + right)
    assert not holds(use, total, WRONG * right)
    assert not holds(use, total, sp.Sum(v ** (i - 1), (i, 0, k)))
    assert not holds(binomials.shifted(of=total, by=0), total, right)


def test_terms_one_by_one() -> None:
    use = binomials.term_by_term()
    left = sp.Sum(sp.binomial(k, i) ** 2 * v**i, (i, 0, k))
    less = sp.Sum(sp.binomial(k, i - 1) * sp.binomial(k, i + 1) * v**i, (i, 0, k))
    narayana = sp.binomial(k + 1, i) * sp.binomial(k, i) / (i + 1)
    right = sp.Sum(narayana * v**i, (i, 0, k))
    assert holds(use, left - less, right)
    assert not holds(use, left - less, WRONG * right)
    assert not holds(use, left + less, right)
    assert not holds(use, left - less, sp.Sum(narayana * v**i, (i, 0, k + 1)))
    assert not holds(use, left - less, right + 1)


def test_scaled_bessel_functions() -> None:
    use, left = functions.scaled_bessels(), sp.exp(-v) * sp.besseli(1, 2 * v)
    assert holds(use, left, sp.exp(v) * scaled_bessel(1, 2 * v))
    assert not holds(use, left, WRONG * sp.exp(v) * scaled_bessel(1, 2 * v))
    assert not holds(use, left, sp.exp(v) * scaled_bessel(0, 2 * v))
    assert not holds(use, left, scaled_bessel(1, 2 * v))
