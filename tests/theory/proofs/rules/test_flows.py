"""Where gradient flow ends, with an integration of the flow as oracle."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from tests.close import discretised, rounded
from theory import symbols as s
from theory.functions.eigenvalues import largest
from theory.functions.flows import end_of_flow
from theory.proofs.covers import sum_not_zero
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import flows
from theory.proofs.rules.flows import Faster, error, kept
from theory.stability.two_weights import CURVED, LARGER, MOVING, p, q

a, b = s.a.symbol, s.b.symbol
WRONG = sp.Rational(21, 20)
RIGHT = sp.sqrt((a**2 - b**2) ** 2 + 4)
PARTS: dict[str, Any] = {
    "of": sp.sqrt(kept**2 + 4 * (1 + error) ** 2) / 2 + sp.sqrt(kept**2 / 4 + (1 + 2 * error) ** 2),
    "means": (p * q - 1, p**2 - q**2),
    "rate": p**2 + q**2,
    "positive": Faster(least=sp.Integer(2), gap=(p - q) ** 2, factor=2, growth=0),
    "negative": Faster(least=(p + q) ** 2 / 2, gap=(p - q) ** 2 / 2, factor=0, growth=(p + q) ** 2),
}
COVER = sum_not_zero(a, b)


def holds(right: sp.Expr, value: sp.Expr = LARGER, loss: sp.Expr = MOVING, **parts: Any) -> bool:
    left = end_of_flow(value, loss, (p, q), (a, b))
    use = flows.error_vanishes(**{**PARTS, **parts})
    kernels = [Kernel((s.a, s.b)).within(dict(case)) for case in COVER.cases]
    return all(use.holds(kernel, left, right, "=") for kernel in kernels)


def test_the_end_of_a_flow() -> None:
    assert holds(RIGHT)
    assert not holds(WRONG * RIGHT)
    assert not holds(sp.sqrt((a**2 + b**2) ** 2 + 4))
    assert not holds(RIGHT, value=WRONG * LARGER)


@pytest.mark.parametrize("start", [(1.5, 0.2), (0.3, -0.1), (-2.0, -1.0)])
def test_it_is_where_an_integration_ends(start: tuple[float, float]) -> None:
    x, y = start
    for _ in range(100_000):  # Euler's steps; the imbalance errs by about their size
        wrong = x * y - 1
        x, y = x - 1e-3 * wrong * y, y - 1e-3 * wrong * x
    value = float(LARGER.subs({p: x, q: y}))
    assert discretised(value, float(RIGHT.subs({a: start[0], b: start[1]})), 1e-2)


def test_what_is_claimed_of_the_flow_is_checked() -> None:
    ways = PARTS["positive"], PARTS["negative"]
    assert not holds(RIGHT, means=(p * q - 1, p**2 + q**2))  # it is not kept
    assert not holds(RIGHT, means=(p * q - 2, p**2 - q**2))  # it does not vanish
    assert not holds(RIGHT, rate=2 * p * q)
    assert not holds(RIGHT, positive=replace(ways[0], least=sp.Integer(3)))
    assert not holds(RIGHT, positive=replace(ways[0], gap=-((p - q) ** 2)))
    assert not holds(RIGHT, negative=replace(ways[1], growth=sp.Integer(0)))
    assert not holds(RIGHT, negative=Faster(sp.Integer(0), p**2 + q**2, 0, 0))  # no decay
    assert not holds(RIGHT, loss=-MOVING)
    assert not holds(RIGHT, loss=2 * MOVING)
    value = LARGER / (p * q - 1)
    assert not holds(RIGHT, value=value, of=PARTS["of"] / error)


def test_a_start_that_ends_in_the_saddle_is_left_out() -> None:
    left = end_of_flow(LARGER, MOVING, (p, q), (a, b))
    assert not flows.error_vanishes(**PARTS).holds(Kernel((s.a, s.b)), left, RIGHT, "=")
    assert COVER.needs == (sp.Ne(a + b, 0),)


def test_the_larger_eigenvalue_of_two_rows() -> None:
    kernel = Kernel(())
    use = flows.larger_of_two()
    assert use.holds(kernel, largest(CURVED), LARGER, "=")
    assert not use.holds(kernel, largest(CURVED), WRONG * LARGER, "=")
    assert not use.holds(kernel, largest(CURVED), p**2 + q**2 - LARGER, "=")  # the smaller one
    skew = sp.ImmutableMatrix([[p, q], [-q, p]])
    assert not use.holds(kernel, largest(skew), p, "=")
    for entries in ((1.0, 2.0, -3.0), (0.0, 0.0, 0.0), (-1.0, -0.5, 4.0)):
        matrix = sp.ImmutableMatrix(2, 2, [entries[0], entries[1], entries[1], entries[2]])
        found = float(flows._larger(matrix))
        assert rounded(found, np.linalg.eigvalsh(np.array(matrix, dtype=float))[-1], 10)
