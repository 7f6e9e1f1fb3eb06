"""Searches that are stopped and go on: a matrix, and what Lanczos and quadrature find of it."""

from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.curvature import lanczos, quadrature, repeated

TOLERANCE = 1e-8


class Matrix(LinearOperator):
    """A symmetric matrix of known eigenvalues that counts its finished products.

    ``before`` is called in the middle of each product.
    """

    def __init__(self, values: Any, seed: int = 0, before: Callable[[], None] = lambda: None):
        n = len(values)
        turn = np.linalg.qr(np.random.default_rng([seed, 7]).standard_normal((n, n)))[0]
        self.entries, self.before, self.finished = (turn * values) @ turn.T, before, 0
        super().__init__(np.dtype(float), (n, n))

    def _matmat(self, columns):
        product = self.entries @ columns
        self.before()
        self.finished += 1
        return product


def _spread(n):
    return np.linspace(-1, 1, n) ** 3


#: {name: (eigenvalues, search)}.
SEARCHES = {
    "restarts": (
        np.r_[_spread(60), 2, 3],
        lambda A, rng: lanczos(A, rng, 3, 2, rows=12, products=400, tolerance=TOLERANCE),
    ),
    "copies": (
        np.r_[_spread(40), 3, 3, 3, -2, -2],
        lambda A, rng: repeated(A, rng, 4, 2, tolerance=TOLERANCE),
    ),
    "invariant subspaces": (np.r_[np.ones(8), np.zeros(8)], lambda A, rng: lanczos(A, rng, 3)),
    "quadrature": (_spread(50), lambda A, rng: quadrature(A, rng, 3, 12)),
    "three terms": (
        _spread(50),
        lambda A, rng: quadrature(A, rng, 3, 12, reorthogonalise=False),
    ),
}


def found(name: str, operator: LinearOperator, seed: int = 0) -> dict[str, np.ndarray]:
    """All that the search ``name`` finds of the ``operator``, as named arrays."""
    result = SEARCHES[name][1](operator, np.random.default_rng(seed))
    return _flat(result if isinstance(result, tuple) else (result,))


def _flat(value: Any, name: str = "") -> dict[str, np.ndarray]:
    if is_dataclass(value):
        parts = vars(value)
    elif isinstance(value, tuple):
        parts = dict(enumerate(value))
    else:
        return {name: np.asarray(value)}
    return {k: v for part in parts for k, v in _flat(parts[part], f"{name}:{part}").items()}
