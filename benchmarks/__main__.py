"""The command ``python -m benchmarks``: our engine and PyTorch side by side, as ratios."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from benchmarks import history
from benchmarks.case import BATCH, inputs
from benchmarks.engines import PYTORCH, checkout
from benchmarks.flops import flops
from benchmarks.machine import TOOLS, installed, load, machine
from benchmarks.plan import NORMS, STATES, WIDTHS, Choice, plan
from benchmarks.report import COLUMNS, Record, Setting, head, line, name, records, summary
from benchmarks.rounds import rounds
from benchmarks.tasks import TASKS
from companion.command import Exit, Parser, run, strict_json
from companion.errors import UsageError
from companion.files import write_text
from companion.options import add_json, at_least, cores
from deepnet.device import tried
from deepnet.nets.width import width_of

EXAMPLES = """\
  python -m benchmarks                              an hour or more on two quiet cores
  python -m benchmarks --width 1/4 --norm active --task step product --runs 9
  python -m benchmarks --net vgg16 --task eigenpairs --weights trained --threads 2
  python -m benchmarks --against ../earlier --net lenet --task step product
  python -m benchmarks --norm active --weights initial --record
  python -m benchmarks --device gpu --width 1 --batch 512
  python -m benchmarks --all --out build/benchmarks.json      every net, width and task: hours
ratios are ours to theirs: below 1 we are faster. * marks PyTorch's fastest way.
The peak is that of the engine's own products on one core, times the threads. The
share of it counts the operations of a direct convolution."""


def benchmarks(arguments: Sequence[str]) -> int:
    """Time the tasks in all cases and print the ratios. Returns 1 if results differ."""
    options = _parser().parse_args(arguments)
    at_least(options, runs=1, batch=2)
    for width in options.width:
        width_of(width)  # refuses a text that is no width
    counts = _threads(options)
    other = checkout(options.against) if options.against else PYTORCH
    _refuse(options)
    choice = Choice(
        options.net, options.width, options.norm, options.weights, options.task, options.batch
    )
    say = sys.stderr if options.json else sys.stdout
    tried(options.device)
    where = machine(options.device)
    print("\n".join(_words(where)), file=say)
    if where["load"] > 0.5:
        print(
            f"the load is {where['load']}: times scatter, on one thread trust those of CPU",
            file=say,
        )
    for tool in TOOLS:
        if where[tool] is None and other is PYTORCH:
            print(f"{tool} is not installed (extra peers): its rows are left out", file=say)
    measured: list[Record] = []
    for case, tasks in plan(choice, options.all):
        given = inputs(case)
        work = flops(case, given)
        for threads in counts:
            setting = Setting(threads, load(), cores(), work, where["peak"])
            samples = rounds(case, given, tasks, options.runs, options.device, threads, other)
            new = records(case, tasks, samples, setting)
            print(f"\n{name(new[0])}: loss {given.loss:.3f}, load {setting.load}", file=say)
            _show(new, say)
            measured += new
            if options.out:
                _write(options.out, where, measured)
    fastest = "PyTorch's fastest way" if other is PYTORCH else other.name
    print(f"\nratio to {fastest} (range over rounds), of CPU time on one thread:", file=say)
    print("\n".join(summary(measured)), file=say)
    _since_the_last(where, measured, options, say)
    if options.json:
        print(strict_json({"machine": where, "records": measured}))
    return Exit.FAILED if any(record["differs"] for record in measured) else Exit.OK


def _threads(options: Namespace) -> list[int]:
    """The numbers of threads that are asked for: by default one and all cores, on a GPU all."""
    if options.threads:
        at_least(Namespace(threads=min(options.threads)), threads=1)
        return list(dict.fromkeys(options.threads))
    return sorted({1, cores()}) if options.device == "cpu" else [cores()]


def _refuse(options: Namespace) -> None:
    """Raise UsageError for what cannot be compared or recorded."""
    if options.record and (options.against or options.device == "gpu"):
        raise UsageError("--record holds ratios to PyTorch on the CPU; leave --against and gpu out")
    if not options.against and installed("torch") is None:
        raise UsageError("PyTorch is not installed; install the extra peers, or give --against")


def _words(where: dict[str, Any]) -> list[str]:
    """The facts of the machine in words, one per line."""
    named = ", ".join(f"{each} {name}" for each, name in where["kernels"].items())
    peak = None if where["peak"] is None else f"{where['peak']:.0f} GFLOP/s per core"
    return [f"{each}: {fact}" for each, fact in (where | {"kernels": named, "peak": peak}).items()]


def _write(path: Path, where: dict[str, Any], measured: Sequence[Record]) -> None:
    write_text(path, strict_json({"machine": where, "records": measured}) + "\n")


def _since_the_last(
    where: dict[str, Any], measured: Sequence[Record], options: Namespace, say: TextIO
) -> None:
    """Print what has changed since the last run on record, and put this one on record if asked."""
    if options.against or options.device == "gpu":
        return
    before = history.last(where["processor"], history.RECORDS)
    rows = history.changes(measured, before["records"]) if before else []
    if before is None:
        print("\nno run on record of this processor", file=say)
    else:
        print(f"\nnew times over those of {before['time']}, {len(rows)} in common:", file=say)
        print("\n".join([history.TITLES, *history.lines(rows)]), file=say)
    if options.record:
        path = history.write({"machine": where, "records": measured}, history.RECORDS)
        print(f"on record: {path}", file=say)


def _parser() -> Parser:
    parser = Parser("python -m benchmarks", __doc__ or "", EXAMPLES)

    def several(name: str, known: Sequence[str], text: str) -> None:
        parser.add_argument(f"--{name}", nargs="+", default=[], choices=known, help=text)

    several("net", list(WIDTHS), "nets")
    parser.add_argument("--width", nargs="+", default=[], help="widths of the nets, such as 1/8")
    several("norm", NORMS, "modes of batch norm")
    several("weights", STATES, "at initialisation, after a short training, or (default) both")
    several("task", list(TASKS), "tasks")
    parser.add_argument("--all", action="store_true", help="all nets, widths and tasks: hours")
    parser.add_argument(
        "--batch", type=int, help=f"images (default {BATCH}, and fewer for wide nets)"
    )
    parser.add_argument(
        "--runs",
        type=int,
        default=5,
        help="rounds, of which the median is reported (default 5); of the tasks eigenpairs and "
        "density at most 3",
    )
    parser.add_argument(
        "--device",
        choices=("cpu", "gpu"),
        default="cpu",
        help="where both engines compute; DEEPNET_PRECISION=tf32 or bf16 holds for both",
    )
    parser.add_argument(
        "--threads", type=int, nargs="+", help="threads of each engine (default: 1 and all cores)"
    )
    parser.add_argument(
        "--against", type=Path, metavar="PATH", help="another checkout of ours in PyTorch's place"
    )
    parser.add_argument(
        "--record", action="store_true", help="put the run on record, in benchmarks/record"
    )
    add_json(parser)
    parser.add_argument("--out", type=Path, help="write the JSON to a file, too, case by case")
    return parser


def _show(measured: Sequence[Record], say: TextIO) -> None:
    print(COLUMNS, file=say)
    title = ""
    for record in measured:
        if record["title"] != title:
            title = record["title"]
            print(head(record), file=say)
        print(line(record), file=say, flush=True)


if __name__ == "__main__":
    run(benchmarks, "python -m benchmarks")
