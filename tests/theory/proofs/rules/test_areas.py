"""Rules of integrals accept what is true and refuse what is not."""

import pytest
import sympy as sp

from tests.theory.proofs.holding import check, holds
from theory import symbols as s
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import areas

x, y, phi = sp.symbols("x y phi", real=True)
r, a = sp.symbols("r a", positive=True)
c = s.c.symbol
theta = sp.acos(c)
oo, pi = sp.oo, sp.pi
BELL = sp.exp(-(x**2 + y**2) / 2)


@pytest.fixture
def kernel():
    return Kernel((s.c,))


def relu(value):
    return sp.Max(0, value)


def step(value):
    return sp.Heaviside(value, 0)


PLANE = ((x, -oo, oo), (y, -oo, oo))
TURN = ((r, 0, oo), (phi, -pi, pi))
TRUE = (
    (areas.cut(at=(0,)), sp.Integral(relu(x) * sp.exp(-(x**2)), (x, -oo, oo)),
     sp.Integral(x * sp.exp(-(x**2)), (x, 0, oo))),
    (areas.cut(at=(0,)), sp.Integral(sp.Abs(x) * sp.exp(-(x**2)), (x, -oo, oo)),
     sp.Integral(x * sp.exp(-(x**2)), (x, 0, oo)) - sp.Integral(x * sp.exp(-(x**2)), (x, -oo, 0))),
    (areas.cut(at=(a,)), sp.Integral(step(x - a) * sp.exp(-x), (x, 0, oo)),
     sp.Integral(sp.exp(-x), (x, a, oo))),
    (areas.cut(at=()), sp.Integral(2 * sp.exp(-(x**2)) + 2 * x, (x, 0, 1)),
     2 * sp.Integral(sp.exp(-(x**2)) + x, (x, 0, 1))),
    (areas.cut(at=(-pi / 2, theta - pi / 2, pi / 2)),
     sp.Integral(relu(sp.cos(phi)) * relu(sp.cos(phi - theta)), (phi, -pi, pi)),
     sp.Integral(sp.cos(phi) * sp.cos(phi - theta), (phi, theta - pi / 2, pi / 2))),
    (areas.antiderivative(of=-sp.exp(-(x**2)) / 2), sp.Integral(x * sp.exp(-(x**2)), (x, 0, oo)),
     sp.Rational(1, 2)),
    (areas.antiderivative(of=sp.atan(x / a) / a), sp.Integral(1 / (x**2 + a**2), (x, -oo, oo)),
     pi / a),
    (areas.by_parts(of=-x * sp.exp(-x)), sp.Integral(x * sp.exp(-x), (x, 0, oo)),
     sp.Integral(sp.exp(-x), (x, 0, oo))),
    (areas.polar(), sp.Integral(relu(x) * BELL, *PLANE),
     sp.Integral(r**2 * relu(sp.cos(phi)) * sp.exp(-(r**2) / 2), *TURN)),
    (areas.polar(), sp.Integral(relu(c * x + sp.sqrt(1 - c**2) * y) * BELL, *PLANE),
     sp.Integral(r**2 * relu(sp.cos(phi - theta)) * sp.exp(-(r**2) / 2), *TURN)),
    (areas.separated(), sp.Integral(2 * r * relu(r * sp.cos(phi)), (r, 0, 1), (phi, -pi, pi)),
     2 * sp.Integral(r**2, (r, 0, 1)) * sp.Integral(relu(sp.cos(phi)), (phi, -pi, pi))),
)  # fmt: skip
FALSE = (
    # the half below 0 is not nothing
    (areas.cut(at=(0,)), sp.Integral(x**2 * sp.exp(-(x**2)), (x, -oo, oo)),
     sp.Integral(x**2 * sp.exp(-(x**2)), (x, 0, oo))),
    # no sign is known of x - a between 0 and infinity
    (areas.cut(at=()), sp.Integral(step(x - a) * sp.exp(-x), (x, 0, oo)),
     sp.Integral(sp.exp(-x), (x, 0, oo))),
    # cut where the other factor is still positive
    (areas.cut(at=(-pi / 2, pi / 2)),
     sp.Integral(relu(sp.cos(phi)) * relu(sp.cos(phi - theta)), (phi, -pi, pi)),
     sp.Integral(sp.cos(phi) * sp.cos(phi - theta), (phi, -pi / 2, pi / 2))),
    # an antiderivative that jumps at 0
    (areas.antiderivative(of=-sp.atan(1 / x)), sp.Integral(1 / (1 + x**2), (x, -1, 1)), -pi / 2),
    (areas.antiderivative(of=-1 / x), sp.Integral(1 / x**2, (x, -1, 1)), sp.Integer(-2)),
    # one of another function
    (areas.antiderivative(of=-sp.exp(-(x**2))), sp.Integral(x * sp.exp(-(x**2)), (x, 0, oo)),
     sp.Integer(1)),
    (areas.by_parts(of=x * sp.exp(-x)), sp.Integral(x * sp.exp(-x), (x, 0, oo)),
     sp.Integral(sp.exp(-x), (x, 0, oo))),
    # without the factor r
    (areas.polar(), sp.Integral(BELL, *PLANE), sp.Integral(sp.exp(-(r**2) / 2), *TURN)),
    # half of a turn, half of the plane
    (areas.polar(), sp.Integral(BELL, *PLANE),
     sp.Integral(r * sp.exp(-(r**2) / 2), (r, 0, oo), (phi, 0, pi))),
    (areas.polar(), sp.Integral(BELL, (x, 0, oo), (y, -oo, oo)),
     sp.Integral(r * sp.exp(-(r**2) / 2), *TURN)),
    # a range that depends on the other letter
    (areas.separated(), sp.Integral(x * y, (x, 0, y), (y, 0, 1)),
     sp.Integral(x, (x, 0, y)) * sp.Integral(y, (y, 0, 1))),
    (areas.separated(), sp.Integral(sp.exp(x * y), (x, 0, 1), (y, 0, 1)),
     sp.Integral(sp.exp(x), (x, 0, 1)) * sp.Integral(sp.exp(y), (y, 0, 1))),
)  # fmt: skip


@pytest.mark.parametrize("use, left, right", TRUE)
def test_what_is_true_is_accepted(kernel, use, left, right):
    check(kernel, use, left, right)


@pytest.mark.parametrize("use, left, right", FALSE)
def test_what_is_false_is_refused(kernel, use, left, right):
    assert not holds(use, kernel, left, right)


def test_what_exceeds_by_an_integral(kernel):
    more = sp.Integral(x * sp.sin(x), (x, 0, theta))
    use = areas.integral_gap(is_=more, of=sp.sin(x) - x * sp.cos(x))
    total = c + sp.sqrt(1 - c**2) - theta * c
    assert use.holds(kernel, total, c, ">=")
    assert use.holds(kernel, c, total, "<=")
    assert not holds(use, kernel, total, c, "<=")
    assert not holds(use, kernel, total, 21 * c / 20, ">=")
    changes = sp.Integral(x * sp.cos(x), (x, 0, theta))  # of a sign that changes
    use = areas.integral_gap(is_=changes, of=x * sp.sin(x) + sp.cos(x))
    assert not holds(use, kernel, theta * sp.sqrt(1 - c**2) + c - 1, sp.Integer(0), ">=")
