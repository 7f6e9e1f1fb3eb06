"""Rules of inputs: the largest gradient and the ball, also by numbers at random inputs."""

import numpy as np
import pytest
import sympy as sp

from tests.close import below, rounded
from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads import sup
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import inputs

X, W, y, g = s.X.within(columns=s.B.symbol).symbol, s.W.symbol, s.y.symbol, s.g.symbol
radius, h = s.radius.symbol, sp.MatrixSymbol("h", s.B.symbol, 1)
NORM, OUTPUTS = largest(X.T * X) <= radius**2, sp.Eq(X.T * W, y)
IN_BALL = inner(h, h) <= radius**2 * inner(h, g)
WORSE = sp.Rational(21, 20)


@pytest.fixture
def kernel() -> Kernel:
    kernel = Kernel((s.g, s.radius))
    kernel.assumed = {inputs.ROOM}
    return kernel


def most(*conditions: sp.Basic, of: sp.Expr = g) -> sp.Expr:
    return sup(inner(X * of, X * of), X, *conditions)


def test_no_inputs_stretch_by_more_than_the_radius(kernel: Kernel) -> None:
    rule, right = inputs.stretched_most(), radius**2 * inner(g, g)
    assert rule.holds(kernel, most(NORM, OUTPUTS), right, "=")
    assert rule.holds(kernel, most(NORM, OUTPUTS, of=2 * g), 4 * right, "=")
    assert not rule.holds(kernel, most(NORM, OUTPUTS), WORSE * right, "=")


def test_without_room_or_a_condition_it_is_refused(kernel: Kernel) -> None:
    rule, right = inputs.stretched_most(), radius**2 * inner(g, g)
    assert not rule.holds(kernel, most(OUTPUTS), right, "=")
    assert not rule.holds(kernel, most(NORM, sp.Eq(X * g, W)), right, "=")
    assert not rule.holds(kernel, sup(inner(X * g, W), X, NORM, OUTPUTS), right, "=")
    half = largest(X.T * X) <= radius**2 / 4
    assert not rule.holds(kernel, most(half, OUTPUTS), right / 4, "=")  # |y| may be radius |W|
    assert not rule.holds(kernel, most(NORM, sp.Eq(X.T * W, 100 * y)), right, "=")
    kernel.assumed = set()
    assert not rule.holds(kernel, most(NORM, OUTPUTS), right, "=")


def test_the_image_of_a_column_fills_a_ball(kernel: Kernel) -> None:
    left = sup(inner(g, X.T * (X * g)) ** 2, X, NORM)
    right = sup(inner(g, h) ** 2, h, IN_BALL)
    assert inputs.ball().holds(kernel, left, right, "=")
    assert not inputs.ball().holds(kernel, left, sup(WORSE * inner(g, h) ** 2, h, IN_BALL), "=")
    larger = inner(h, h) <= WORSE * radius**2 * inner(h, g)
    assert not inputs.ball().holds(kernel, left, sup(inner(g, h) ** 2, h, larger), "=")
    held = sup(inner(g, X.T * (X * g)) ** 2, X, NORM, OUTPUTS)
    assert not inputs.ball().holds(kernel, held, right, "=")


@pytest.mark.parametrize("seed", range(5))
def test_random_inputs_obey_both(seed: int) -> None:
    random = np.random.default_rng(seed)
    inputs_, column = random.normal(size=(3, 4)), random.normal(size=4)
    norm = np.linalg.norm(inputs_, 2)
    image = inputs_.T @ inputs_ @ column
    assert below(np.sum((inputs_ @ column) ** 2), norm**2 * np.sum(column**2))
    assert below(np.sum(image**2), norm**2 * image @ column)


@pytest.mark.parametrize("seed", range(5))
def test_the_worst_inputs_by_numbers(seed: int) -> None:
    """As the rule writes them out: norm r, outputs y, and |Xv| = r |v|."""
    random = np.random.default_rng(seed)
    outputs, e = random.normal(size=4), random.normal(size=4)
    e /= np.linalg.norm(e)
    a, r = outputs @ e, 2.0
    rest = outputs - a * e
    z, q = np.linalg.qr(random.normal(size=(3, 2)))[0].T
    long = np.sqrt(rest @ rest + 0.3) / r
    weights = a / r * z + long * q
    worst = r * np.outer(z, e) + np.outer(q, rest) / long
    assert rounded(worst.T @ weights, outputs)
    assert rounded(np.linalg.norm(worst @ e), r)
    assert rounded(np.linalg.norm(worst, 2), r)
