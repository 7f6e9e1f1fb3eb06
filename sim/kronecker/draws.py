"""The draws of the sections: examples of stated moments, second-moment matrices, and blocks."""

import numpy as np

Array = np.ndarray
Generator = np.random.Generator

#: (inputs N, outputs n): more inputs, more outputs, one input, one output, and one of each.
SIZES = ((4, 3), (2, 5), (1, 4), (5, 1), (1, 1))


def second_moment(rng: Generator, size: int, full: bool = True) -> Array:
    """A random second-moment matrix. One dimension is empty unless it is ``full``."""
    factor = rng.normal(size=(size, size + 2 if full else max(1, size - 1)))
    return factor @ factor.T / factor.shape[1]


def standard(rng: Generator, N: int, p: int) -> Array:
    """Examples (p of them, p > N) with mean 0 and covariance I exactly."""
    raw = rng.normal(size=(p, N))
    return np.sqrt(p) * np.linalg.qr(raw - raw.mean(axis=0))[0].T


def examples(rng: Generator, mean: Array, covariance: Array | None = None) -> Array:
    """Examples, one per column, of exactly this mean and covariance (I by default)."""
    N = len(mean)
    spread = standard(rng, N, 2 * N + 3)
    factor = np.eye(N) if covariance is None else np.linalg.cholesky(covariance)
    return mean[:, None] + factor @ spread


def blocks(A: Array, S: Array) -> Array:
    """The Kronecker product, written out block by block."""
    return np.block([[entry * S for entry in row] for row in A])


def mean_block(X: Array, D: Array) -> Array:
    """The mean of xx' (x) ss' over the examples, one after the other."""
    pairs = zip(X.T, D.T, strict=True)
    return sum(blocks(np.outer(x, x), np.outer(s, s)) for x, s in pairs) / X.shape[1]


def columns(rows: int, size: int) -> Array:
    """The matrices with a single one, in the order of stacked columns."""
    units = np.eye(rows * size)
    return np.array([unit.reshape(size, rows).T for unit in units])
