"""TT' is made tridiagonal by a rotation that turns the target to the first axis.

Gradient descent does not notice the rotation. A step then costs O(N) operations in place of O(N^2).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dsytrd, dsytrd_lwork


@dataclass(frozen=True)
class Tridiagonal:
    """``diagonal`` and ``off_diagonal`` of TT', and the target's length ``start`` on its axis."""

    diagonal: np.ndarray
    off_diagonal: np.ndarray
    start: float

    def times(self, vector: np.ndarray) -> np.ndarray:
        """The product with a vector."""
        product = self.diagonal * vector
        product[:-1] += self.off_diagonal * vector[1:]
        product[1:] += self.off_diagonal * vector[:-1]
        return product


def tridiagonal(inputs: np.ndarray, target: np.ndarray) -> Tridiagonal:
    """The tridiagonal form of TT' for T = ``inputs``.

    One reflection turns ``target`` to the first axis. LAPACK's reduction to tridiagonal form works
    on the lower triangle. In this form it does not change the first axis.
    """
    matrix = inputs @ inputs.T
    if len(matrix) == 0:
        return Tridiagonal(np.empty(0), np.empty(0), 0.0)
    length = _reflect(matrix, target)
    work, _ = dsytrd_lwork(len(matrix), lower=1)
    _, diagonal, off_diagonal, _, _ = dsytrd(matrix.T, lower=1, lwork=int(work), overwrite_a=1)
    return Tridiagonal(diagonal, off_diagonal, length)


def _reflect(matrix: np.ndarray, target: np.ndarray) -> float:
    """Replace A by HAH, and return the length of ``target``.

    H is the reflection that maps ``target`` to the first axis. The end of the axis does not matter:
    it turns the sign of every residual.
    """
    length = float(np.linalg.norm(target))
    if length == 0:
        return 0.0
    normal = target / length
    normal[0] += 1.0 if normal[0] >= 0 else -1.0  # away from cancellation
    normal /= np.linalg.norm(normal)
    image = matrix @ normal
    image -= (normal @ image) * normal
    matrix -= 2 * np.outer(normal, image)
    matrix -= 2 * np.outer(image, normal)
    return length
