"""Stored arrays are npz files that are written whole and read only if whole.

A file carries the sha256 of its arrays. A file that is torn, altered, or of another kind counts as
missing, so that the arrays are computed again. Nothing is pickled.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from companion.files import atomic
from deepnet.backend import to_host

DIGEST = "sha256"


def fingerprint(**identity: Any) -> str:
    """Return a short name for everything that a result depends on.

    It is the beginning of the sha256 of the JSON of ``identity``.
    """
    text = json.dumps(identity, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(path: Path, arrays: Mapping[str, np.ndarray], compressed: bool = False) -> str:
    """Write ``arrays`` to ``path`` atomically and return their digest.

    Files that ship with the package are ``compressed``.
    """
    whole = {name: np.asarray(to_host(array)) for name, array in arrays.items()}
    sha256 = digest(whole)
    with atomic(path) as temporary, temporary.open("wb") as file:
        save = np.savez_compressed if compressed else np.savez
        save(file, allow_pickle=False, **whole, **{DIGEST: np.array(sha256)})
    return sha256


def read(path: Path) -> dict[str, np.ndarray] | None:
    """Return the arrays at ``path``, or None without a whole file of ``write``."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        sha256 = str(arrays.pop(DIGEST))
    except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError):
        return None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, MemoryError, RuntimeError):
        return None
    return arrays if digest(arrays) == sha256 else None


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """Return the sha256 of the ``arrays``, of their names, dtypes and shapes."""
    sha256 = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        sha256.update(f"{name} {array.dtype.str} {arrays[name].shape} ".encode())
        sha256.update(array.tobytes())
    return sha256.hexdigest()
