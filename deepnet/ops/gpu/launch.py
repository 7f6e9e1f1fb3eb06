"""The kernels of ``kernels.cu``: compiled when one is first launched, and run over whole sweeps."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from deepnet.backend import array_module

Array = Any

#: The kernels, each a template over the type of its numbers.
KERNELS = (
    "activated", "bend", "bend_of_pointwise", "bend_of_softmax", "bent", "chosen", "descended",
    "factors_of_bend", "factors_of_direction", "factors_of_pull", "jacobian", "matrix_product",
    "maxima", "products", "pulled", "pushed", "put_back", "relu", "rounded", "scale", "shift",
    "softmax", "softplus", "squares", "standardise", "sums", "sums_of_bend", "sums_of_curved",
    "sums_of_direction", "sums_of_pull", "times_slope",
)  # fmt: skip
OPTIONS = ("--std=c++14",)
NUMBERS = {"f": "float", "d": "double"}
#: Threads per block, the largest number of threads (about what a large GPU holds), and the smallest
#: number of pixels per thread.
BLOCK, THREADS, PIXELS = 256, 1 << 18, 4


def source() -> str:
    """The kernels' CUDA source."""
    return files("deepnet.ops.gpu").joinpath("kernels.cu").read_text(encoding="utf-8")


def expressions() -> list[str]:
    """All kernels by the names of their instances, such as "sums<float>"."""
    return [f"{kernel}<{number}>" for kernel in KERNELS for number in NUMBERS.values()]


@cache
def _compiled(xp: Any) -> Any:
    return xp.RawModule(code=source(), options=OPTIONS, name_expressions=tuple(expressions()))


def sweep(n: int, channels: int = 1, least: int = PIXELS) -> int:
    """The number of threads that share ``n`` numbers: a multiple of the ``channels``.

    Each thread has at least ``least`` numbers of a channel, where the channel has as many.
    """
    pixels = n // channels
    return channels * max(1, min(pixels // least, THREADS // channels))


def launch(kernel: str, like: Array, threads: int, *args: Any) -> None:
    """Launch ``kernel`` for the type of ``like`` on this number of threads."""
    name = f"{kernel}<{NUMBERS[like.dtype.char]}>"
    function = _compiled(array_module(like)).get_function(name)
    function((-(-threads // BLOCK),), (BLOCK,), args)


def served(*arrays: Array) -> bool:
    """Whether the arrays are of one type, and not empty."""
    lead = arrays[0]
    return lead.size > 0 and all(array.dtype == lead.dtype for array in arrays)


def ready(*arrays: Array) -> Sequence[Array] | None:
    """The arrays, made contiguous. None where they are not ``served``."""
    if not served(*arrays):
        return None
    return [array_module(arrays[0]).ascontiguousarray(array) for array in arrays]


def mapped(
    kernel: str,
    arrays: Sequence[Array],
    vectors: Sequence[Array] = (),
    scalars: Sequence[Any] = (),
    results: int = 1,
) -> Any:
    """The result of ``kernel`` for ``arrays`` (..., c) of one shape and ``vectors`` (c,)."""
    given = ready(*arrays, *vectors)
    lead = arrays[0]
    if given is None or any(array.shape != lead.shape for array in arrays):
        return NotImplemented
    outs = [array_module(lead).empty(lead.shape, lead.dtype) for _ in range(results)]
    channels = lead.shape[-1] if vectors else 1
    threads = sweep(lead.size, channels)
    sizes: list[Any] = [np.int64(lead.size), np.int64(threads)]
    if vectors:
        sizes.append(np.int32(channels))
    launch(kernel, lead, threads, *outs, *given, *scalars, *sizes)
    return outs[0] if results == 1 else tuple(outs)


def means(
    kernel: str, products: int, arrays: Sequence[Array], vectors: Sequence[Array] = ()
) -> Array:
    """The channel means of the products that ``kernel`` adds up in a fixed order, (products, c)."""
    given = ready(*arrays, *vectors)
    lead = arrays[0]
    if given is None or any(array.shape != lead.shape for array in arrays):
        return NotImplemented
    channels = lead.shape[-1]
    threads = sweep(lead.size, channels, 4 * PIXELS)
    partial = array_module(lead).empty((products, threads), lead.dtype)
    sizes: list[Any] = [np.int64(lead.size), np.int64(threads)]
    if vectors:
        sizes.append(np.int32(channels))
    launch(kernel, lead, threads, partial, *given, *sizes)
    return partial.reshape(products, -1, channels).sum(1) * (channels / lead.size)
