"""The command ``python -m benchmarks.memory``: the peak of Hessian products beside its estimate.

    estimate = before + kept + later + product + 16 bytes per weight and vector

``before`` is what the process holds before the pass. ``deepnet.footprint`` counts the next three
terms. The vectors and their products are float64. The peak is the largest resident memory of a
process that does nothing else, as the system reports it.
"""

import json
import resource
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from psutil import Process

from benchmarks.engines import OURS, started
from benchmarks.machine import processor
from companion.command import Exit, Parser, run, strict_json
from companion.files import write_text
from companion.options import add_json, at_least
from deepnet import ops
from deepnet.curvature import Batches, hessian
from deepnet.footprint import footprint
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active
from deepnet.nets.page import page
from deepnet.problem import Problem

RECORD = Path(__file__).with_suffix(".json")
EXAMPLES = """\
  python -m benchmarks.memory                     the table, about ten minutes and 10 GB
  python -m benchmarks.memory --width 1/8 1/4 --batch 128 --vectors 1 8
  python -m benchmarks.memory --record            for docs/networks.md; then make docs"""
WIDTHS, BATCHES, VECTORS = ("1/8", "1/4", "1/2", "1"), (128, 512), (1, 8)
#: Images of the pass before the measured one, which loads the machine code.
FEW = 2
#: The numbers of ``ru_maxrss`` are kilobytes, on macOS bytes.
UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Row:
    """The memory of products of one batch of the post's net with ``vectors``, in bytes.

    ``kept`` and ``product`` are those of ``Footprint`` after a product, ``estimate`` and ``peak``
    are the estimated and the measured peak of the process.
    """

    width: str
    batch: int
    vectors: int
    kept: int
    product: int
    estimate: int
    peak: int


def measure(width: str, batch: int, vectors: int) -> Row:
    """Measure in this process, which must be new."""
    net, rng = page(Fraction(width)), np.random.default_rng(0)
    problem, weights = Problem(net, Active()), initialise(net, rng)
    x = rng.standard_normal((batch, 32, 32, 3), "float32")
    targets = ops.smoothed(rng.integers(0, 10, batch), 10, 0.0, x.dtype)
    few = Batches(problem, weights, [(x[:FEW], targets[:FEW])])
    hessian(few).multiply(np.ones((net.parameters, 1)))
    before = Process().memory_info().rss
    batches = Batches(problem, weights, [(x, targets)])
    operator = hessian(batches)
    for _ in range(2 if vectors == 1 else 1):  # the first product leaves second derivatives
        operator.multiply(np.ones((net.parameters, vectors)))
    ((_, part),) = batches
    size = footprint(part)
    return Row(
        width=width,
        batch=batch,
        vectors=vectors,
        kept=size.kept,
        product=size.work,
        estimate=before + size.peak + 16 * net.parameters * vectors,
        peak=UNIT * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


def memory(arguments: Sequence[str]) -> int:
    """Measure the rows one after another, each in a process of its own, and print them."""
    options = _parser().parse_args(arguments)
    at_least(options, threads=1)
    for name, least in (("batch", FEW), ("vectors", 1)):
        for number in getattr(options, name):
            at_least(Namespace(**{name: number}), **{name: least})
    rows = []
    for width in options.width:
        for batch, vectors in sizes(options.batch, options.vectors):
            with started([OURS], options.threads) as processes:
                (process,) = processes.values()
                rows.append(process.submit(measure, width, batch, vectors).result())
            print(f"width {width}, batch {batch}, {vectors} at once: done", file=sys.stderr)
    found = {
        "processor": processor(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "threads": options.threads,
        "rows": [asdict(row) for row in rows],
    }
    if options.record:
        write_text(RECORD, strict_json(found) + "\n")
    said = [*table(found), "", f"estimates are off by at most {furthest(found):.1%}"]
    print(strict_json(found) if options.json else "\n".join(said))
    return Exit.OK


def sizes(batches: Sequence[int], vectors: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of a batch and a number of vectors that are measured.

    Only the smallest batch has all numbers of vectors, since a vector takes no memory per image.
    """
    least = min(batches), min(vectors)
    pairs = product(batches, vectors)
    return [(batch, number) for batch, number in pairs if batch == least[0] or number == least[1]]


def table(found: Mapping[str, Any]) -> list[str]:
    """The rows of a run as lines of Markdown, in MB."""
    names = ("kept", "product", "estimate", "peak")
    lines = [
        "| width | batch | vectors | kept | more in a product | estimate | measured peak |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        numbers = " | ".join(f"{row[each] / 1e6:,.0f}" for each in names)
        lines.append(f"| {row['width']} | {row['batch']} | {row['vectors']} | {numbers} |")
    return lines


def furthest(found: Mapping[str, Any]) -> float:
    """The largest distance of an estimate from the measured peak, as a share of the peak."""
    return max(abs(row["estimate"] / row["peak"] - 1) for row in found["rows"])


def recorded() -> Mapping[str, Any]:
    """The run on record, which ``docs/networks.md`` shows."""
    found: Mapping[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def _parser() -> Parser:
    parser = Parser("python -m benchmarks.memory", __doc__ or "", EXAMPLES)
    add = parser.add_argument
    add("--width", nargs="+", default=WIDTHS, choices=WIDTHS, help="widths of the post's net")
    add("--batch", nargs="+", type=int, default=BATCHES, help="images (default 128 and 512)")
    add("--vectors", nargs="+", type=int, default=VECTORS, help="at once (default 1 and 8)")
    add("--threads", type=int, default=1, help="threads (default 1)")
    add("--record", action="store_true", help="put the rows on record")
    add_json(parser)
    return parser


if __name__ == "__main__":
    run(memory, "python -m benchmarks.memory")
