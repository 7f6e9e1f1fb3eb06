"""Rules of powers: what is left of sums of powers in the limit."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule

Terms = list[tuple[Any, Any, Any]]  # weight, base, exponent at k = 0


@rule
def leading_power(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Of a quotient of sums of powers b^(2k + j) there remain, as k grows, the terms of the base
    that is larger in size than every other.

    That base must not be 0, and its weight below must be positive. A sum over an index has one
    weight and one base for every index.
    """
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    quotient, k, to, _ = left.args
    above, below = (_terms(kernel, part, k) for part in sp.fraction(quotient))
    if to != sp.oo or above is None or below is None:
        return False
    bases = [base for _, base, _ in (*above, *below)]
    for leader in bases:
        if all(kernel.same(b, leader) or _smaller(kernel, b, leader) for b in bases):
            rests = [_rest(kernel, terms, leader) for terms in (above, below)]
            sizes = (_rest(kernel, [(w, b, 0) for w, b, _ in below], leader), leader**2)
            if not all(kernel.has_sign(each, "is_positive") for each in sizes):
                return False
            return kernel.same(rests[0] / rests[1], right)
    return False


def _terms(kernel: Kernel, part: Any, k: Any) -> Terms | None:
    """The terms weight base^(2k + j) of a sum; None where it is no such sum."""
    found = []
    for term in sp.Add.make_args(part):
        total = isinstance(term, sp.Sum)
        weight, base, exponent = _split(term.function if total else term, k)
        if weight is None:
            return None
        if total:
            ((index, low, high),) = term.limits
            if exponent.has(index) or not kernel.nonnegative(weight) or not high.is_finite:
                return None
            weight = sp.Symbol(f"Sum({weight}, {index}, {low}, {high})", nonnegative=True)
        found.append((weight, kernel.number(base), exponent))
    return found


def _split(term: Any, k: Any) -> tuple[Any, Any, Any]:
    """Weight, base and j of one term; None where it is no such power."""
    powers = [x for x in sp.Mul.make_args(term) if x.is_Pow and x.exp.has(k)]
    if len(powers) != 1:
        return None, None, None
    (power,) = powers
    weight = sp.Mul(*(x for x in sp.Mul.make_args(term) if x != power))
    j = sp.expand(power.exp - 2 * k)
    if weight.has(k) or power.base.has(k) or not j.is_Integer:
        return None, None, None
    return weight, power.base, j


def _smaller(kernel: Kernel, base: Any, leader: Any) -> bool:
    return kernel.has_sign(leader**2 - base**2, "is_positive")


def _rest(kernel: Kernel, terms: Terms, leader: Any) -> Any:
    return sp.Add(*(w * leader**j for w, base, j in terms if kernel.same(base, leader)))
