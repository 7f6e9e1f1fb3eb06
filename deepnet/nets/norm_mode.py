"""The mode of batch norm, always named, and what it needs.

none            no batch norm
active          the batch's statistics, differentiated through
detached        the batch's statistics, not differentiated
ghost(b)        active, over groups of b examples each
frozen          given statistics, constant
eval            the running statistics of training, constant: frozen with those

and what is like it (``deepnet.ops.power_norm``):

power(p)        active, with the norm of power p of the deviations, or of the raw outputs, in place
                of the standard deviation: L1, L2, L-infinity (santurkar2018)
centring        the mean is taken off, no more
scaling         divided by the standard deviation, no more
mean_detached, deviation_detached       active, but this statistic is not differentiated

In every mode the learnable scale and shift, where the net has them, come after, and then the noise,
where there is any; ``none`` takes away the normalisation alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from deepnet import ops
from deepnet.backend import beside
from deepnet.fit import require_shape
from deepnet.nets.noise import Noise
from deepnet.ops.norm import EPS, moments
from deepnet.ops.power_norm import statistics

Array = Any
Mode = Literal[
    "none",
    "active",
    "detached",
    "ghost",
    "frozen",
    "power",
    "centring",
    "scaling",
    "mean_detached",
    "deviation_detached",
]
#: The modes of ``ops.power_normalise``, by what they do not differentiate through or leave out.
PARTS: dict[str, dict[str, Any]] = {
    "power": {},
    "centring": {"scaling": "off"},
    "scaling": {"centring": "off"},
    "mean_detached": {"centring": "detached"},
    "deviation_detached": {"scaling": "detached"},
}


@dataclass(frozen=True)
class Norm:
    """How the batch norms of a net are computed in one pass.

    ``statistics`` {layer: (mean, variance)} serve the mode frozen; ``group`` is the size of ghost
    batches; ``power``, from 1 to inf, and ``raw`` serve the mode power. ``noise`` is that of step
    number ``step``, which training sets. Where ``seen`` is given, each layer's batch statistics are
    entered in it: those with which frozen computes the same.
    """

    mode: Mode
    statistics: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)
    group: int = 0
    eps: float = EPS
    seen: dict[str, tuple[Array, Array]] | None = None
    power: float = 2.0
    raw: bool = False
    noise: Noise | None = None
    step: int = 0

    def __call__(self, layer: str, x: Any, scale: Any = None, shift: Any = None) -> Any:
        """Normalise ``x``, the input of ``layer``'s batch norm; then its scale, shift and noise."""
        y = self._normalised(layer, x)
        late = self.noise is None or self.noise.after_affine
        if not late:
            y = self._noisy(layer, y)
        if scale is not None:
            y = ops.channel_shift(ops.channel_scale(y, scale), shift)
        return self._noisy(layer, y) if late else y

    def fuses(self, x: Any) -> bool:
        """Whether normalising ``x`` can be one operation with what follows it: ``activated``."""
        return self.mode in ("none", "active", "frozen") and self.noise is None and ops.fuses(x)

    def activated(self, layer: str, x: Any, scale: Any, shift: Any, curve: ops.Curve) -> Any:
        """``x`` normalised, scaled and shifted, then the activation and the pool of ``curve``."""
        array = getattr(x, "value", x)
        batch = None if self.mode == "none" else self._batch(layer, array)
        attrs: dict[str, Any] = {"given": ops.IDENTITY}
        if self.mode == "active":
            attrs = {"eps": self.eps, "moments": batch}
        elif self.mode == "frozen":
            attrs = {"given": self._given(layer, array)}
        return ops.normalise_activate_pool(x, scale, shift, curve=curve, **attrs)

    def at(self, step: int) -> "Norm":
        """The norm of step number ``step`` of a training."""
        return replace(self, step=step)

    def _noisy(self, layer: str, y: Any) -> Any:
        return y if self.noise is None else self.noise(layer, y, self.step)

    def _normalised(self, layer: str, x: Any) -> Any:
        array = getattr(x, "value", x)
        if self.mode == "none":
            return x
        if self.mode in PARTS:
            attrs = {"eps": self.eps} | PARTS[self.mode]
            if self.mode == "power":
                attrs |= {"power": self.power, "raw": self.raw}
            if self.seen is not None:
                self.seen[layer] = statistics(array, **attrs)
            return ops.power_normalise(x, **attrs)
        batch = self._batch(layer, array)
        if self.mode == "active":
            return ops.normalise(x, eps=self.eps, moments=batch)
        if self.mode == "detached":
            return ops.normalise_detached(x, eps=self.eps)
        if self.mode == "ghost":
            return ops.normalise(x, eps=self.eps, group=self.group)
        mean, inverse = self._given(layer, array)
        return ops.normalise_fixed(x, mean=mean, inverse=inverse)

    def _batch(self, layer: str, x: Array) -> tuple[Array, Array] | None:
        """The batch's own mean and variance, where they are asked for."""
        if self.seen is None:
            return None
        self.seen[layer] = batch = moments(x)
        return batch

    def _given(self, layer: str, x: Array) -> tuple[Array, Array]:
        """The mean and 1/sigma that the mode frozen has for a layer."""
        if layer not in self.statistics:
            raise ValueError(f"batch norm is frozen, but {layer!r} has no statistics")
        mean, variance = beside(x, self.statistics[layer])
        for name, statistic in (("mean", mean), ("variance", variance)):
            require_shape(f"the {name} of {layer!r}", statistic, x.shape[-1:])
        return mean, (variance + self.eps) ** -0.5
