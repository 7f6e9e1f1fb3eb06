"""The bytes of a file: unpacked, from the disk or from standard input, never more than fit."""

import bz2
import gzip
import io
import lzma
import os
import stat
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from companion.advice import install
from companion.errors import UsageError

#: The name of standard input.
STANDARD_INPUT = "-"


def _open_zst(path: Path, mode: str) -> Any:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as error:
        raise UsageError(f"reading {str(path)!r} needs zstd: {install('zst')}") from error
    return zstd.open(path, mode)


def damages() -> tuple[type[Exception], ...]:
    """What the packings raise at damaged files."""
    found: list[type[Exception]] = [EOFError, zlib.error, lzma.LZMAError]
    loaded = [sys.modules.get(name) for name in ("compression.zstd", "backports.zstd")]
    return (*found, *(module.ZstdError for module in loaded if module is not None))


PACKED: dict[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
    ".zst": _open_zst,
}
#: The share of the machine's memory that unpacked text may take. Its numbers take at most four
#: times the text: "1," is eight bytes.
SHARE = 1 / 8
#: The share of it that one array may take.
SHARE_OF_ARRAY = 1 / 2
#: The machine's memory where the system does not tell it.
MEMORY = 8 * 2**30


@dataclass(frozen=True)
class Source:
    """A file that may be opened several times.

    ``name``: the path, or "-".
    ``content``: what standard input held; None for a file.
    ``size``: that of the file when it was first looked at.
    """

    name: str
    content: bytes | None = None
    size: int | None = None

    @property
    def packed(self) -> bool:
        return self.content is None and Path(self.name).suffix.lower() in PACKED

    @property
    def suffix(self) -> str:
        """The ending of the name that tells the kind, without that of the packing."""
        path = Path(self.name)
        return (path.with_suffix("") if self.packed else path).suffix.lower()

    def open(self) -> BinaryIO:
        """The unpacked bytes."""
        if self.content is not None:
            return io.BytesIO(self.content)
        path = Path(self.name)
        if not self.packed:
            return path.open("rb")
        unpacked = cast(BinaryIO, PACKED[path.suffix.lower()](path, "rb"))
        return io.BufferedReader(cast(io.RawIOBase, Bounded(unpacked, self.name)))

    def snapshot(self) -> BinaryIO:
        """The unpacked bytes, without what was written to a file since it was first looked at."""
        if self.content is not None or self.packed or self.size is None:
            return self.open()
        first = First(self.open(), self.name, self.size)
        return io.BufferedReader(cast(io.RawIOBase, first))

    def start(self, size: int) -> bytes:
        """The first ``size`` bytes as they lie in the file."""
        if self.content is not None:
            return self.content[:size]
        with Path(self.name).open("rb") as file:
            return file.read(size)


class Bounded(io.RawIOBase):
    """The bytes of ``stream``, refused by a UsageError beyond what the memory holds."""

    def __init__(self, stream: BinaryIO, name: str, left: int | None = None) -> None:
        self.stream, self.name, self.left = stream, name, room() if left is None else left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        content = self.stream.read(len(view))
        self.left -= len(content)
        if self.left < 0:
            raise UsageError(
                f"{self.name!r} unpacks to more than {in_words(room())}, which this machine's "
                "memory does not hold as numbers; give a part of it"
            )
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self.stream.close()
        super().close()


class First(Bounded):
    """The first ``left`` bytes of ``stream``."""

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        return super().readinto(view[: min(len(view), self.left)])


def source_of(name: str, known: str) -> Source:
    """The file ``name``, which must be a regular file that is not empty, or "-".

    ``known`` are the kinds of file, for the message.
    """
    if name == STANDARD_INPUT:
        content = sys.stdin.buffer.read(room() + 1)
        if len(content) > room():
            raise UsageError(f"standard input holds more than {in_words(room())}; give a file")
        source, size = Source(name, content), len(content)
    else:
        try:
            state = Path(name).stat()
        except (FileNotFoundError, NotADirectoryError, ValueError):  # a NUL in the name
            raise UsageError(f"there is no file {name!r}; name {known}") from None
        if stat.S_ISDIR(state.st_mode):
            raise UsageError(f"{name!r} is a folder; name {known}")
        if not stat.S_ISREG(state.st_mode):
            raise UsageError(f"{name!r} is a pipe or a device; name {known}, or - for a pipe")
        source, size = Source(name, size=state.st_size), state.st_size
    if size == 0:
        raise UsageError(f"{name!r} is empty; a table of numbers is needed")
    return source


def memory() -> int:
    """The bytes of the machine's memory."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return MEMORY


def room() -> int:
    """The number of bytes of text that may be unpacked."""
    return int(memory() * SHARE)


def refuse_larger(size: int, name: str) -> None:
    """Refuse an array of ``size`` bytes where it takes more than half of the memory."""
    if size > memory() * SHARE_OF_ARRAY:
        raise UsageError(
            f"{name!r} holds an array of {in_words(size)}, more than half of this machine's "
            "memory; save it as .npy, which stays on disk"
        )


def in_words(size: int) -> str:
    """A number of bytes.

    >>> in_words(3 * 2**30), in_words(1000)
    ('3 GB', '0 MB')
    """
    return f"{size / 2**30:.3g} GB" if size >= 2**30 else f"{size >> 20} MB"
