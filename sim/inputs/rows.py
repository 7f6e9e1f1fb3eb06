"""The rows of the table of the three spectra: a label, and a number for each way to feed it."""

from collections.abc import Callable, Iterator
from typing import Any

from sim.inputs.examples import Feed
from sim.inputs.report import Report


def _predicted(what: str) -> Callable[[Report], Any]:
    return lambda report: report.steps["predicted"] and report.steps["predicted"][what]


def _descent(rate: str) -> tuple[tuple[str, Callable[[Report], Any]], ...]:
    """The rows on descent at this rate."""

    def entry(part: str, what: str) -> Callable[[Report], Any]:
        def value(report: Report) -> Any:
            of = report.steps[part]
            return of and of[rate][what]

        return value

    return (
        (f"{rate} rate", lambda report: report.rate[rate]),
        ("  steps to leave a millionth", entry("predicted", "steps")),
        ("  steps run", entry("run", "steps")),
        ("  loss reached", entry("run", "loss")),
        ("  loss predicted", entry("predicted", "loss")),
    )


ROWS: tuple[tuple[str, Callable[[Report], Any]], ...] = (
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


def rows_of(reports: dict[Feed, Report]) -> Iterator[list[str]]:
    """The cells of each row of the table, the header first."""
    yield ["", *reports]
    for label, value in ROWS:
        yield [label, *(short(value(report)) for report in reports.values())]


def short(value: Any) -> str:
    """A number in six digits, whole ones up to a billion in full.

    >>> short(12345), short(1 / 3), short(None)
    ('12,345', '0.333333', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, int) and value < 10**9:
        return f"{value:,}"
    return f"{value:.6g}"
