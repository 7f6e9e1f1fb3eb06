"""The reuse of freed memory, and the number of passes that may be kept.

Freed memory stays with the process. Otherwise glibc returns each large block to the kernel when it
is freed, and the kernel clears its pages when they are touched again. A gradient allocates memory
for all numbers that it computes, and a quarter of its time was spent in the kernel. Other C
libraries are left unchanged.
"""

import ctypes
from functools import cache
from typing import Any

from deepnet.backend import array_module, on_host

Array = Any

#: Parameters of glibc's mallopt, and the block up to which memory is kept, in bytes.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
MOST_KEPT = 1 << 30


@cache
def keep_freed_memory() -> None:
    """Ask the C library to keep up to ``MOST_KEPT`` freed bytes. Only the first call asks."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # not glibc
        return
    mallopt(MMAP_THRESHOLD, MOST_KEPT)
    mallopt(TRIM_THRESHOLD, MOST_KEPT)


def in_use(x: Array) -> int:
    """The bytes in use on the device of ``x``. On the host they are not counted: 0."""
    if on_host(x):
        return 0
    return int(array_module(x).get_default_memory_pool().used_bytes())


def has_room(x: Array, size: int) -> bool:
    """Whether the device of ``x`` can allocate ``size`` bytes. On the host it is assumed."""
    if on_host(x):
        return True
    xp = array_module(x)
    pool, (free, _) = xp.get_default_memory_pool(), xp.cuda.Device().mem_info
    room, limit = free + pool.free_bytes(), pool.get_limit()
    return size <= (min(room, limit - pool.used_bytes()) if limit else room)


def passes(x: Array, few: int) -> int | None:
    """The number of forward passes to keep in the memory of ``x``.

    On the host, which may be a laptop, it is ``few``. On a device it is None, which means all
    passes that fit, unless ``few`` is 0.
    """
    return few if few == 0 or on_host(x) else None
