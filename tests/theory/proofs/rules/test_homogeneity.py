"""Rules of homogeneous losses and of gradients at a place."""

import pytest
import sympy as sp

from theory.functions.columns import inner, length
from theory.functions.heads import grad, hess, smooth
from theory.functions.homogeneous import at_place, homogeneous
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import homogeneity

KERNEL = Kernel(())
MORE = sp.Rational(21, 20)
N = sp.Symbol("N", integer=True, positive=True)
W, h, g, u = (sp.MatrixSymbol(name, N, 1) for name in ("W", "h", "g", "u"))
H = sp.MatrixSymbol("H", N, N)
c = sp.Symbol("c", positive=True)
x, y, d, e = sp.symbols("x y d e", real=True)
SCALES = homogeneity.scaling(weights=W, way=h)


def J(column, degree=d):
    """The loss."""
    return homogeneous(column, degree)


def along(column, way, times=1):
    """Its derivatives along a way."""
    return sp.Subs(sp.Derivative(J(column + x * way), (x, times)), x, 0)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (J(c * W), c**d * J(W)),
        (along(c * W, h), c ** (d - 1) * along(W, h)),
        (along(c * W, h, 2), c ** (d - 2) * along(W, h, 2)),
        (along(W, W), d * J(W)),
    ],
)
def test_derivatives_scale(left, right) -> None:
    assert SCALES.holds(KERNEL, left, right, "=")
    assert not SCALES.holds(KERNEL, left, MORE * right, "=")
    assert not SCALES.holds(KERNEL, left, c * right, "=")


def test_what_does_not_scale() -> None:
    assert not SCALES.holds(KERNEL, J(-c * W), (-c) ** d * J(W), "=")  # c must be positive
    assert not SCALES.holds(KERNEL, J(y * W), y**d * J(W), "=")
    assert not SCALES.holds(KERNEL, J(W + h), J(W), "=")  # not at W
    assert not SCALES.holds(KERNEL, J(W + g), J(W), "=")  # not in the plane
    third = along(c * W, h, 3)
    assert not SCALES.holds(KERNEL, third, c ** (d - 3) * along(W, h, 3), "=")  # two at most
    assert not SCALES.holds(KERNEL, J(W), J(W), "<=")


def test_a_gradient_at_a_place() -> None:
    """Of f(W/|W|) at c u with u'u = 1."""
    kernel = Kernel(())
    kernel.rules[u.T, u] = {(): sp.Integer(1)}
    kernel.symmetric.add(H)
    loss = smooth(W / length(W), g, H)
    taken = at_place(grad(loss, W), W, c * u)
    P = sp.Identity(N) - u * u.T
    there = homogeneity.gradient_at()
    assert there.holds(kernel, taken, P * g / c, "=")
    assert not there.holds(kernel, taken, MORE * P * g / c, "=")
    assert not there.holds(kernel, taken, P * g, "=")  # that at another place
    bends = (P * H * P - inner(u, g) * P - P * g * u.T - u * g.T * P) / c**2
    assert there.holds(kernel, at_place(hess(loss, W), W, c * u), bends, "=")
    assert not there.holds(kernel, at_place(hess(loss, W), W, c * u), c * bends, "=")
    assert not there.holds(kernel, grad(loss, W), P * g / c, "=")
