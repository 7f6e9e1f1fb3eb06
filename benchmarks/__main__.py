"""The command ``python -m benchmarks``: our engine and PyTorch side by side, as ratios."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.case import Case
from benchmarks.rounds import rounds
from companion.command import Parser, run
from companion.errors import UsageError
from companion.files import write_text

EXAMPLES = """\
  python -m benchmarks                                  width 1/8, active, frozen, none
  python -m benchmarks --width 1/4 --norm active --runs 9
  python -m benchmarks --json --out build/benchmarks.json"""
#: Norms of float32 results agree to this, or the engines do not compute the same.
SAME = 1e-3


def benchmarks(arguments: Sequence[str]) -> int:
    """Time all tasks in all cases and print the ratios."""
    parser = Parser("python -m benchmarks", __doc__ or "", EXAMPLES)
    parser.add_argument("--width", nargs="+", default=["1/8"], help="widths of the post's net")
    norms = ["active", "frozen", "none"]
    parser.add_argument("--norm", nargs="+", default=norms, choices=norms)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--runs", type=int, default=7, help="rounds; medians are reported")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--out", type=Path, help="write the JSON to a file, too")
    options = parser.parse_args(arguments)
    if options.runs < 1:
        raise UsageError(f"--runs {options.runs}: give at least 1")
    machine = _machine()
    if not options.json:
        print(", ".join(f"{name} {value}" for name, value in machine.items()))
    records = []
    for width in options.width:
        for norm in options.norm:
            found = _compare(Case(width, norm, options.batch), options.runs)
            records += found
            if not options.json:
                print(f"\n{found[0]['case']}")
                for record in found:
                    print(_line(record))
    text = json.dumps({"machine": machine, "records": records}, indent=1)
    if options.json:
        print(text)
    if options.out:
        write_text(options.out, text + "\n")
    return 0


def _compare(case: Case, runs: int) -> list[dict[str, Any]]:
    """One record a way of PyTorch: medians, and the ratio of medians over rounds with its range."""
    seconds, results = rounds(case, runs)
    records = []
    for (engine, task, way), theirs in seconds.items():
        if engine == "ours":
            continue
        ours = seconds["ours", task, ""]
        difference = abs(results[engine, task, way] / results["ours", task, ""] - 1)
        if difference > SAME:
            raise UsageError(f"{case}: {task} differs by {difference:.1e} between the engines")
        ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
        records.append(
            {
                "case": str(case),
                "task": task,
                "against": way or engine,
                "ours": statistics.median(ours),
                "theirs": statistics.median(theirs),
                "ratio": statistics.median(ratios),
                "lowest": ratios[0],
                "highest": ratios[-1],
            }
        )
    return records


def _line(record: dict[str, Any]) -> str:
    return (
        f"  {record['task']:16} {record['against']:32} ours {1e3 * record['ours']:7.1f} ms, "
        f"theirs {1e3 * record['theirs']:7.1f} ms, ratio {record['ratio']:.2f} "
        f"({record['lowest']:.2f} to {record['highest']:.2f})"
    )


def _machine() -> dict[str, Any]:
    names = {"numpy": "NumPy", "numba": "numba", "torch": "PyTorch"}
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        **{shown: version(name) for name, shown in names.items()},
    }


if __name__ == "__main__":
    run(benchmarks, "python -m benchmarks")
