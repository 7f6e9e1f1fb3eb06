"""The modes that use no statistics of the batch: none and frozen.

none        y = x
frozen      y = (x - mean)/sqrt(variance + eps), with given statistics

The mode eval is frozen with the running statistics of training.
"""

from dataclasses import dataclass, replace
from typing import Any

from deepnet import backend, ops
from deepnet.fit import require_shape
from deepnet.nets.modes.norm import Fusing, Norm, Statistics, value_of
from deepnet.ops.norm import EPS, moments

Array = Any


@dataclass(frozen=True)
class NoNorm(Fusing):
    """No normalisation. A learnable scale and shift, where the net has them, stay."""

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        return x

    def fused(
        self, layer: str, x: Array, moments: tuple[Array, Array] | None = None
    ) -> dict[str, Any]:
        return {"given": ops.IDENTITY}


@dataclass(frozen=True)
class Frozen(Fusing):
    """Batch norm with constant ``statistics``, {layer: (mean, variance)}.

    Raises ValueError for a layer without statistics, and for statistics that are not (channels,).
    """

    statistics: Statistics
    eps: float = EPS

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        mean, inverse = self._given(layer, value_of(x))
        return ops.normalise_fixed(x, mean=mean, inverse=inverse)

    def moments(self, x: Array) -> tuple[Array, Array]:
        return moments(x)

    def frozen(self, statistics: Statistics) -> Norm:
        return replace(self, statistics=statistics)

    def constants(self) -> Statistics:
        return self.statistics

    def beside(self, x: Array) -> Norm:
        return replace(self, statistics=backend.beside(x, self.statistics))

    def fused(
        self, layer: str, x: Array, moments: tuple[Array, Array] | None = None
    ) -> dict[str, Any]:
        return {"given": self._given(layer, x)}

    def _given(self, layer: str, x: Array) -> tuple[Array, Array]:
        """The mean and 1/sigma of ``layer``, on the device of ``x``."""
        if layer not in self.statistics:
            raise ValueError(f"batch norm is frozen, but {layer!r} has no statistics")
        mean, variance = backend.beside(x, self.statistics[layer])
        for name, statistic in (("mean", mean), ("variance", variance)):
            require_shape(f"the {name} of {layer!r}", statistic, x.shape[-1:])
        return mean, (variance + self.eps) ** -0.5
