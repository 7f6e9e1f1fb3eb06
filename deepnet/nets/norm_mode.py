"""The mode of batch norm, always named, and what it needs.

none        no batch norm
active      the batch's statistics, differentiated through
detached    the batch's statistics, not differentiated
ghost(b)    active, over groups of b examples each
frozen      given statistics, constant
eval        the running statistics of training, constant: frozen with those
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from deepnet import ops
from deepnet.ops.norm import EPS, moments

Array = Any
Mode = Literal["none", "active", "detached", "ghost", "frozen"]


@dataclass(frozen=True)
class Norm:
    """How the batch norms of a net are computed in one pass.

    ``statistics`` {layer: (mean, variance)} serve the mode frozen; ``group`` is the size of ghost
    batches. Where ``seen`` is given, each layer's batch statistics are entered in it.
    """

    mode: Mode
    statistics: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)
    group: int = 0
    eps: float = EPS
    seen: dict[str, tuple[Array, Array]] | None = None

    def __call__(self, layer: str, x: Any) -> Any:
        """Normalise ``x``, the input of ``layer``'s batch norm."""
        if self.mode == "none":
            return x
        if self.seen is not None:
            self.seen[layer] = moments(getattr(x, "value", x))
        if self.mode == "active":
            return ops.normalise(x, eps=self.eps)
        if self.mode == "detached":
            return ops.normalise_detached(x, eps=self.eps)
        if self.mode == "ghost":
            return ops.normalise(x, eps=self.eps, group=self.group)
        if layer not in self.statistics:
            raise ValueError(f"batch norm is frozen, but {layer!r} has no statistics")
        mean, variance = self.statistics[layer]
        return ops.normalise_fixed(x, mean=mean, inverse=(variance + self.eps) ** -0.5)
