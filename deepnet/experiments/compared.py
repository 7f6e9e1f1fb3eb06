"""The measurements of a rerun beside the record, and what would be chance.

Bits differ from machine to machine, and a training makes the difference grow. A rerun of a recorded
seed may therefore differ as another seed may. The runs on record say how much that is.
"""

from collections.abc import Sequence
from math import isfinite, isnan, sqrt
from textwrap import wrap
from typing import Any

from scipy.special import stdtrit

from companion.errors import UsageError
from companion.estimate import Estimate
from deepnet.data.textures import GENERATED
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.finding import LEVEL, LINKS, Band, Link
from deepnet.experiments.record import Recorded
from deepnet.experiments.runner import Result

Row = dict[str, Any]


def compared_rows(
    experiment: Experiment, results: Sequence[Result], on_record: Recorded | None
) -> list[Row]:
    """Return one row per observation and run: what was measured here, and what is on record.

    ``here`` is the measure of this run.
    ``recorded`` is the measure of the run on record with the same seed.
    ``chance`` holds the measure of a further seed with the probability 0.95, as the runs on record
    say. It is None where they are fewer than two, or where the measure has no finite link.
    ``images`` and ``images_on_record`` name both data sets, whose quality may differ.

    Raises UsageError where the record has no such run: of another version or scale, or of generated
    images where these are photographs.
    """
    _require(experiment, results, on_record)
    runs = on_record.runs if on_record else ()
    rows = []
    for observation in experiment.observations:
        known = {run["seed"]: run["observations"].get(observation.name) for run in runs}
        measured = {seed: told["measured"] for seed, told in known.items() if told}
        values = [value for value in measured.values() if value is not None]
        for result in results:
            here = float(observation.measure(result.arrays))
            seed = result.facts["seed"]
            rows.append(
                {
                    "claim": observation.name,
                    "seed": seed,
                    "here": None if isnan(here) else here,
                    "recorded": measured.get(seed),
                    "chance": chance(values, observation.link),
                    "runs": len(values),
                    "images": result.images,
                    "images_on_record": on_record.data if on_record else "",
                }
            )
    return rows


def chance(values: Sequence[float], link: Link = "identity") -> Band | None:
    """The interval that holds the measure of a further seed with the probability ``LEVEL``.

    It is Student's prediction interval for normal values on the scale of the ``link``.

    >>> [round(end, 3) for end in chance([1.0, 2.0, 3.0])]
    [-2.968, 6.968]
    """
    to_link, back = LINKS[link]
    linked = [float(to_link(value)) for value in values]
    if len(linked) < 2 or not all(map(isfinite, linked)):
        return None
    estimate = Estimate.of(linked)
    spread = estimate.stderr * sqrt(estimate.draws + 1)
    half = float(stdtrit(estimate.draws - 1, (1 + LEVEL) / 2)) * spread
    return float(back(estimate.mean - half)), float(back(estimate.mean + half))


def line(row: Row) -> str:
    """Return the row as text, of 80 columns."""
    parts = [f"{row['claim']}, seed {row['seed']}: here {_number(row['here'])}"]
    parts.append(f"on record {_number(row['recorded'])}")
    if row["chance"]:
        low, high = row["chance"]
        here = row["here"]
        inside = here is not None and low <= here <= high
        where = "inside" if inside else "outside"
        parts.append(
            f"{where} [{low:.4g}, {high:.4g}], where a further seed would lie with probability "
            f"{LEVEL} ({row['runs']} runs)"
        )
    if row["images"] != row["images_on_record"]:
        parts.append(f"here {row['images']}, on record {row['images_on_record']}")
    return "\n".join(wrap(", ".join(parts), 80, initial_indent="  ", subsequent_indent="    "))


def _number(value: float | None) -> str:
    return "nothing to compare" if value is None else f"{value:.4g}"


def _require(experiment: Experiment, results: Sequence[Result], known: Recorded | None) -> None:
    if known is None or not known.runs:
        raise UsageError(f"{experiment.name} has no runs on record: give --record first")
    facts, images = results[0].facts, results[0].images
    generated = [f"({GENERATED})" in data for data in (known.data, images)]
    same = (known.scale, known.version) == (facts["scale"], experiment.version)
    if not same or generated[0] != generated[1]:
        raise UsageError(
            f"the record of {experiment.name} is of {known.scale}, {known.data}, version "
            f"{known.version}; this run is of {facts['scale']}, {images}, version "
            f"{experiment.version}"
        )
