"""Files of the book on the disk: written whole, only where they changed, and nothing left over."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from companion.command import strict_json
from companion.errors import UsageError
from companion.files import atomic, make_folder, write_text

#: A page, a script or a style sheet is text. A picture is a file to copy.
Content = str | bytes | Path
#: The file that says which files of the folder are the book's.
LIST = ".book.json"


@dataclass(frozen=True)
class Published:
    """The files of a book that was written, {path: sha256}, and of what it was made."""

    fingerprint: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def is_whole(self, out: Path) -> bool:
        """Whether each file is in ``out`` as it was written."""
        return all(_digest(out / name) == digest for name, digest in self.files.items())


def published(out: Path) -> Published | None:
    """What is known of the book in ``out``, or None where there is none that can be read."""
    try:
        return Published(**json.loads((out / LIST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def publish(files: Mapping[str, Content], out: Path, fingerprint: str, whole: bool = True) -> int:
    """Write ``files``, {path within the folder: content}, into the folder ``out``.

    A file whose bytes would be the same is not touched. Where the book is ``whole``, a file that an
    earlier book wrote and this one has not is removed. Returns the number of files written. Raises
    UsageError where ``out`` holds files that are not a book's.
    """
    make_folder(out)
    before = published(out)
    if before is None and any(path.name != LIST for path in out.iterdir()):
        raise UsageError(f"{out} holds files that are no book's; give an empty or a new folder")
    known = dict(before.files) if before else {}
    _note(out, Published("", known | dict.fromkeys(files, "")))  # until all are written
    digests: dict[str, str] = {}
    written = 0
    for name, content in sorted(files.items()):
        data = _bytes(content)
        digests[name] = hashlib.sha256(data).hexdigest()
        written += _write(out / name, data, digests[name])
    left = {name: digest for name, digest in known.items() if name not in digests}
    if whole:
        for name in left:
            (out / name).unlink(missing_ok=True)
    _note(out, Published(fingerprint, digests if whole else left | digests))
    return written


def _bytes(content: Content) -> bytes:
    if isinstance(content, Path):
        return content.read_bytes()
    return content.encode() if isinstance(content, str) else content


def _note(out: Path, known: Published) -> None:
    write_text(out / LIST, strict_json(asdict(known), indent=0) + "\n")


def _write(path: Path, data: bytes, digest: str) -> bool:
    """Write a file unless it has this content. Returns whether it was written."""
    if _digest(path) == digest:
        return False
    with atomic(path) as temporary:
        temporary.write_bytes(data)
    return True


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
