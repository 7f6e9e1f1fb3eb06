"""Rules of parts: equals may stand for one another, and a claim for a part of a later one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp

from theory.domain import Integer, Parameter, Real
from theory.laws import JointNormal
from theory.proofs.kernel.binding import replaced
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import Rule, Use, rule

#: Claims whose chain is being run: no claim may rest on itself.
_running: list[str] = []


@rule
def part(kernel: Kernel, left: Any, right: Any, relation: str, of: Any, is_: Any, by: Use) -> bool:
    """What is equal by a rule may stand for one another inside an expression.

    A theorem is not taken here, as a chain must name what it cites.
    """
    there = replaced(left, of, is_)
    if relation != "=" or not isinstance(by.of, Rule) or there is None:
        return False
    return kernel.same(there, right) and by.holds(kernel, of, is_, "=")


@rule
def claimed(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    claim: str,
    output: str = "",
    at: Mapping[Any, Any] | None = None,
) -> bool:
    """What the chain of an earlier claim joins is equal, also inside an expression, and at any
    values ``at`` of its parameters that lie in its domain.

    Random letters, which ``at`` may rename, must have the laws that they have there. Claims that
    cite theorems are refused, as a chain must name what it cites.
    """
    joined = _joined(claim)
    if relation != "=" or joined is None:
        return False
    parameters, laws, starts, ends = joined
    at = dict(at or {})
    if not all(_inside(kernel, each, at.get(each.symbol, each.symbol)) for each in parameters):
        return False
    random = [x for x in laws if sp.sympify(starts[output]).has(x)]
    if not set(at) <= {each.symbol for each in parameters} | set(random):
        return False
    if len({at.get(x, x) for x in random}) < len(random):  # one letter for two
        return False
    if any(kernel.laws.get(at.get(x, x)) != _given(laws[x], at) for x in random):
        return False
    start, end = (sp.sympify(side[output]).xreplace(at) for side in (starts, ends))
    if not sp.sympify(left).has(start):
        return kernel.same(left, start) and kernel.same(end, right)
    there = replaced(left, start, end)
    return there is not None and kernel.same(there, right)


@cache
def _joined(name: str) -> Any:
    """The parameters, laws, definition and closed form of a claim whose chain holds; else None."""
    import theory
    from theory.proofs.join import join

    claim = theory.claims()[name]
    if name in _running or claim.conditions or claim.relation == "bound":
        return None
    _running.append(name)
    try:
        found = join(claim)
    finally:
        _running.pop()
    if not found.holds or found.cited:
        return None
    derivation = claim.derivation
    sides = (derivation.definition, derivation.closed_form)
    named = [side if isinstance(side, Mapping) else {"": side} for side in sides]
    assert derivation.chain is not None
    return claim.parameters, derivation.chain.laws, *named


def _inside(kernel: Kernel, parameter: Parameter, image: Any) -> bool:
    """Whether an image of a parameter lies in its domain."""
    domain, image = parameter.domain, sp.sympify(image)
    if any(each.symbol == image and _same_range(each, parameter) for each in kernel.parameters):
        return True
    if isinstance(domain, Integer):
        whole = bool(image.is_integer) and kernel.nonnegative(image - domain.low)
        return whole and (domain.high == sp.oo or kernel.nonnegative(domain.high - image))
    if not isinstance(domain, Real) or image.is_real is False:
        return False
    sign = "is_nonnegative" if domain.closed else "is_positive"
    ends = ((domain.low, image - domain.low), (domain.high, domain.high - image))
    return bool(image.is_real) and all(
        abs(end) == sp.oo or kernel.has_sign(sp.nsimplify(room), sign) for end, room in ends
    )


def _same_range(one: Parameter, other: Parameter) -> bool:
    """Whether two numbers have one domain, whatever values are typical; arrays are not compared."""
    first, second = one.domain, other.domain
    if isinstance(first, Real) and isinstance(second, Real):
        return (first.low, first.high, first.closed) == (second.low, second.high, second.closed)
    return first == second


def _given(law: Any, at: Mapping[Any, Any]) -> Any:
    """A law at values of the letters in it."""
    if isinstance(law, JointNormal):
        letters = tuple(at.get(x, x) for x in law.letters)
        return JointNormal(letters, law.covariance.xreplace(at))
    values = {
        key: value.xreplace(at) if isinstance(value, sp.Basic) else value
        for key, value in vars(law).items()
    }
    return type(law)(**values)
