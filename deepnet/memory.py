"""The reuse of freed memory, and the memory that is available.

Freed memory stays with the process. Otherwise glibc returns each large block to the kernel when it
is freed, and the kernel clears its pages when they are touched again. A gradient allocates memory
for all numbers that it computes, and a quarter of its time was spent in the kernel. Other C
libraries are left unchanged.
"""

import ctypes
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
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # not glibc
        return
    mallopt(MMAP_THRESHOLD, MOST_KEPT)
    mallopt(TRIM_THRESHOLD, MOST_KEPT)


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
