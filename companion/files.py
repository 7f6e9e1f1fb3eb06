"""Files are written whole or not at all. No file is removed that was not made here.

A temporary file has a new name, which ``tempfile`` makes. It tests whether a
folder can be written in, or holds the new content until it replaces the file that is asked for.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from companion.errors import UsageError


def make_folder(path: Path | str) -> Path:
    """Make the folder ``path`` and see that files can be written in it.

    Call it before long work, so that a bad ``--out`` costs nothing. Raises UsageError, and then
    leaves no folder that it made.
    """
    path = Path(path)
    new = [each for each in (path, *path.parents) if not os.path.lexists(each)]
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        for folder in new:
            with suppress(OSError):
                folder.rmdir()
        raise _unwritable(path, error) from error
    return path


@contextmanager
def atomic(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path beside ``path``.

    On success it replaces ``path``. Otherwise it is removed. Raises UsageError where ``path``
    cannot be written.
    """
    path = Path(path)
    folder = make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)  # mkstemp's 0600 would hide a figure from its readers
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> UsageError:
    reason = error.strerror or str(error)
    return UsageError(f"cannot write {str(path)!r} ({reason}); choose a place that can be written")


def write_text(path: Path | str, text: str) -> None:
    """Write ``text`` to ``path`` atomically, as UTF-8."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
