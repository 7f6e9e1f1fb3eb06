"""What the words of a claim ask of letters that are no parameters and have no law.

A matrix is arbitrary but for this: a root of a covariance, data of a stated mean and covariance, an
axis, probabilities. A number is arbitrary only where it is named here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from theory.definitions.arrays import in_digits
from theory.definitions.scope import NoMeaningError, Scope, is_matrix, key
from theory.functions.rates import eigenvector_to

B = sp.Symbol("B")
Made = Callable[[Any, Scope], Any]


def asked_of(definition: Any, expression: Any, scope: Scope) -> Mapping[Any, Any]:
    """The letters of an expression, and of laws, that must be something, with their values."""
    found: dict[Any, Any] = {
        sp.Symbol(name): scope.number(sp.Integer(1) if name in WHOLE else _any_number(name))
        for name in ARBITRARY.get(definition.name, ())
    }
    letters = {str(x): x for x in _symbols(definition, expression) if key(x) not in scope.letters}
    by_name = ASKED.get(definition.name, {})
    for axis in definition.axes:
        if str(axis) in letters:
            found[axis] = scope.array(np.eye(scope.shape(axis)[0])[:, :1])
    for name in ("X", "L", "target", *by_name):  # in this order: L may be a root of data
        letter = letters.get(name)
        made = by_name.get(name) or EVERYWHERE.get(name)
        if letter is None or made is None or not is_matrix(letter):
            continue
        value = made(letter, scope.bound(found))
        if value is not None:
            found[letter] = value
    for head in expression.atoms(eigenvector_to):
        found |= _with_eigenvalue(head, scope.bound(found))
    return found


def _any_number(name: str) -> Any:
    """A positive number that is no other letter's of the claim."""
    return sp.Rational(5 + sum(map(ord, name)) % 7, 8)


def _symbols(definition: Any, expression: Any) -> set[Any]:
    found = set(expression.free_symbols)
    for law in definition.laws.values():
        for part in vars(law).values():
            if isinstance(part, sp.Basic):
                found |= part.free_symbols
    return found


def _cholesky(matrix: np.ndarray) -> np.ndarray:
    if matrix.dtype != object:
        return np.linalg.cholesky(matrix)
    return in_digits(mpmath.cholesky, matrix)


def _known(name: str, scope: Scope) -> Any:
    return scope.letters.get((name, True))


def _covariance(data: np.ndarray) -> np.ndarray:
    centred = data - data.sum(axis=1, keepdims=True) / data.shape[1]
    return centred @ centred.T / data.shape[1]


def _root(letter: Any, scope: Scope) -> Any:
    """The letter L with LL' = Sigma, which is the covariance of the data X where that is given."""
    Sigma, X = _known("Sigma", scope), _known("X", scope)
    if Sigma is not None:
        return _cholesky(Sigma)
    return None if X is None else _cholesky(_covariance(X))


def white(rows: int, columns: int, scope: Scope) -> np.ndarray:
    """Data of mean 0 and covariance I: rows orthogonal to each other and to the ones, of the
    squared length ``columns``."""
    found = []
    for k in range(1, rows + 1):
        row = scope.array([1] * k + [-k] + [0] * (columns - k - 1))
        root = mpmath.sqrt if scope.precise else np.sqrt
        found.append(row * root(scope.array([columns])[0] / (k * (k + 1))))
    return np.array(found)


def _white(letter: Any, scope: Scope) -> Any:
    return white(*scope.shape(letter), scope)


def _data(letter: Any, scope: Scope) -> Any:
    """Data whose mean is mu and whose covariance is Sigma, where this is given."""
    Sigma = _known("Sigma", scope)
    if Sigma is None:
        return None
    mu = scope.letter(sp.MatrixSymbol("mu", letter.shape[0], 1))
    return mu + _cholesky(Sigma) @ white(*scope.shape(letter), scope)


def _probabilities(letter: Any, scope: Scope) -> Any:
    rows = scope.shape(letter)[0]
    parts = scope.array([[2 + (3 * i) % 5] for i in range(rows)])
    return parts / parts.sum()


def _diagonal(letter: Any, scope: Scope) -> Any:
    """The probabilities phi on a diagonal."""
    return scope.letters["phi", True] * np.eye(scope.shape(letter)[0], dtype=int)


def _long(letter: Any, scope: Scope) -> Any:
    """Weights with |y| <= radius |W|, in at least two dimensions."""
    y, radius = scope.letter(sp.MatrixSymbol("y", B, 1)), scope.letters["radius", False]
    root = mpmath.sqrt if scope.precise else np.sqrt
    rows = max(2, scope.shape(letter)[0])
    way = scope.array([[i + 1] for i in range(rows)])
    return way * (root((y * y).sum()) / radius + 1)


def _small_covariances(letter: Any, scope: Scope) -> Any:
    """A symmetric matrix that leaves a covariance with v on the diagonal positive."""
    rows = scope.shape(letter)[0]
    i = np.arange(rows)
    signs = np.cos(1.0 * i[:, None] * i)
    return scope.letters["v", False] * signs / (2 * rows)


def _with_eigenvalue(head: Any, scope: Scope) -> Mapping[Any, Any]:
    """Arbitrary data, scaled so that a number is an eigenvalue of their second moments."""
    matrix, wanted = head.args
    (letter,) = (x for x in matrix.free_symbols if is_matrix(x))
    if key(letter) in scope.letters:
        return {}
    data = scope.letter(letter)
    values = np.linalg.eigvalsh(np.asarray(scope.of(matrix), dtype=float))
    scope.in_floats()
    root = np.sqrt(scope.of(wanted) / values[len(values) // 2])
    if not np.isfinite(root):
        raise NoMeaningError(f"{wanted} is no eigenvalue")
    return {letter: data * root}


EVERYWHERE: Mapping[str, Made] = {"X": _data, "L": _root, "target": _probabilities}

#: Numbers that may be anything positive, by the claim's name. Any other letter needs a value.
ARBITRARY: Mapping[str, tuple[str, ...]] = {
    "invariance.damped_kfac": ("g",),
    "invariance.energy_identity": ("norm",),
    "invariance.energy_identity_with_momentum": ("norm", "|W_k|"),
    "invariance.equilibrium": ("norm",),
    "invariance.equilibrium_angle": ("norm", "G"),
    "invariance.exponential_schedule": ("rate",),
    "invariance.relaxation": ("G",),
    "normalisation.deviation_moments": ("mu",),
    "normalisation.output_density": ("mu", "sigma"),
    "normalisation.output_moments": ("mu", "sigma"),
    "propagation.mean_square_moments": ("q",),
    "propagation.shifted_gradient": ("v",),
    "quadratic.directional_curvature": ("x",),
    "quadratic.solution_set": ("rest",),
    "quadratic.time_constant": ("k",),
    "smoothness.one_layer": ("x",),
    "spectra.centring": ("m", "v"),
    "spectra.energy_cosine": ("v",),
    "spectra.energy_gradient": ("start",),
    "stability.ritz_values": ("more", "j"),
}
#: Those of them that are counts.
WHOLE = ("k", "j", "more")

#: Letters of single claims, by the claim's name.
ASKED: Mapping[str, Mapping[str, Made]] = {
    "preconditioning.excess_loss": {"Z": _white},
    "kronecker.outlier_count": {"phi": _probabilities, "diag(phi)": _diagonal},
    "preconditioning.quasi_diagonal": {"v": _probabilities},
    "kronecker.softmax_regression": {"t": _probabilities},
    "smoothness.largest_plain_gradient": {"W": _long},
    "smoothness.largest_weight_gradient": {"W": _long},
    "spectra.trace": {"C": _small_covariances, "D": _small_covariances},
}
