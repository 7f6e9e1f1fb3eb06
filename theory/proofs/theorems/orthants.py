"""A theorem about Gaussians that are all positive."""

from itertools import combinations
from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.heads_of_chance import Prob
from theory.laws import JointNormal
from theory.proofs.uses import Statement, theorem


@theorem(cite("plackett1954"))
def plackett(letters: tuple[Any, ...], covariance: Any, of: Any, t: Any) -> Statement:
    """The probability that Gaussians are positive is that at the correlation ``of`` = 0 plus the
    integral of its slope, to which each two of them add the slope of their covariance times their
    density at (0, 0) times the probability that the others are positive, given these zeros.

    At 0 no more than two may depend on one another, and no more than two others may be left: two of
    correlation rho are positive with probability 1/4 + arcsin(rho)/(2 pi). The covariance matrix
    must be positive definite for each correlation between -1 and 1: its leading minors are
    positive.
    """
    given = sp.ImmutableMatrix(covariance)
    if given.has(t) or given.rows != len(letters) or given != given.T:
        raise TypeError(f"{given} is no covariance matrix of {letters}, or holds {t}")
    along = sp.Matrix(given.subs(of, t))
    between = 2 / (1 + sp.Symbol("t_between", positive=True)) - 1
    minors = (along[:k, :k].det() for k in range(1, len(letters) + 1))
    slope = sp.Add(*(_rate(along, t, pair) for pair in combinations(range(len(letters)), 2)))
    law = JointNormal(tuple(letters), given)
    return Statement(
        Prob(sp.And(*(x > 0 for x in letters))),
        _apart(along.subs(t, 0)) + sp.Integral(slope, (t, 0, of)),
        correlations=(of,),
        positive=tuple(sp.factor(sp.factor(minor).subs(t, between)) for minor in minors),
        laws=tuple((x, law) for x in letters),
    )


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
