"""Where gradient descent ends: what its rules accept, and what they refuse."""

from typing import Any

import sympy as sp

from theory import symbols as s
from theory.functions.descents import end_of_descent
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import descents
from theory.proofs.rules.flows import kept
from theory.stability.two_weights import AT_THE_START, LARGER, MOVING, SWING, eta, p, q

a, b = s.a.symbol, s.b.symbol
WRONG = sp.Rational(21, 20)
KERNEL = Kernel((s.a, s.b, s.eta))
KERNEL.facts = {SWING.relation}
MINIMA: dict[str, Any] = {"error": p * q - 1, "minima": {q: 1 / p}}
FLOW = sp.sqrt((a**2 - b**2) ** 2 + 4)
IMBALANCE: dict[str, Any] = {
    **MINIMA,
    "of": sp.sqrt(kept**2 + 4),
    "imbalance": p**2 - q**2,
    "swing": SWING.relation,
}


def end(value: sp.Expr = LARGER, loss: sp.Expr = MOVING) -> sp.Expr:
    return end_of_descent(value, loss, (p, q), (a, b), eta)


def lower(right: sp.Expr, left: sp.Expr | None = None, **parts: Any) -> bool:
    use = descents.bounded_at_minima(**{**MINIMA, "reached": {p: sp.Integer(1)}, **parts})
    return use.holds(KERNEL, end() if left is None else left, sp.sympify(right), ">=")


def upper(right: sp.Expr, left: sp.Expr | None = None, **parts: Any) -> bool:
    use = descents.shrinking_imbalance(**{**IMBALANCE, **parts})
    return use.holds(KERNEL, end() if left is None else left, right, "<=")


def test_the_flattest_minimum() -> None:
    assert lower(2)
    assert not lower(WRONG * 2)
    assert not lower(0)  # true, and not reached
    assert not lower(2, reached={p: sp.Integer(2)})
    assert not lower(2, end(-LARGER))
    assert not lower(2, end(loss=2 * MOVING))  # it is not half the square of this error
    assert not lower(2, minima={q: 2 / p})
    assert not lower(0, end(q**2, p**2 * q**2 / 2), error=p * q, minima={q: sp.Integer(0)})


def test_a_value_that_jumps_has_no_such_limit() -> None:
    assert not lower(2, end(LARGER + 1 / (p * q - 2)), reached={p: sp.Integer(1)})
    assert not lower(2, end(2 + sp.Abs(sp.sign(p * q - 1))))


def test_no_step_makes_the_imbalance_larger() -> None:
    assert upper(FLOW)
    assert upper(sp.Min(2 / eta, FLOW), sp.Min(2 / eta, end()))
    assert not upper(WRONG * FLOW)
    assert not upper(sp.sqrt((a**2 + b**2) ** 2 + 4))
    assert not upper(-FLOW, -end())  # a smaller end makes its opposite larger
    assert not upper(FLOW, imbalance=p**2 + q**2)
    assert not upper(FLOW, of=sp.sqrt(kept + 4))
    assert not upper(1 / FLOW, end(1 / LARGER), of=1 / sp.sqrt(kept**2 + 4))
    assert not upper(FLOW, swing=sp.Le(eta * sp.Abs(p * q - 1), 1))  # no condition of the claim


def test_a_swing_at_the_start_alone() -> None:
    """From these weights w is small at the start, and too large later: the imbalance grows."""
    kernel = KERNEL.within({})
    kernel.facts = {AT_THE_START.relation}
    use = descents.shrinking_imbalance(**{**IMBALANCE, "swing": AT_THE_START.relation})
    assert not use.holds(kernel, end(), FLOW, "<=")
    rate, first, second = 0.8352, -1.1577, -2.1256
    swings = []
    for _ in range(100):
        error = first * second - 1
        swings.append(rate * abs(error))
        first, second = first - rate * error * second, second - rate * error * first
    assert swings[0] < 2**0.5 < max(swings)
    assert swings[-1] < 1e-3  # it converges


def test_a_swing_that_is_too_wide() -> None:
    wide = sp.Le(eta * sp.Abs(p * q - 1), sp.Integer(2))
    kernel = KERNEL.within({})
    kernel.facts = {wide}
    use = descents.shrinking_imbalance(**{**IMBALANCE, "swing": wide})
    assert not use.holds(kernel, end(), FLOW, "<=")
