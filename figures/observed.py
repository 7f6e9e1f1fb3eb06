"""What is on record of an experiment, in words for a reader of the book."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deepnet.experiments.experiment import Observation, experiments
from deepnet.experiments.record import Recorded, recorded
from figures.verdicts import BEFORE

__all__ = ["Observed", "Statement", "observed", "recorded"]


@dataclass(frozen=True)
class Statement:
    """An observation: what it says, its band, and what is on record of it, in words.

    ``verdict`` is that of the check. ``numbers`` are "" where the record has a verdict alone.
    ``restated`` says what was stated before, or why the statement came after data.
    """

    name: str
    says: str
    band: str
    verdict: str
    numbers: str
    restated: str


@dataclass(frozen=True)
class Observed:
    """An experiment: its name, its caption, its statements, and which runs are on record."""

    name: str
    caption: str
    runs: str
    statements: tuple[Statement, ...]


def observed(name: str, record: Mapping[str, Recorded]) -> Observed:
    """What is on record of the experiment ``name``."""
    experiment = experiments()[name]
    found = record.get(name)
    return Observed(
        name,
        experiment.caption,
        _runs(found, found is not None and found.before(experiment)),
        tuple(_statement(each, found) for each in experiment.observations),
    )


def _runs(found: Recorded | None, before: bool) -> str:
    """Which runs are on record: how many, at which scale, on which images, how long."""
    if found is None:
        return "nothing is on record"
    parts = [f"{found.seeds} seed{'s' * (found.seeds != 1)}", found.scale, found.data]
    if found.runs:
        parts.append(f"{sum(run['seconds'] for run in found.runs):.0f} s")
    return ", ".join([*parts, *[f"{BEFORE} the experiment was changed"] * before])


def _statement(each: Observation, found: Recorded | None) -> Statement:
    known = {} if found is None else found.findings.get(each.name, {})
    return Statement(
        each.name,
        each.says,
        "" if each.limits is None else _interval(each.limits),
        str(known.get("verdict", "not run")),
        _numbers(known),
        _restated(each),
    )


def _numbers(known: Mapping[str, Any]) -> str:
    """The mean over the runs, its interval, and the null."""
    measured = known.get("measured")
    if measured is None:
        return ""
    interval, null = known.get("interval"), known.get("null")
    parts = [_number(measured)]
    parts += [f"interval {_interval(interval)}"] if interval else []
    parts += [f"null {_number(null)}"] if null is not None else []
    return ", ".join(parts)


def _restated(each: Observation) -> str:
    if each.was:
        return f"Restated. It was: {each.was} Why: {each.why}"
    return f"Stated after data were seen: {each.why}" if each.why else ""


def _interval(ends: Any) -> str:
    low, high = ends
    return f"[{_number(low)}, {_number(high)}]"


def _number(value: Any) -> str:
    """A number with four digits. JSON has infinite numbers as texts."""
    return f"{float(value):.4g}"
