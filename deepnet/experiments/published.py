"""The numbers that a source published stand in a table beside the numbers measured here."""

from collections.abc import Sequence
from typing import Any

from deepnet.experiments.experiment import Experiment
from deepnet.experiments.finding import finding
from deepnet.experiments.runner import Result

Row = dict[str, Any]
#: What is compared, as a printed row says it.
KINDS = {"quotient": "ratio", "odds": "ratio of odds", "excess": "ratio of what is over 1"}


def published_rows(experiment: Experiment, results: Sequence[Result]) -> list[Row]:
    """Return one row per published number: theirs, ours, and whether what compares them is in
    its band.

    ``ours`` is the mean over ``results``, one per seed.
    ``stderr`` is its standard error, as in ``deepnet.experiments.finding``.
    ``compared`` says what is compared: the quotient of the numbers, of odds, or of what is over 1.
    ``ratio`` is this quotient, ours over theirs, or None without ``ours``.
    """
    facts = results[0].facts
    rows = []
    for number in experiment.published:
        found = finding([number.measure(result.arrays) for result in results], (), None)
        ours, stderr = found.measured, found.stderr
        ratio = None if ours is None else number.ratio(ours)
        low, high = number.band
        rows.append(
            {
                "experiment": experiment.name,
                "published": number.name,
                "theirs": number.theirs,
                "ours": ours,
                "stderr": stderr,
                "compared": number.compared,
                "ratio": ratio,
                "band": [low, high],
                "inside": ratio is not None and low <= ratio <= high,
                "scale": facts["scale"],
                "data": results[0].images,
                "why": number.why,
            }
        )
    return rows


def line(row: Row) -> str:
    """Return the row as text."""
    name = f"  {row['published']:<48} theirs {row['theirs']:<9.4g}"
    if row["ratio"] is None:
        return f"{name} ours: nothing to compare"
    error = "" if row["stderr"] is None else f" +- {row['stderr']:.2g}"
    low, high = row["band"]
    inside = "inside" if row["inside"] else "outside"
    comparison = (
        f"{name} ours {row['ours']:.4g}{error}, "
        f"{KINDS[row['compared']]} {row['ratio']:.2f} {inside} [{low:g}, {high:g}]"
    )
    return f"{comparison}; {row['why']}" if row["why"] else comparison
