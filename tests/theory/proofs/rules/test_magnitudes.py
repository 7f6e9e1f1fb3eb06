"""Rules of angles and roots: true uses, the same times 21/20, and false ones that look true."""

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import magnitudes

KERNEL = Kernel(())
MORE = sp.Rational(21, 20)
x = sp.Symbol("x", positive=True)
y = sp.Symbol("y", real=True)


def test_angles_with_one_cosine() -> None:
    rule = magnitudes.equal_cosines()
    assert rule.holds(KERNEL, sp.acos(1 / sp.sqrt(1 + x**2)), sp.atan(x), "=")
    assert rule.holds(KERNEL, sp.acos(sp.sqrt(1 - x**2)), sp.asin(x), "=")
    assert not rule.holds(KERNEL, sp.acos(1 / sp.sqrt(1 + x**2)), MORE * sp.atan(x), "=")
    assert not rule.holds(KERNEL, sp.acos(1 / sp.sqrt(1 + x**2)), sp.atan(MORE * x), "=")


def test_angles_with_one_cosine_and_two_signs() -> None:
    rule = magnitudes.equal_cosines()
    assert not rule.holds(KERNEL, sp.acos(1 / sp.sqrt(1 + y**2)), sp.atan(y), "=")
    assert not rule.holds(KERNEL, sp.acos(1 / sp.sqrt(1 + x**2)), -sp.atan(x), "=")
    assert not rule.holds(KERNEL, sp.acos(x), 2 * sp.pi - sp.acos(x), "=")


def test_numbers_with_one_square() -> None:
    rule = magnitudes.equal_squares()
    excess = x**2 / (1 + sp.sqrt(1 + x**2))
    root = sp.sqrt((sp.sqrt(1 + x**2) - 1) ** 2)
    assert rule.holds(KERNEL, root, excess, "=")
    assert not rule.holds(KERNEL, root, MORE * excess, "=")
    assert not rule.holds(KERNEL, sp.sqrt(y**2), y, "=")
    assert not rule.holds(KERNEL, x, -x, "=")
