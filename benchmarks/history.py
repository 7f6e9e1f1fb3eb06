"""The records that are committed, and what has changed since the last one on this processor."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.report import Record, judged, name
from companion.command import strict_json
from companion.errors import UsageError
from companion.files import write_text

RECORDS = Path(__file__).parent / "record"
Run = Mapping[str, Any]
#: What two records must share to be compared.
SAME = ("case", "threads", "task")
TITLES = f"   {'':33}{'ours':>6}{'theirs':>7}{'ratio':>6}  range"


def write(run: Run, folder: Path, now: datetime | None = None) -> Path:
    """Write a run, whole, beside the earlier ones. Returns its file."""
    now = now or datetime.now(UTC)
    words = re.sub(r"[^a-z0-9]+", "-", run["machine"]["processor"].lower()).strip("-")
    path = folder / f"{now:%Y-%m-%d-%H%M}-{words}.json"
    write_text(path, strict_json({"time": f"{now:%Y-%m-%dT%H:%MZ}", **run}) + "\n")
    return path


def last(processor: str, folder: Path) -> Run | None:
    """The last run on record of a ``processor`` and on the CPU, or None.

    Raises UsageError that names a file which is no record.
    """
    runs = [_read(path) for path in sorted(folder.glob("*.json"))]
    own = [run for run in runs if run["machine"]["processor"] == processor]
    return max(own, key=lambda run: run["time"], default=None)


def _read(path: Path) -> Run:
    try:
        run: Run = json.loads(path.read_text(encoding="utf-8"))
        _ = run["time"], run["records"], run["machine"]["processor"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is no record of the benchmarks; remove it") from error
    return run


def changes(new: Sequence[Record], old: Sequence[Record]) -> list[Record]:
    """What has changed, for each case and task that both runs have: new times over old ones.

    ``ours`` and ``theirs`` are quotients of times. The other engine did not change, so ``theirs``
    says what the machine did. ``ratio`` is the quotient of the ratios, in which that cancels. Its
    range (``lowest``, ``highest``) is that of one round of the new run over one of the old run.
    Where it contains 1 the rounds of both runs overlap, and the change is ``noise``. On a machine
    that was ``crowded`` in one of the runs there is no verdict.
    """
    before = {_key(record): record for record in old if record["fastest"]}
    return [
        _change(record, before[_key(record)])
        for record in new
        if record["fastest"] and _key(record) in before
    ]


def _change(new: Record, old: Record) -> Record:
    now, then = judged(new), judged(old)
    faster, slower = now["highest"] < then["lowest"], now["lowest"] > then["highest"]
    verdict = "faster" if faster else "slower" if slower else "noise"
    return {
        **{each: new[each] for each in (*SAME, "title")},
        **{each: now[each] / then[each] for each in ("ours", "theirs", "ratio")},
        "lowest": now["lowest"] / then["highest"],
        "highest": now["highest"] / then["lowest"],
        "verdict": "crowded" if new["crowded"] or old["crowded"] else verdict,
    }


def _key(record: Record) -> tuple:
    return tuple(record[each] for each in SAME)


def lines(rows: Sequence[Record]) -> list[str]:
    """The changes in words, by case."""
    said = []
    for case, of_case in groupby(rows, name):
        said.append(f" {case}")
        said += [
            f"   {row['title']:33}{row['ours']:6.2f}{row['theirs']:7.2f}{row['ratio']:6.2f}  "
            f"({row['lowest']:.2f} to {row['highest']:.2f}) {row['verdict']}"
            for row in of_case
        ]
    return said
