"""Noise after batch norm: each unit's outputs shifted and scaled anew at each step (santurkar2018).

At every step each unit (channel) draws a shift mu and a scale sigma; each example, at each position
of an image, then draws a shift m from U(mu - r, mu + r) and a factor s from N(sigma, q^2), and an
output a becomes s a + m. A factor may be negative. The noise is a constant for all derivatives.

It is drawn on the host from (seed, step, layer), so that a training that was stopped goes on with
the same noise, whatever the device.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet import ops
from deepnet.backend import array_module

Array = Any


@dataclass(frozen=True)
class Uniform:
    """The uniform law between ``low`` and ``high``."""

    low: float
    high: float

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """``size`` independent numbers."""
        return rng.uniform(self.low, self.high, size)


@dataclass(frozen=True)
class Gaussian:
    """The normal law of ``mean`` and standard ``deviation``."""

    mean: float
    deviation: float

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """``size`` independent numbers."""
        return rng.normal(self.mean, self.deviation, size)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """The laws of mu and sigma of a unit, r = ``shift_spread`` and q = ``scale_spread``.

    The sizes are those of the source's algorithm 1, q read as a standard deviation.
    ``by_position``: each position of an image draws its own m and s, else an example draws one for
    all. ``redrawn``: anew at each step, else those of step 0 for ever. ``after_affine``: after the
    learnable scale and shift, else between them and batch norm.
    """

    seed: int = 0
    shift: Uniform | Gaussian = Uniform(-0.5, 0.5)
    scale: Uniform | Gaussian = Uniform(1, 1.25)
    shift_spread: float = 0.1
    scale_spread: float = 0.1
    by_position: bool = True
    redrawn: bool = True
    after_affine: bool = True

    def __call__(self, layer: str, x: Any, step: int) -> Any:
        """``x`` (n, ..., c), the outputs of ``layer``'s batch norm, with the noise of ``step``."""
        scale, shift = self.draw(layer, x.shape, step)
        array = getattr(x, "value", x)
        xp = array_module(array)
        scale, shift = (xp.asarray(part.astype(array.dtype)) for part in (scale, shift))
        return ops.perturb(x, scale=scale, shift=shift)

    def draw(self, layer: str, shape: tuple[int, ...], step: int) -> tuple[np.ndarray, np.ndarray]:
        """(s, m) for outputs of ``shape``, each of a shape that broadcasts to it."""
        name = int.from_bytes(layer.encode(), "big")
        rng = np.random.default_rng([self.seed, step if self.redrawn else 0, name])
        mu, sigma = self.shift.draw(rng, shape[-1]), self.scale.draw(rng, shape[-1])
        own = shape if self.by_position else (shape[0], *(1 for _ in shape[1:-1]), shape[-1])
        if self.shift_spread:
            mu = mu + self.shift_spread * rng.uniform(-1, 1, own)
        if self.scale_spread:
            sigma = sigma + self.scale_spread * rng.standard_normal(own)
        return sigma, mu
