"""What an experiment runs in: its data, its seed, and the place of its finished stages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deepnet.data.dataset import Dataset
from deepnet.experiments.store import Arrays, read, write


@dataclass(frozen=True)
class Context:
    """``parts`` is the folder of this run's finished stages, ``nets`` that of trained nets.

    Trained nets are shared between the experiments and outlast them; stages are removed when the
    result is stored.
    """

    data: Dataset
    seed: int
    parts: Path
    nets: Path

    def stage(self, name: str, compute: Callable[[], Arrays]) -> Arrays:
        """The arrays of the stage ``name``: those of an interrupted run, or computed and stored."""
        path = self.parts / f"{name}.npz"
        found = read(path)
        if found is None:
            found = compute()
            write(path, found)
        return found
