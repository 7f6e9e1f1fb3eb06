"""Files of the book on the disk: written whole, only where they changed, and nothing left over."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from companion.errors import UsageError
from companion.files import atomic, make_folder

#: A page, a script or a style sheet is text. A picture is a file to copy.
Content = str | Path
#: The file that says which files of the folder are the book's.
LIST = ".book"


def publish(files: Mapping[str, Content], out: Path) -> tuple[int, int]:
    """Write ``files``, {path within the folder: content}, into the folder ``out``.

    A file whose bytes would be the same is not touched. A file that an earlier book wrote and that
    this book has not is removed. Returns the numbers of files written and removed. Raises
    UsageError where ``out`` holds files that are not a book's.
    """
    make_folder(out)
    before = _listed(out)
    if before is None and any(out.iterdir()):
        raise UsageError(
            f"{out} holds files that are no book's; give an empty folder or a new one to --out"
        )
    names = sorted(files)
    _write(out / LIST, "\n".join(sorted({*names, *(before or ())})).encode() + b"\n")
    written = sum(_write(out / name, _bytes(files[name])) for name in names)
    removed = _remove(out, set(before or ()) - set(names))
    _write(out / LIST, "\n".join(names).encode() + b"\n")
    return written, removed


def _bytes(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content.read_bytes()


def _write(path: Path, content: bytes) -> bool:
    """Write a file unless it has this content. Returns whether it was written."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return False
    with atomic(path) as temporary:
        temporary.write_bytes(content)
    return True


def _listed(out: Path) -> list[str] | None:
    """The files of the book in ``out``, or None where there is no book."""
    path = out / LIST
    return path.read_text(encoding="utf-8").split("\n")[:-1] if path.is_file() else None


def _remove(out: Path, names: Iterable[str]) -> int:
    paths = [out / name for name in names if (out / name).is_file()]
    for path in paths:
        path.unlink()
    return len(paths)
