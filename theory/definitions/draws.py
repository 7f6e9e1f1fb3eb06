"""Random letters, drawn by their laws: so many values of each, along the first axis."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import sympy as sp

from theory.definitions import nets
from theory.definitions.scope import Key, NoMeaningError, Scope, is_matrix, key
from theory.drawn import after_layers
from theory.functions import heads_of_chance as heads
from theory.functions import heads_of_series
from theory.functions.heads_of_nets import channel
from theory.laws import Entries, JointNormal, Layers, root_of

#: Draws per mean, fewer of large matrices.
DRAWS, ENTRIES = 4096, 2**18


def random_letters(value: Any, scope: Scope) -> list[Any]:
    if value.has(channel):
        return []
    found = value.free_symbols & set(scope.laws)
    if not found and not value.has(heads_of_series.gaussian_product):
        raise NoMeaningError(f"no law is stated of a letter of {value}")
    return sorted(found, key=str)


def values_in(law: Any, scope: Scope) -> dict[Any, Any]:
    """The values of the letters that a law is stated in."""
    parts = [getattr(law, each.name) for each in fields(law)]
    symbols: set[Any] = set()
    for part in parts:
        if isinstance(part, (sp.Basic, sp.MatrixBase)):
            symbols |= set(part.free_symbols)
    return {x: scope.whole(x) if x.is_integer else scope.of(x) for x in symbols}


def moments(law: Entries, scope: Scope) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean, and roots of the covariances of rows and columns."""
    rows, columns = scope.of(law.rows), scope.of(law.columns)
    mean = scope.array(np.zeros((len(rows), len(columns)))) + scope.of(law.mean)
    return mean, _root(rows), _root(columns)


def _root(covariance: np.ndarray) -> np.ndarray:
    diagonal = np.diagonal(covariance)
    if np.array_equal(covariance, np.diag(diagonal)):
        return np.diag(np.sqrt(diagonal))
    return root_of(covariance)


def sample(value: Any, scope: Scope) -> np.ndarray:
    """The value at each of many draws of its random letters, along the first axis."""
    scope.by_chance()
    if value.has(channel):
        scope.notes.drawn |= nets.channels(value, scope)
        return np.asarray(scope.of(value), dtype=float)
    letters = random_letters(value, scope)
    inside = {x for each in value.atoms(heads.copies) for x in each.args[0].free_symbols}
    outside = {x for x in letters if _stands_outside(x, value)}
    sizes = [_size(scope.laws[x], scope) for x in letters]
    rows = max([scope.whole(each.args[1]) for each in value.atoms(heads.copies)], default=1)
    count = max(4, min(DRAWS, ENTRIES // max([*sizes, rows])))
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
    if isinstance(law, Layers) and is_matrix(law.before):
        return scope.whole(law.before.shape[0]) ** 3 // 16  # products cost more than entries
    return 64 if isinstance(law, Layers) else 1


def _draws(letters: Any, count: int, scope: Scope) -> dict[Key, np.ndarray]:
    found: dict[Key, np.ndarray] = {}
    for letter in sorted(letters, key=str):
        law = scope.laws[letter]
        if key(letter) in found:
            continue
        if isinstance(law, JointNormal):
            drawn = law.draw(scope.random, count, values_in(law, scope))
            found |= {key(x): row for x, row in zip(law.letters, drawn, strict=True)}
        elif isinstance(law, Entries):
            mean, left, right = moments(law, scope)
            size = (count, *mean.shape)
            normal = scope.random.standard_normal(size)
            free = normal if law.gaussian else scope.random.exponential(size=size) - 1
            found[key(letter)] = mean + left @ free @ right
        elif isinstance(law, Layers):
            found[key(letter)] = after_layers(law, scope.random, count, _of_layers(law, scope))
        elif hasattr(law, "draw"):
            found[key(letter)] = law.draw(scope.random, count, values_in(law, scope))
        else:
            raise NoMeaningError(f"{letter} is not drawn by itself")
    return found


def _of_layers(law: Layers, scope: Scope) -> dict[Any, Any]:
    symbols = set(sp.sympify(law.after).free_symbols) | set(sp.sympify(law.start).free_symbols)
    symbols |= set(sp.sympify(law.depth).free_symbols)
    for _, each in law.fresh:
        for part in fields(each):
            symbols |= set(getattr(getattr(each, part.name), "free_symbols", ()))
    own = {law.before, law.index, *(letter for letter, _ in law.fresh)}
    return {x: scope.whole(x) if x.is_integer else scope.of(x) for x in symbols - own}
