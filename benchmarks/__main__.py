"""The command ``python -m benchmarks``: our engine and PyTorch side by side, as ratios."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from benchmarks.case import BATCH, inputs
from benchmarks.plan import NORMS, STATES, WIDTHS, Choice, plan
from benchmarks.report import TOOLS, Record, line, machine, records, summary
from benchmarks.rounds import rounds
from benchmarks.tasks import TASKS
from companion.command import Exit, Parser, run, strict_json
from companion.files import write_text
from companion.options import add_json, at_least
from deepnet.device import tried
from deepnet.nets.width import width_of
from deepnet.ops.blocks import threads

EXAMPLES = """\
  python -m benchmarks                                  about fifteen minutes on two quiet cores
  python -m benchmarks --width 1/4 --norm active --task step product --runs 9
  python -m benchmarks --net vgg16 --task eigenpairs --weights trained
  python -m benchmarks --device gpu --width 1 --batch 512
  python -m benchmarks --all --out build/benchmarks.json      every net, width and task: hours
ratios are ours to theirs: below 1 we are faster. * marks PyTorch's fastest way."""


def benchmarks(arguments: Sequence[str]) -> int:
    """Time the tasks in all cases and print the ratios. Returns 1 if results differ."""
    options = _parser().parse_args(arguments)
    at_least(options, runs=1, batch=2, threads=1)
    if options.threads is not None:
        _limit(options.threads)
    for width in options.width:
        width_of(width)  # refuses a text that is no width
    choice = Choice(
        options.net, options.width, options.norm, options.weights, options.task, options.batch
    )
    say = sys.stderr if options.json else sys.stdout
    tried(options.device)
    where = machine(options.device) | {"threads": threads()}
    print(", ".join(f"{name} {value}" for name, value in where.items()), file=say)
    if where["load"] > 0.5:
        print(f"the load is {where['load']}: ratios will scatter, look at their ranges", file=say)
    for tool in TOOLS:
        if where[tool] is None:
            print(f"{tool} is not installed (extra peers): its rows are left out", file=say)
    measured: list[Record] = []
    for case, tasks in plan(choice, options.all):
        given = inputs(case)
        print(f"\n{case}: loss {given.loss:.3f}", file=say, flush=True)
        samples = rounds(case, given, tasks, options.runs, options.device)
        new = records(case, tasks, samples)
        _show(new, say)
        measured += new
        if options.out:
            write_text(options.out, strict_json({"machine": where, "records": measured}) + "\n")
    print("\nratio to PyTorch's fastest way (range over rounds):", file=say)
    print("\n".join(summary(measured)), file=say)
    if options.json:
        print(strict_json({"machine": where, "records": measured}))
    return Exit.FAILED if any(record["differs"] for record in measured) else Exit.OK


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
    parser.add_argument("--batch", type=int, default=BATCH, help=f"images (default {BATCH})")
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
    parser.add_argument("--threads", type=int, help="threads of each engine (default: all cores)")
    add_json(parser)
    parser.add_argument("--out", type=Path, help="write the JSON to a file, too, case by case")
    return parser


def _limit(count: int) -> None:
    """Let the processes of both engines have ``count`` threads."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(count)


def _show(measured: Sequence[Record], say: TextIO) -> None:
    title = ""
    for record in measured:
        if record["title"] != title:
            title = record["title"]
            print(f"  {title}", file=say)
        print(line(record), file=say, flush=True)


if __name__ == "__main__":
    run(benchmarks, "python -m benchmarks")
