"""Problems of descent on a quadratic loss, and the comparisons their tests share.

Oracles: NumPy's least squares, eigenvalues and singular values, descents that are run, and exact
rational arithmetic; never the closed form under test.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from tests.strategies import matrices
from theory import quadratic
from theory import symbols as s

EPS = np.finfo(float).eps


@dataclass
class Problem:
    """A data set whose R has the stated eigenvalues, zero besides, and weights."""

    X: np.ndarray
    Y: np.ndarray
    W: np.ndarray
    U: np.ndarray  # eigenvectors of R, those of ``eigenvalues`` first
    eigenvalues: np.ndarray

    @property
    def R(self):
        R = (self.U[:, : len(self.eigenvalues)] * self.eigenvalues) @ self.curved.T
        return (R + R.T) / 2

    @property
    def curved(self):
        return self.U[:, : len(self.eigenvalues)]

    @property
    def optimum(self):
        return np.linalg.lstsq(self.X.T, self.Y, rcond=None)[0]

    @property
    def size(self):
        """The size of the terms of the loss at W, at the optimum and of its gradient."""
        weights = 1 + max(abs(self.W).max(), abs(self.optimum).max())
        inputs, p = len(self.W), len(self.Y)
        return float((abs(self.X).sum() * weights + abs(self.Y).sum() + 1) ** 2 * inputs / p)

    def loss(self, W):
        return float(np.mean((self.Y - self.X.T @ W) ** 2) / 2)

    def descend(self, rate, steps):
        W = self.W
        for _ in range(steps):
            W = W - rate * self.X @ (self.X.T @ W - self.Y) / len(self.Y)
        return W


@st.composite
def problems(draw, smallest=0.5, largest=4.0):
    """Data of known condition: up to four inputs, R of full or lower rank."""
    N = draw(st.integers(1, 4))
    rank = draw(st.integers(1, N))
    p = rank + draw(st.integers(0, 2))
    eigenvalues = np.array(
        draw(st.lists(st.floats(smallest, largest), min_size=rank, max_size=rank))
    )
    U = draw(matrices(s.U.domain, {"N": N}))
    examples = draw(matrices(s.U.domain, {"N": p}))[:, :rank]
    X = np.sqrt(p) * (U[:, :rank] * np.sqrt(eigenvalues)) @ examples.T
    Y, W = draw(vectors(p)), draw(vectors(N))
    return Problem(X, Y, W, U, eigenvalues)


def vectors(size):
    return matrices(s.W.domain, {"N": size}).map(lambda column: column[:, 0])


def orthogonal(size):
    return matrices(s.U.domain, {"N": size})


def spectral_radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


def companion_matrix(claim, lam, eta, beta):
    """The matrix that one step of a mode multiplies its two states by."""
    if claim is quadratic.max_rate:
        return np.array([[1 - eta * lam]])
    if claim is quadratic.max_rate_ema:  # states: weight, average
        keep = (1 - beta) * lam
        return np.array([[1 - eta * keep, -eta * beta], [keep, beta]])
    pull = 1 - eta * lam if claim is quadratic.max_rate_nesterov else 1
    now = (1 + beta) * pull - (eta * lam if claim is quadratic.max_rate_heavy_ball else 0)
    return np.array([[now, -beta * pull], [1, 0]])
