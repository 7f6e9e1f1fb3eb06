"""Lanczos from one probe: its tridiagonal matrix, and how other probes lie to its Ritz vectors."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.backend import to_host
from deepnet.curvature.gauss_rule import copied
from deepnet.curvature.krylov import Basis

Array = np.ndarray


@dataclass(frozen=True)
class Tridiagonal:
    """T (m, m) of a probe, from m steps.

    rest      the length of the remainder after m steps
    rounding  the largest entry of T that is only rounding, as a share of the largest entry
    seen      the products of Lanczos's orthonormal basis with all probes, (m, probes), or None
              where the basis was not kept
    """

    matrix: Array
    rest: float
    rounding: float
    seen: Array | None = None

    def leading(self, steps: int) -> "Tridiagonal":
        """T of the first ``steps`` steps. It knows neither its remainder nor the other probes."""
        return Tridiagonal(self.matrix[:steps, :steps], np.inf, self.rounding)

    @cached_property
    def eigen(self) -> tuple[Array, Array]:
        """The nodes (m,), ascending, and their eigenvectors in columns (m, m).

        An orthonormal basis finds further copies of an eigenvalue by rounding, and from a random
        vector after an invariant subspace. The first of the copies then has the direction in which
        the probe lies, and the columns of the others are set to 0.
        """
        nodes, vectors = np.linalg.eigh(self.matrix)
        if self.seen is None:
            return nodes, vectors
        for copies in np.split(np.arange(len(nodes)), np.flatnonzero(~copied(nodes)) + 1):
            along = vectors[:, copies] @ vectors[0, copies]
            if len(copies) > 1 and along.any():
                vectors[:, copies] = 0
                vectors[:, copies[0]] = along / np.linalg.norm(along)
        return nodes, vectors


def orthogonal(
    operator: LinearOperator,
    starts: Array,
    probe: int,
    rng: np.random.Generator,
    steps: int,
    ticks: Iterator[int],
) -> Tridiagonal:
    """``steps`` steps from ``starts[probe]``. Every row is orthogonalised against all before it."""
    basis = Basis(operator, rng, steps, starts[probe])
    for _ in range(steps):
        next(ticks)
        basis.grow()
    seen = to_host(basis.V @ basis.to_device(starts.T))
    return Tridiagonal(basis.T, basis.remainder, basis.rounding, seen)


def three_terms(
    operator: LinearOperator,
    starts: Array,
    probe: int,
    rng: np.random.Generator,
    steps: int,
    ticks: Iterator[int],
) -> Tridiagonal:
    """``steps`` steps from ``starts[probe]``. A row is orthogonalised against the last two only."""
    T, rounding = np.zeros((steps, steps)), float(np.finfo(operator.dtype).eps)
    before, v = np.zeros(operator.shape[0]), _unit(starts[probe])
    for j in range(steps):
        next(ticks)
        w = operator @ v - (T[j, j - 1] * before if j else 0)
        T[j, j] = v @ w
        w = w - T[j, j] * v
        rest = float(np.linalg.norm(w))
        if not np.isfinite(rest):
            raise FloatingPointError("a product with the operator is not finite")
        if rest <= rounding * np.abs(T).max():  # an invariant subspace
            rest, w = 0.0, rng.standard_normal(len(w))
        if j + 1 < steps:
            T[j, j + 1] = T[j + 1, j] = rest
        before, v = v, _unit(w)
    return Tridiagonal(T, np.inf, rounding)


def _unit(v: Array) -> Array:
    return v / np.linalg.norm(v)
