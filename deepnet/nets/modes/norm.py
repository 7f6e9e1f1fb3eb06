"""What a net asks of its norm. A norm has one verb, ``normalise``; the rest has a usual answer.

A new norm is a frozen dataclass with ``normalise``, and a line in ``deepnet.nets.modes.names`` if
commands or recipes name it. A norm that computes each example by itself, such as layer norm, keeps
every usual answer. A norm over the examples of a batch is a ``BatchNorm``.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from deepnet import ops
from deepnet.ops.norm import EPS

Array = Any
#: {layer: (mean, variance)}, both (channels,).
Statistics = Mapping[str, tuple[Array, Array]]


class Norm(ABC):
    """How the norms of a net are computed in one pass.

    ``x`` (n, ..., channels) is an array, or an array on a tape. ``layer`` is the layer's name.
    ``moments`` are what ``Norm.moments`` returns for ``x``, where the caller knows them already.
    """

    @abstractmethod
    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        """``x`` normalised, without a scale and a shift."""

    def __call__(
        self,
        layer: str,
        x: Any,
        scale: Any = None,
        shift: Any = None,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """``x`` normalised, times ``scale`` plus ``shift``, both (channels,) or both None."""
        return affine(self.normalise(layer, x, moments), scale, shift)

    @property
    def eps(self) -> float:
        """What is added to a variance; the usual number where a norm has none of its own."""
        return EPS

    @property
    def uses_batch(self) -> bool:
        """Whether statistics of the batch are used, which training then averages."""
        return False

    @property
    def noisy(self) -> bool:
        """Whether there is noise, so that steps differ on the same weights and data."""
        return False

    def moments(self, x: Array) -> tuple[Array, Array] | None:
        """(mean, variance) of the batch ``x``: ``Frozen`` with these computes what the mode does.

        None where the norm has no use for such statistics. A ghost batch has those of all of ``x``.
        """
        return None

    def frozen(self, statistics: Statistics) -> "Norm":
        """The norm as it is used after training: constant ``statistics`` and no noise."""
        return self

    def constants(self) -> Statistics:
        """The statistics that the norm was given. Only ``Frozen`` has any."""
        return {}

    def beside(self, x: Array) -> "Norm":
        """The norm with its arrays on the device of ``x``."""
        return self

    def at(self, step: int) -> "Norm":
        """The norm of step number ``step`` of a training."""
        return self

    def fuses(self, x: Any) -> bool:
        """Whether ``activated`` is better than its parts for ``x``."""
        return False

    def activated(
        self,
        layer: str,
        x: Any,
        scale_and_shift: tuple[Any, Any],
        curve: ops.Curve,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """``x`` normalised, scaled and shifted, then the activation and the pool of ``curve``."""
        y = curve.f(self(layer, x, *scale_and_shift, moments), **curve.attrs)
        return y if curve.size == 1 else ops.max_pool(y, size=curve.size)


class Fusing(Norm):
    """A norm that on a device is one operation with the activation and the pool that follow it."""

    @abstractmethod
    def fused(
        self, layer: str, x: Array, moments: tuple[Array, Array] | None = None
    ) -> dict[str, Any]:
        """The attributes with which ``ops.normalise_activate_pool`` normalises the array ``x``."""

    def fuses(self, x: Any) -> bool:
        return ops.fuses(x)

    def activated(
        self,
        layer: str,
        x: Any,
        scale_and_shift: tuple[Any, Any],
        curve: ops.Curve,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        attrs = self.fused(layer, value_of(x), moments)
        return ops.normalise_activate_pool(x, *scale_and_shift, curve=curve, **attrs)


def affine(y: Any, scale: Any, shift: Any) -> Any:
    """``scale`` y + ``shift`` per channel, or ``y`` where ``scale`` is None."""
    return y if scale is None else ops.channel_shift(ops.channel_scale(y, scale), shift)


def value_of(x: Any) -> Array:
    """The array of ``x``, which may be on a tape."""
    return getattr(x, "value", x)
