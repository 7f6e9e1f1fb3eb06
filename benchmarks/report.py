"""The report of the comparison: records with medians and ranges, their lines, and the machine."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.case import Case
from benchmarks.rounds import Key, Sample
from benchmarks.tasks import RESIDUAL, Result, Task
from deepnet.device import facts

TOOLS = ("curvlinops-for-pytorch", "pyhessian")
PACKAGES = ("numpy", "scipy", "numba", "torch", *TOOLS)
#: The names of CuPy and cuDNN in the extra of each CUDA.
ON_GPU = ("cupy-cuda12x", "cupy-cuda13x", "nvidia-cudnn-cu12", "nvidia-cudnn-cu13")
Record = dict[str, Any]


def records(case: Case, tasks: Sequence[Task], samples: Mapping[Key, Sample]) -> list[Record]:
    """One record per way of PyTorch. Ratios, ours to theirs, are taken within a round.

    ``fastest`` marks the least median of a task among the ways that did what was asked. A second
    way of ours stands beside our usual way like PyTorch's ways, but is not marked.
    """
    rows = []
    for task in tasks:
        ours = samples[Key("ours", task.name, "")]
        these = [
            _record(case, task, key.way, ours, sample)
            for key, sample in samples.items()
            if key.engine != "ours" and key.task == task.name
        ]
        done = [record for record in these if not record["trouble"]]
        if done:
            min(done, key=lambda record: record["theirs"])["fastest"] = True
        rows += these
        rows += [
            _record(case, task, f"ours, {key.way}", ours, sample)
            for key, sample in samples.items()
            if key.engine == "ours" and key.task == task.name and key.way
        ]
    return rows


def _record(case: Case, task: Task, way: str, ours: Sample, theirs: Sample) -> Record:
    record: Record = {
        "case": str(case),
        "net": case.net,
        "width": case.width,
        "batch": case.batch,
        "norm": case.norm,
        "weights": case.weights,
        "task": task.name,
        "title": task.title,
        "against": way,
        "fastest": False,
        "trouble": theirs.failed or "",
        "differs": False,
    }
    if theirs.failed is not None:
        return record
    assert ours.result is not None and theirs.result is not None
    own, other = ([s / task.vectors for s in sample.seconds] for sample in (ours, theirs))
    ratios = [a / b for a, b in zip(own, other, strict=True)]
    difference = _difference(ours.result, theirs.result) if theirs.comparable else None
    record |= {
        "ours": statistics.median(own),
        "theirs": statistics.median(other),
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
        "rounds": len(ratios),
        "seconds": {"ours": own, "theirs": other},
        "difference": difference,
        "notes": {"ours": dict(ours.result.notes), "theirs": dict(theirs.result.notes)},
    }
    if theirs.result.notes.get("residual", 0) > RESIDUAL:
        record["trouble"] = f"stops at residual {theirs.result.notes['residual']:.0e}"
    elif difference is not None and not difference <= task.tolerance:
        record |= {"trouble": f"results differ by {difference:.0e}", "differs": True}
    return record


def _difference(a: Result, b: Result) -> float:
    return float(np.linalg.norm(a.value - b.value) / np.linalg.norm(b.value))


def line(record: Record) -> str:
    """A record in words. Its way has a star where it is the fastest."""
    way = f"{record['against']}{' *' if record['fastest'] else ''}"
    if "ratio" not in record:
        return f"    {way:36} did not run: {record['trouble']}"
    products = record["notes"]["ours"].get("products"), record["notes"]["theirs"].get("products")
    counts = f", products {products[0]} and {products[1] or '?'}" if products[0] else ""
    trouble = f"; {record['trouble']}" if record["trouble"] else ""
    return (
        f"    {way:36} ours {_time(record['ours'])}, theirs {_time(record['theirs'])}, "
        f"ratio {record['ratio']:.2f} ({record['lowest']:.2f} to {record['highest']:.2f})"
        f"{counts}{trouble}"
    )


def _time(seconds: float) -> str:
    return f"{1e3 * seconds:7.1f} ms" if seconds < 10 else f"{seconds:7.1f} s "


def summary(rows: Sequence[Record]) -> list[str]:
    """One line per case and task: the ratio to PyTorch's fastest way."""
    best = [record for record in rows if record["fastest"]]
    width = max((len(record["case"]) for record in best), default=0)
    return [
        f"  {record['case']:{width}}  {record['title']:34} {record['ratio']:5.2f} "
        f"({record['lowest']:.2f} to {record['highest']:.2f})  {record['against']}"
        for record in best
    ]


def machine(device: str = "cpu") -> dict[str, Any]:
    """The machine and its packages. A package that is not installed is null."""
    packages = (*PACKAGES, *(ON_GPU if device == "gpu" else ()))
    return {
        **facts(device),
        "system": platform.platform(terse=True),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{package: _version(package) for package in packages},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next(line.partition(":")[2].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
