"""The modes with another norm of the deviations, or with a part of batch norm alone.

power(p)            y = (x - mean(x))/s, s^2 = n^2 + eps, n = mean(|v|^p)^(1/p) per channel
centring            y = x - mean(x)
scaling             y = x/s, s the standard deviation
mean_detached       active batch norm whose mean is a constant of the derivatives
deviation_detached  active batch norm whose standard deviation is a constant of the derivatives

The formulas are derived in ``deepnet.ops.power_norm``.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from deepnet import ops
from deepnet.nets.modes.batch import BatchNorm
from deepnet.ops.norm import EPS
from deepnet.ops.power_norm import statistics

Array = Any


class PowerNorm(BatchNorm):
    """A mode that is ``ops.power_normalise`` with some attributes."""

    #: The attributes of the operation beside ``eps``.
    parts: ClassVar[dict[str, Any]] = {}

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        return ops.power_normalise(x, **self._attrs())

    def moments(self, x: Array) -> tuple[Array, Array]:
        return statistics(x, **self._attrs())

    def _attrs(self) -> dict[str, Any]:
        return {"eps": self.eps} | self.parts


@dataclass(frozen=True)
class Power(PowerNorm):
    """Active, with the norm of ``power`` p in place of the standard deviation (santurkar2018).

    ``power`` is a number from 1 to inf. The number 2 is batch norm.
    ``raw`` takes the norm of v = x, otherwise of the deviations v = x - mean(x).
    Raises ValueError for a power below 1.
    """

    power: float
    raw: bool = False
    eps: float = EPS

    def _attrs(self) -> dict[str, Any]:
        return {"eps": self.eps, "power": self.power, "raw": self.raw}


@dataclass(frozen=True)
class Centring(PowerNorm):
    """The mean is taken off, and no more is done."""

    eps: float = EPS
    parts: ClassVar[dict[str, Any]] = {"scaling": "off"}


@dataclass(frozen=True)
class Scaling(PowerNorm):
    """The inputs are divided by the standard deviation, and no more is done."""

    eps: float = EPS
    parts: ClassVar[dict[str, Any]] = {"centring": "off"}


@dataclass(frozen=True)
class MeanDetached(PowerNorm):
    """Active batch norm whose mean is not differentiated."""

    eps: float = EPS
    parts: ClassVar[dict[str, Any]] = {"centring": "detached"}


@dataclass(frozen=True)
class DeviationDetached(PowerNorm):
    """Active batch norm whose standard deviation is not differentiated."""

    eps: float = EPS
    parts: ClassVar[dict[str, Any]] = {"scaling": "detached"}
