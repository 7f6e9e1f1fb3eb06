"""The table of what the source published beside what was measured here."""

from collections.abc import Sequence
from typing import Any

from companion.estimate import Estimate
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.runner import Result

Row = dict[str, Any]


def published_rows(experiment: Experiment, results: Sequence[Result]) -> list[Row]:
    """A row a published number: theirs, ours (the mean over ``results``, one a seed), and whether
    the quotient is inside its band.

    ``stderr`` is null for a single seed.
    """
    facts = results[0].facts
    found = []
    for each in experiment.published:
        values = [float(each.measure(result.arrays)) for result in results]
        estimate = Estimate.of(values) if len(values) > 1 else None
        ours = estimate.mean if estimate else values[0]
        low, high = each.band
        found.append(
            {
                "experiment": experiment.name,
                "published": each.name,
                "theirs": each.theirs,
                "ours": ours,
                "stderr": estimate.stderr if estimate else None,
                "ratio": ours / each.theirs,
                "band": [low, high],
                "inside": low <= ours / each.theirs <= high,
                "scale": facts["scale"],
                "data": f"{facts['data']['name']} ({facts['data']['quality']})",
                "why": each.why,
            }
        )
    return found


def line(row: Row) -> str:
    """The row as text."""
    error = "" if row["stderr"] is None else f" +- {row['stderr']:.2g}"
    low, high = row["band"]
    inside = "inside" if row["inside"] else "outside"
    words = (
        f"  {row['published']:<48} theirs {row['theirs']:<9.4g} ours {row['ours']:.4g}{error}, "
        f"ratio {row['ratio']:.2f} {inside} [{low:g}, {high:g}]"
    )
    return f"{words}; {row['why']}" if row["why"] else words
