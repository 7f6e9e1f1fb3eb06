"""Freed memory stays with the process.

glibc hands large blocks back to the kernel as soon as they are freed, and the kernel clears each
page again when it is next touched. A gradient allocates as much as it computes, so that a quarter
of its time went there. Other C libraries are left as they are.
"""

import ctypes
from functools import cache

#: Parameters of glibc's mallopt, and the block up to which memory is kept, in bytes.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEPT = 1 << 30


@cache
def keep_freed_memory() -> None:
    """Ask the C library to keep up to ``KEPT`` bytes of what is freed; the first call does it."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # not glibc
        return
    mallopt(MMAP_THRESHOLD, KEPT)
    mallopt(TRIM_THRESHOLD, KEPT)
