"""Descents on losses that do not see the length of the weights, with gradients written by hand.

Oracles: Rayleigh quotients w'Rw/|w|^2 and distances |w/|w| - a|^2/2 to a target, exact rational
arithmetic, recursions run step by step; never the closed form under test.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from tests.strategies import matrices
from theory import symbols as s


@dataclass
class Quotient:
    """Half the Rayleigh quotient of R at weights W = norm u."""

    R: np.ndarray
    W: np.ndarray

    @property
    def norm(self):
        return float(np.linalg.norm(self.W))

    @property
    def u(self):
        return self.W / self.norm

    @property
    def size(self):
        """The size of the terms of a gradient at unit weights."""
        return float(abs(self.R).sum()) + 1

    def loss(self, W):
        return W @ self.R @ W / (W @ W) / 2

    def gradient(self, W):
        return (self.R @ W - (W @ self.R @ W) / (W @ W) * W) / (W @ W)

    def hessian(self, W):
        """By the quotient rule, from the gradient's formula."""
        square, value = W @ W, W @ self.R @ W
        gradient = self.gradient(W)
        slope_of_ratio = 2 * (self.R @ W) / square - 2 * value * W / square**2
        inner = self.R - value / square * np.eye(len(W)) - np.outer(W, slope_of_ratio)
        return inner / square - 2 * np.outer(gradient, W) / square

    @property
    def values(self):
        """f(u) = u'Ru/2 has the gradient Ru and the Hessian R."""
        return {"u": self.u, "norm": self.norm, "slope": self.R @ self.u}


@st.composite
def quotients(draw, least=2):
    """Two to four weights, not all zero, and a symmetric matrix that is not a multiple of I."""
    n = draw(st.integers(least, 4))
    R = draw(matrices(s.bend.domain, {"N": n}))
    W = draw(matrices(s.u.domain, {"N": n}))[:, 0] * draw(st.floats(0.3, 3))
    return Quotient(R, W)


def descend(problem, eta, count, beta=0.0, decay=0.0, buffer=None):
    """Weights and buffers of (momentum) descent, step by step."""
    W, v = problem.W, np.zeros_like(problem.W) if buffer is None else buffer
    weights, buffers = [W], []
    for k in range(count):
        v = beta * v + problem.gradient(W) + decay * W
        W = W - (eta[k] if np.ndim(eta) else eta) * v
        weights.append(W)
        buffers.append(v)
    return np.array(weights), np.array(buffers)
