"""Batches of a unit with batch norm, and derivatives that their tests take as oracles."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

EPS = np.finfo(float).eps


@dataclass
class Batch:
    """Outputs of one unit, gradient and Hessian of the loss after batch norm, and its scale."""

    y: np.ndarray
    g: np.ndarray
    H: np.ndarray
    gamma: float

    @property
    def hat(self):
        return (self.y - self.y.mean()) / self.y.std()

    @property
    def P(self):
        B = len(self.y)
        return np.eye(B) - 1 / B - np.outer(self.hat, self.hat) / B

    @property
    def slope(self):
        """The gradient before batch norm, from the projector as a matrix."""
        return self.gamma / self.y.std() * self.P @ self.g

    @property
    def size(self):
        """The size of the terms of gradients and curvatures."""
        lost = 1 + abs(self.y).max() / self.y.std()
        ratio = 1 + abs(self.gamma) / self.y.std()
        terms = abs(self.g).sum() + abs(self.H).sum() + 1
        return float(lost * len(self.y) ** 2 * ratio**2 * terms / min(1, self.y.std()))

    def values(self, *names):
        return {name: getattr(self, name) for name in names}


@st.composite
def batches(draw, smallest=2, largest=6):
    """Outputs that are apart from one another, around any mean, of any order and scale."""
    B = draw(st.integers(smallest, largest))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y = rng.permutation(np.linspace(-1, 1, B)) + rng.uniform(-0.3, 0.3, B) / B
    y = draw(st.floats(0.2, 5)) * y + draw(st.integers(-3, 3))
    g, H = rng.normal(size=B), rng.normal(size=(B, B))
    sign = draw(st.sampled_from((-1, 1)))
    return Batch(y, g, (H + H.T) / 2, sign * draw(st.floats(0.2, 3)))


@st.composite
def generators(draw):
    """A NumPy generator, from a seed."""
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
