"""Bounds of r(j), r(j+1) = r(j) + gain/r(j): r is |W|^2, and gain is eta^2 G^2."""

import sympy as sp

from theory.claim import Step
from theory.invariance.letters import (
    G,
    above,
    eta,
    gain,
    norm,
    r,
)
from theory.proofs.rules.recursion import Bound, done
from theory.proofs.tactics import equal, nonnegative, positive
from theory.proofs.unevaluated import derivative, value_at

C = (eta * G) ** 2


def below(gain: sp.Expr = C) -> Bound:
    """r(j)^2 is at least r_0^2 + 2 gain j, as each step adds gain^2/r^2 more."""
    return Bound(norm**4 + 2 * gain * done, ">=", gap=gain**2 / r**2, power=2)


def above_first(gain: sp.Expr = C) -> Bound:
    """From the first step on the rest of r(j)^2 is the rest of that step and a logarithm."""
    before = norm**4 + 2 * gain * (done - 1)  # what below() says of the step before
    after = before + 2 * gain
    return Bound(
        after + (gain / norm**2) ** 2 + gain / 2 * sp.log(before / norm**4),
        "<=",
        gap=gain**2 / after - gain**2 / r**2,
        power=2,
        first=1,
        logs={before / after: gain / 2},
        given=below(gain),
    )


def above_start(gain: sp.Expr = C) -> Bound:
    """From the start on the rest of r(j)^2 is at most the loss of gain^2/r^2 and a logarithm."""
    here = norm**4 + 2 * gain * done
    return Bound(
        here + gain**2 / norm**4 - gain**2 / here + gain / 2 * sp.log(here / norm**4),
        "<=",
        gap=gain**2 / here - gain**2 / r**2,
        power=2,
        logs={here / (here + 2 * gain): gain / 2},
        given=below(gain),
    )


def above_line(gain: sp.Expr) -> Bound:
    """r(j)^2 is at most a line in j, as each step adds gain^2/r^2 <= gain^2/r_0^2."""
    least = Bound(norm**4, ">=", gap=2 * gain + gain**2 / r**2, power=2)
    line = norm**4 + (2 * gain + gain**2 / norm**4) * done
    rest = gain**2 / norm**4 - gain**2 / r**2
    return Bound(line, "<=", gap=rest, power=2, given=least)


def below_logarithm(gain: sp.Expr) -> Bound:
    """r(j)^2 is at least the line of below() and a logarithm, as above_line() bounds what divides
    each rest."""
    line = above_line(gain)
    pace = 2 * gain + gain**2 / norm**4
    return Bound(
        norm**4 + 2 * gain * done + gain**2 / pace * sp.log(1 + pace * done / norm**4),
        ">=",
        gap=gain**2 / r**2 - gain**2 / line.least,
        power=2,
        logs={1 + pace / line.least: gain**2 / pace},
        given=line,
    )


def growth() -> tuple[Step, ...]:
    """Bounds on r(k), r(k+1) = r(k) + gain/r(k): r is |W|^2, gain is eta^2 G^2."""
    y = sp.Symbol("y", positive=True)
    logarithm = sp.log(1 + y) - y / (1 + y)
    start = sp.Symbol("a", positive=True)  # r_0^2 + 2 gain (j - 1)
    return (
        equal(
            "A step takes r = |W|^2 to r + gain/r with gain = eta^2 G^2. So each step adds 2 "
            "gain and a remainder gain^2/r^2 to r^2.",
            (r + gain / r) ** 2 - r**2,
            2 * gain + gain**2 / r**2,
        ),
        positive(
            "The remainder is positive, so r(k)^2 > r_0^2 + 2 gain k for k >= 1.",
            (r + gain / r) ** 2 - r**2 - 2 * gain,
        ),
        nonnegative(
            "Let a = r_0^2 + 2 gain j. After j steps r^2 = a + above, so the remainder "
            "gain^2/r^2 is at most gain^2/a.",
            gain**2 / start - gain**2 / (start + above),
        ),
        equal(
            "At j = 0 this bound is gain^2/r_0^2. For j >= 1 let a be r_0^2 + 2 gain (j-1), and "
            "y = 2 gain/a. Then the bound is gain^2/(a + 2 gain) = (gain/2) y/(1 + y).",
            gain**2 / (start + 2 * gain),
            value_at(gain / 2 * y / (1 + y), {y: 2 * gain / start}),
        ),
        equal(
            "This bound is less than (gain/2) ln(1 + y), as ln(1 + y) - y/(1 + y) is positive. "
            "This difference is 0 at y = 0 and starts as y^2/2.",
              sp.Limit(logarithm / y**2, y, 0), sp.Rational(1, 2)),
        equal(
            "The derivative of this difference in y is y/(1 + y)^2.",
              derivative(logarithm, y), y / (1 + y) ** 2),
        positive(
            "This derivative is positive for y > 0, so the difference is positive, too.",
            derivative(logarithm, y)),
        equal(
            "The logarithms add up: ln(1 + 2 gain/a) takes ln(a/r_0^2) to ln((a + 2 "
            "gain)/r_0^2), and a + 2 gain is the a of the next step.",
            sp.expand_log(sp.log(start / r**2) + sp.log(1 + 2 * gain / start).factor()),
            sp.expand_log(sp.log((start + 2 * gain) / r**2)),
        ),
    )  # fmt: skip
