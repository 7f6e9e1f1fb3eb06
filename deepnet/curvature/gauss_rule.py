"""Gauss's rules: the nodes and weights by which a probe sees the eigenvalues of a matrix."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
#: Nodes nearer than this share of the largest one are copies of one eigenvalue. Lanczos in exact
#: arithmetic has none: a tridiagonal matrix has no double eigenvalue.
COPY = 1e-10


@dataclass(frozen=True)
class GaussRule:
    """Nodes and weights, each (probes, steps).

    A probe's nodes ascend and its weights have the sum 1.
    """

    nodes: Array
    weights: Array

    @classmethod
    def of(cls, eigen: Iterable[tuple[Array, Array]]) -> "GaussRule":
        """The rule of each probe's eigenvalues (steps,) and eigenvectors (steps, steps) of T."""
        pairs = list(eigen)
        return cls(np.stack([t for t, _ in pairs]), np.stack([u[0] ** 2 for _, u in pairs]))

    def integrals(self, f: Callable[[Array], Array]) -> Array:
        """The sum_j w[j] f(t[j]) of each probe, (probes, ...). f maps (steps,) to (steps, ...)."""
        rows = zip(self.nodes, self.weights, strict=True)
        return np.stack([np.tensordot(weights, f(nodes), 1) for nodes, weights in rows])

    def only(self, chosen: Array) -> list[tuple[Array, Array]]:
        """The ``chosen`` nodes of each probe (probes, steps), with weights of the sum 1."""
        rows = zip(self.nodes, self.weights, chosen, strict=True)
        parts = [(nodes[these], weights[these]) for nodes, weights, these in rows]
        return [(nodes, weights / weights.sum()) for nodes, weights in parts]

    def ghosts(self) -> int:
        """The number of nodes with weight that are copies of another such node of their probe."""
        rows = zip(self.nodes, self.weights, strict=True)
        return sum(int(copied(nodes[weights > 0]).sum()) for nodes, weights in rows)


def copied(nodes: Array) -> Array:
    """Whether each node but the first is a copy of the node before it, (nodes - 1,)."""
    return np.asarray(np.diff(nodes) <= COPY * np.abs(nodes).max())
