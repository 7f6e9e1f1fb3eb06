"""The context of a run is its configuration, data and seed, and the paths of stored arrays."""

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
    """Everything that a run depends on, and the folders in which it stores arrays.

    ``config`` is the run's configuration, which nobody can change.
    ``parts`` is the folder of this run's finished stages.
    ``out`` is the folder of all results.

    Stages are removed when the result is stored. Trained nets and shared measurements stay, since
    several experiments read them.
    """

    config: Mapping[str, Any]
    data: Dataset
    seed: int
    parts: Path
    out: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "config", MappingProxyType(dict(self.config)))

    def changed(self, **changes: Any) -> "Context":
        """Return this context with ``changes`` of its configuration.

        The folder of stages stays, so a stage of the changed context needs another name.
        """
        return replace(self, config={**self.config, **changes})

    def rng(self, stream: str, *more: int) -> np.random.Generator:
        """Return random numbers that depend on the seed, the ``stream``'s name and ``more`` alone.

        A name means one stream in all experiments: initial weights are drawn from "weights". A 0 at
        the end of ``more`` does not make another stream, since NumPy fills up with zeros.
        """
        return np.random.default_rng([self.seed, crc32(stream.encode()), *more])

    def stage(self, name: str, compute: Callable[[], Arrays]) -> Arrays:
        """Return the arrays of the stage ``name``.

        Arrays that an interrupted run has stored are read. Otherwise they are computed and stored.
        """
        path = self.parts / f"{name}.npz"
        stored = read(path)
        return _computed(path, compute) if stored is None else stored

    def forget(self) -> None:
        """Remove the stages, whole or half written, and their folder if no other file is in it."""
        with suppress(OSError):
            for path in self.parts.glob("*.npz"):
                if path.name.startswith(".") or read(path) is not None:
                    path.unlink()
            self.parts.rmdir()

    def shared(self, kind: str, compute: Callable[[], Arrays], **identity: Any) -> Arrays:
        """Return the arrays of the measurement ``kind``, from the store or computed.

        ``identity`` is everything that the measurement depends on, without data and seed.
        """
        path = self.path_of("measured", kind, **identity)
        return once(path, partial(read, path), partial(_computed, path, compute))

    def path_of(self, folder: str, kind: str, **identity: Any) -> Path:
        """Return a path whose name is a hash of ``identity``, the data and the seed."""
        name = fingerprint(what=identity, seed=self.seed, data=self.data.checksum)
        return self.out / folder / f"{kind}-{name}.npz"


def _computed(path: Path, compute: Callable[[], Arrays]) -> Arrays:
    arrays = {name: to_host(array) for name, array in compute().items()}
    write(path, arrays)
    return arrays
