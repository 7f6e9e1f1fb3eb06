"""The cosine of a gradient with its Newton step, and with a displacement in a random direction.

The cosine with the Newton step is computed by Lanczos from the gradient.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.curvature.krylov import Basis

#: The damping: this share of the largest eigenvalue is added to the size of each eigenvalue.
DAMPING = 1e-3


@dataclass(frozen=True)
class NewtonCosine:
    """The cosine of g with d = (|H| + delta)^-1 g, delta = ``DAMPING`` lambda_1.

    ``half`` is the cosine from half of the steps.
    ``condition`` is max x/min x of x = |theta| + delta, where theta are the Ritz values.

    With it Kantorovich's inequality bounds the cosine from below.
    """

    cosine: float
    half: float
    condition: float


def newton_cosine(
    hessian: LinearOperator, gradient: np.ndarray, rng: np.random.Generator, steps: int
) -> NewtonCosine:
    """The cosine of the ``gradient`` g (n,) with the damped Newton step of the ``hessian`` (n, n).

        g'f(H)g = |g|^2 sum_j w_j f(theta_j)
        cosine = sum_j w_j/x_j / sqrt(sum_j w_j/x_j^2)

    The weights w_j and the Ritz values theta_j come from ``steps`` products. They are the spectrum
    as the gradient sees it.
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


def isotropic(mean: float, square: float) -> float:
    """(tr H/n)/sqrt(tr H^2/n): the cosine between Hd and a random d (spectra.energy_cosine)."""
    return float(mean / np.sqrt(square))
