"""The draws of the sections, and the predictions of a limit at finite size."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.ensembles import Bidiagonal, corner, gaussian
from sim.evidence import Form, Predict
from theory.claim import Claim

Generator = np.random.Generator

#: The number of inputs at which extremes of the leading rows alone follow their limit law.
EDGE_N = 20_000

#: Input laws other than Gaussian.
OTHER_LAWS = ("bernoulli", "uniform", "exponential", "rectified")

#: The skewness of each law, which is the mean cube of a standardised input.
SKEWNESS = {
    "bernoulli": 0.0,
    "uniform": 0.0,
    "exponential": 2.0,
    "rectified": (np.pi + 2) / (np.pi - 1) ** 1.5,
}


def finite(claim: Claim, component: str | None = None, **values: Any) -> Any:
    """The claim's finite-size term at ``values``, which include N."""
    assert claim.finite_size is not None
    term = claim.finite_size(**values)
    return term if component is None else term[component]


def limit(claim: Claim, component: str | None = None, *, N: int, **values: Any) -> Predict:
    """The prediction of a form at ``values`` and finite N, with the claim's finite-size term."""
    here = values | {"N": N} if "N" in claim.domain else values

    def predict(form: Form) -> Any:
        value = form(**here)
        value = value if component is None else value[component]
        return value + finite(claim, component, N=N, **values)

    return predict


def extrapolate(draw: Callable[[int], float], N: int, draws: int) -> list[float]:
    """Draws of 2 x(2N) - x(N). Their mean has no term of order 1/N."""
    return [2 * draw(2 * N) - draw(N) for _ in range(draws)]


def spectra_of(rng: Generator, N: int, alpha: float, v: float, draws: int) -> np.ndarray:
    """Eigenvalues of ``draws`` Gaussian matrices, one per row."""
    p = round(alpha * N)
    return np.array([gaussian(rng, N, p, 0.0, v).eigenvalues() for _ in range(draws)])


def extremes_of(rng: Generator, N: int, p: int, v: float, draws: int) -> np.ndarray:
    """Smallest and largest eigenvalue of ``draws`` Gaussian matrices, one per row."""
    matrices = (corner(rng, N, p, 0.0, v) for _ in range(draws))
    return np.array([(matrix.smallest(), matrix.largest()) for matrix in matrices])


def population_matrix(N: int, m: float, v: float) -> np.ndarray:
    """The matrix v I + m^2 11'."""
    return v * np.eye(N) + m**2


def multiply(matrix: Bidiagonal, d: np.ndarray) -> np.ndarray:
    """BB'd for every column of d."""
    diagonal, off = (entries[:, None] for entries in matrix.tridiagonal())
    product = diagonal * d
    product[1:] += off * d[:-1]
    product[:-1] += off * d[1:]
    return product


def displacements(rng: Generator, matrix: Bidiagonal, start: float, count: int) -> np.ndarray:
    """Random starts, as columns, in the space of a matrix's rows.

    A start has the variance start^2/N in all N directions. The directions without curvature do not
    move and are left out.
    """
    rows = len(matrix.diagonal)
    return start / np.sqrt(rows + matrix.nulls) * rng.standard_normal((rows, count))
