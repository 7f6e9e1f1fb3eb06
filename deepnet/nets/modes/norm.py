"""A norm has one verb, ``normalise``. All other questions that a net asks of it have a usual
answer.

A new norm is a frozen dataclass with ``normalise``. If commands or recipes name it, it has a line
in ``deepnet.nets.modes.names``. A norm that computes each example by itself, such as layer norm,
keeps every usual answer. A norm over the examples of a batch is a ``BatchNorm``.
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
    """A rule by which the norms of a net are computed in one pass.

    ``x`` (n, ..., channels) is an array, or an array on a tape.
    ``layer`` is the layer's name.
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
        """The number that is added to a variance.

        A norm without such a field has the usual number.
        """
        return EPS

    @property
    def uses_batch(self) -> bool:
        """Whether the norm uses statistics of the batch. Training then averages them."""
        return False

    @property
    def noisy(self) -> bool:
        """Whether there is noise. Steps then differ on equal weights and data."""
        return False

    def moments(self, x: Array) -> tuple[Array, Array] | None:
        """(mean, variance) of the batch ``x``. ``Frozen`` with these statistics computes what the
        mode does.

        None where the norm has no use for such statistics. A ghost batch has the moments of all of
        ``x``.
        """
        return None

    def frozen(self, statistics: Statistics) -> "Norm":
        """The norm that is used after training, with constant ``statistics`` and no noise."""
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
        """Whether ``activated`` as one operation is better than its parts for ``x``."""
        return False

    def activated(
        self,
        layer: str,
        x: Any,
        scale_and_shift: tuple[Any, Any],
        curve: ops.Curve,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """``x`` normalised, scaled and shifted, and then passed through the activation and pool of
        ``curve``."""
        y = curve.f(self(layer, x, *scale_and_shift, moments), **curve.attrs)
        return y if curve.size == 1 else ops.max_pool(y, size=curve.size)


class Fusing(Norm):
    """A norm that is one operation on a device, with the activation and the pool that follow it."""

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
