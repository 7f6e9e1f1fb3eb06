"""Means, variances and probabilities over random letters: exactly where that is short, else drawn.

The mean of a polynomial of degree 2 in random matrices is a sum over the directions of their
covariance, exactly. The mean over one number is an integral against its density. All else is the
mean over draws, whose error the estimate measures by repeating it.
"""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import sympy as sp

from theory.definitions.draws import ENTRIES, moments, random_letters, sample, values_in
from theory.definitions.scope import Meaning, NoMeaningError, Scope
from theory.functions import heads as heads_of_slopes
from theory.functions import heads_of_chance as heads
from theory.functions import heads_of_series, stated
from theory.laws import Entries, JointNormal, Normal

#: Directions of a covariance that are summed over.
DIRECTIONS = 4096


def _mean(e: Any, scope: Scope) -> Any:
    """The mean of a number or of a matrix."""
    scope.in_floats()
    value = e.args[0]
    letters = random_letters(value, scope)
    of_matrices = all(isinstance(scope.laws[x], Entries) for x in letters)
    if letters and of_matrices and not value.has(heads.copies):
        exact = _of_degree_two(value, letters, scope)
        if exact is not None:
            return exact
    if len(letters) == 1 and hasattr(scope.laws[letters[0]], "density"):
        return _integral(value, letters[0], scope)
    return sample(value, scope).mean(axis=0)


def _of_degree_two(value: Any, letters: list[Any], scope: Scope) -> Any:
    """f(M) + sum_k (f(M + a_k) + f(M - a_k) - 2 f(M))/2 over the directions a_k of each letter,
    which is the mean of a polynomial of degree 2; None of another value."""
    laws = {x: moments(scope.laws[x], scope) for x in letters}
    if sum(mean.size for mean, _, _ in laws.values()) > DIRECTIONS:
        return None
    middle = scope.bound({x: mean for x, (mean, _, _) in laws.items()})
    try:
        close = 1e-6 if value.has(heads_of_slopes.hess) else 1e-9  # differences in floats
        if not _is_quadratic(value, laws, scope, close):
            return None
        centre = total = middle.of(value)
        for x, (mean, left, right) in laws.items():
            ways = np.einsum("ik,jl->klij", left, right).reshape(-1, *mean.shape)
            for part in np.array_split(ways, max(1, ways.size // ENTRIES)):
                up, down = (middle.bound({x: mean + sign * part}).of(value) for sign in (1, -1))
                total = total + ((up + down) / 2 - centre).sum(axis=0)
    except NoMeaningError:
        return None
    if close > 1e-9:
        scope.within(close * np.max(np.abs(total)))
    return total


def _is_quadratic(value: Any, laws: Mapping[Any, Any], scope: Scope, close: float) -> bool:
    """Whether the third differences along a line are rounding."""
    random = np.random.default_rng(scope.arbitrary)
    line = {x: random.standard_normal((2, *m.shape)) for x, (m, _, _) in laws.items()}
    at = [scope.bound({x: start + t * way for x, (start, way) in line.items()}).of(value)
          for t in (-3.0, -1.0, 1.0, 3.0)]  # fmt: skip
    third = at[3] - 3 * at[2] + 3 * at[1] - at[0]
    return bool(np.all(np.abs(third) <= close * np.max(np.abs(at))))


def _integral(value: Any, letter: Any, scope: Scope) -> Any:
    """The integral against the density of one number."""
    law = scope.laws[letter]
    if isinstance(law, JointNormal):
        place = law.letters.index(letter)
        law = Normal(0, law.covariance[place, place])
    here = values_in(law, scope)
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


def _variance(e: Any, scope: Scope) -> Any:
    return sample(e.args[0], scope).var(axis=0, ddof=1)


def _probability(e: Any, scope: Scope) -> Any:
    return sample(e.args[0], scope).mean(axis=0)


def _density(e: Any, scope: Scope) -> Any:
    """The share of draws within a short way, over twice the way."""
    scope.refine()
    at = scope.of(e.args[1])
    values = np.concatenate([sample(e.args[0], scope) for _ in range(8)])
    way = 0.4 * 2.0**-scope.level * values.std()
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
