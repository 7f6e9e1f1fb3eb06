"""What is timed: a net in a mode of batch norm, at weights, on a batch, along a direction.

Everything is drawn by NumPy from a seed, so that every engine computes the same numbers.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from deepnet import ops
from deepnet.nets.initialise import initialise
from deepnet.nets.net import Net
from deepnet.nets.norm_mode import Mode
from deepnet.nets.page import page

SMOOTHING = 0.5
CLASSES = 10


@dataclass(frozen=True)
class Case:
    """The batch-norm post's net of ``width``, softplus(10 x)/10, batch norm as ``norm`` says."""

    width: str = "1/8"
    norm: Mode = "active"
    batch: int = 128
    seed: int = 0

    def __str__(self) -> str:
        return f"page, width {self.width}, batch {self.batch}, {self.norm}"

    @cached_property
    def net(self) -> Net:
        return page(Fraction(self.width))

    @cached_property
    def weights(self) -> dict[str, np.ndarray]:
        return initialise(self.net, np.random.default_rng(self.seed))

    @cached_property
    def direction(self) -> dict[str, np.ndarray]:
        rng = np.random.default_rng([self.seed, 1])
        return {
            name: rng.standard_normal(shape).astype("float32")
            for name, shape in self.net.shapes.items()
        }

    @cached_property
    def images(self) -> np.ndarray:
        rng = np.random.default_rng([self.seed, 2])
        return rng.standard_normal((self.batch, 32, 32, 3)).astype("float32")

    @cached_property
    def labels(self) -> np.ndarray:
        return np.random.default_rng([self.seed, 3]).integers(0, CLASSES, self.batch)

    @cached_property
    def targets(self) -> np.ndarray:
        """One-hot rows and the smoothing term."""
        return ops.smoothed(self.labels, CLASSES, SMOOTHING, np.dtype("float32"))

    @cached_property
    def statistics(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Mean and variance of each normed layer, the constants of the mode frozen."""
        rng = np.random.default_rng([self.seed, 4])
        channels = {name: self.net.shapes[name][0] for name in self.net.normed}
        return {
            name: (
                rng.normal(0, 0.1, c).astype("float32"),
                rng.uniform(0.5, 2, c).astype("float32"),
            )
            for name, c in channels.items()
        }
