"""The reuse of freed memory, its pages, and the memory that is available.

Freed memory stays with the process. Otherwise glibc returns each large block to the kernel when it
is freed, and the kernel clears its pages when they are touched again. A gradient allocates memory
for all numbers that it computes, and a quarter of its time was spent in the kernel. Other C
libraries are left unchanged.

Linux is asked for huge pages, since a pass goes through more small pages than a core remembers. A
step and a product of the page's net at width 1/8 took 5 % longer without them.
"""

import ctypes
import mmap
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from psutil import virtual_memory

from deepnet.backend import array_module, on_host

Array = Any

#: Parameters of glibc's mallopt, and the block up to which memory is kept, in bytes.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
MOST_KEPT = 1 << 30
#: The bytes of address space that are to lie on huge pages. NumPy asks for its arrays of 4 MB and
#: more. The memory itself is taken when it is touched.
HUGE = 1 << 29
#: The share of the available memory that passes may take on the host. The rest is for others.
SHARE = 7 / 8
#: Where Linux shows the control groups.
GROUPS = Path("/sys/fs/cgroup")


class _Version(NamedTuple):
    """The names of a version of control groups: the controller of memory, and its files."""

    controller: str
    limit: str
    used: str
    files: str


VERSIONS = (
    _Version("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    _Version("", "memory.max", "memory.current", "inactive_file"),
)


@cache
def keep_freed_memory() -> None:
    """Ask the C library to keep up to ``MOST_KEPT`` freed bytes. Only the first call asks."""
    try:
        libc = ctypes.CDLL(None)
        mallopt = libc.mallopt
    except (OSError, TypeError, AttributeError):  # not glibc
        return
    if mallopt(MMAP_THRESHOLD, MOST_KEPT) and mallopt(TRIM_THRESHOLD, MOST_KEPT):
        _use_huge_pages(libc)


def _use_huge_pages(libc: ctypes.CDLL) -> None:
    """Let the next ``HUGE`` bytes of the heap lie on huge pages, where Linux has them.

    The block is freed at once. The heap then begins with it, and the kernel keeps the advice.
    """
    advice = getattr(mmap, "MADV_HUGEPAGE", None)
    if advice is None:
        return
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.restype, libc.free.argtypes = None, [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    block = libc.malloc(HUGE)
    if block:
        first = -(-block // mmap.PAGESIZE) * mmap.PAGESIZE
        libc.madvise(first, HUGE - mmap.PAGESIZE, advice)
    libc.free(block)


def available(x: Array) -> int:
    """The bytes that may still be taken on the device of ``x``.

    On the host they are ``SHARE`` of what the system can give without swapping, or of what is left
    under the limits of the control groups that the process is in, whichever is less.
    """
    if on_host(x):
        return int(SHARE * min([virtual_memory().available, *left_in_groups()]))
    xp = array_module(x)
    pool, (free, _) = xp.get_default_memory_pool(), xp.cuda.Device().mem_info
    room, limit = free + pool.free_bytes(), pool.get_limit()
    return int(min(room, limit - pool.used_bytes()) if limit else room)


def left_in_groups(own: Path = Path("/proc/self/cgroup"), mounted: Path = GROUPS) -> list[int]:
    """The bytes that are left in each limited control group that the process is in.

    On Linux a container is a control group, and so is a job of a cluster. Cached files count as
    left, because the kernel drops them first. Other systems have no control groups.
    """
    left = []
    for line in _text(own).splitlines():
        _, controllers, path = line.split(":", 2)
        version = next((each for each in VERSIONS if each.controller == controllers), None)
        if version is None:
            continue
        root = mounted / controllers
        group = root / path.lstrip("/")
        for folder in (group, *group.parents[: len(group.relative_to(root).parts)]):
            limit, used = (_text(folder / name).strip() for name in (version.limit, version.used))
            if limit.isdigit() and used.isdigit():
                files = re.search(rf"^{version.files} (\d+)$", _text(folder / "memory.stat"), re.M)
                left.append(int(limit) - int(used) + (int(files[1]) if files else 0))
    return left


def _text(path: Path) -> str:
    """The text of the file at ``path``, or an empty text where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def passes(x: Array, few: int) -> int | None:
    """The number of forward passes to keep in the memory of ``x``.

    On the host, which may be a laptop, it is ``few``. On a device it is None, which means all
    passes that fit, unless ``few`` is 0.
    """
    return few if few == 0 or on_host(x) else None
