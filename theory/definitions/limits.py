"""Limits that are cut off, integrals, recursions: the further, the higher the scope's level."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from theory.definitions.scope import Meaning, NoMeaningError, Scope
from theory.functions import (
    descents,
    examples,
    flows,
    heads_of_chance,
    heads_of_series,
    large,
    rates,
    stated,
)
from theory.functions.heads_of_nets import repeated
from theory.functions.iterates import Iterated
from theory.functions.recursions import iterate

#: The digits of an integral in numbers of many digits.
INTEGRAL = 60


def _limit(e: Any, scope: Scope) -> Any:
    """The value near the place: two or four decimals nearer per level, or at twice the size."""
    value, letter, place, _ = e.args
    scope.refine()
    if value.has(iterate):
        scope.in_floats()
    if place in (sp.oo, -sp.oo):
        return scope.bound({letter: scope.number(sp.Integer(_size(value, scope)))}).of(value)
    if scope.precise:
        near = mpmath.mpf(10) ** -(12 + 4 * scope.level)
    else:
        near = 1e-2 * 2.0**-scope.level
    from_below = str(e.args[3]) == "-"
    return scope.bound({letter: scope.of(place) + (-near if from_below else near)}).of(value)


def _size(value: Any, scope: Scope) -> int:
    """How far a letter goes to infinity."""
    if _is_random(value):
        return int(2 ** (5 + scope.level))
    return int(2 ** ((6 if value.has(iterate, Iterated) else 10) + scope.level))


def _is_random(value: Any) -> bool:
    kinds = (heads_of_chance.OfChance, large.independent, heads_of_series.gaussian_product)
    return any(isinstance(part, kinds) for part in sp.preorder_traversal(value))


def _tends_to(e: Any, scope: Scope) -> Any:
    scope.refine()
    scope.by_chance()
    value, letter = e.args
    searched = value.has(stated.argmin, rates.least)  # at many places
    return scope.bound({letter: 2 ** ((3 if searched else 5) + scope.level)}).of(value)


def _matrix_limit(e: Any, scope: Scope) -> Any:
    scope.refine()
    value, letter = e.args
    return scope.bound({letter: scope.number(sp.Integer(2 ** (6 + scope.level)))}).of(value)


def _integral(e: Any, scope: Scope) -> Any:
    """By tanh-sinh quadrature, from kink to kink where that is 0; SciPy's in floats."""
    limits = e.limits[-1]
    inner = e.func(e.function, *e.limits[:-1]) if len(e.limits) > 1 else e.function
    letter, low, high = limits
    ends = [scope.of(low), scope.of(high)]
    if ends[0] < 0 < ends[1]:
        ends.insert(1, 0)
    if not scope.precise:
        from scipy.integrate import quad

        total = 0.0
        for a, b in pairwise(ends):
            found, error = quad(lambda x: scope.bound({letter: x}).of(inner), a, b, limit=200)
            total += found
            scope.within(error)
        return total
    with mpmath.workdps(INTEGRAL):
        found, error = mpmath.quad(
            lambda x: scope.moved({letter: x}).of(inner), ends, error=True, maxdegree=9
        )
    scope.within(float(error))
    return found


def _iterate(e: Any, scope: Scope) -> Any:
    rule, start, times = e.args
    value = scope.of(start)
    numbered = len(rule.signature) > 1
    for j in range(scope.whole(times)):
        letters = rule.signature
        here = {letters[0]: value} | ({letters[1]: j} if numbered else {})
        value = scope.bound(here).of(rule.expr)
    return value


def _repeated(e: Any, scope: Scope) -> Any:
    rule, value, times = e.args
    here = scope.of(value)
    for _ in range(scope.whole(times) - 1):
        here = scope.bound({rule.signature[0]: here}).of(rule.expr)
    return here


def _iterated(e: Any, scope: Scope) -> Any:
    """x_l, from its start and the step that it states."""
    x = sp.Symbol("x", real=True)
    step, here = type(e).after(x), scope.of(type(e).start)
    for _ in range(scope.whole(e.args[0]) - 1):
        here = scope.bound({x: here}).of(step)
    return here


def _over_examples(e: Any, scope: Scope) -> Any:
    """The sum over examples, each of which chooses its own free letters."""
    matrix, count = e.args
    total: Any = 0
    for b in range(scope.whole(count)):
        there = replace(scope, arbitrary=scope.arbitrary + b, notes=replace(scope.notes, drawn={}))
        total = total + there.of(matrix)
    return total


def _after_steps(e: Any, scope: Scope) -> Any:
    step, letter, start, count = e.args
    value = scope.of(start)
    for _ in range(scope.whole(count)):
        value = scope.bound({letter: value}).of(step)
    return value


def _down(loss: Any, letters: Any, scope: Scope) -> Any:
    """The gradient of a loss, as a function of numbers."""
    slopes = [sp.diff(loss, x) for x in letters]
    functions = sp.lambdify([*letters], slopes, modules="numpy")
    return lambda place: np.array(functions(*place), dtype=float)


def _end_of_flow(e: Any, scope: Scope) -> Any:
    """By an implicit solver, to a time that doubles with the level."""
    from scipy.integrate import solve_ivp

    scope.in_floats()
    scope.refine()
    value, loss, letters, starts = e.args
    down = _down(loss, letters, scope)
    start = [scope.of(x) for x in starts]
    time = 40.0 * 2**scope.level
    end = solve_ivp(lambda t, x: -down(x), (0, time), start, method="LSODA", rtol=1e-11, atol=1e-13)
    scope.within(1e-7)
    return scope.bound(dict(zip(letters, map(float, end.y[:, -1]), strict=True))).of(value)


def _end_of_descent(e: Any, scope: Scope) -> Any:
    scope.in_floats()
    scope.refine()
    value, loss, letters, starts, rate = e.args
    down = _down(loss, letters, scope)
    place = np.array([scope.of(x) for x in starts], dtype=float)
    eta = scope.of(rate)
    for _ in range(2 ** (11 + scope.level)):
        place = place - eta * down(place)
    if not np.all(np.isfinite(place)):
        raise NoMeaningError("descent does not converge")
    return scope.bound(dict(zip(letters, map(float, place), strict=True))).of(value)


MEANINGS: dict[type, Meaning] = {
    sp.Limit: _limit,
    sp.Integral: _integral,
    large.tends_to: _tends_to,
    rates.matrix_limit: _matrix_limit,
    rates.after_steps: _after_steps,
    examples.over_examples: _over_examples,
    iterate: _iterate,
    repeated: _repeated,
    Iterated: _iterated,
    flows.end_of_flow: _end_of_flow,
    descents.end_of_descent: _end_of_descent,
}
