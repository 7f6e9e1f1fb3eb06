"""Rounds: each engine in a process of its own, that sleeps while the other one runs.

In one process the threads of one engine, waiting by spinning, would slow the other.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from benchmarks.case import Case

#: Where the tasks of an engine are.
ENGINES = {"ours": "benchmarks.ours", "PyTorch": "benchmarks.peer"}
_prepared: dict[tuple[str, Case], dict[tuple[str, str], Any]] = {}

Key = tuple[str, str, str]  # engine, task, way


def rounds(case: Case, runs: int, repeats: int = 3) -> tuple[dict[Key, list[float]], dict]:
    """Seconds a task took, the best of ``repeats`` in each of ``runs`` rounds, and its results."""
    context = get_context("spawn")
    pools = {engine: ProcessPoolExecutor(1, mp_context=context) for engine in ENGINES}
    keys = [
        (engine, task, way)
        for engine, pool in pools.items()
        for task, way in pool.submit(_names, engine, case).result()
    ]
    seconds: dict[Key, list[float]] = {key: [] for key in keys}
    results = {}
    for _ in range(runs):
        for key in keys:
            engine, task, way = key
            took, result = pools[engine].submit(_once, engine, case, task, way, repeats).result()
            seconds[key].append(took)
            results[key] = result
    for pool in pools.values():
        pool.shutdown()
    return seconds, results


def _names(engine: str, case: Case) -> Sequence[tuple[str, str]]:
    return list(_tasks(engine, case))


def _tasks(engine: str, case: Case) -> dict[tuple[str, str], Any]:
    if (engine, case) not in _prepared:
        found = import_module(ENGINES[engine]).tasks(case)
        _prepared[engine, case] = {
            (task, way): do
            for task, ways in found.items()
            for way, do in (ways.items() if isinstance(ways, dict) else [("", ways)])
        }
        for do in _prepared[engine, case].values():
            do()  # compile, allocate, start threads
    return _prepared[engine, case]


def _once(engine: str, case: Case, task: str, way: str, repeats: int) -> tuple[float, float]:
    do = _tasks(engine, case)[task, way]
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = do()
        took.append(time.perf_counter() - start)
    return min(took), result
