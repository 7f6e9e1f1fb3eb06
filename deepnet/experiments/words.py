"""A row in words: the statement, what was measured, and what is on record. 80 columns."""

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap

from deepnet.experiments.experiment import Experiment
from deepnet.experiments.rows import Row

WIDTH = 80
#: A space at which no line breaks.
TIED = "\u00a0"


def words(row: Row) -> str:
    """The lines of one row: its name and verdict, its statement, its numbers, the record."""
    name, verdict = row["claim"], row["verdict"] or "not run"
    head = f"{name}{verdict:>{max(len(verdict) + 2, WIDTH - len(name))}}"
    told = [row["statement"], _measured(row), _restated(row), _on_record(row)]
    lines = [line for text in told if text for line in _wrapped(text)]
    return "\n".join([head, *lines])


def where(row: Row) -> str:
    """The lines that all rows of an experiment share: passages, scale, data, seeds, time, file."""
    parts = (row["scale"], row["data"], row["device"], _seeds(row), f"{row['seconds']:.0f} s")
    return "\n".join([*_passages(row), *_wrapped(", ".join(parts)), f"  {row['file']}"])


def listed(experiment: Experiment, judged: Sequence[Row]) -> str:
    """The lines of an experiment that has not run: caption, passages, checks on record."""
    lines = [f"{experiment.name}   [{experiment.source}]", *_wrapped(experiment.caption)]
    lines += _passages(judged[0])
    found = [row["record"] for row in judged if row["record"]]
    if found:
        counts = Counter(each["verdict"] for each in found)
        said = ", ".join(f"{verdict} {number}" for verdict, number in counts.items())
        lines += _wrapped(f"checks on record: {said} {_of_record(found[0])}")
    return "\n".join(lines)


def _passages(row: Row) -> list[str]:
    """The passages as judged by a person, who no check overrules."""
    return [
        line
        for each in row["passages"]
        for line in _wrapped(
            f"the passage [{each['passage']}]: {each['verdict']}. {each['reason']}"
        )
    ]


def _measured(row: Row) -> str:
    if row["measured"] is None:
        if row["seen"] and not row["seeds"] and row["scale"]:
            first, last = min(row["seen"]), max(row["seen"])
            return f"no seed from {first} to {last} judges it: they were seen before it was stated"
        return "nothing to compare" if row["seeds"] else ""
    parts = [f"measured {row['measured']:.4g}"]
    if row["interval"]:
        parts.append("interval {}".format(_range(row["interval"])))
    if row["compared"] < row["seeds"]:
        parts.append(f"nothing to compare in {row['seeds'] - row['compared']} of {row['seeds']}")
    if row["band"] is None:
        return ", ".join(parts)
    count = round(row["inside"] * row["compared"])
    parts.append(f"{count} of {row['compared']} runs in the band {_range(row['band'])}")
    if row["null"] is not None:
        inside = " lies in the band too" * (row["verdict"] == "uninformative")
        parts.append(f"null {row['null']:.4g}{inside}")
    if row["exact"]:
        parts.append("must hold in each run")
    if row["seeds"] == 1 and row["verdict"] == "unresolved":
        parts.append("one seed has no interval: give --seeds 3")
    return ", ".join(parts)


def _restated(row: Row) -> str:
    if row["was"]:
        return f"restated; it was: {row['was']} Why: {row['why']}"
    return f"stated after data were seen: {row['why']}" if row["why"] else ""


def _on_record(row: Row) -> str:
    found = row["record"]
    if not found or found["verdict"] == "reported":
        return ""
    return f"on record: {found['verdict']} {_of_record(found)}"


def _of_record(found: Row) -> str:
    before = ", recorded before the experiment was changed" * found["before"]
    return f"({_seeds(found)}, {found['scale']}, {found['data']}{before})"


def _seeds(counted: Row) -> str:
    return "1 seed" if counted["seeds"] == 1 else f"{counted['seeds']} seeds"


def _range(ends: tuple[float, float]) -> str:
    return f"[{ends[0]:.4g},{TIED}{ends[1]:.4g}]"


def _wrapped(text: str) -> list[str]:
    indent = "  "
    lines = wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
    return [line.replace(TIED, " ") for line in lines]
