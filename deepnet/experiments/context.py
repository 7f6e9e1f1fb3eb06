"""The context of a run is its configuration, data and seed, and the paths of stored arrays."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.backend import to_host
from deepnet.curvature.checkpoint import checkpointed, forget
from deepnet.data.dataset import Dataset
from deepnet.experiments.store import Arrays, once
from deepnet.npz import fingerprint, read, write
from deepnet.ops.algorithm import asked


@dataclass(frozen=True)
class Context:
    """Everything that a run depends on, and the folders in which it stores arrays.

    ``config`` is the run's configuration, which nobody can change.
    ``parts`` is the folder of this run's finished stages.
    ``out`` is the folder of all results.
    ``stored`` is called whenever arrays have been stored.
    ``convolution`` is the algorithm of convolutions that is asked for (``deepnet.ops.algorithm``).
    ``computing`` are the files that are being computed, the innermost last. Each has a count of the
    matrices whose products are stored.

    Stages are removed when the result is stored. Trained nets and shared measurements stay, since
    several experiments read them.
    """

    config: Mapping[str, Any]
    data: Dataset
    seed: int
    parts: Path
    out: Path
    stored: Callable[[], None] = field(default=lambda: None, repr=False)
    computing: list[tuple[Path, Iterator[int]]] = field(default_factory=list, repr=False)
    convolution: str = field(default_factory=asked)

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
        stored = _found(path)
        return self._computed(path, compute) if stored is None else stored

    def shared(self, kind: str, compute: Callable[[], Arrays], **identity: Any) -> Arrays:
        """Return the arrays of the measurement ``kind``, from the store or computed.

        ``identity`` is everything that the measurement depends on, without data and seed.
        """
        path = self.path_of("measured", kind, **identity)
        return once(path, partial(_found, path), partial(self._computed, path, compute))

    def checkpointed(self, operator: LinearOperator, weights: Mapping[str, Any]) -> LinearOperator:
        """Return the ``operator``, whose products an interrupted run does not compute again.

        The products are stored until the stage or the measurement that asks for them is stored.
        They are found by the operator's ``weights`` and by its place among the operators of this
        stage or measurement. Outside of both nothing is stored.
        """
        if not self.computing:
            return operator
        path, numbers = self.computing[-1]
        identity = {"number": np.array(next(numbers)), **weights}
        return checkpointed(operator, _products(path), identity)

    def path_of(self, folder: str, kind: str, **identity: Any) -> Path:
        """Return a path whose name is a hash of ``identity``, data, seed and convolution."""
        name = fingerprint(
            what=identity,
            seed=self.seed,
            data=self.data.checksum,
            convolution=self.convolution,
        )
        return self.out / folder / f"{kind}-{name}.npz"

    def _computed(self, path: Path, compute: Callable[[], Arrays]) -> Arrays:
        self.computing.append((path, count()))
        try:
            arrays = {name: to_host(array) for name, array in compute().items()}
        finally:
            self.computing.pop()
        write(path, arrays)
        forget(_products(path))
        self.stored()
        return arrays


def forget_stages(parts: Path) -> None:
    """Remove the stages in ``parts``, whole or half written, and the products stored for a stage.

    The folder is removed too if no other file is in it.
    """
    with suppress(OSError):
        for path in parts.glob("*.products"):
            forget(path)
        for path in parts.glob("*.npz"):
            if path.name.startswith(".") or read(path) is not None:
                path.unlink()
        parts.rmdir()


def _found(path: Path) -> Arrays | None:
    """The arrays at ``path``. Products that a killed process has left are no longer needed."""
    arrays = read(path)
    if arrays is not None:
        forget(_products(path))
    return arrays


def _products(path: Path) -> Path:
    return path.with_suffix(".products")
