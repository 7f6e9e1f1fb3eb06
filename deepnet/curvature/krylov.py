"""The orthonormal basis that Lanczos grows by one row per product.

The rows of V (m, n) are orthonormal, the rows of W = V A are their products, and T = V W'. The last
product is orthogonalised against all of V twice, which is enough (parlett1998). The remainder is
the next row. All this is in float64, whatever the precision of the products.
"""

from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.backend import array_module, to_host

Array = Any

#: A remainder of this many units in the last place of A's largest entry in V is rounding.
ULPS = 8


class Basis:
    """V, W and T with at most ``size`` rows, and the length of the last product's ``remainder``.

        A V' = V' T + remainder next e'        e: the last unit vector

    A remainder that is only rounding is set to 0. V then spans an invariant subspace, and the next
    row is random. The first row is along ``start`` (n,), or random where ``start`` is None. All
    rows are orthogonal to the columns of ``known`` (n, k). There are at most ``free`` = n - k rows.
    """

    def __init__(
        self,
        operator: LinearOperator,
        rng: np.random.Generator,
        size: int,
        start: np.ndarray | None = None,
        known: np.ndarray | None = None,
    ) -> None:
        self.rng, self.n = rng, operator.shape[0]
        self.free = self.n - (0 if known is None else known.shape[1])
        self.multiply = getattr(operator, "multiply", operator.matmat)
        self.to_device = getattr(operator, "to_device", np.asarray)
        self.rounding = ULPS * np.finfo(operator.dtype).eps
        self.known = None if known is None else self.to_device(known.T)
        self.next = self._random() if start is None else self.to_device(start)
        xp = array_module(self.next)
        self.V, self.W = xp.empty((size, self.n)), xp.empty((size, self.n))
        self.T = np.zeros((size, size))
        self.rows, self.products, self.remainder = 0, 0, 0.0

    @property
    def floor(self) -> float:
        """The absolute value below which an entry of T is rounding."""
        return float(self.rounding * np.abs(self.T).max())

    def grow(self) -> None:
        """Add a row, by one product. Raises FloatingPointError where the product is not finite."""
        m = self.rows
        self.V[m] = v = self._unit(self._off(self._unit(self._off(self.next))))
        self.W[m] = w = self.multiply(v[:, None])[:, 0]
        self.rows, self.products = m + 1, self.products + 1
        column = to_host(self.V[: m + 1] @ w)
        if not np.isfinite(column).all():
            raise FloatingPointError("a product with the operator is not finite")
        self.T[m, : m + 1] = self.T[: m + 1, m] = column
        self.next = self._off(self._off(w))
        self.remainder = float(array_module(w).linalg.norm(self.next))
        if self.remainder <= self.floor:
            self.remainder, self.next = 0.0, self._random()

    def restart(self, values: np.ndarray, ritz: np.ndarray) -> None:
        """Keep only the Ritz vectors with coefficients ``ritz`` (m, k) and their ``values``."""
        k = len(values)
        self.V[:k], self.W[:k] = self.combined(ritz)
        self.T[:] = 0
        self.T[range(k), range(k)] = values  # the next product finds what couples them to its row
        self.rows = k

    def combined(self, ritz: np.ndarray) -> tuple[Array, Array]:
        """The Ritz vectors with coefficients ``ritz`` (m, k), and their products, each (k, n)."""
        rotation = self.to_device(ritz.T)
        return rotation @ self.V[: self.rows], rotation @ self.W[: self.rows]

    def _random(self) -> Array:
        return self.to_device(self.rng.standard_normal(self.n))

    def _off(self, w: Array) -> Array:
        if self.known is not None:
            w = w - (self.known @ w) @ self.known
        V = self.V[: self.rows]
        return w - (V @ w) @ V

    def _unit(self, w: Array) -> Array:
        return w / array_module(w).linalg.norm(w)
