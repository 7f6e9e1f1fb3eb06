"""The verdicts on networks that stand on record from one run of all experiments to the next."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import count, takewhile
from pathlib import Path

from companion.errors import UsageError
from companion.files import write_text
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.rows import rows
from deepnet.experiments.runner import Job, Result

#: The file of the record.
VERDICTS = Path("docs/verdicts.json")
#: The words for verdicts of an earlier VERSION of the experiment.
BEFORE = "recorded before"


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of one record on the observations of an experiment.

    ``version`` is the VERSION of the experiment that ran.
    ``seeds`` is the number of runs, whose seeds are 0, 1, ...
    ``observations`` has the verdicts by name, None where there is no band.
    """

    version: int
    seeds: int
    observations: Mapping[str, str | None]

    def recorded_before(self, experiment: Experiment) -> bool:
        """Whether the experiment's VERSION is higher than the VERSION on record."""
        return self.version < experiment.version


def agreement(some: Iterable[Verdicts]) -> tuple[int, int]:
    """The number of observations that agree, and the number of observations that have a verdict.

    >>> agreement([Verdicts(1, 1, {"a.b": "agrees", "a.c": "refuted", "a.d": None})])
    (1, 2)
    """
    judged = [each for one in some for each in one.observations.values() if each is not None]
    return judged.count("agrees"), len(judged)


def verdicts_on(name: str, verdicts: Mapping[str, Verdicts]) -> Verdicts:
    """The verdicts on one experiment. Raises UsageError where they are not recorded."""
    if name not in verdicts:
        raise UsageError(
            f"the verdicts on {name} are not recorded: python -m deepnet {name} --seeds 3, then "
            "python -m figures passages --record"
        )
    return verdicts[name]


def record(results: Path, path: Path = VERDICTS) -> dict[str, Verdicts]:
    """Write the verdicts on all experiments at quick scale, on textures, by experiment.

    The verdicts are read off the stored ``results`` of the seeds 0, 1, ..., in a row. Without a
    result of seed 0 the recorded verdicts stay. Raises UsageError where there are neither.
    """
    verdicts = recorded(path) if path.exists() else {}
    for name, experiment in experiments().items():
        stored = _stored(experiment, results)
        if stored:
            read = rows(experiment, Scale.QUICK, stored)
            by_name = {row["claim"]: row["verdict"] for row in read}
            verdicts[name] = Verdicts(experiment.version, len(stored), by_name)
        elif name not in verdicts:
            raise UsageError(f"{name} has no result in {results}: python -m deepnet {name}")
    verdicts = {name: verdicts[name] for name in experiments()}
    told = {name: asdict(each) for name, each in verdicts.items()}
    write_text(path, json.dumps(told, indent=1) + "\n")
    return verdicts


def recorded(path: Path = VERDICTS) -> dict[str, Verdicts]:
    """The verdicts of the last ``record``. Raises UsageError where there are none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {name: Verdicts(**verdicts) for name, verdicts in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        raise UsageError(f"{path} cannot be read: python -m figures passages --record") from None


def verdict(verdicts: Verdicts) -> str:
    """The words for some verdicts: how many observations agree, which do not, and over how many
    seeds.

    >>> verdict(Verdicts(1, 3, {"a.b": "agrees", "a.c": "refuted", "a.d": None}))
    '1 of 2 agree, `a.c` is refuted; 1 reported; 3 seeds'
    """
    observations = verdicts.observations
    judged = {name: each for name, each in observations.items() if each is not None}
    reported = len(observations) - len(judged)
    agree = sum(each == "agrees" for each in judged.values())
    said = "agrees" if agree == len(judged) else f"{agree} of {len(judged)} agree"
    said += "".join(f", `{n}` is {each}" for n, each in judged.items() if each != "agrees")
    return "; ".join(
        ([said] if judged else [])
        + ([f"{reported} reported"] if reported else [])
        + ([f"{verdicts.seeds} seeds"] if verdicts.seeds > 1 else [])
    )


def _stored(experiment: Experiment, results: Path) -> list[Result]:
    if not (results / experiment.name).is_dir():  # the images need not be made
        return []
    runs = (Job(experiment, Scale.QUICK, "textures", seed, results).stored() for seed in count())
    return [run for run in takewhile(lambda run: run is not None, runs) if run is not None]
