"""Noise after batch norm shifts and scales each unit's outputs anew at each step (santurkar2018).

At every step each unit (channel) draws a shift mu and a scale sigma. Each example, at each position
of an image, then draws a shift m from U(mu - r, mu + r) and a factor s from N(sigma, q^2). An
output a becomes s a + m. A factor may be negative. The noise is a constant for all derivatives.

The noise is drawn on the host from (seed, step, layer). A training that was stopped therefore goes
on with its noise, on any device.
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
    """The laws of a unit's mu and sigma, with r = ``shift_spread`` and q = ``scale_spread``.

    The sizes are those of the source's algorithm 1, where q is read as a standard deviation.

    ``by_position``: each position of an image draws its own m and s. Otherwise an example draws one
        pair.
    ``redrawn``: the noise is drawn anew at each step. Otherwise the noise of step 0 stays.
    ``after_affine``: the noise follows the learnable scale and shift. Otherwise it stands between
        batch norm and these.
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
        """(s, m) for outputs of ``shape``. The shapes of s and m broadcast to it."""
        name = int.from_bytes(layer.encode(), "big")
        rng = np.random.default_rng([self.seed, step if self.redrawn else 0, name])
        mu, sigma = self.shift.draw(rng, shape[-1]), self.scale.draw(rng, shape[-1])
        own = shape if self.by_position else (shape[0], *(1 for _ in shape[1:-1]), shape[-1])
        if self.shift_spread:
            mu = mu + self.shift_spread * rng.uniform(-1, 1, own)
        if self.scale_spread:
            sigma = sigma + self.scale_spread * rng.standard_normal(own)
        return sigma, mu
