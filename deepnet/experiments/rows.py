"""The rows that the command prints: an observation each, over the runs of all seeds."""

from collections.abc import Sequence
from math import isnan
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
    "scale",
    "data",
    "device",
    "seconds",
    "file",
)
Row = dict[str, Any]


def empty_rows(experiment: Experiment) -> list[Row]:
    """The observations of an experiment that has not run."""
    blank: Row = dict.fromkeys(KEYS)
    return [
        blank
        | {
            "experiment": experiment.name,
            "claim": each.claim,
            "band": each.band and list(each.band),
        }
        for each in experiment.observations
    ]


def rows(experiment: Experiment, scale: Scale, results: Sequence[Result]) -> list[Row]:
    """A row an observation: the mean over ``results`` (one a seed), at ``tiny`` without a verdict.

    ``measured`` is null where there is nothing to compare, ``stderr`` for a single seed too;
    ``seconds`` are all runs'; ``file`` is the result's, or the folder of those of several seeds.
    """
    arrays = [result.arrays for result in results]
    facts, path = results[0].facts, results[0].path
    common = {
        "scale": facts["scale"],
        "data": f"{facts['data']['name']} ({facts['data']['quality']})",
        "device": facts["device"],
        "seconds": sum(result.facts["seconds"] for result in results),
        "file": str(path if len(results) == 1 else path.parent),
    }
    found = empty_rows(experiment)
    for row, observation in zip(found, experiment.observations, strict=True):
        values = [observation.measure(each) for each in arrays]
        estimate = Estimate.of(values) if len(values) > 1 else None
        mean = estimate.mean if estimate else values[0]
        row |= common | {
            "measured": None if isnan(mean) else mean,
            "stderr": estimate.stderr if estimate and not isnan(mean) else None,
            "verdict": None if scale == Scale.TINY else observation.verdict(arrays),
        }
    return found
