"""Whether a relation between parameters holds at given values."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from theory import arguments
from theory.domain import Array, Condition, DomainError, Parameter, shortened
from theory.evaluation import digits
from theory.evaluation.ranges import StatedError
from theory.evaluator import Evaluator

#: Rounding allowed in an equality of floats, in units of eps times the size of the two sides.
ULPS = 64
EPS = 2.0**-52


def check(
    condition: Condition, parameters: Mapping[str, Parameter], values: Mapping[str, Any]
) -> None:
    """Raise DomainError where ``condition`` does not hold; of arrays, anywhere.

    For <=, >= and != equality that rounding may have broken counts as equality. For < and > floats
    are taken as they are.
    """
    at = broken(condition.relation, parameters, values)
    if at is not None:
        where = ", ".join(f"{name} = {shortened(value)}" for name, value in at.items())
        raise DomainError(f"{where}: these do not fulfil the condition that {condition.words}")


def broken(
    relation: Any, parameters: Mapping[str, Parameter], values: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The values, by name, at which ``relation`` does not hold; None where it holds everywhere."""
    involved = parameters_of(relation, tuple(parameters.values()))
    given = {each.name: values[each.name] for each in involved}
    if any(isinstance(each.domain, Array) or _is_many(given[each.name]) for each in involved):
        try:
            left, right = _sides(relation, involved)(given)
        except StatedError:  # a side has no value, such as the smallest of no eigenvalues
            return given
        size = ULPS * EPS * (abs(left) + abs(right))
        holds = _holds(relation, right - left, size)
        return None if holds.all() else _first(given, involved, holds)
    numbers = {each.symbol: _fraction(given[each.name]) for each in involved}
    gap = digits.precise(relation.rhs - relation.lhs, numbers, digits=5).mid()
    size = 0
    if not all(isinstance(value, (int, Fraction, sp.Rational)) for value in given.values()):
        sides = (digits.precise(side, numbers) for side in (relation.lhs, relation.rhs))
        size = ULPS * EPS * sum(abs(side).mid() for side in sides)
    return None if _holds(relation, gap, size) else given


def _holds(relation: Any, gap: Any, size: Any) -> Any:
    """Whether ``relation`` holds where its right side exceeds its left by ``gap``, which rounding
    may have moved by ``size``."""
    if isinstance(relation, sp.Ne):
        return abs(gap) > size
    if isinstance(relation, sp.StrictLessThan):
        return gap > 0
    if isinstance(relation, sp.StrictGreaterThan):
        return gap < 0
    if isinstance(relation, sp.LessThan):
        return gap >= -size
    if isinstance(relation, sp.GreaterThan):
        return gap <= size
    raise TypeError(f"{relation} is no relation of a condition")


@lru_cache(maxsize=256)
def parameters_of(relation: Any, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Those that the relation names; else those whose size it speaks of."""
    names = {str(letter) for letter in relation.free_symbols}
    named = tuple(each for each in parameters if each.name in names)
    return named or tuple(each for each in parameters if _sizes(each) & names)


def _sizes(parameter: Parameter) -> set[str]:
    domain = parameter.domain
    return {str(domain.rows), str(domain.columns)} if isinstance(domain, Array) else set()


@lru_cache(maxsize=256)
def _sides(relation: Any, parameters: tuple[Parameter, ...]) -> Any:
    evaluator = Evaluator({"left": relation.lhs, "right": relation.rhs}, parameters)
    by_name = {parameter.name: parameter for parameter in parameters}

    def sides(values: Mapping[str, Any]) -> tuple[Any, Any]:
        import numpy as np

        floats = {name: arguments.as_floats(name, value) for name, value in values.items()}
        both = evaluator.floats(floats | arguments.sizes(by_name, floats))
        return np.asarray(both["left"]), np.asarray(both["right"])

    return sides


def _fraction(value: Any) -> Fraction:
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    return value


def _is_many(value: Any) -> bool:
    return getattr(value, "ndim", 0) > 0


def _first(given: Mapping[str, Any], involved: tuple[Parameter, ...], holds: Any) -> dict[str, Any]:
    """Of arrays of scalars, the first numbers at which the relation does not hold."""
    import numpy as np

    if holds.ndim == 0 or any(isinstance(each.domain, Array) for each in involved):
        return dict(given)
    place = tuple(np.argwhere(~holds)[0])
    return {name: np.broadcast_to(x, holds.shape)[place] for name, x in given.items()}
