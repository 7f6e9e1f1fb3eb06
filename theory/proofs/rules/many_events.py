"""Rules of many events: those that exclude one another, and four Gaussians that are positive."""

from itertools import combinations
from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import Prob
from theory.laws import JointNormal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import is_correlation, sign_between
from theory.proofs.rules.orthants import positive_forms
from theory.proofs.uses import rule


@rule
def disjoint(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The probability that one of some events happens is the sum of their probabilities, where each
    two of them ask that a number is positive and that it is negative."""
    if relation != "=" or not isinstance(left, Prob) or not isinstance(left.args[0], sp.Or):
        return False
    events = [Prob(each) for each in left.args[0].args]
    forms = [positive_forms(each) for each in events]
    for one, other in combinations(forms, 2):
        if one is None or other is None:
            return False
        if not any(sp.expand(a + b) == 0 for a in one for b in other):
            return False
    return bool(right == sp.Add(*events))


@rule
def plackett(kernel: Kernel, left: Any, right: Any, relation: str, of: Any) -> bool:
    """The probability that Gaussians are positive is that at correlation ``of`` = 0 plus the
    integral of its slope, to which each two of them add the slope of their covariance times their
    density at (0, 0) times the probability that the others are positive, given these zeros.

    The density's slope in a covariance is its mixed second derivative. At 0 no more than two may
    depend on one another, and no more than two others may be left: two of correlation rho are
    positive with probability 1/4 + arcsin(rho)/(2 pi).
    """
    forms = positive_forms(left) if isinstance(left, Prob) else None
    integrals = sp.sympify(right).atoms(sp.Integral)
    if relation != "=" or forms is None or len(integrals) != 1:
        return False
    (integral,) = integrals
    law = kernel.laws.get(forms[0])
    if not isinstance(law, JointNormal) or set(forms) != set(law.letters):
        return False
    if len(integral.limits) != 1 or tuple(integral.limits[0][1:]) != (0, of):
        return False
    if right.coeff(integral) != 1 or not is_correlation(kernel, of):
        return False
    t = integral.limits[0][0]
    along = sp.Matrix(law.covariance.subs(of, t))
    minors = (along[:k, :k].det() for k in range(1, len(forms) + 1))
    ends = sp.Integer(-1), sp.Integer(1)
    if not all(sign_between(kernel, sp.factor(minor), t, *ends) == 1 for minor in minors):
        return False
    slope = sp.Add(*(_rate(along, t, pair) for pair in combinations(range(len(forms)), 2)))
    start = _apart(along.subs(t, 0))
    return kernel.same(integral.function, slope) and kernel.same(right - integral, start)


def _rate(covariance: sp.Matrix, t: Any, pair: tuple[int, int]) -> Any:
    """What a pair adds to the slope."""
    move = sp.diff(covariance[pair], t)
    if move == 0:
        return sp.Integer(0)
    rest = [k for k in range(covariance.rows) if k not in pair]
    here = covariance.extract(pair, pair)
    across = covariance.extract(rest, pair)
    given = covariance.extract(rest, rest) - across * here.inv() * across.T
    return move / (2 * sp.pi * sp.sqrt(sp.expand(here.det()))) * _positive(given)


def _positive(covariance: sp.Matrix) -> Any:
    """The probability that no more than two Gaussians are positive."""
    if covariance.rows > 2:
        raise NotImplementedError("more than two Gaussians are left")
    if covariance.rows < 2:
        return sp.Rational(1, 2) ** covariance.rows
    first, second = (sp.simplify(covariance[k, k]) for k in (0, 1))
    deviations = first if first == second else sp.sqrt(first * second)
    correlation = sp.simplify(covariance[0, 1] / deviations)
    return sp.Rational(1, 4) + sp.asin(correlation) / (2 * sp.pi)


def _apart(covariance: sp.Matrix) -> Any:
    """The probability that Gaussians are positive of which at most two depend on each other."""
    left, value = set(range(covariance.rows)), sp.Integer(1)
    while left:
        first = min(left)
        block = [k for k in sorted(left) if k == first or covariance[first, k] != 0]
        outside = [k for k in left if k not in block]
        if any(covariance[j, k] != 0 for j in block for k in outside):
            raise NotImplementedError("more than two Gaussians depend on each other")
        value *= _positive(covariance.extract(block, block))
        left -= set(block)
    return value
