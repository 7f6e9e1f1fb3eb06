"""The book in one file: a zip with the same bytes for the same book."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from companion.files import atomic

#: The time that is written beside each file. It is the first that a zip can hold.
FIRST = (1980, 1, 1, 0, 0, 0)
#: What is compressed already.
PACKED = {".png", ".pdf", ".woff2"}


def pack(folder: Path, names: Iterable[str]) -> Path:
    """Write the files ``names`` of ``folder`` into a zip beside it, and return the zip."""
    path = folder.with_name(f"{folder.name}.zip")
    with atomic(path) as temporary, zipfile.ZipFile(temporary, "w") as packed:
        for name in sorted(names):
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", FIRST)
            entry.external_attr = 0o644 << 16
            stored = Path(name).suffix in PACKED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            packed.writestr(entry, (folder / name).read_bytes())
    return path
