"""The shortcuts of a residual net where a stage halves the pixels and widens the channels.

pool        the mean of 2 x 2 pixels, and zeros in the new channels, which come last
option-a    every second pixel from the first on, and zeros in the new channels: one half of them
            (rounded down) before the old channels, the rest after them
projection  a 1 x 1 convolution of stride 2 without bias, then batch norm, without activation

The kinds "pool" and "option-a" have no weights. he2016 has an option A with zeros and an option B
with a projection, both of stride 2. It does not say where the zeros of option A stand.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from deepnet import ops
from deepnet.nets.layer import Layer
from deepnet.nets.modes import Norm

Shortcut = Literal["pool", "option-a", "projection"]
SHORTCUTS: tuple[Shortcut, ...] = get_args(Shortcut)
STRIDE = 2


def shortcut_of(
    kind: Shortcut, name: str, before: int, after: int, affine: bool = False
) -> Callable[[Mapping[str, Any], Any, Norm], Any]:
    """The shortcut of this ``kind`` from ``before`` to ``after`` channels.

    It is called as a ``Layer`` is. The projection is a ``Layer`` of this ``name``, whose batch norm
    may be ``affine``. Raises ValueError for an unknown kind.
    """
    if kind not in SHORTCUTS:
        raise ValueError(f"no shortcut is of the kind {kind!r}; give {', '.join(SHORTCUTS)}")
    if kind == "projection":
        shape = (after, 1, 1, before)
        return Layer(name=name, shape=shape, norm="pre", affine=affine, stride=STRIDE)
    first = (after - before) // 2 if kind == "option-a" else 0

    def without_weights(weights: Mapping[str, Any], h: Any, batch_norm: Norm) -> Any:
        fewer = ops.subsample if kind == "option-a" else ops.average_pool
        return ops.pad_channels(fewer(h, size=STRIDE), channels=after, first=first)

    return without_weights
