"""A row in words: the statement, what was measured, and what is on record. 80 columns."""

from textwrap import wrap

from deepnet.experiments.rows import Row

WIDTH = 80


def words(row: Row) -> str:
    """The lines of one row: its name and verdict, its statement, its numbers, the record."""
    name, verdict = row["claim"], row["verdict"] or "not run"
    head = f"{name}{verdict:>{max(len(verdict) + 2, WIDTH - len(name))}}"
    told = [row["statement"], _measured(row), _restated(row), _on_record(row)]
    lines = [line for text in told if text for line in _wrapped(text)]
    return "\n".join([head, *lines])


def where(row: Row) -> str:
    """The lines that all rows of an experiment share: scale, data, device, seeds, time, file."""
    runs = "1 seed" if row["seeds"] == 1 else f"{row['seeds']} seeds"
    parts = (row["scale"], row["data"], row["device"], runs, f"{row['seconds']:.0f} s")
    return "\n".join([*_wrapped(", ".join(parts)), f"  {row['file']}"])


def _measured(row: Row) -> str:
    if row["measured"] is None:
        return "nothing to compare" if row["seeds"] else ""
    parts = [f"measured {row['measured']:.4g}"]
    if row["interval"]:
        parts.append("interval {}".format(_range(row["interval"])))
    if row["compared"] < row["seeds"]:
        parts.append(f"nothing to compare in {row['seeds'] - row['compared']} of {row['seeds']}")
    if row["band"] is None:
        return ", ".join(parts)
    count = round(row["inside"] * row["compared"])
    parts.append(f"{count} of {row['compared']} in the band {_range(row['band'])}")
    if row["null"] is not None:
        parts.append(f"null {row['null']:.4g}")
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
    before = ", recorded before a change" * found["before"]
    seeds = f"{found['seeds']} seed{'s' * (found['seeds'] > 1)}"
    return f"on record: {found['verdict']} ({seeds}, {found['scale']}, {found['data']}{before})"


def _range(ends: tuple[float, float]) -> str:
    return "[{:.4g}, {:.4g}]".format(*ends)


def _wrapped(text: str) -> list[str]:
    indent = "  "
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
