"""Means, variances and probabilities over random letters: exactly where that is short, else drawn.

The mean of a polynomial of degree 2 in random matrices is a sum over the directions of their
covariance, exactly. The mean over one number is an integral against its density. All else is the
mean over draws, whose error the estimate measures by repeating it.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from importlib import import_module
from typing import Any

import numpy as np
import sympy as sp

from theory.definitions import nets
from theory.definitions.scope import Key, Meaning, NoMeaningError, Scope, key
from theory.drawn import after_layers
from theory.functions import heads_of_chance as heads
from theory.functions import heads_of_series, stated
from theory.functions.heads_of_nets import channel
from theory.laws import Entries, JointNormal, Layers, root_of

#: Draws per mean, fewer of large matrices; directions of a covariance that are summed over.
DRAWS, ENTRIES, DIRECTIONS = 4096, 2**18, 4096


def _mean(e: Any, scope: Scope) -> Any:
    """The mean of a number or of a matrix."""
    scope.in_floats()
    value = e.args[0]
    letters = _letters(value, scope)
    of_matrices = all(isinstance(scope.laws[x], Entries) for x in letters)
    if letters and of_matrices and not value.has(heads.copies):
        exact = _of_degree_two(value, letters, scope)
        if exact is not None:
            return exact
    if len(letters) == 1 and hasattr(scope.laws[letters[0]], "density"):
        return _integral(value, letters[0], scope)
    return _sample(value, scope).mean(axis=0)


def _letters(value: Any, scope: Scope) -> list[Any]:
    if value.has(channel):
        return []
    found = value.free_symbols & set(scope.laws)
    if not found and not value.has(heads_of_series.gaussian_product):
        raise NoMeaningError(f"no law is stated of a letter of {value}")
    return sorted(found, key=str)


def _here(law: Any, scope: Scope) -> dict[Any, Any]:
    """The values of the letters that a law is stated in."""
    parts = [getattr(law, each.name) for each in fields(law)]
    symbols: set[Any] = set()
    for part in parts:
        if isinstance(part, (sp.Basic, sp.MatrixBase)):
            symbols |= set(part.free_symbols)
    return {x: scope.whole(x) if x.is_integer else scope.of(x)
            for x in symbols if key(x) in scope.letters}  # fmt: skip


def _covariance(law: Entries, scope: Scope) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean, and roots of the covariances of rows and columns."""
    rows, columns = scope.of(law.rows), scope.of(law.columns)
    mean = scope.array(np.zeros((len(rows), len(columns)))) + scope.of(law.mean)
    return mean, _root(rows), _root(columns)


def _root(covariance: np.ndarray) -> np.ndarray:
    diagonal = np.diagonal(covariance)
    if np.array_equal(covariance, np.diag(diagonal)):
        return np.diag(np.sqrt(diagonal))
    return root_of(covariance)


def _of_degree_two(value: Any, letters: list[Any], scope: Scope) -> Any:
    """f(M) + sum_k (f(M + a_k) + f(M - a_k) - 2 f(M))/2 over the directions a_k of each letter,
    which is the mean of a polynomial of degree 2; None of another value."""
    laws = {x: _covariance(scope.laws[x], scope) for x in letters}
    if sum(mean.size for mean, _, _ in laws.values()) > DIRECTIONS:
        return None
    middle = scope.bound({x: mean for x, (mean, _, _) in laws.items()})
    try:
        if not _is_quadratic(value, laws, scope):
            return None
        centre = total = middle.of(value)
        for x, (mean, left, right) in laws.items():
            ways = np.einsum("ik,jl->klij", left, right).reshape(-1, *mean.shape)
            for part in np.array_split(ways, max(1, ways.size // ENTRIES)):
                up, down = (middle.bound({x: mean + sign * part}).of(value) for sign in (1, -1))
                total = total + ((up + down) / 2 - centre).sum(axis=0)
    except NoMeaningError:
        return None
    return total


def _is_quadratic(value: Any, laws: Mapping[Any, Any], scope: Scope) -> bool:
    """Whether the third differences along a line are rounding."""
    random = np.random.default_rng(scope.arbitrary)
    line = {x: random.standard_normal((2, *m.shape)) for x, (m, _, _) in laws.items()}
    at = [scope.bound({x: start + t * way for x, (start, way) in line.items()}).of(value)
          for t in (-3.0, -1.0, 1.0, 3.0)]  # fmt: skip
    third = at[3] - 3 * at[2] + 3 * at[1] - at[0]
    return bool(np.all(np.abs(third) <= 1e-9 * np.max(np.abs(at))))


def _integral(value: Any, letter: Any, scope: Scope) -> Any:
    """The integral against the density of one number."""
    law = scope.laws[letter]
    here = _here(law, scope)
    x = sp.Symbol("x", real=True)
    density = sp.lambdify(x, law.density(x).subs(here), modules=["scipy", "numpy"])
    low, high = (float(sp.sympify(end).subs(here)) for end in law.ends)
    quad = import_module("scipy.integrate").quad
    pieces = [(low, 0.0), (0.0, high)] if low < 0 < high else [(low, high)]
    total = 0.0
    for a, b in pieces:
        found, error = quad(
            lambda at: scope.bound({letter: at}).of(value) * density(at), a, b,
            epsabs=1e-13, epsrel=1e-11, limit=200,
        )  # fmt: skip
        total += found
        scope.within(error)
    return total


def _sample(value: Any, scope: Scope) -> np.ndarray:
    """The value at each of many draws of its random letters, along the first axis."""
    scope.by_chance()
    if value.has(channel):
        scope.notes.drawn |= nets.channels(value, scope)
        return np.asarray(scope.of(value), dtype=float)
    letters = _letters(value, scope)
    inside = {x for each in value.atoms(heads.copies) for x in each.args[0].free_symbols}
    outside = {x for x in letters if _stands_outside(x, value)}
    sizes = [_size(scope.laws[x], scope) for x in letters]
    rows = max([scope.whole(each.args[1]) for each in value.atoms(heads.copies)], default=1)
    count = max(16, min(DRAWS, ENTRIES // max([*sizes, rows])))
    drawn = _draws(outside, count, scope)
    copied = {}
    if inside & set(letters):
        flat = _draws(inside & set(letters), count * rows, scope)
        copied = {k: x.reshape(count, rows) for k, x in flat.items()}
    there = replace(
        scope, letters={**scope.letters, **drawn}, start={**scope.start, **drawn}, copied=copied
    )
    found = np.asarray(there.of(value), dtype=float)
    if found.ndim == 0 or found.shape[0] != count:
        return found[None]
    return found


def _stands_outside(letter: Any, e: Any) -> bool:
    if e == letter:
        return True
    if isinstance(e, heads.copies):
        return False
    return any(_stands_outside(letter, each) for each in e.args)


def _size(law: Any, scope: Scope) -> int:
    if isinstance(law, Entries):
        rows, columns = law.shape
        return scope.whole(rows) * scope.whole(columns)
    return 64 if isinstance(law, Layers) else 1


def _draws(letters: Any, count: int, scope: Scope) -> dict[Key, np.ndarray]:
    found: dict[Key, np.ndarray] = {}
    for letter in sorted(letters, key=str):
        law = scope.laws[letter]
        if key(letter) in found:
            continue
        if isinstance(law, JointNormal):
            drawn = law.draw(scope.random, count, _here(law, scope))
            found |= {key(x): row for x, row in zip(law.letters, drawn, strict=True)}
        elif isinstance(law, Entries):
            mean, left, right = _covariance(law, scope)
            size = (count, *mean.shape)
            normal = scope.random.standard_normal(size)
            free = normal if law.gaussian else scope.random.exponential(size=size) - 1
            found[key(letter)] = mean + left @ free @ right
        elif isinstance(law, Layers):
            found[key(letter)] = after_layers(law, scope.random, count, _of_layers(law, scope))
        elif hasattr(law, "draw"):
            found[key(letter)] = law.draw(scope.random, count, _here(law, scope))
        else:
            raise NoMeaningError(f"{letter} is not drawn by itself")
    return found


def _of_layers(law: Layers, scope: Scope) -> dict[Any, Any]:
    symbols = set(sp.sympify(law.after).free_symbols) | set(sp.sympify(law.start).free_symbols)
    symbols |= set(sp.sympify(law.depth).free_symbols)
    for _, each in law.fresh:
        for part in fields(each):
            symbols |= set(getattr(getattr(each, part.name), "free_symbols", ()))
    symbols = {x for x in symbols if key(x) in scope.letters}
    return {x: scope.whole(x) if x.is_integer else scope.of(x) for x in symbols}


def _variance(e: Any, scope: Scope) -> Any:
    return _sample(e.args[0], scope).var(axis=0, ddof=1)


def _probability(e: Any, scope: Scope) -> Any:
    return _sample(e.args[0], scope).mean(axis=0)


def _density(e: Any, scope: Scope) -> Any:
    """The share of draws within a short way, over twice the way."""
    scope.refine()
    at = scope.of(e.args[1])
    values = _sample(e.args[0], scope)
    way = 0.2 * 2.0**-scope.level * values.std()
    return np.mean(np.abs(values - at) <= way) / (2 * way)


def _copies(e: Any, scope: Scope) -> Any:
    """A column of values of the copied draws."""
    there = replace(scope, letters={**scope.letters, **scope.copied})
    value = there.of(e.args[0])
    rows = scope.whole(e.args[1])
    if np.ndim(value) != 2:
        raise NoMeaningError("copies outside of a mean")
    return value.reshape(-1, rows, 1)


def _gaussian_product(e: Any, scope: Scope) -> Any:
    """One draw of a product of Gaussian matrices."""
    scope.by_chance()
    width, depth = (scope.whole(each) for each in e.args)
    place = (e, width, depth)
    if place not in scope.notes.drawn:
        product = np.eye(width)
        for _ in range(depth):
            product = scope.random.standard_normal((width, width)) @ product / np.sqrt(width)
        scope.notes.drawn[place] = product
    return scope.notes.drawn[place]


MEANINGS: dict[type, Meaning] = {
    heads.E: _mean,
    heads.means: _mean,
    heads.Var: _variance,
    heads.Prob: _probability,
    heads.copies: _copies,
    heads_of_series.gaussian_product: _gaussian_product,
    stated.density_of: _density,
}
