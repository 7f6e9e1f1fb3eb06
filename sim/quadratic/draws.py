"""The draws of the sections: data of stated size or spectrum.

Their loss is summed example by example.
"""

from collections.abc import Callable

import numpy as np

from sim.evidence import Form

Array = np.ndarray
#: (inputs, examples): more examples than inputs, fewer, a single example, and one of each.
SIZES = ((3, 5), (7, 4), (5, 1), (1, 1))
#: (inputs, number of eigenvalues of R that are not zero): all of them, some, and a single one.
RANKS = ((4, 4), (7, 4), (1, 1))


def data(rng: np.random.Generator, N: int, p: int) -> tuple[Array, Array, Array]:
    """Inputs with a mean, targets and weights."""
    return rng.normal(size=(N, p)) + 1, rng.normal(size=p), rng.normal(size=N)


def with_spectrum(rng: np.random.Generator, N: int, eigenvalues: Array) -> Array:
    """Data of N inputs whose R has ``eigenvalues`` and is zero in all other directions."""
    rank = len(eigenvalues)
    inputs = np.linalg.qr(rng.normal(size=(N, rank)))[0]
    examples = np.linalg.qr(rng.normal(size=(rank + 2, rank)))[0]
    return np.sqrt(rank + 2) * (inputs * np.sqrt(eigenvalues)) @ examples.T


def curved_axes(X: Array, rank: int) -> tuple[Array, Array]:
    """Directions in which the loss is curved, as columns, and the curvatures, largest first."""
    U, singular, _ = np.linalg.svd(X, full_matrices=False)
    return U[:, :rank], singular[:rank] ** 2 / X.shape[1]


def best_weights(X: Array, Y: Array) -> Array:
    """Weights of least loss, by singular values of the data."""
    return np.linalg.lstsq(X.T, Y, rcond=None)[0]


def loss(X: Array, Y: Array, W: Array) -> float:
    """The mean squared error, example by example."""
    p = len(Y)
    return float(sum((Y[u] - W @ X[:, u]) ** 2 for u in range(p)) / (2 * p))


def loss_terms(X: Array, Y: Array, W: Array) -> float:
    """The size of the terms that ``loss`` and the quadratic form add."""
    return loss(abs(X), -abs(Y), abs(W))


def second_differences(f: Callable[[Array], float], x: Array, axes: Array) -> Array:
    """The matrix of second differences of ``f`` at ``x`` along the rows of ``axes``."""
    return np.array([[f(x + a + b) - f(x + a) - f(x + b) + f(x) for a in axes] for b in axes])


def both_sides(**values: Array | float) -> Callable[[Form], tuple[float | None, float | None]]:
    """Both sides of a bound at ``values``. A side that the bound does not have is None."""

    def predict(form: Form) -> tuple[float | None, float | None]:
        bounds = form(**values)
        return bounds.get("lower"), bounds.get("upper")

    return predict
