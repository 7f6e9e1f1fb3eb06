"""What an experiment runs in: its data, its seed, and the places of what it keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deepnet.backend import to_host
from deepnet.data.dataset import Dataset
from deepnet.experiments.store import Arrays, alone, key, read, write


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
        return _stored(self.parts / f"{name}.npz", compute)

    def shared(self, kind: str, compute: Callable[[], Arrays], **what: Any) -> Arrays:
        """The arrays of the measurement ``kind``, which depends on ``what``, data and seed."""
        path = self.place("measured", kind, **what)
        with alone(path):
            return _stored(path, compute)

    def place(self, folder: str, kind: str, **what: Any) -> Path:
        """A file named by all that its arrays depend on: ``what``, the data and the seed."""
        name = key(what=what, seed=self.seed, data=self.data.checksum)
        return self.out / folder / f"{kind}-{name}.npz"


def _stored(path: Path, compute: Callable[[], Arrays]) -> Arrays:
    found = read(path)
    if found is None:
        found = {name: to_host(array) for name, array in compute().items()}
        write(path, found)
    return found
