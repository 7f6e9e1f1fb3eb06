"""What an experiment runs in: its data, its seed, and the paths of what it stores."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from deepnet.backend import to_host
from deepnet.data.dataset import Dataset
from deepnet.experiments.store import Arrays, fingerprint, once, read, write


@dataclass(frozen=True)
class Context:
    """``parts`` is the folder of this run's finished stages, ``out`` that of all results.

    Stages are removed when the result is stored. Trained nets, and measurements that several
    experiments read, are shared between them and outlast them.
    """

    data: Dataset
    seed: int
    parts: Path
    out: Path

    def stage(self, name: str, compute: Callable[[], Arrays]) -> Arrays:
        """The arrays of the stage ``name``: those of an interrupted run, or computed and stored."""
        path = self.parts / f"{name}.npz"
        stored = read(path)
        return _computed(path, compute) if stored is None else stored

    def forget(self) -> None:
        """Remove the stages, whole or half written, and their folder where no other file is."""
        with suppress(OSError):
            for path in self.parts.glob("*.npz"):
                if path.name.startswith(".") or read(path) is not None:
                    path.unlink()
            self.parts.rmdir()

    def shared(self, kind: str, compute: Callable[[], Arrays], **identity: Any) -> Arrays:
        """The arrays of the measurement ``kind``, which depends on ``identity``, data and seed."""
        path = self.path_of("measured", kind, **identity)
        return once(path, partial(read, path), partial(_computed, path, compute))

    def path_of(self, folder: str, kind: str, **identity: Any) -> Path:
        """A file named by all that its arrays depend on: ``identity``, the data and the seed."""
        name = fingerprint(what=identity, seed=self.seed, data=self.data.checksum)
        return self.out / folder / f"{kind}-{name}.npz"


def _computed(path: Path, compute: Callable[[], Arrays]) -> Arrays:
    arrays = {name: to_host(array) for name, array in compute().items()}
    write(path, arrays)
    return arrays
