"""Work over a batch in blocks that fit the cache, on our own threads.

NumPy's own operations run on one thread and send every temporary through memory. A block of a few
images keeps temporaries in the cache, and NumPy releases the interpreter's lock inside. Arrays of
another backend, and small ones, are taken whole.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from typing import Any

import numpy as np

Array = Any
#: Numbers per block: 256 kB of float32, a part of a core's own cache.
BLOCK = 1 << 16
#: Numbers that a block of another backend may take beside its operands: 256 MB of float32.
WORKSPACE = 1 << 26
#: The largest number of blocks of images of a convolution. A block of its weight gradient holds
#: sums as large as the weights. The number of blocks does not depend on the threads, so that sums
#: over blocks do not depend on them.
BLOCKS = 16


def threads() -> int:
    """The number of threads that the engine uses: OMP_NUM_THREADS if it is set, else all cores."""
    return int(os.environ.get("OMP_NUM_THREADS") or _cores())


@cache
def _cores() -> int:
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="deepnet")


@cache
def _blas() -> Any:
    """A controller that holds the BLAS libraries to one thread each. None without threadpoolctl."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()


def slices(rows: int, numbers: int, block: int = BLOCK) -> list[slice]:
    """Consecutive blocks of the ``rows``.

    A row has ``numbers`` numbers, a block at most ``block`` numbers or one row.
    """
    return equal(rows, max(1, block // max(1, numbers)))


def equal(rows: int, most: int) -> list[slice]:
    """Consecutive blocks of at most ``most`` rows: an even number, of almost equal size.

    Threads then end their work at about the same time. The number does not depend on the threads.

    >>> equal(100, 40)
    [slice(0, 25, None), slice(25, 50, None), slice(50, 75, None), slice(75, 100, None)]
    """
    count = -(-rows // most)
    size = most if count <= 1 else -(-rows // (count + count % 2))
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


def run_blocks(
    work: Callable[[slice], Any], blocks: Sequence[slice], blas: bool = False
) -> list[Any]:
    """Call ``work`` on every block and return the results in the order of the blocks.

    ``blas`` says whether ``work`` calls BLAS. BLAS is then held to the calling thread. Its own
    threads would fight with the engine's threads for the cores, and would spin for a while after
    their work is done.
    """
    controller = _blas() if blas and threads() > 1 else None
    with nullcontext() if controller is None else controller.limit(limits=1, user_api="blas"):
        return _run_blocks(work, blocks)


def _run_blocks(work: Callable[[slice], Any], blocks: Sequence[slice]) -> list[Any]:
    workers = min(threads(), len(blocks))
    if workers <= 1:
        return [work(rows) for rows in blocks]
    results: list[Any] = [None] * len(blocks)
    waiting = iter(list(enumerate(blocks)))  # a list's iterator gives each entry to one thread

    def take() -> None:
        for number, rows in waiting:
            results[number] = work(rows)

    others = [_pool().submit(take) for _ in range(workers - 1)]
    take()
    for other in others:
        other.result()
    return results


def run_rows(
    lead: Array, work: Callable[[slice], Any], numbers: int, room: int, blas: bool = False
) -> list[Any]:
    """Call ``work`` on blocks of the rows of ``lead``, with ``numbers`` numbers per row.

    A backend other than NumPy does not use the engine's threads. Its blocks run one after another
    and are as large as ``WORKSPACE`` allows, where a row takes ``room`` numbers.
    """
    if isinstance(lead, np.ndarray):
        return run_blocks(work, slices(len(lead), numbers), blas)
    return [work(rows) for rows in slices(len(lead), room, WORKSPACE)]


def mapped(f: Callable[..., Array], *arrays: Array) -> Array:
    """f(*arrays), block by block, for a function f that treats each row (first axis) alone."""
    lead = arrays[0]
    if not isinstance(lead, np.ndarray) or lead.size <= BLOCK or lead.ndim == 0:
        return f(*arrays)
    blocks = slices(len(lead), lead.size // len(lead))
    if len(blocks) == 1:
        return f(*arrays)
    first = f(*(array[blocks[0]] for array in arrays))
    out = np.empty((len(lead), *first.shape[1:]), first.dtype)
    out[blocks[0]] = first

    def work(rows: slice) -> None:
        out[rows] = f(*(array[rows] for array in arrays))

    run_blocks(work, blocks[1:])
    return out


def increase(whole: Array, term: Array) -> Array:
    """Add ``term`` to ``whole`` in place and return ``whole``. Both have one shape."""
    if not isinstance(whole, np.ndarray) or whole.size <= BLOCK:
        whole += term
        return whole

    def work(rows: slice) -> None:
        whole[rows] += term[rows]

    run_blocks(work, slices(len(whole), whole[0].size))
    return whole


def summed(f: Callable[..., Array], *arrays: Array) -> Array:
    """The sum of f(*block) over the blocks, in a fixed order, so that the bits repeat."""
    lead = arrays[0]
    if not isinstance(lead, np.ndarray) or lead.size <= BLOCK:
        return f(*arrays)
    blocks = slices(len(lead), lead.size // len(lead))
    parts = run_blocks(lambda rows: f(*(array[rows] for array in arrays)), blocks)
    return np.stack(parts).sum(0)
