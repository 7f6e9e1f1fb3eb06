"""The report of the comparison: records with medians and ranges, and their lines."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from benchmarks.case import Case
from benchmarks.engines import OURS, PYTORCH
from benchmarks.goals import goal
from benchmarks.rounds import Key, Sample
from benchmarks.tasks import RESIDUAL, Result, Task

Record = dict[str, Any]
COLUMNS = f"{'':42}{'theirs':>9}{'ratio':>6} {'range':14}{'CPU':>6}"
#: How far the load may lie above the number of cores. Our own processes make most of it.
SPARE = 0.5


@dataclass(frozen=True)
class Setting:
    """What the records of a case need beside its samples.

    ``flops`` are the operations of the tasks, and ``peak`` is a core's GFLOP/s (None: not known).
    ``load`` is that of the machine's ``cores`` when the case began.
    """

    threads: int = 1
    load: float = 0.0
    cores: int = 1
    flops: Mapping[str, float] = field(default_factory=dict)
    peak: float | None = None


def records(
    case: Case,
    tasks: Sequence[Task],
    samples: Mapping[Key, Sample],
    setting: Setting = Setting(),
) -> list[Record]:
    """One record per way of the other engine. Ratios, ours to theirs, are taken within a round.

    ``fastest`` marks the least median of a task among the ways that did what was asked. A second
    way of ours stands beside our usual way like PyTorch's ways, but is not marked.
    """
    rows = []
    for task in tasks:
        ours = samples[Key(OURS.name, task.name, "")]
        these = [
            _record(case, task, key, ours, sample, setting)
            for key, sample in samples.items()
            if key.engine != OURS.name and key.task == task.name
        ]
        done = [record for record in these if not record["trouble"]]
        if done:
            min(done, key=lambda record: judged(record)["theirs"])["fastest"] = True
        rows += these
        rows += [
            _record(case, task, key, ours, sample, setting)
            for key, sample in samples.items()
            if key.engine == OURS.name and key.task == task.name and key.way
        ]
    return rows


def _record(
    case: Case, task: Task, key: Key, ours: Sample, theirs: Sample, setting: Setting
) -> Record:
    beside_pytorch = key.engine == PYTORCH.name
    record: Record = {
        "case": str(case),
        "net": case.net,
        "width": case.width,
        "batch": case.batch,
        "norm": case.norm,
        "weights": case.weights,
        "threads": setting.threads,
        "load": setting.load,
        "crowded": setting.threads > 1 and setting.load > setting.cores + SPARE,
        "task": task.name,
        "title": task.title,
        "against": key.way if beside_pytorch else ", ".join(filter(None, (key.engine, key.way))),
        "fastest": False,
        "trouble": theirs.failed or "",
        "differs": False,
        "goal": goal(case, task.name, setting.threads) if beside_pytorch else None,
    }
    if theirs.failed is not None:
        return record
    assert ours.result is not None and theirs.result is not None
    clock, cpu = (
        _paired(own, other, task.vectors)
        for own, other in ((ours.seconds, theirs.seconds), (ours.cpu, theirs.cpu))
    )
    difference = _difference(ours.result, theirs.result) if theirs.comparable else None
    operations = setting.flops.get(task.name, 0) * ours.result.notes.get("products", 1)
    took = cpu["ours"] if setting.threads == 1 else clock["ours"]
    speed = operations / took / 1e9 if operations else None
    record |= {
        **{name: clock[name] for name in ("ours", "theirs", "ratio", "lowest", "highest")},
        "rounds": len(clock["seconds"]["ours"]),
        "seconds": clock["seconds"],
        "cpu": cpu,
        "gflops": speed,
        "share": speed / (setting.peak * setting.threads) if speed and setting.peak else None,
        "difference": difference,
        "notes": {"ours": dict(ours.result.notes), "theirs": dict(theirs.result.notes)},
    }
    if theirs.result.notes.get("residual", 0) > RESIDUAL:
        record["trouble"] = f"stops at residual {theirs.result.notes['residual']:.0e}"
    elif difference is not None and not difference <= task.tolerance:
        record |= {"trouble": f"results differ by {difference:.0e}", "differs": True}
    return record


def _paired(ours: Sequence[float], theirs: Sequence[float], vectors: int) -> dict[str, Any]:
    """Medians of both, and median and range of their ratios within a round."""
    own, other = ([s / vectors for s in seconds] for seconds in (ours, theirs))
    ratios = [a / b if b else np.inf for a, b in zip(own, other, strict=True)]
    return {
        "ours": statistics.median(own),
        "theirs": statistics.median(other),
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
        "seconds": {"ours": own, "theirs": other},
    }


def judged(record: Record) -> Mapping[str, Any]:
    """The times that a record is judged by, with their ratio and its range.

    On one thread they are CPU times, which hardly depend on what else runs. On several they are
    times by the clock, since CPU times leave out the waiting of one thread for another.
    """
    times: Mapping[str, Any] = record["cpu"] if record["threads"] == 1 else record
    return times


def met(record: Record) -> bool | None:
    """Whether the goal of a record is met.

    None where it has no goal, and on several threads of a ``crowded`` machine. There PyTorch's
    threads wait for each other, spinning, and the ratio says nothing of the engines.
    """
    if record["goal"] is None or record["crowded"]:
        return None
    return bool(judged(record)["ratio"] <= record["goal"])


def _difference(a: Result, b: Result) -> float:
    return float(np.linalg.norm(a.value - b.value) / np.linalg.norm(b.value))


def head(record: Record) -> str:
    """The task of a record, and our own time, speed and share of the peak."""
    if "ratio" not in record:
        return f" {record['title']}"
    own = f" {record['title']}: {time_of(record['ours'])}, CPU {time_of(record['cpu']['ours'])}"
    if record["gflops"] is None:
        return own
    share = f", {record['share']:.0%} of peak" if record["share"] is not None else ""
    return f"{own}, {record['gflops']:.0f} GFLOP/s{share}"


def line(record: Record) -> str:
    """The other way of a record, in words, and what is said of it on a line of its own.

    The way has a star where it is the fastest.
    """
    way = f" {'*' if record['fastest'] else ' '} {record['against']:39}"
    if "ratio" not in record:
        return f"{way.rstrip()}\n     did not run: {record['trouble']}"
    products = record["notes"]["ours"].get("products"), record["notes"]["theirs"].get("products")
    counts = f"products {products[0]} and {products[1] or '?'}" if products[0] else ""
    said = "; ".join(filter(None, (counts, record["trouble"])))
    return (
        f"{way}{time_of(record['theirs']):>9}{record['ratio']:6.2f} "
        f"{_range(record):14}{record['cpu']['ratio']:6.2f}" + (f"\n     {said}" if said else "")
    )


def _range(times: Mapping[str, Any]) -> str:
    return f"({times['lowest']:.2f} to {times['highest']:.2f})"


def time_of(seconds: float) -> str:
    """A time in words."""
    return f"{1e3 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def name(record: Record) -> str:
    """The case of a record, and its threads."""
    return f"{record['case']}, {record['threads']} thread{'s' if record['threads'] > 1 else ''}"


def _goal(record: Record) -> str:
    if record["goal"] is None:
        return ""
    word = {True: "met", False: "missed", None: "not judged"}[met(record)]
    return f"  goal {record['goal']:.2f} {word}"


def summary(rows: Sequence[Record]) -> list[str]:
    """One line per case, and one per task of it: the ratio to the fastest other way, and the goal.

    Ratios are ``judged`` by CPU time on one thread.
    """
    lines = []
    for case, of_case in groupby((record for record in rows if record["fastest"]), name):
        lines.append(f" {case}")
        for record in of_case:
            times = judged(record)
            lines.append(
                f"   {record['title']:34}{times['ratio']:5.2f} {_range(times)}{_goal(record)}"
            )
    return lines
