"""Which algorithm computes a convolution on the host.

direct      products and sums in the order of the definition
winograd2   Winograd's F(2 x 2, 3 x 3): 16 multiplications where the direct form has 36
winograd4   F(4 x 4, 3 x 3): 36 where the direct form has 144, with twice its rounding
auto        winograd4 in float32, winograd2 in float64, direct where neither serves or is faster

Winograd's forms serve filters of 3 x 3 pixels with stride 1. ``asking`` chooses for a block of
code, DEEPNET_CONVOLUTION for a process. A result reports the choice, which is a part of its key.
Arrays of a GPU, and the plain forms, are convolved by other means.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from companion.advice import install
from companion.errors import UsageError
from deepnet.ops.hot import compiles

NAMES = ("auto", "direct", "winograd2", "winograd4")
VARIABLE = "DEEPNET_CONVOLUTION"
#: The help of the option --convolution.
HELP = (
    "3 x 3 convolutions on the CPU: auto (default) chooses by size; winograd4 is fastest, "
    "winograd2 more exact"
)
#: The pixels of a tile's side, by name, the first that divides the output.
SIDES = {"direct": (), "winograd2": (2,), "winograd4": (4, 2)}
#: Channels on either side that Winograd's forms serve: whole vectors.
MULTIPLE = 8
#: The fewest channels on both sides with which they are faster, added over the pairs of a sum, and
#: the fewest tiles with which F(4 x 4) is faster than F(2 x 2).
CHANNELS, TILES = 16, 64

_asked: ContextVar[str | None] = ContextVar("convolution", default=None)


def asked() -> str:
    """The name that is asked for. Raises UsageError for an unknown one in the environment."""
    name = _asked.get() or os.environ.get(VARIABLE) or NAMES[0]
    if name not in NAMES:
        raise UsageError(f"{VARIABLE}={name!r} is no convolution; give {', '.join(NAMES)}")
    return name


def chosen(name: str | None, device: str) -> str:
    """The algorithm ``name`` that an option asks for, or without a name ``asked``.

    Raises UsageError where it cannot be used: without numba, and on a GPU.
    """
    if name is None:
        return asked()
    if name.startswith("winograd"):
        if device == "gpu":
            raise UsageError(f"--convolution {name} is for the CPU; give auto with --device gpu")
        if not compiles():
            raise UsageError(f"--convolution {name} needs numba; {install('fast')}, or give auto")
    return name


@contextmanager
def asking(name: str) -> Iterator[None]:
    """Ask for the algorithm ``name`` inside of a with block."""
    before = _asked.set(name)
    try:
        yield
    finally:
        _asked.reset(before)


def side_of_tile(
    w_shape: tuple[int, ...],
    images: int,
    height: int,
    width: int,
    stride: int,
    dtype: Any,
    pairs: int = 1,
) -> int:
    """The side m of the tiles of Winograd's F(m x m, 3 x 3), or 0 for the direct form.

    ``height`` and ``width`` are the pixels that a face cuts into tiles. The face is a sum over so
    many ``pairs`` of arrays.
    """
    name = asked()
    filters, *kernel, channels = w_shape
    if stride != 1 or kernel != [3, 3] or channels % MULTIPLE or filters % MULTIPLE:
        return 0
    sides = SIDES.get(name)
    if sides is None:
        if pairs * min(channels, filters) < CHANNELS:
            return 0
        few = images * height * width < 16 * TILES
        sides = (2,) if few or np.dtype(dtype) != np.dtype("float32") else (4, 2)
    return next((m for m in sides if height % m == 0 and width % m == 0), 0)
