"""The examples and their target are rotated to few rows. Singular values and losses stay.

X = QT with Q'Q = 1, for X of one example per row, and T has min(N, p) rows at most. A neuron that
is fed T and learns z = Q'y has the losses of X and y up to the constant ``rest`` = |y - Qz|^2.

X is never squared. Householder reflections take one part of it after the other into a triangle, and
their error in each column is a share of the column. Columns of any scale therefore keep their
digits. The mean is one more row, (X - 1 mu')'1 = 0:

    X'X = (X - 1 mu')'(X - 1 mu') + p mu mu'.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dtpqrt

from sim.inputs.examples import CONSTANT, Examples, Feed

#: The number of rows that are reflected at once: they stay in the processor's cache.
PART = 1024
#: The number of reflections that are applied at once.
PANEL = 32


@dataclass(frozen=True)
class Target:
    """What the neuron learns: ``mean``, and each example's ``deviations`` from it."""

    deviations: np.ndarray
    mean: float

    @classmethod
    def of_labels(cls, labels: np.ndarray) -> "Target":
        """The target that is given by one number per example."""
        mean = float(labels.mean())
        rest = float((labels - mean).mean())  # the mean in two parts: no digit is cancelled
        deviations = labels - mean - rest
        if np.abs(deviations).max() <= CONSTANT * np.abs(labels).max():
            deviations = np.zeros(len(labels))  # rounding is not data
        return cls(deviations, mean + rest)

    @classmethod
    def of_neuron(cls, examples: Examples, weights: np.ndarray) -> "Target":
        """The outputs of the neuron that has the ``weights`` and is fed the raw examples."""
        return cls(examples.deviations(weights), float(examples.mean @ weights))


@dataclass(frozen=True)
class Reduced:
    """T and z, as in the module's text.

    ``inputs`` is T over ``unit``, a power of two that brings the longest column to length 1 to 2.
    ``target`` is z.
    ``apart``: the columns of T are features. Their scales may differ by any factor.
    """

    inputs: np.ndarray
    unit: float
    target: np.ndarray
    rest: float
    count: int
    features: int
    apart: bool

    @property
    def floor(self) -> float:
        """Singular values up to ``floor`` times the largest cannot be told from rounding."""
        return max(self.count, self.features) * float(np.finfo(float).eps)


class Reduction:
    """The three ways to feed ``examples``, reduced. With p > N the table is read once for all."""

    def __init__(self, examples: Examples, target: Target) -> None:
        self.examples, self.target = examples, target
        self.wide = examples.count <= examples.features
        self._centred = None if self.wide else self._triangle()

    def fed(self, feed: Feed, without: Collection[int] = ()) -> Reduced:
        """The examples in the form in which they are fed, ``without`` some features.

        Features can be left out where there are more examples than features.
        """
        if self.wide:
            assert not without, "features are not apart"
            return self._few_examples(feed)
        return self._many_examples(feed, without)

    def correlations(self) -> np.ndarray | None:
        """The correlations of the features; 0 for a constant feature. None where p <= N."""
        if self._centred is None:
            return None
        columns = self._centred[:, :-1] / self.examples.deviation
        return columns.T @ columns / self.examples.count

    def _triangle(self) -> np.ndarray:
        """The triangle of the centred features, with the target's deviations as a last column."""
        triangle = _square(self.examples.features + 1)
        for rows, block in self.examples.by_rows("centred"):
            deviations = self.target.deviations[rows, np.newaxis]
            triangle = _extended(triangle, np.hstack([block, deviations]))
        return triangle

    def _many_examples(self, feed: Feed, without: Collection[int]) -> Reduced:
        assert self._centred is not None
        triangle = self._centred.copy(order="F")
        if feed == "raw":
            row = np.append(self.examples.mean, self.target.mean)
            triangle = _extended(triangle, np.sqrt(self.examples.count) * row[np.newaxis])
        elif feed == "standardised":
            triangle[:, :-1] /= self.examples.deviation
        if without:
            left = np.delete(triangle, sorted(without), axis=1)
            triangle = _extended(_square(left.shape[1]), left)
        inputs, target = triangle[:-1, :-1], triangle[:-1, -1]
        kept = inputs.any(axis=0)  # the row of a column of zeros is zero, too
        return self._reduced(inputs[np.ix_(kept, kept)], target[kept], float(triangle[-1, -1]) ** 2)

    def _few_examples(self, feed: Feed) -> Reduced:
        triangle = _square(self.examples.count)
        for block in self.examples.by_columns(feed):
            triangle = _extended(triangle, block.T)
        inputs, target = triangle.T, self.target.deviations
        if feed == "raw":
            return self._reduced(inputs, target + self.target.mean, 0.0)
        # The reflection that maps (1, ..., 1) to an axis. Nothing centred lies along it.
        normal = np.ones(len(target))
        normal[0] += np.sqrt(len(target))
        normal *= np.sqrt(2) / np.linalg.norm(normal)
        inputs = inputs - np.outer(normal, normal @ inputs)
        target = target - normal * (normal @ target)
        return self._reduced(inputs[1:], target[1:], 0.0)

    def _reduced(self, inputs: np.ndarray, target: np.ndarray, rest: float) -> Reduced:
        longest = np.linalg.norm(inputs, axis=0).max(initial=0.0)
        unit = float(powers_of_two(longest))
        count, features = self.examples.count, self.examples.features
        return Reduced(inputs / unit, unit, target, rest, count, features, not self.wide)


def powers_of_two(lengths: np.ndarray | float) -> np.ndarray:
    """The powers of two at or just below ``lengths``, and 1 for 0. A division by them is exact."""
    _, exponents = np.frexp(lengths)
    return np.where(np.asarray(lengths) > 0, np.ldexp(1.0, exponents - 1), 1.0)


def _square(side: int) -> np.ndarray:
    return np.zeros((side, side), order="F")


def _extended(triangle: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The triangle of the rows that ``triangle`` stands for and of these ``rows``.

    ``triangle`` is overwritten.
    """
    step = max(PART, len(triangle))
    for start in range(0, len(rows), step):
        part = np.array(rows[start : start + step], order="F")
        panel = min(PANEL, len(triangle))
        triangle, *_ = dtpqrt(0, panel, triangle, part, overwrite_a=1, overwrite_b=1)
    return triangle
