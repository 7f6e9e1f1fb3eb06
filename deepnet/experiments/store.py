"""Results are stored once: one process computes, others wait. Facts stand beside the arrays."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from companion.command import strict_json
from companion.files import make_folder, write_text
from deepnet.npz import DIGEST, digest, read, write

Arrays = dict[str, np.ndarray]
T = TypeVar("T")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Lock ``path`` so that one process computes it, while other processes wait and then read it.

    If the process dies, the system releases the lock. On a file system without locks nobody waits.
    Nobody waits either if a file with content has the name of the lock: it is not a lock, and it
    stays.
    """
    from filelock import FileLock

    make_folder(path.parent)
    lock = path.with_suffix(".lock")
    if _has_content(lock):
        yield
        return
    with ExitStack() as held:
        with suppress(NotImplementedError, OSError):
            held.enter_context(FileLock(lock))
        yield
    with suppress(OSError):  # another process may have opened it, and finds the result
        lock.unlink()


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:  # missing, or removed since
        return False


def once(path: Path, find: Callable[[], T | None], compute: Callable[[], T]) -> T:
    """Return ``find()`` if it is not None. Otherwise lock ``path``, look again, and compute.

    ``compute`` must store its result where ``find`` finds it. If ``find`` succeeds at once, nothing
    is written and no process is waited for.
    """
    result = find()
    if result is None:
        with alone(path):
            result = find()
            if result is None:
                result = compute()
    return result


def write_result(path: Path, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> None:
    """Write the arrays to ``path`` (npz) and then the ``facts`` beside them (json)."""
    sha256 = write(path, arrays)
    write_text(path.with_suffix(".json"), strict_json({**facts, DIGEST: sha256}) + "\n")


def read_result(path: Path, expected: Mapping[str, Any]) -> tuple[Arrays, dict[str, Any]] | None:
    """Return the arrays and the facts of ``write_result``, or None.

    Both files must be whole and must be written together. ``expected`` are facts that must hold,
    such as the experiment's version.
    """
    arrays, facts = read(path), read_facts(path)
    if arrays is None or facts is None or facts.get(DIGEST) != digest(arrays):
        return None
    wanted = json.loads(strict_json(dict(expected)))
    if any(facts.get(name) != value for name, value in wanted.items()):
        return None
    return arrays, facts


def read_facts(path: Path) -> dict[str, Any] | None:
    """Return the facts beside ``path``, or None without facts that can be read."""
    try:
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None
