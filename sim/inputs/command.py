"""The command ``python -m sim inputs FILE``: the spectrum of the user's own data."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from companion.command import Exit, Parser, strict_json
from companion.errors import UsageError
from companion.options import add_json, add_seed, at_least
from companion.progress import track
from sim.inputs.reader.options import add_options, options_of

DESCRIPTION = """\
The spectrum of your own data, raw, centred and standardised: how far the mean and the dependence
of the inputs push the largest eigenvalue, how badly conditioned descent on a linear neuron is, how
many steps the spectrum predicts, and what descent does when it is run.

FILE is .npy, .npz, .csv, .tsv, .txt, .dat (the texts also as .gz, .bz2, .xz), .parquet, .feather
or .arrow, or - for standard input. Rows are examples, images are flattened. The neuron starts at
W = 0; it learns the labels, or the outputs of a planted neuron. Centred and standardised inputs
learn the target without its mean.

what is read is said in the first lines: header or none, examples, features, type. What separates
the cells and the decimal point are found out. An index is left out: a first column without a name
that counts examples, row names, what a parquet file calls its index. What may be read in two ways
is refused, with the options that tell. Bytes (uint8) are divided by 255 where they are images,
which have 3 or 4 dimensions. A column of --label learns nothing but itself: it leaves the inputs.

what is printed, for each of the three:
  largest eigenvalue  of R = XX'/p, between its exact bounds |mu|^2 + u'Cu and
                      |mu|^2 + lambda_max(C), mu the mean, u its direction (where mu = 0: the mean
                      variance in place of u'Cu), C the covariance; beside its limit for independent
                      inputs of the same means and variances: the gap measures dependence
  bulk                [lower, upper]: where the eigenvalues of independent inputs would lie
  condition           largest over smallest eigenvalue that is not zero (see rounding);
                      condition_99: in the fewest directions that hold 99 % of the trace
  rate                largest = 2/lambda_max, the limit of stability, where the steepest direction
                      swings for ever; best = 2/(lambda_max + lambda_min), best in the long run:
                      the steepest direction then decays no faster than the flattest
  steps               predicted: {start, minimum: loss at W = 0 and at best; largest, best: {steps:
                      until a millionth of start - minimum is left, loss: after the steps run};
                      condition, condition_99: most steps that any of their directions needs, at
                      the best rate for these}; run: {largest, best: {steps: taken, 10000 at most,
                      loss: reached}}
  constant_columns    from 0; standardised, they are left at zero
  rounding            lost: directions whose singular values count as zero (up to max(N, p) eps
                      times the largest, after each column was divided by its length where p > N);
                      digits: how many of the smallest eigenvalue are left, about
"""

EXAMPLES = """\
  python -m sim inputs table.csv
  python -m sim inputs table.tsv --label price --drop id,name --missing drop
  python -m sim inputs images.npy --labels labels.npy
  python -m sim inputs data.npz --key x_train --labels y_train --json
"""

#: The smallest factor that is worth a word.
NOTICEABLE = 1.01


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, analyse the file, print the report and return the exit code."""
    options = _parse(argv)
    from sim.inputs.read_table import read
    from sim.inputs.report import FEEDS, reports

    table = read(options.file, options_of(options))
    labels = _target(options, table)
    done: dict[str, Any] = {}
    code = Exit.OK
    try:
        for feed, report in track(
            reports(table.values, labels, options.seed), len(FEEDS), "analysing"
        ):
            done |= {feed: report}
    except UsageError as error:
        raise UsageError(f"{options.file!r}: {error}") from error
    except KeyboardInterrupt:
        print(f"interrupted after {len(done)} of {len(FEEDS)}", file=sys.stderr)
        code = Exit.INTERRUPTED
    heading = {
        "file": options.file,
        "examples": len(table.values),
        "features": table.values.shape[1],
        "rank": len(done["raw"].eigenvalues) if "raw" in done else None,
        "read": table.as_dict(),
    }
    if options.json:
        by_feed = {feed: done[feed].as_dict() if feed in done else None for feed in FEEDS}
        print(strict_json(heading | by_feed))
    elif done:
        _print_read(heading, table, options)
        _print(table, {feed: done[feed] for feed in FEEDS if feed in done})
    return code


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m sim inputs", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", metavar="FILE", help="your data, or - for standard input")
    add_options(parser)
    parser.add_argument("--labels", help="numbers to learn: a file, or a key of the .npz file")
    add_seed(parser, "of the planted neuron")
    add_json(parser)
    options = parser.parse_args(argv)
    at_least(options, seed=0)
    if options.label is not None and options.labels is not None:
        raise UsageError(f"--label {options.label!r} and --labels {options.labels!r}: give one")
    return options


def _target(options: Any, table: Any) -> Any:
    """The target of each example: a column of the table, labels of their own, or None."""
    if options.labels is None:
        return table.target
    from sim.inputs.read_table import read_labels

    rows = len(table.values) if table.kept is None else len(table.kept)
    labels = read_labels(options.labels, options.file, rows)
    return labels if table.kept is None else labels[table.kept]


def _print_read(heading: dict[str, Any], table: Any, options: Any) -> None:
    """Print what was read."""
    from sim.inputs.reader.table import printable

    beginning = (
        f"{printable(heading['file'])}: {heading['examples']:,} examples of "
        f"{heading['features']:,} feature{'s' * (heading['features'] != 1)}"
        + (f", rank {heading['rank']:,}" if heading["rank"] is not None else "")
    )
    print("\n".join(table.in_words(beginning)))
    target = options.label or options.labels or f"outputs of a planted neuron, seed {options.seed}"
    print(f"target: {printable(target)}\n")


def _print(table: Any, done: dict[str, Any]) -> None:
    width = 1 + max(len(label) for label, _ in ROWS)
    print(" " * width + "".join(f"{feed:>16}" for feed in done))
    for label, value in ROWS:
        print(f"{label:<{width}}" + "".join(f"{_short(value(each)):>16}" for each in done.values()))
    constant = next(iter(done.values())).constant_columns
    if constant:
        print(f"\nconstant columns{_listed(constant, table)}; standardised, they are left at zero")
    from sim.inputs.report import rounding_in_words

    print()
    for feed, report in done.items():
        print(f"{feed}: {_in_words(report)}{rounding_in_words(report)}")


def _listed(columns: list[int], table: Any) -> str:
    """The first ten ``columns``, by name where they have names."""
    from sim.inputs.reader.table import shown

    names = table.numbers.names
    first = [shown(names[column]) if names else str(column) for column in columns[:10]]
    more = ", ..." if len(columns) > 10 else ""
    return (": " if names else " (from 0): ") + ", ".join(first) + more


def _predicted(what: str) -> Callable[[Any], Any]:
    return lambda report: report.steps["predicted"] and report.steps["predicted"][what]


def _descent(rate: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The rows on descent at this rate."""

    def entry(part: str, what: str) -> Callable[[Any], Any]:
        return lambda report: report.steps[part] and report.steps[part][rate][what]

    return (
        (f"{rate} rate", lambda report: report.rate[rate]),
        ("  steps to leave a millionth", entry("predicted", "steps")),
        ("  steps run", entry("run", "steps")),
        ("  loss reached", entry("run", "loss")),
        ("  loss predicted", entry("predicted", "loss")),
    )


ROWS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("largest eigenvalue", lambda report: report.outlier["measured"]),
    ("  at least", lambda report: report.outlier["lower"]),
    ("  at most", lambda report: report.outlier["upper"]),
    ("  if inputs were independent", lambda report: report.outlier["independent"]),
    ("bulk if independent, from", lambda report: report.bulk[0]),
    ("  to", lambda report: report.bulk[1]),
    ("condition number", lambda report: report.condition),
    ("  most steps", _predicted("condition")),
    ("  over 99 % of the trace", lambda report: report.condition_99),
    ("  most steps for these", _predicted("condition_99")),
    ("loss at W = 0", _predicted("start")),
    ("  at the minimum", _predicted("minimum")),
    *_descent("largest"),
    *_descent("best"),
    ("constant columns", lambda report: len(report.constant_columns)),
)


def _in_words(report: Any) -> str:
    """The meaning of the numbers for training speed, in words."""
    if report.condition is None:
        return "every input is zero: nothing can be learnt."
    if report.bulk[1] == 0:
        return "no input varies: only a constant can be learnt."
    independent = report.outlier["independent"]
    causes = {
        "the mean": independent / report.bulk[1],
        "dependence between inputs": report.outlier["measured"] / independent,
    }
    raised = " and ".join(
        f"{factor:.4g} times by {cause}" for cause, factor in causes.items() if factor > NOTICEABLE
    )
    head = (
        f"the largest eigenvalue is raised {raised}"
        if raised
        else "neither mean nor dependence raises the largest eigenvalue"
    )
    return f"{head}; {_speed(report)}"


def _speed(report: Any) -> str:
    predicted, run = report.steps["predicted"], report.steps["run"]["best"]
    removable = predicted["start"] - predicted["minimum"]
    if removable <= 0:
        return "this target leaves nothing to learn."
    needed = predicted["best"]["steps"]
    words = f"the best rate needs {_short(needed)} steps to leave a millionth of what can be learnt"
    if run["steps"] < needed:
        left = (run["loss"] - predicted["minimum"]) / removable
        words += f", and {100 * left:.3g} % is left after {run['steps']:,}"
    return words + "."


def _short(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and value < 10**9:
        return f"{value:,}"
    return f"{value:.6g}"
