"""In a round each engine has its own process, which sleeps while the second process runs.

In one process the waiting threads of one engine would spin and slow the second engine. In a round
our engine does a task, and each way of PyTorch does it directly after. Every second round goes
backwards, so that a drift of the machine favours nobody.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import NamedTuple

import numpy as np
from numpy.linalg import norm

from benchmarks.case import Case, Inputs
from benchmarks.engines import OURS, PYTORCH, Engine, started
from benchmarks.tasks import Result, Task, Way

#: The largest difference of gradients and products in float64, relative to their norms.
SAME = 1e-10
#: Seconds for the last task's threads to fall asleep.
REST = 0.05
#: In an engine's process: its ways by task, and the function that waits for its device.
_ways: dict[str, dict[str, Way]] = {}
_wait: list[Callable[[], None]] = []


class Key(NamedTuple):
    """The engine, task and way of a sample."""

    engine: str
    task: str
    way: str


@dataclass
class Sample:
    """Seconds, one per round, and the last result. ``failed`` says why there is none.

    ``cpu`` are seconds of processor time, those of all threads together.
    """

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    result: Result | None = None
    comparable: bool = True
    failed: str | None = None


def rounds(
    case: Case,
    given: Inputs,
    tasks: Sequence[Task],
    runs: int,
    device: str = "cpu",
    threads: int = 1,
    other: Engine = PYTORCH,
) -> dict[Key, Sample]:
    """Samples of each way of each task in up to ``runs`` rounds on the ``device``, cpu or gpu.

    Our engine and the ``other`` one have equal numbers of ``threads``. Raises RuntimeError where
    the engines differ in their numbers of threads or in float64 results, or where our engine fails.
    """
    with started((OURS, other), threads) as engines:
        ready = {
            engine.name: process.submit(_begin, engine, case, given, device).result()
            for engine, process in engines.items()
        }
        agree(*ready.values())
        processes = {engine.name: process for engine, process in engines.items()}
        keys = [Key(engine, *name) for engine, each in ready.items() for name in each.ways]
        order = [key for task in tasks for key in keys if key.task == task.name]
        samples = {key: Sample() for key in order}
        by_name = {task.name: task for task in tasks}
        for number in range(runs):
            for key in order if number % 2 == 0 else reversed(order):
                task, sample = by_name[key.task], samples[key]
                if sample.failed is None and number < (task.rounds or runs):
                    _measure(processes[key.engine], key, task, sample)
    return samples


class Ready(NamedTuple):
    """The answer of an engine that is ready: its threads, float64 results, tasks and ways."""

    threads: int
    exact: np.ndarray
    ways: list[tuple[str, str]]


def agree(ours: Ready, theirs: Ready) -> None:
    """Raise RuntimeError where numbers of threads or float64 results differ."""
    if ours.threads != theirs.threads:
        raise RuntimeError(f"{ours.threads} threads of ours, {theirs.threads} of the other engine")
    apart = norm(ours.exact - theirs.exact, axis=1) / norm(theirs.exact, axis=1)
    if not (apart <= SAME).all():
        raise RuntimeError(f"the engines' gradients and products differ by {apart} in float64")


def _measure(process: ProcessPoolExecutor, key: Key, task: Task, sample: Sample) -> None:
    warm = bool(sample.seconds) or task.long
    outcome = process.submit(_once, key.task, key.way, task.repeats, warm).result()
    if isinstance(outcome, str):
        if key.engine == OURS.name:
            raise RuntimeError(f"{task.title}: {outcome}")
        sample.failed = outcome
    else:
        took, of_cpu, sample.result, sample.comparable = outcome
        sample.seconds.append(took)
        sample.cpu.append(of_cpu)


# In the process of an engine:


def _begin(engine: Engine, case: Case, given: Inputs, device: str) -> Ready:
    """Make the engine ready."""
    engine.check()
    module = import_module(engine.module)
    threads, exact = module.prepare(device), module.exact(case, given, device)
    _ways.update(module.tasks(case, given, device))
    _wait[:] = [partial(module.wait, device)]
    return Ready(threads, exact, [(task, way) for task, ways in _ways.items() for way in ways])


def _once(
    task: str, name: str, repeats: int, warm: bool
) -> tuple[float, float, Result, bool] | str:
    """The least seconds of ``repeats``, by the clock and of the processor, and the result.

    The last entry says whether the result is comparable. Where the task fails, the error's text is
    returned.
    """
    way = _ways[task][name]
    (wait,) = _wait
    took, of_cpu = [], []
    try:
        if not warm:
            way.do()  # compile, allocate, start threads
        wait()
        time.sleep(REST)
        for _ in range(repeats):
            start, started_at = time.perf_counter(), time.process_time()
            result = way.do()
            wait()
            took.append(time.perf_counter() - start)
            of_cpu.append(time.process_time() - started_at)
        return min(took), min(of_cpu), way.read(result), way.comparable
    except Exception as error:  # a tool that fails is reported, and the rest goes on
        return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
