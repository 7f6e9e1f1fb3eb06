"""The command prints one row per observation, over the runs of all seeds."""

from collections.abc import Sequence
from math import isfinite, isnan
from typing import Any

from companion.estimate import Estimate
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.runner import Result

KEYS = (
    "experiment",
    "claim",
    "band",
    "measured",
    "stderr",
    "verdict",
    "about",
    "scale",
    "data",
    "device",
    "seconds",
    "file",
)
Row = dict[str, Any]


def over_seeds(measurements: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the mean of the ``measurements``, one per seed, and its standard error.

    nan, where a seed has nothing to compare, is left out. Without values the mean is None. With
    fewer than two values, or an infinite one, the error is None.
    """
    compared = [float(value) for value in measurements if not isnan(value)]
    certain = len(compared) > 1 and all(map(isfinite, compared))
    mean = sum(compared) / len(compared) if compared else None
    return mean, Estimate.of(compared).stderr if certain else None


def rows(experiment: Experiment, scale: Scale, results: Sequence[Result]) -> list[Row]:
    """Return one row per observation, the mean over ``results``, one per seed.

    ``measured`` and ``stderr`` are as in ``over_seeds``.
    ``verdict`` is None at ``tiny``.
    ``seconds`` is the sum over all runs.
    ``file`` is the result's file, or the folder of the results of several seeds.

    Without a result the rows have names and bands alone.
    """
    filled = _empty_rows(experiment)
    if not results:
        return filled
    arrays = [result.arrays for result in results]
    facts, path = results[0].facts, results[0].path
    common = {
        "scale": facts["scale"],
        "data": f"{facts['data']['name']} ({facts['data']['quality']})",
        "device": facts["device"],
        "seconds": sum(result.facts["seconds"] for result in results),
        "file": str(path if len(results) == 1 else path.parent),
    }
    for row, observation in zip(filled, experiment.observations, strict=True):
        measured, stderr = over_seeds([observation.measure(run) for run in arrays])
        row |= common | {
            "measured": measured,
            "stderr": stderr,
            "verdict": None if scale == Scale.TINY else observation.verdict(arrays),
        }
    return filled


def _empty_rows(experiment: Experiment) -> list[Row]:
    """The rows of an experiment that has not run."""
    blank: Row = dict.fromkeys(KEYS)
    return [
        blank
        | {
            "experiment": experiment.name,
            "claim": observation.name,
            "band": list(limits) if (limits := observation.limits) else None,
            "about": [claim.name for claim in observation.about],
        }
        for observation in experiment.observations
    ]
