"""Rules of integrals over one letter: what they accept and what they refuse."""

import sympy as sp

from theory import symbols as s
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import substitution
from theory.proofs.uses import Use

alpha, v, m = (each.symbol for each in (s.alpha, s.v, s.m))
KERNEL = Kernel((s.alpha, s.v, s.m))
WRONG = sp.Rational(21, 20)
x, y, z = sp.symbols("x y z", positive=True)
t, phi = sp.symbols("t phi", real=True)
j = sp.Symbol("j", integer=True, nonnegative=True)


def holds(use: Use, left: sp.Expr, right: sp.Expr) -> bool:
    return use.holds(KERNEL, sp.sympify(left), sp.sympify(right), "=")


def test_another_letter() -> None:
    left = sp.Integral(sp.sqrt(v**2 - t**2), (t, -v, v))
    use = substitution.substitution(image=v * sp.cos(phi))
    right = v**2 * sp.Integral(sp.sin(phi) ** 2, (phi, 0, sp.pi))
    assert holds(use, left, right)
    assert holds(use, alpha * left, alpha * right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, v * sp.Integral(sp.sin(phi), (phi, 0, sp.pi)))
    assert not holds(use, left, v**2 * sp.Integral(sp.sin(phi) ** 2, (phi, 0, sp.pi / 2)))
    grown = substitution.substitution(image=v * x / (1 + x))
    assert holds(
        grown,
        sp.Integral(t, (t, 0, v)),
        sp.Integral(v**2 * x / (1 + x) ** 3, (x, 0, sp.oo)),
    )


def test_a_path_that_turns_or_jumps_is_none() -> None:
    """Sin goes from 0 to 0, and 1/t from 0 to 0 past a pole."""
    left = sp.Integral(1, (t, 0, 0))
    use = substitution.substitution(image=sp.sin(phi))
    assert not holds(use, left, sp.Integral(sp.cos(phi), (phi, 0, sp.pi)))
    there = sp.Integral(1, (t, 0, 2))
    back = substitution.substitution(image=phi * (3 - phi))  # rises beyond 2 and comes back
    assert not holds(back, there, sp.Integral(3 - 2 * phi, (phi, 0, 2)))
    split = substitution.substitution(image=-1 / phi)
    assert not holds(split, sp.Integral(1, (t, -1, 1)), sp.Integral(1 / phi**2, (phi, -1, 1)))


def test_antiderivatives() -> None:
    use = substitution.antiderivative_in_coordinates(of=sp.atan(t / v) / v)
    left = alpha * sp.Integral(1 / (t**2 + v**2), (t, -sp.oo, sp.oo))
    assert holds(use, left, alpha * sp.pi / v)
    assert not holds(use, left, WRONG * alpha * sp.pi / v)
    wrong = substitution.antiderivative_in_coordinates(of=sp.atan(t / v))
    assert not holds(wrong, left, alpha * sp.pi)
    jumping = substitution.antiderivative_in_coordinates(of=-sp.atan(v / t) / v)
    assert not holds(jumping, left, alpha * 0)
    pole = substitution.antiderivative_in_coordinates(of=-1 / t)
    assert not holds(pole, sp.Integral(1 / t**2, (t, -1, 1)), -2)


def test_what_an_antiderivative_gains_along_a_path() -> None:
    """The arc sine as the angle of a point on the circle."""
    circle = sp.sqrt((v - x) * x)
    F = sp.atan2(x - v / 2, circle)
    use = substitution.antiderivative_along(of=F, image=v * y**2 / (1 + y**2), letter=y)
    assert holds(use, sp.Integral(1 / circle, (x, 0, v)), sp.pi)
    assert not holds(use, sp.Integral(1 / circle, (x, 0, v)), WRONG * sp.pi)
    assert not holds(use, sp.Integral(1 / circle, (x, v / 2, v)), sp.pi)  # begins elsewhere
    other = substitution.antiderivative_along(of=2 * F, image=v * y**2 / (1 + y**2), letter=y)
    assert not holds(other, sp.Integral(1 / circle, (x, 0, v)), 2 * sp.pi)
    half = sp.Integral(1 / circle, (x, 0, v / 2))
    assert holds(use, half, sp.atan2(0, v / 2) + sp.pi / 2)
    assert not holds(use, half, sp.pi)


def cosines(power: sp.Expr) -> sp.Integral:
    return sp.Integral(sp.cos(phi) ** power * sp.sin(phi) ** 2, (phi, 0, sp.pi))


def test_a_recursion() -> None:
    value = sp.pi / 2 * sp.binomial(2 * j, j) / (j + 1) / 4**j
    edge = sp.cos(phi) ** (2 * j + 1) * sp.sin(phi) ** 3
    by = (2 * j + 4, 2 * j + 1, edge)

    def use(is_: sp.Expr, by: tuple = by) -> Use:
        return substitution.recursion(of=cosines(2 * j), is_=is_, by=by, index=j)

    assert holds(use(value), v * cosines(2 * j), v * value)
    assert not holds(use(value), v * cosines(2 * j), WRONG * v * value)
    assert not holds(use(WRONG * value), cosines(2 * j), WRONG * value)
    assert not holds(use(value / (j + 1)), cosines(2 * j), value / (j + 1))
    assert not holds(use(value, (2 * j + 3, 2 * j + 1, edge)), cosines(2 * j), value)
    assert not holds(use(value, (2 * j + 4, 2 * j + 1, edge / sp.sin(phi))), cosines(2 * j), value)


def test_the_scale_of_what_goes_to_infinity() -> None:
    use = substitution.scaled_limit(scale=4 * v)
    left = sp.Limit(sp.sqrt(x) * sp.besseli(1, 4 * v * x) * sp.exp(-4 * v * x), x, sp.oo)
    right = sp.Limit(sp.sqrt(z) * sp.besseli(1, z) * sp.exp(-z), z, sp.oo) / (2 * sp.sqrt(v))
    assert holds(use, left, right)
    assert not holds(use, left, WRONG * right)
    assert not holds(substitution.scaled_limit(scale=2 * v), left, right)
    turned = sp.Limit(sp.exp(-m * x), x, sp.oo)  # m may be negative
    assert not holds(substitution.scaled_limit(scale=m), turned, sp.Limit(sp.exp(-z), z, sp.oo))
