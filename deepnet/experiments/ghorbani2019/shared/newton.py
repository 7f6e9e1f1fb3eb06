"""The cosine of a gradient with the Newton step from it, by Lanczos from the gradient itself."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.curvature.krylov import Basis

#: What is added to the sizes of the eigenvalues, as a share of the largest.
DAMPING = 1e-3


@dataclass(frozen=True)
class NewtonCosine:
    """The cosine of g with d = (|H| + delta)^-1 g, delta = ``DAMPING`` lambda_1.

    ``half`` is it from half the steps; ``condition`` is max x/min x of x = |theta| + delta, theta
    the Ritz values, with which Kantorovich's inequality bounds the cosine from below.
    """

    cosine: float
    half: float
    condition: float


def newton_cosine(
    hessian: LinearOperator, gradient: np.ndarray, rng: np.random.Generator, steps: int
) -> NewtonCosine:
    """Of the symmetric ``hessian`` (n, n) and ``gradient`` (n,), by ``steps`` products.

    g'f(H)g = |g|^2 sum_j w_j f(theta_j): the cosine is sum w/x over sqrt(sum w/x^2), a function of
    the spectrum as the gradient sees it.
    """
    basis = Basis(hessian, rng, steps, start=gradient)
    for _ in range(steps):
        basis.grow()
        if basis.remainder == 0:  # the gradient sees no more eigenvalues
            break
    cosine, condition = _cosine(basis.T[: basis.rows, : basis.rows])
    few = max(1, basis.rows // 2)
    return NewtonCosine(cosine, _cosine(basis.T[:few, :few])[0], condition)


def _cosine(T: np.ndarray) -> tuple[float, float]:
    """The cosine and the condition number for the tridiagonal ``T``."""
    theta, vectors = np.linalg.eigh(T)
    weights = vectors[0] ** 2
    x = np.abs(theta) + DAMPING * np.abs(theta[-1])
    cosine = np.sum(weights / x) / np.sqrt(np.sum(weights / x**2))
    return float(cosine), float(x.max() / x.min())
