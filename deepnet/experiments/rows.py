"""The command prints one row per observation, over the runs of all seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from deepnet.experiments.experiment import Experiment
from deepnet.experiments.judged import judged
from deepnet.experiments.record import Recorded
from deepnet.experiments.runner import Result

KEYS = (
    "experiment",
    "claim",
    "statement",
    "band",
    "measured",
    "stderr",
    "interval",
    "margin",
    "inside",
    "null",
    "effect",
    "verdict",
    "exact",
    "stated",
    "was",
    "why",
    "seen",
    "passages",
    "about",
    "seeds",
    "compared",
    "scale",
    "data",
    "device",
    "seconds",
    "record",
    "file",
)
Row = dict[str, Any]


def rows(
    experiment: Experiment,
    results: Sequence[Result],
    record: Mapping[str, Recorded] | None = None,
) -> list[Row]:
    """Return one row per observation, over ``results``, one per seed.

    The numbers are those of ``deepnet.experiments.judged``.
    ``seconds`` is the sum over all runs.
    ``passages`` are the source's passages, with the verdict and the reason of who judged them.
    ``record`` is the verdict on record, with its number of seeds, its scale and its data.
    ``file`` is the result's file, or the folder of the results of several seeds.

    Without a result the rows have what is known before a run.
    """
    filled = _empty_rows(experiment, (record or {}).get(experiment.name))
    if not results:
        return filled
    facts, path = results[0].facts, results[0].path
    common = {
        "scale": facts["scale"],
        "data": results[0].images,
        "device": facts["device"],
        "seconds": sum(result.facts["seconds"] for result in results),
        "file": str(path if len(results) == 1 else path.parent),
    }
    for row, observation in zip(filled, experiment.observations, strict=True):
        row |= asdict(judged(observation, results)) | common
    return filled


def _empty_rows(experiment: Experiment, on_record: Recorded | None) -> list[Row]:
    """The rows of an experiment that has not run."""
    blank: Row = dict.fromkeys(KEYS)
    return [
        blank
        | {
            "experiment": experiment.name,
            "claim": observation.name,
            "statement": observation.says,
            "exact": observation.exact,
            "stated": observation.stated,
            "was": observation.was or None,
            "why": observation.why or None,
            "seen": list(observation.seen),
            "band": list(limits) if (limits := observation.limits) else None,
            "passages": _judged(experiment),
            "about": [claim.name for claim in observation.about],
            "record": _on_record(experiment, observation.name, on_record),
        }
        for observation in experiment.observations
    ]


def _judged(experiment: Experiment) -> list[Row]:
    source = experiment.source
    return [
        {"passage": f"{source.key}, {passage}", "verdict": judged.verdict, "reason": judged.reason}
        for passage, judged in source.judgements.items()
    ]


def _on_record(experiment: Experiment, name: str, on_record: Recorded | None) -> Row | None:
    if on_record is None or name not in on_record.findings:
        return None
    return {
        "verdict": on_record.verdicts[name],
        "measured": on_record.findings[name].get("measured"),
        "interval": on_record.findings[name].get("interval"),
        "seeds": on_record.seeds,
        "scale": on_record.scale,
        "data": on_record.data,
        "before": on_record.before(experiment),
    }
