"""The engines that are timed, each in a process of its own.

Another checkout of ours is such an engine, too: our tasks, on the rooms that lie there.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from subprocess import CalledProcessError, run
from tempfile import TemporaryDirectory
from unittest.mock import patch

import deepnet
from companion.errors import UsageError

#: The rooms that a checkout lends to the tasks.
ROOMS = ("companion", "deepnet")
#: The variables that say how many threads the libraries have.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Engine:
    """An engine by its ``name``. Its ``module`` does the tasks, with the rooms of a ``checkout``.

    Where the checkout is None they are the rooms that are imported here.
    """

    name: str
    module: str
    checkout: Path | None = None

    def check(self) -> None:
        """Raise RuntimeError where this process has the rooms of another checkout."""
        here = Path(deepnet.__file__).resolve()
        if self.checkout is not None and not here.is_relative_to(self.checkout.resolve()):
            raise RuntimeError(f"the engine {self.name} was imported from {here}")


OURS = Engine("ours", "benchmarks.ours")
PYTORCH = Engine("PyTorch", "benchmarks.peer")


def checkout(path: Path) -> Engine:
    """The engine of the checkout at ``path``, named by its commit.

    Raises UsageError where no engine lies there.
    """
    missing = [room for room in ROOMS if not (path / room / "__init__.py").is_file()]
    if missing:
        raise UsageError(
            f"--against {path} has no folder {missing[0]!r}; give the root of a checkout of ours"
        )
    return Engine(commit(path) or path.resolve().name, OURS.module, path.resolve())


def commit(path: Path) -> str:
    """The commit that is checked out at ``path``, "+" where files differ. "" without git."""
    words = ["git", "-C", str(path), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        return run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, CalledProcessError):
        return ""


@contextmanager
def started(engines: Sequence[Engine], threads: int) -> Iterator[dict[Engine, ProcessPoolExecutor]]:
    """A process for each engine, whose libraries have this number of ``threads``."""
    with ExitStack() as stack:
        processes = {engine: stack.enter_context(_process(engine, threads)) for engine in engines}
        yield processes


@contextmanager
def _process(engine: Engine, threads: int) -> Iterator[ProcessPoolExecutor]:
    """The process of an engine, which has started.

    A new process is given the environment and the path of imports as they are when it starts. The
    rooms of a checkout come first on that path, by links, since what else lies beside them there,
    such as its benchmarks, is not wanted.
    """
    process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    with TemporaryDirectory() as folder:
        path = []
        if engine.checkout is not None:
            path = [folder]
            for room in ROOMS:
                (Path(folder) / room).symlink_to(engine.checkout / room, target_is_directory=True)
        try:
            with (
                patch.dict(os.environ, dict.fromkeys(THREADS, str(threads))),
                patch("sys.path", [*path, *sys.path]),
            ):
                process.submit(os.getpid).result()
            yield process
        finally:
            process.shutdown(cancel_futures=True)
