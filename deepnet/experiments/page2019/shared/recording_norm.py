"""A norm that hands on what passes through a net's batch norms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deepnet.backend import to_host
from deepnet.nets.norm_mode import Norm

Array = Any


def _nothing(layer: str, before: Array, after: Array) -> None: ...


@dataclass(frozen=True)
class RecordingNorm(Norm):
    """A norm that hands each layer's inputs and outputs, the host's, to ``see``: without batch norm
    the same."""

    see: Callable[[str, Array, Array], None] = _nothing

    def __call__(self, layer: str, x: Array, scale: Any = None, shift: Any = None) -> Array:
        """Normalise ``x`` and let it be seen."""
        y = super().__call__(layer, x, scale, shift)
        self.see(layer, to_host(x), to_host(y))
        return y
