"""Rules of convexity: a convex function lies below its chord."""

from typing import Any

import sympy as sp

from theory.domain import Real
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import sign_between
from theory.proofs.uses import rule


@rule
def chord(kernel: Kernel, left: Any, right: Any, relation: str, letter: Any) -> bool:
    """A function whose second derivative is positive lies below its chord between the ends of the
    range of its letter, where it has its limits there as values."""
    domains = [each.domain for each in kernel.parameters if each.symbol == letter]
    if relation != "<=" or len(domains) != 1:
        return False
    (domain,) = domains
    if not isinstance(domain, Real) or not domain.closed:
        return False
    low, high = (sp.nsimplify(end) for end in (domain.low, domain.high))
    if not (low.is_finite and high.is_finite):
        return False
    bend = sp.simplify(sp.diff(left, letter, 2))
    if sign_between(kernel, bend, letter, low, high) != 1:
        return False
    ends = {low: left.subs(letter, low), high: left.subs(letter, high)}
    sides = ((low, "+"), (high, "-"))
    if not all(
        equality.vanishes(sp.limit(left, letter, end, side) - ends[end]) for end, side in sides
    ):
        return False
    share = (letter - low) / (high - low)
    return kernel.same(right, (1 - share) * ends[low] + share * ends[high])
