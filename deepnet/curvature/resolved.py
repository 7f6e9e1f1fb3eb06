"""The eigenvalues that Lanczos from several probes tells exactly, with their multiplicities.

A Ritz vector of a probe z that has converged is the direction of Pi z, where Pi projects on the
eigenspace. One probe therefore finds one copy of an eigenvalue. All P probes together find more:

    C[p,q] = cos(Pi z_p, Pi z_q)        rank C = min(multiplicity, P)

Row p of C is the product of probe p's Ritz vector with all probes. C is symmetric where all Ritz
vectors have converged. Its asymmetry therefore shows the error of C. The rank is the multiplicity
where it is so far below P that a further dimension would have shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma

import numpy as np

from deepnet.curvature.tridiagonal import Tridiagonal

Array = np.ndarray
#: The chance that an eigenspace is taken for one of fewer dimensions.
CHANCE = 1e-6
#: A weight that is only rounding.
NOTHING = np.finfo(float).eps


def multiplicities(probes: Sequence[Tridiagonal], size: int) -> Array:
    """The multiplicity of the eigenvalue at each node where it is known, and 0 elsewhere.

    The result is (probes, steps). Each probe has the same multiplicities in the same order, at the
    same eigenvalues. ``size`` is the number n of rows of the matrix. After n steps T has all
    eigenvalues, with their copies. Eigenvalues that are nearer to each other than the resolution
    count as one.
    """
    shape = len(probes), len(probes[0].matrix)
    if any(each.seen is None for each in probes):
        return np.zeros(shape, int)
    if shape[1] == size:
        return np.ones(shape, int)
    known = np.zeros(shape, int)
    for nodes in _common(probes):
        known[range(len(probes)), [node.place for node in nodes]] = _rank(probes, nodes)
    left = size - known.sum(1)  # its sign must fit to the weight that is left, or a rank is wrong
    weights = np.stack([each.eigen[1][0] ** 2 for each in probes])
    seen = (weights * (known == 0)).sum(1) > NOTHING
    return known if ((left >= 0) & (seen == (left > 0))).all() else np.zeros(shape, int)


@dataclass(frozen=True)
class _Converged:
    """A node that has converged, by its place among a probe's nodes.

    gap    the distance to the next node
    angle  the Ritz vector's angle, the error of ``value`` over the gap: a share ``limit`` at most
    """

    place: int
    value: float
    gap: float
    angle: float
    limit: float

    def meets(self, other: "_Converged") -> bool:
        """Whether another probe's node is the same eigenvalue, as far as can be told."""
        return abs(self.value - other.value) <= self.limit * min(self.gap, other.gap)


def _converged(probe: Tridiagonal) -> list[_Converged]:
    """The nodes whose angle is small, which means less than half of the digits.

    Nodes without weight do not count.
    """
    nodes, vectors = probe.eigen
    places = np.flatnonzero(vectors[0] ** 2 > NOTHING)
    values, last = nodes[places], vectors[-1, places]
    errors = probe.rest * np.abs(last) + probe.rounding * np.abs(values).max()
    distances = np.diff(values, prepend=-np.inf, append=np.inf)
    gaps = np.minimum(distances[:-1], distances[1:])
    angles = np.maximum(errors / gaps, probe.rounding)
    limit = probe.rounding**0.5
    columns = zip(places.tolist(), values.tolist(), gaps.tolist(), angles.tolist(), strict=True)
    return [_Converged(*column, limit) for column in columns if column[-1] <= limit]


def _common(probes: Sequence[Tridiagonal]) -> list[list[_Converged]]:
    """The nodes of all probes at each eigenvalue at which every probe's node has converged."""
    first, *others = map(_converged, probes)
    groups = [[node, *(o for nodes in others for o in nodes if node.meets(o))] for node in first]
    return [group for group in groups if len(group) == len(probes)]


def _rank(probes: Sequence[Tridiagonal], nodes: Sequence[_Converged]) -> int:
    """The rank of C, or 0 where one dimension more may be hidden below the error of C."""
    P = len(probes)
    pairs = zip(probes, nodes, strict=True)
    products = np.stack([each.eigen[1][:, node.place] @ each.seen for each, node in pairs])
    own = np.diag(products)
    cosines = products * np.sign(own)[:, None] / np.abs(own)
    error = P * float(np.abs(cosines - cosines.T).max() + max(node.angle for node in nodes))
    if not error < 1:
        return 0
    rank = int((np.linalg.eigvalsh((cosines + cosines.T) / 2) > error).sum())
    return rank if rank < P and _hidden(rank + 1, P, error) <= CHANCE else 0


def _hidden(dimensions: int, probes: int, error: float) -> float:
    """A bound of the chance that so many ``dimensions`` look like one less.

    The smallest eigenvalue x of a Wishart matrix with P probes in D dimensions has a density below
    L x^((P - D - 1)/2) (chendongarra2005). The bound is its integral up to P ``error``.
    """
    spare = probes - dimensions + 1
    log = lgamma((probes + 1) / 2) - lgamma(dimensions / 2) - lgamma(spare)
    log += (spare / 2 - 1) * np.log(2) + spare / 2 * np.log(probes * error)
    return float(2 / spare * np.exp(log))
