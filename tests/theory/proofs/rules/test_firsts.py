"""Rules of first steps: true uses, their right sides times 21/20, and false ones."""

import numpy as np
import sympy as sp

from tests.theory.proofs.rules.test_rates import (
    HIGH,
    LOW,
    WRONG,
    R,
    eta,
    holds,
    k,
    lam,
    left,
)
from theory import symbols as s
from theory.functions.columns import inner, length
from theory.functions.rates import first, largest_over
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import firsts
from theory.proofs.theorems.dynamics import stretched_by_modes
from theory.quadratic.letters import CURVED, IDENTITY

START = CURVED * s.d.symbol
STRETCHED = stretched_by_modes(sp.MatPow(IDENTITY - eta * R, k), R, lam, START)
SMALL, LARGE = STRETCHED.statement().left, STRETCHED.statement().right
SIZE = length(START)


def says(before: sp.Expr, after: sp.Expr, over: sp.Expr = SIZE, moves: bool = True) -> bool:
    kernel = Kernel((s.R, s.d), (LOW,))
    if moves:
        size = sp.Symbol("size", positive=True)
        kernel = kernel.within({inner(START, START): size**2, SIZE: size})
    use = firsts.smaller_falls_first(by=STRETCHED, of=(SMALL, LARGE), over=over)
    return use.holds(kernel, before, after, "<=")


def test_what_is_smaller_falls_below_no_later() -> None:
    before, after = (first(k, each / SIZE < left) for each in (SMALL, LARGE))
    assert says(before, after)
    assert not says(after, before)
    assert not says(before, first(k, left > WRONG * LARGE / SIZE))
    assert not says(before, first(k, WRONG * left > LARGE / SIZE))
    assert not says(before, after, over=SIZE**2)
    assert not says(before, after, moves=False)  # 0/0 is not below anything


def test_the_largest_power_is_the_power_of_the_largest() -> None:
    size, use = sp.Abs(1 - eta * lam), firsts.power_of_largest()
    before, after = (
        largest_over(size**k, lam, LOW, HIGH),
        largest_over(size, lam, LOW, HIGH) ** k,
    )
    assert holds(use, before, after)
    assert not holds(use, before, WRONG * after)
    assert not holds(use, before, largest_over(size, lam, LOW, 2 * HIGH) ** k)
    signed = largest_over((1 - eta * lam) ** k, lam, LOW, HIGH)
    assert not holds(use, signed, largest_over(1 - eta * lam, lam, LOW, HIGH) ** k)
    inverse = largest_over(size**-k, lam, LOW, HIGH)
    assert not holds(use, inverse, largest_over(size, lam, LOW, HIGH) ** -k)


def test_the_first_power_below() -> None:
    use = firsts.first_power_below()
    fraction = (HIGH - LOW) / (HIGH + LOW)
    steps = sp.floor(sp.log(1 / left) / -sp.log(fraction)) + 1
    assert holds(use, first(k, fraction**k < left), steps)
    assert not holds(use, first(k, fraction**k < left), steps - 1)
    assert not holds(use, first(k, fraction**k < left), WRONG * steps)
    grows = (HIGH + LOW) / HIGH
    never = sp.floor(sp.log(1 / left) / -sp.log(grows)) + 1
    assert not holds(use, first(k, grows**k < left), never)
    for base, share in ((0.5, 0.25), (0.5, 0.26), (0.9, 0.001)):  # strictly below
        counted = next(n for n in range(1000) if base**n < share)
        assert counted == int(np.floor(np.log(1 / share) / -np.log(base) + 1e-12)) + 1
