"""Extremes, zeros and least numbers of functions of one or two numbers, searched for in floats.

A search looks at many places at once, in decades of both signs, and then closer around the best,
so that the function is evaluated at an array of numbers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from theory.definitions.elementary import any_function
from theory.definitions.minima import largest_over_matrix, least_of_quadratic, solution
from theory.definitions.scope import Meaning, NoMeaningError, Scope, is_matrix, key
from theory.functions import equations, heads, rates, stated

#: Values at many places.
Function = Callable[[np.ndarray], np.ndarray]

#: Where numbers are looked for: zero, and decades of both signs.
DECADES = 10.0 ** np.linspace(-6, 4, 161)
#: What a search in floats leaves of a place, as a share: within sqrt(eps) = 1.5e-8 of a smooth
#: extreme a value changes by less than its rounding.
FOUND = 1e-7
#: How many places a closer look has, and how often it is taken.
PLACES, LOOKS = 17, 11


def _extreme(sign: int) -> Meaning:
    """The supremum (1) or infimum (-1) of a value over a letter that meets conditions."""

    def meaning(e: Any, scope: Scope) -> Any:
        value, letter, *conditions = e.args
        scope.in_floats()
        scope.within(FOUND, relative=True)
        if is_matrix(letter):
            return sign * largest_over_matrix(sign * value, letter, conditions, scope)
        known = [key(x) for x in e.free_symbols if key(x) in scope.letters]
        place = (e, *(float(np.sum(scope.letters[k])) for k in sorted(known)))
        if place not in scope.notes.drawn:
            scope.notes.drawn[place] = _over_number(value, letter, conditions, sign, scope)
        return scope.notes.drawn[place]

    return meaning


def _over_number(value: Any, letter: Any, conditions: Any, sign: int, scope: Scope) -> float:
    equal = [each for each in conditions if isinstance(each, sp.Eq)]
    others = [each for each in conditions if not isinstance(each, sp.Eq)]
    at = _function(sign * value, letter, scope)

    def allowed(places: np.ndarray) -> np.ndarray:
        met = [_function(each, letter, scope)(places) for each in others]
        return np.logical_and.reduce([np.ones(len(places)), *met])

    nested = any(
        isinstance(each, heads.Extreme)
        for x in (value, *conditions)
        for each in sp.preorder_traversal(x)
    )
    positive = letter.is_positive or sp.Gt(letter, 0) in conditions
    places = DECADES if positive else np.concatenate([-DECADES[::-1], [0.0], DECADES])
    places = places[::4] if nested else places
    if equal:
        zeros = _zeros(_function(equal[0].lhs - equal[0].rhs, letter, scope), positive)
        found = at(zeros)[allowed(zeros).astype(bool)]
        return float(sign * np.max(found, initial=-np.inf))
    inside = allowed(places).astype(bool)
    if not inside.any():
        return -sign * np.inf
    ends = [_edge(allowed, *(places[[i, i + 1]] if inside[i] else places[[i + 1, i]]))
            for i in np.flatnonzero(inside[:-1] != inside[1:])]  # fmt: skip
    points = np.sort(np.concatenate([places[inside], ends]))
    between = np.linspace(points[0], points[-1], 17 if nested else 65) if ends else points
    points = np.unique(np.concatenate([points, between[allowed(between).astype(bool)]]))
    return float(sign * np.max(at(np.array([_highest(at, points)]))))


def _function(value: Any, letter: Any, scope: Scope) -> Function:
    """A value of a letter, at many places of the letter."""
    nested = any(isinstance(part, heads.Extreme) for part in sp.preorder_traversal(value))

    def at(places: np.ndarray) -> np.ndarray:
        if nested:
            return np.array([scope.bound({letter: float(x)}).of(value) for x in places])
        found = np.asarray(scope.bound({letter: places}).of(value))
        return np.broadcast_to(found, places.shape)

    return at


def _edge(allowed: Function, inside: float, outside: float) -> float:
    """The last place that is allowed on the way out."""
    for _ in range(LOOKS):
        places = np.linspace(inside, outside, PLACES)
        kept = allowed(places).astype(bool)
        first = int(np.argmin(kept)) if not kept.all() else PLACES - 1
        inside, outside = places[max(first - 1, 0)], places[first]
    return float(inside)


def _highest(at: Function, points: np.ndarray, looks: int = LOOKS) -> float:
    """Where a function is largest, around the best of some points in ascending order."""
    for _ in range(looks):
        values = np.asarray(at(points), dtype=float)
        values = np.where(np.isnan(values), -np.inf, values)
        best = int(np.argmax(values))
        low, high = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
        points = np.unique(np.append(np.linspace(low, high, PLACES), points[best]))
    return float(points[int(np.argmax(at(points)))])


def _zeros(at: Function, positive: bool) -> np.ndarray:
    """The places where a function changes its sign, in ascending order."""
    steps = np.concatenate([DECADES, np.linspace(0, 60, 6001)[1:]])
    places = np.unique(steps if positive else np.concatenate([-steps, [0.0], steps]))
    values = np.asarray(at(places), dtype=float)
    changes = np.flatnonzero(values[:-1] * values[1:] < 0)
    crossed = [_edge(_of_sign(at, np.sign(values[i])), places[i], places[i + 1]) for i in changes]
    found = [*places[values == 0], *crossed]
    return np.sort(np.array(found, dtype=float))


def _of_sign(at: Function, sign: float) -> Function:
    return lambda places: at(places) * sign > 0


def _minimum(value: Any, letters: Any, scope: Scope) -> dict[Any, Any]:
    """Where a value is least over one or two numbers, or over matrices of which it is a polynomial
    of degree 2."""
    if any(is_matrix(x) for x in letters):
        return least_of_quadratic(value, letters, scope)
    scope.in_floats()
    scope.within(FOUND, relative=True)
    first, *rest = letters
    coarse = np.concatenate([[0.0], 10.0 ** np.linspace(-3, 3, 91)])
    if not rest:
        looks = 4 if scope.notes.chance else LOOKS  # chance leaves more than that
        return {first: _highest(_function(-value, first, scope), coarse, looks)}
    if len(rest) > 1 or scope.notes.chance:
        raise NoMeaningError("a minimum over several numbers of what is drawn takes minutes")
    (second,) = rest

    def best(y: float) -> float:
        there = scope.bound({second: y})
        return _highest(_function(-value, first, there), coarse)

    def at(ys: np.ndarray) -> np.ndarray:
        return np.array([float(scope.bound({second: y, first: best(y)}).of(-value)) for y in ys])

    y = _closest(at, np.linspace(0, 0.99, 12))
    return {first: best(y), second: y}


def _closest(at: Function, points: np.ndarray) -> float:
    """Where a function with one peak is largest, by three places at a time."""
    values = at(points)
    best = int(np.argmax(values))
    low, high = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
    for _ in range(48):
        a, b = high - 0.618 * (high - low), low + 0.618 * (high - low)
        left, right = at(np.array([a, b]))
        low, high = (low, b) if left >= right else (a, high)
    return float((low + high) / 2)


def _found_once(value: Any, letters: Any, scope: Scope) -> dict[Any, Any]:
    sizes = tuple(sorted((k, v) for k, v in scope.letters.items() if isinstance(v, int)))
    place = (value, letters, sizes)
    if place not in scope.notes.drawn:
        scope.notes.drawn[place] = _minimum(value, letters, scope)
    return scope.notes.drawn[place]


def _least(e: Any, scope: Scope) -> Any:
    value, letters = e.args
    places = _found_once(value, letters, scope)
    found = scope.moved(places).of(value)
    if len(letters) == 1 and not is_matrix(letters[0]):  # a kink at 0 leaves more than a share
        (place,) = places.values()
        moved = [scope.moved({letters[0]: place * (1 + s * FOUND)}).of(value) for s in (1, -1)]
        scope.within(float(np.max(np.abs(np.subtract(moved, found)))))
    return found.item() if isinstance(found, np.ndarray) and found.size == 1 else found


def _first(e: Any, scope: Scope) -> Any:
    letter, condition = e.args
    for k in range(10**4):
        if bool(scope.bound({letter: scope.number(sp.Integer(k))}).of(condition)):
            return scope.number(sp.Integer(k))
    raise NoMeaningError(f"{condition} does not hold up to {letter} = 10000")


def _zero_of(e: Any, scope: Scope) -> Any:
    """The number at which a number or every entry of a column is zero; the largest, where asked."""
    scope.in_floats()
    scope.within(FOUND, relative=True)
    (letter,), value = e.args[0].signature, e.args[0].expr

    def at(places: np.ndarray) -> np.ndarray:
        found = np.asarray(scope.bound({letter: places}).of(value))
        return found.reshape(len(places), -1)

    spread = np.abs(at(np.array([0.5, 2.0])))
    entry = int(np.argmax(spread.sum(axis=0)))
    zeros = _zeros(lambda x: at(x)[:, entry], bool(letter.is_positive))
    size = spread.max()
    found = [x for x in zeros if np.abs(at(np.array([x]))).max() <= 1e-9 * size]
    if not found or (len(found) > 1 and not isinstance(e, equations.largest_zero_of)):
        raise NoMeaningError(f"{len(found)} zeros of {value}")
    return max(found)


def _undefined(e: Any, scope: Scope) -> Any:
    """exists(condition): whether a number meets an equation and differs from others."""
    if str(e.func) != "exists":
        return any_function(e, scope)
    scope.in_floats()
    conditions = e.args[0].args
    (equation,) = (each for each in conditions if isinstance(each, sp.Eq))
    (unequal,) = (each for each in conditions if isinstance(each, sp.Ne))
    letter = unequal.lhs
    zeros = _zeros(_function(equation.lhs - equation.rhs, letter, scope), positive=False)
    other = scope.of(unequal.rhs)
    return float(any(abs(x - other) > FOUND for x in zeros))


MEANINGS: dict[type, Meaning] = {
    AppliedUndef: _undefined,
    heads.sup: _extreme(1),
    heads.inf: _extreme(-1),
    heads.minimum: _extreme(-1),
    rates.least: _least,
    rates.first: _first,
    stated.argmin: lambda e, scope: _found_once(e.args[1], e.args[2], scope)[e.args[0]],
    equations.zero_of: _zero_of,
    equations.at_the_zero: lambda e, scope: solution(e.args[0], e.args[1], e.args[2], scope),
}
