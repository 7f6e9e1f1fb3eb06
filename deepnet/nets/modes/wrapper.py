"""Norms around another norm: with noise, or with a function that sees what passes through the
norm."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from deepnet import ops
from deepnet.nets.modes.norm import Norm, Statistics, affine, value_of
from deepnet.nets.noise import Noise

Array = Any


@dataclass(frozen=True)
class Wrapper(Norm):
    """A norm that answers all questions as ``norm`` does. A subclass changes some answers.

    ``frozen`` takes the wrapper off.
    """

    norm: Norm

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        return self(layer, x, None, None, moments)

    def __call__(
        self,
        layer: str,
        x: Any,
        scale: Any = None,
        shift: Any = None,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """The outputs that ``norm`` computes."""
        return self.norm(layer, x, scale, shift, moments)

    @property
    def eps(self) -> float:
        return self.norm.eps

    @property
    def uses_batch(self) -> bool:
        return self.norm.uses_batch

    @property
    def noisy(self) -> bool:
        return self.norm.noisy

    def moments(self, x: Array) -> tuple[Array, Array] | None:
        return self.norm.moments(x)

    def frozen(self, statistics: Statistics) -> Norm:
        return self.norm.frozen(statistics)

    def constants(self) -> Statistics:
        return self.norm.constants()

    def beside(self, x: Array) -> Self:
        return replace(self, norm=self.norm.beside(x))

    def at(self, step: int) -> Self:
        return replace(self, norm=self.norm.at(step))


@dataclass(frozen=True)
class Noisy(Wrapper):
    """``norm`` with the ``noise`` of step number ``step`` on its outputs."""

    noise: Noise
    step: int = 0

    def __call__(
        self,
        layer: str,
        x: Any,
        scale: Any = None,
        shift: Any = None,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """The outputs with noise, after the scale and shift.

        ``noise`` may put the noise before these.
        """
        if self.noise.after_affine:
            return self.noise(layer, self.norm(layer, x, scale, shift, moments), self.step)
        y = self.noise(layer, self.norm(layer, x, None, None, moments), self.step)
        return affine(y, scale, shift)

    @property
    def noisy(self) -> bool:
        return True

    def at(self, step: int) -> Self:
        return replace(self, norm=self.norm.at(step), step=step)


@dataclass(frozen=True)
class Recording(Wrapper):
    """``norm``, which also calls ``see(layer, x, y)`` with the inputs and outputs of each layer.

    ``y`` has the scale and shift, and the noise inside ``norm``. ``x`` and ``y`` are arrays (n,
    ..., channels) where the net is computed.
    """

    see: Callable[[str, Array, Array], None]

    def __call__(
        self,
        layer: str,
        x: Any,
        scale: Any = None,
        shift: Any = None,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """The outputs that ``norm`` computes. ``see`` is called with them."""
        y = self.norm(layer, x, scale, shift, moments)
        self.see(layer, value_of(x), value_of(y))
        return y


@dataclass(frozen=True)
class RecordingStatistics(Wrapper):
    """``norm``, which also calls ``see(layer, (mean, variance))`` with the moments of each batch.

    They are computed once, for ``norm`` and for ``see``. A norm without moments shows none.

    ``unbiased``: whether ``see`` is called with n/(n - 1) times the variance, for n values per
        channel. ``norm`` has the variance itself.
    """

    see: Callable[[str, tuple[Array, Array]], None]
    unbiased: bool = False

    def __call__(
        self,
        layer: str,
        x: Any,
        scale: Any = None,
        shift: Any = None,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        """The outputs that ``norm`` computes. ``see`` is called with the moments."""
        return self.norm(layer, x, scale, shift, self._seen(layer, x, moments))

    def fuses(self, x: Any) -> bool:
        return self.norm.fuses(x)

    def activated(
        self,
        layer: str,
        x: Any,
        scale_and_shift: tuple[Any, Any],
        curve: ops.Curve,
        moments: tuple[Array, Array] | None = None,
    ) -> Any:
        seen = self._seen(layer, x, moments)
        return self.norm.activated(layer, x, scale_and_shift, curve, seen)

    def _seen(
        self, layer: str, x: Any, moments: tuple[Array, Array] | None
    ) -> tuple[Array, Array] | None:
        if moments is None:
            moments = self.norm.moments(value_of(x))
        if moments is not None:
            self.see(layer, _unbiased(moments, value_of(x)) if self.unbiased else moments)
        return moments


def _unbiased(moments: tuple[Array, Array], x: Array) -> tuple[Array, Array]:
    mean, variance = moments
    count = x.size // x.shape[-1]
    return mean, variance * (count / max(count - 1, 1))  # the norm itself refuses a single value


def recording(norm: Norm, unbiased: bool = False) -> tuple[Norm, dict[str, tuple[Array, Array]]]:
    """``norm``, which enters its batch statistics in a dictionary as it runs, and this dictionary.

    The dictionary stays empty where ``norm`` uses no statistics of the batch.
    ``RecordingStatistics`` says what ``unbiased`` means.
    """
    seen: dict[str, tuple[Array, Array]] = {}
    recorded = RecordingStatistics(norm, seen.__setitem__, unbiased) if norm.uses_batch else norm
    return recorded, seen
