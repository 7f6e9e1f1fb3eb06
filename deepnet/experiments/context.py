"""What an experiment runs in: its configuration, data, seed, and the paths of what it stores."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np

from deepnet.backend import to_host
from deepnet.data.dataset import Dataset
from deepnet.experiments.store import Arrays, fingerprint, once, read, write


@dataclass(frozen=True)
class Context:
    """All that a run depends on, and the folders that it stores in.

    ``config`` is the run's configuration, which nobody can change.
    ``parts`` is the folder of this run's finished stages.
    ``out`` is the folder of all results.

    Stages are removed when the result is stored. Trained nets, and measurements that several
    experiments read, are shared between them and outlast them.
    """

    config: Mapping[str, Any]
    data: Dataset
    seed: int
    parts: Path
    out: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "config", MappingProxyType(dict(self.config)))

    def changed(self, **changes: Any) -> "Context":
        """This context with ``changes`` of its configuration.

        The folder of stages stays, so a stage of the changed context needs a name of its own.
        """
        return replace(self, config={**self.config, **changes})

    def rng(self, stream: str, *more: int) -> np.random.Generator:
        """Random numbers that depend on the seed, the name of the ``stream`` and ``more`` alone.

        The name is one stream in all experiments: initial weights are drawn from "weights". A 0 at
        the end of ``more`` makes no other stream, for NumPy fills up with zeros.
        """
        return np.random.default_rng([self.seed, crc32(stream.encode()), *more])

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
