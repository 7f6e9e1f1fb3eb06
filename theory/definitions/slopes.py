"""Derivatives by central differences in numbers of many digits; functions that state theirs.

A central difference of the step h is off by a multiple of h^2. At 10^-20 that is below every
rounding of a float. In floats the step is 10^-4, and wider where the value is drawn.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from theory.definitions.scope import Meaning, NoMeaningError, Scope, is_matrix
from theory.functions import heads, homogeneous, stated
from theory.functions.heads_of_chance import OfChance
from theory.functions.large import Asked

Way = tuple[Any, np.ndarray | Any]  # a letter and how far it goes


def _step(scope: Scope) -> Any:
    return mpmath.mpf(10) ** -20 if scope.precise else 1e-4


def _along(scope: Scope, *ways: Way) -> Scope:
    """The letters moved, one way after another."""
    for letter, way in ways:
        scope = scope.moved({letter: scope.of(letter) + way})
    return scope


def slope(e: Any, scope: Scope, *ways: Way) -> Any:
    """The derivative of a value along each of some ways, one after another."""
    if not ways:
        return scope.of(e)
    (letter, way), *rest = ways
    h = _step(scope)
    up, down = (slope(e, _along(scope, (letter, s * h * way)), *rest) for s in (1, -1))
    return (up - down) / (2 * h)


def _is_random(e: Any) -> bool:
    return any(isinstance(part, (OfChance, Asked)) for part in sp.preorder_traversal(e))


def _of_chance(e: Any, ways: list[Any], scope: Scope) -> Any:
    """The slope of what is drawn, by a step of a share of the number, shorter at a higher level."""
    scope.by_chance()
    scope.refine()
    (letter,) = ways
    here = scope.of(letter)
    step = 0.2 * 2.0**-scope.level * max(abs(here), 0.1)
    up, down = (scope.moved({letter: here + sign * step}).of(e) for sign in (1, -1))
    return (up - down) / (2 * step)


def _units(letter: Any, scope: Scope) -> list[Way]:
    """A step in each entry of a letter, column after column; of a number the one step."""
    if not getattr(letter, "is_Matrix", False):
        return [(letter, 1)]
    rows, columns = scope.shape(letter)
    found = []
    for j in range(columns):
        for i in range(rows):
            unit = np.zeros((rows, columns), dtype=int)
            unit[i, j] = 1
            found.append((letter, unit))
    return found


def _entries(at: Any, scope: Scope) -> list[Way]:
    """A step in each entry of a column that is made of letters."""
    if isinstance(at, (sp.MatrixSymbol, sp.Symbol)):
        return _units(at, scope)
    letters = sorted(at.atoms(sp.MatrixSymbol), key=str)
    there = scope.of(at)
    ways: dict[int, Way] = {}
    for letter in letters:
        for way in _units(letter, scope):
            change = scope.moved({letter: scope.of(letter) + way[1]}).of(at) - there
            places = np.flatnonzero(np.abs(change.astype(float)) > 0.5)
            ways |= {int(place): way for place in places}
    return [ways[place] for place in range(there.shape[0])]


def _shaped(values: list[Any], scope: Scope, shape: tuple[int, ...]) -> Any:
    """Numbers, one per draw, as the entries of a matrix."""
    if scope.precise:
        return np.array(values, dtype=object).reshape(shape)
    entries = np.stack(np.broadcast_arrays(*values), axis=-1).astype(float)
    return entries.reshape(*entries.shape[:-1], *shape)


def _derivative(e: Any, scope: Scope) -> Any:
    """SymPy's Derivative, in numbers and in one matrix."""
    ways = [letter for letter, count in e.variable_count for _ in range(int(count))]
    if not scope.precise and _is_elementary(e.expr):
        return scope.of(sp.diff(e.expr, *e.variable_count))
    arrays = [letter for letter in ways if getattr(letter, "is_Matrix", False)]
    if not arrays:
        if _is_random(e.expr):
            return _of_chance(e.expr, ways, scope)
        return slope(e.expr, scope, *((letter, 1) for letter in ways))
    if len(arrays) < len(ways):
        raise NoMeaningError(f"{e} has slopes in numbers and in matrices")
    if len(arrays) == 1:
        return gradient(e.expr, arrays[0], scope)
    return hessian(e.expr, arrays[0], scope)


def _is_elementary(e: Any) -> bool:
    """Whether SymPy's rules give the slope: in floats a difference would lose half of the
    digits."""
    return not e.has(sp.MatrixSymbol) and not any(
        isinstance(part, (heads.Head, sp.Integral)) for part in sp.preorder_traversal(e)
    )


def gradient(value: Any, at: Any, scope: Scope) -> Any:
    """The gradient of a number, of the shape of the letter."""
    found = [_number(value, slope(value, scope, way)) for way in _entries(at, scope)]
    rows, columns = scope.shape(at)
    return np.swapaxes(_shaped(found, scope, (columns, rows)), -1, -2)


def hessian(value: Any, at: Any, scope: Scope) -> Any:
    """The matrix of the second derivatives of a number."""
    ways = _entries(at, scope)
    size = len(ways)
    found = [
        _number(value, slope(value, scope, ways[i], ways[j])) if i <= j else 0
        for i in range(size)
        for j in range(size)
    ]
    upper = _shaped(found, scope, (size, size))
    strict = upper * np.triu(np.ones((size, size), dtype=int), 1)
    return upper + np.swapaxes(strict, -1, -2)


def _jacobian(e: Any, scope: Scope) -> Any:
    value, at = e.args
    found = [slope(value, scope, way)[:, 0] for way in _entries(at, scope)]
    return np.array(found).T


def _number(e: Any, value: Any) -> Any:
    """The value of an expression that is a number, or a matrix of one entry."""
    return value[..., 0, 0][()] if is_matrix(e) else value


def _subs(e: Any, scope: Scope) -> Any:
    here = {a: scope.of(b) for a, b in zip(e.variables, e.point, strict=True)}
    return scope.bound(here).of(e.expr)


def _smooth(e: Any, scope: Scope) -> Any:
    """The value g'd + d'Hd/2 + a cubic term, where d is the way from the place of the slopes."""
    z, g, H = e.args
    there = scope.at_start
    way = scope.of(z) - there.of(z)
    second = (way * (there.of(H) @ way)).sum(axis=(-2, -1)) / 2
    return (there.of(g) * way).sum(axis=(-2, -1)) + second + way.sum(axis=(-2, -1)) ** 3


def _any_sizes(rows: int) -> np.ndarray:
    """Numbers of both signs that are their own, whatever they stand for."""
    return np.array([[((7 * i + 3) % 11 - 5) / 8] for i in range(rows)])


def _scale_free(z: np.ndarray) -> Any:
    """1 + a'u + (b'u)^2/3 + (c'u)^3/2 where u is z over its length."""
    u = z / mpmath.sqrt((z * z).sum()) if z.dtype == object else z / np.linalg.norm(z)
    numbers = _any_sizes(3 * len(z)).reshape(3, -1)
    a, b, c = (sum(float(x) * y for x, y in zip(each, u[:, 0], strict=True)) for each in numbers)
    return 5 + a + b * b / 3 + c**3 / 2


def _homogeneous(e: Any, scope: Scope) -> Any:
    z, degree = (scope.of(each) for each in e.args)
    square = (z * z).sum()
    return (mpmath.power if scope.precise else np.power)(square, degree / 2) * _scale_free(z)


class _scale_free_loss(sp.Function):  # noqa: N801
    """J of a column."""


def _of_scale_free(derivative: Callable[[Any, Any, Scope], Any]) -> Meaning:
    def meaning(e: Any, scope: Scope) -> Any:
        place = scope.of(e.args[0])
        z = sp.MatrixSymbol("z", *e.args[0].shape)
        return derivative(_scale_free_loss(z), z, scope.bound({z: place}))

    return meaning


def _moved(e: Any, scope: Scope) -> Any:
    value, *moves = e.args
    goes = {letter: scope.of(letter) + scope.of(way) for letter, way in moves}
    return scope.moved(goes).of(value)


def _at_place(e: Any, scope: Scope) -> Any:
    matrix, letter, place = e.args
    there = scope.of(place)
    if not np.ndim(there):
        there = scope.array(np.zeros(scope.shape(letter))) + there
    return scope.bound({letter: there}).of(matrix)


MEANINGS: dict[type, Meaning] = {
    sp.Derivative: _derivative,
    sp.Subs: _subs,
    heads.grad: lambda e, scope: gradient(e.args[0], e.args[1], scope),
    heads.hess: lambda e, scope: hessian(e.args[0], e.args[1], scope),
    heads.smooth: _smooth,
    heads.moved_number: _moved,
    heads.moved_matrix: _moved,
    homogeneous.homogeneous: _homogeneous,
    homogeneous.at_place: _at_place,
    stated.jacobian: _jacobian,
    stated.scale_free_gradient: _of_scale_free(gradient),
    stated.scale_free_hessian: _of_scale_free(hessian),
    _scale_free_loss: lambda e, scope: _scale_free(scope.of(e.args[0])),
}
