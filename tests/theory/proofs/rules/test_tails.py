"""Rules of densities and tails accept what is true and refuse what is not."""

import numpy as np
import sympy as sp
from scipy.integrate import quad

from tests.theory.proofs.holding import check
from theory.functions.columns import largest_size
from theory.functions.heads_of_chance import E, Prob
from theory.functions.stated import density_of
from theory.laws import ChiSquared, Coordinate, Normal, gaussian_column
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import chance, tails

WRONG = sp.Rational(21, 20)
B = sp.Symbol("B", integer=True, positive=True)
column, other = sp.MatrixSymbol("g", B, 1), sp.MatrixSymbol("h", B, 1)
z, u, s, at = sp.symbols("z u s at", real=True)
x, c, chi = sp.symbols("x c chi", positive=True)
KERNEL = Kernel(())
KERNEL.laws = {
    column: gaussian_column(2 * sp.Identity(B)),
    other: gaussian_column(2 * sp.Identity(B) + sp.OneMatrix(B, 1) * sp.OneMatrix(1, B)),
    z: Normal(0, 2),
    u: Coordinate(B),
    chi: ChiSquared(3),
}


def holds(use: object, left: sp.Expr, right: sp.Expr) -> bool:
    return use.holds(KERNEL, left, right, "=")  # type: ignore[attr-defined]


def law(scale: sp.Expr, within: sp.Basic) -> sp.Expr:
    return sp.Piecewise((Coordinate(B).density(at / scale) / scale, within), (0, True))


def test_the_density_of_a_multiple() -> None:
    use, left, right = tails.density_of_multiple(), density_of(c * u, at), law(c, at**2 < c**2)
    assert holds(use, left, right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, law(c, at**2 < c**2 / WRONG))
    assert not holds(use, left, law(c, at**2 < 1))
    assert not holds(use, density_of(s * u, at), law(s, at**2 < s**2))  # s may be negative
    assert not holds(use, density_of(u**2, at), law(u, at**2 < u**2))
    assert not holds(use, density_of(c * chi, at), law(c, at**2 < c**2))


def test_a_mean_is_the_integral_of_the_tail() -> None:
    largest, half = largest_size(column), (x, 0, sp.oo)
    right = sp.Integral(Prob(largest > x), half)
    assert holds(tails.tail(), E(largest), right)
    assert not holds(tails.tail(), E(largest), WRONG * right)
    assert not holds(tails.tail(), E(largest), sp.Integral(WRONG * Prob(largest > x), half))
    assert not holds(tails.tail(), E(largest), sp.Integral(Prob(largest > x), (x, 1, sp.oo)))
    assert not holds(tails.tail(), E(z), sp.Integral(Prob(z > x), half))  # z may be negative


def test_a_complement() -> None:
    left, right = Prob(z > x), 1 - Prob(z <= x)
    assert holds(tails.complement(), left, right)
    assert not holds(tails.complement(), left, WRONG * right)
    assert not holds(tails.complement(), left, 1 - Prob(z <= 2 * x))
    assert not holds(tails.complement(), left, Prob(z <= x))


def test_independent_numbers_are_all_within() -> None:
    use, one = tails.all_within(), Prob(sp.And(-x <= z, z <= x))
    left = Prob(largest_size(column) <= x)
    assert holds(use, left, one**B)
    assert not holds(use, left, WRONG * one**B)
    assert not holds(use, left, one ** (B - 1))
    assert not holds(use, left, Prob(sp.And(-x <= u, u <= x)) ** B)  # another law
    assert not holds(use, Prob(largest_size(other) <= x), one**B)  # not independent
    assert not holds(use, left, Prob(z <= x) ** B)


def test_a_probability_has_bounds_in_order_and_between_the_ends() -> None:
    use, normal, chi_squared = chance.probability(), KERNEL.laws[z], KERNEL.laws[chi]
    within = Prob(sp.And(-x <= z, z <= x))
    assert holds(use, within, sp.Integral(normal.density(z), (z, -x, x)))
    swapped = Prob(sp.And(x <= z, z <= -x))
    assert not holds(use, swapped, sp.Integral(normal.density(z), (z, x, -x)))
    density = chi_squared.density(chi)
    assert holds(use, Prob(chi <= c), sp.Integral(density, (chi, 0, c)))
    assert not holds(use, Prob(chi <= s), sp.Integral(density, (chi, 0, s)))  # s may be negative


def test_the_largest_of_several():
    letters, y = sp.symbols("z1:4", real=True), sp.Symbol("y", real=True)
    kernel = Kernel(())
    kernel.laws = dict.fromkeys(letters, Normal())
    below = (1 + sp.erf(y / sp.sqrt(2))) / 2
    density = 3 * below**2 * sp.exp(-(y**2) / 2) / sp.sqrt(2 * sp.pi)
    line = (y, -sp.oo, sp.oo)
    use = tails.largest()
    left, right = E(sp.Max(*letters) ** 2), sp.Integral(y**2 * density, line)
    check(kernel, use, left, right)
    rectified = sp.Max(0, *letters)
    assert use.holds(kernel, E(rectified), sp.Integral(sp.Max(0, y) * density, line), "=")
    assert not use.holds(kernel, E(rectified), sp.Integral(y * density, line), "=")
    assert not use.holds(kernel, E(letters[0] * sp.Max(*letters)), right, "=")
    assert not use.holds(kernel, E(sp.Max(*letters[:2]) ** 2), right, "=")
    kernel.laws[letters[0]] = Normal(0, 2)  # not of one law
    assert not use.holds(kernel, left, right, "=")
    drawn = np.random.default_rng(5).standard_normal((3, 200_000)).max(axis=0) ** 2
    mean, _ = quad(sp.lambdify(y, y**2 * density, "scipy"), -np.inf, np.inf)
    assert abs(drawn.mean() - mean) < 0.02
