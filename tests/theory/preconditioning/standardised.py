"""Layers, their statistics and maps, and the oracles that the chapter's tests share.

Oracles: NumPy's inverses, eigenvalues, determinants and least squares on matrices written entry by
entry; never the closed form under test.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from tests.strategies import matrices
from theory import symbols as s


def example(strategy, condition):
    """A first example that meets a condition, not made smaller: that takes minutes."""
    return find(strategy, condition, settings=settings(phases=[Phase.generate], max_examples=5000))


@dataclass
class Layer:
    """Weights, biases, statistics of the inputs with a factor of the covariance."""

    weights: np.ndarray
    biases: np.ndarray
    mu: np.ndarray
    L: np.ndarray

    @property
    def n(self):
        return len(self.weights)

    @property
    def N(self):
        return len(self.mu)

    @property
    def Sigma(self):
        Sigma = self.L @ self.L.T
        return (Sigma + Sigma.T) / 2

    @property
    def condition(self):
        """Of the covariance, and of adding the mean."""
        return float(np.linalg.cond(self.L) ** 2 * (1 + abs(self.mu).max()) ** 2)

    @property
    def second_moments(self):
        """E[(x,1)(x,1)'], entry by entry."""
        N = self.N
        found = np.empty((N + 1, N + 1))
        for i in range(N + 1):
            for j in range(N + 1):
                a = self.mu[i] if i < N else 1
                b = self.mu[j] if j < N else 1
                found[i, j] = a * b + (self.Sigma[i, j] if i < N and j < N else 0)
        return found

    @property
    def values(self):
        return {"mu": self.mu, "Sigma": self.Sigma, "n": self.n}


@st.composite
def layers(draw, most=3):
    """A layer of up to ``most`` units and inputs, whose factor has condition number at most 16."""
    n, N = draw(st.integers(1, most)), draw(st.integers(1, most))
    sizes = {"n": n, "N": N}
    turns = [draw(matrices(s.turn.domain, sizes)) for _ in range(2)]
    scales = np.array(draw(st.lists(st.floats(0.25, 4), min_size=N, max_size=N)))
    weights, biases = draw(matrices(s.Wl.domain, sizes)), draw(matrices(s.bl.domain, sizes))
    mu = draw(matrices(s.mu.domain, sizes))
    return Layer(weights, biases[:, 0], mu[:, 0], (turns[0] * scales) @ turns[1])


@st.composite
def inputs(draw, layer):
    """Examples whose sample mean and covariance are the layer's."""
    p = layer.N + 1 + draw(st.integers(1, 4))
    square = draw(matrices(s.turn.domain, {"N": p - 1}))
    # orthonormal rows, all orthogonal to the vector of ones
    basis = np.linalg.qr(np.column_stack([np.ones(p), np.eye(p)[:, 1:]]))[0][:, 1:]
    rows = (basis @ square)[:, : layer.N].T
    return layer.mu[:, None] + np.sqrt(p) * layer.L @ rows


def squared_loss_hessian(X, n):
    """The Hessian, from the columns that each parameter adds to the outputs."""
    p = X.shape[1]
    inputs = np.vstack([X, np.ones(p)])
    columns = [np.outer(unit, row).ravel() for row in inputs for unit in np.eye(n)]
    J = np.stack(columns, axis=1)
    return J.T @ J / p


def stack(weights, biases):
    return np.concatenate([weights.T.ravel(), biases])
