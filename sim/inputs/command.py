"""The command ``python -m sim inputs FILE``: the spectrum of the user's own data."""

import sys
from collections.abc import Sequence
from typing import Any

from companion.command import Exit, Parser, strict_json
from companion.errors import UsageError
from companion.options import add_json, add_seed, at_least
from companion.pictures import draw_result, picture_file
from companion.progress import say, track
from sim.inputs.reader.options import add_options, options_of

DESCRIPTION = """\
The spectrum of your own data, raw, centred and standardised: how far the mean and the dependence
of the inputs push the largest eigenvalue, how badly conditioned descent on a linear neuron is, how
many steps the spectrum predicts, and what descent does when it is run.

FILE is .npy, .npz, .csv, .tsv, .txt, .dat (the texts also as .gz, .bz2, .xz, .zst), .parquet,
.feather, .arrow or .xlsx, or - for standard input. Rows are examples, images are flattened. The
neuron starts at W = 0; it learns the labels, or the outputs of a planted neuron. Centred and
standardised inputs learn the target without its mean.

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
  constant_columns    (JSON: from 0) standardised, they are left at zero
  rounding            lost: directions whose singular values count as zero (up to max(N, p) eps
                      times the largest, after each column was divided by its length where p > N);
                      digits: how many of the smallest eigenvalue are left, about
  eigenvalues         (JSON) all that are not zero, ascending
  answer              what dominates, what to do about it, and what it buys: the steps at the best
                      rate as the table is and as advised, by the spectrum and by descent that is
                      run. JSON has the numbers: the share of the mean, columns (from 0), outliers
                      beyond what one of a thousand tables of independent columns reaches
"""

EXAMPLES = """\
  python -m sim inputs table.csv
  python -m sim inputs table.tsv --label price --drop id,name --missing drop
  python -m sim inputs images.npy --labels labels.npy
  python -m sim inputs data.npz --key x_train --labels y_train --json
  python -m sim inputs table.csv --figure spectra.png
"""

#: The figure that draws the result.
FIGURE = "own.inputs"


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, analyse the file, print the report and return the exit code."""
    options = _parse(argv)
    picture = None if options.figure is None else picture_file(options.figure)
    from sim.inputs.analysis import analysed
    from sim.inputs.read_table import read
    from sim.inputs.report import FEEDS

    table = read(options.file, options_of(options))
    labels = _target(options, table)
    target = options.label or options.labels or f"outputs of a planted neuron, seed {options.seed}"
    try:
        analysis = analysed(
            table,
            labels,
            options.file,
            target,
            options.seed,
            lambda reports: track(reports, len(FEEDS), "analysing"),
        )
    except UsageError as error:
        raise UsageError(f"{options.file!r}: {error}") from error
    if options.json:
        print(strict_json(analysis.as_dict()))
    elif analysis.reports:
        print(analysis)
    if analysis.interrupted:
        print(f"interrupted after {len(analysis.reports)} of {len(FEEDS)}", file=sys.stderr)
        return Exit.INTERRUPTED
    if picture is not None:
        data = draw_result(FIGURE, analysis.as_dict(), picture)
        say("sim", f"{picture} shows the spectra, drawn from {data}")
    return Exit.OK


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m sim inputs", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", metavar="FILE", help="your data, or - for standard input")
    add_options(parser)
    parser.add_argument("--labels", help="numbers to learn: a file, or a key of the .npz file")
    add_seed(parser, "of the planted neuron")
    parser.add_argument(
        "--figure", metavar="FILE", help="draw the spectra, too: a .png, .svg or .pdf"
    )
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

    return table.chosen(read_labels(options.labels, options.file, table.rows))
