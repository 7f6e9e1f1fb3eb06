"""Inputs and weights of the facts in this folder: drawn, so that only the results are stored."""

from dataclasses import dataclass

import numpy as np

SEED = 11
SMOOTHING = 0.5
BETA = 10.0
NORMS = ("active", "frozen", "none", "post")
#: The post's net at width 1/64: (out, in, rows, columns).
SHAPES = {
    "prep": (1, 3, 3, 3),
    "layer1": (2, 1, 3, 3),
    "layer1_extra": (2, 2, 3, 3),
    "layer2": (4, 2, 3, 3),
    "layer2_extra": (4, 4, 3, 3),
    "layer3": (8, 4, 3, 3),
    "layer3_extra": (8, 8, 3, 3),
    "classifier": (10, 8, 1, 1),
}
SIZE = 1241
#: Of each vector of results its norm, every 17th entry and 4 projections are stored.
EVERY, PROJECTIONS = 17, 4


@dataclass(frozen=True)
class Recipe:
    """Weights as PyTorch has them, statistics, images NCHW, labels, a direction, projections."""

    weights: dict[str, np.ndarray]
    statistics: dict[str, tuple[np.ndarray, np.ndarray]]
    x: np.ndarray
    y: np.ndarray
    v: np.ndarray
    projections: np.ndarray
    every: int = EVERY

    def digest(self) -> np.ndarray:
        """Sums that tell whether NumPy still draws the same numbers."""
        arrays = [*self.weights.values(), *sum(self.statistics.values(), ()), self.x, self.v]
        return np.array([float(array.ravel() @ np.arange(array.size)) for array in arrays])

    def summary(self, vector: np.ndarray) -> np.ndarray:
        """What is stored of a vector of results."""
        norm = np.linalg.norm(vector)
        return np.concatenate([[norm], vector[:: self.every], self.projections @ vector])


def draw() -> Recipe:
    """He-uniform weights, normal images and v, in this order: weights, statistics, x, v, signs."""
    rng = np.random.default_rng(SEED)
    weights = {
        name: rng.uniform(-1, 1, shape) * np.sqrt(6 / np.prod(shape[1:]))
        for name, shape in SHAPES.items()
    }
    statistics = {
        name: (0.1 * rng.standard_normal(shape[0]), rng.uniform(0.5, 1.5, shape[0]))
        for name, shape in SHAPES.items()
        if name != "classifier"
    }
    x = rng.standard_normal((8, 3, 32, 32))
    v = rng.standard_normal(SIZE)
    projections = rng.choice([-1.0, 1.0], (PROJECTIONS, SIZE))
    return Recipe(weights, statistics, x, np.arange(8), v, projections)
