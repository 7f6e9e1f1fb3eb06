"""The seconds that a run has taken, over all processes that worked on it."""

import time
from pathlib import Path

import numpy as np

from deepnet.npz import read, write


class Stopwatch:
    """The time since it was made, added to the time of processes that were stopped before.

    ``path`` is the file of this time. A process that is killed loses the time since the last
    ``store``.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._start = path, time.perf_counter()
        stored = read(path)
        self._before = 0.0 if stored is None else float(stored["seconds"])

    @property
    def seconds(self) -> float:
        """The time of all processes so far."""
        return self._before + time.perf_counter() - self._start

    def store(self) -> None:
        """Write the time so far to the file."""
        write(self.path, {"seconds": np.array(self.seconds)})
