"""The findings on record: the last recorded runs of each experiment, which ship with the package.

Findings of an earlier VERSION stay on record until the experiment is run and recorded again. The
findings of 2026-11 and before have a verdict alone. It is "agrees" where every run lay in the band,
"refuted" where none did, and "unresolved" otherwise.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from companion.command import strict_json
from companion.errors import UsageError
from companion.files import write_text
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.finding import Finding
from deepnet.experiments.runner import Job, Result

#: The file of the record.
RECORD = Path(__file__).parent.parent / "record" / "verdicts.json"
#: The verdicts that judge a band.
JUDGED = ("agrees", "refuted", "unresolved", "uninformative")
#: The parts of a finding that are recorded.
NUMBERS = ("measured", "stderr", "interval", "inside", "null", "effect", "compared")


@dataclass(frozen=True)
class Recorded:
    """The findings on record of one experiment.

    ``version`` is the VERSION of the experiment that ran.
    ``seeds`` is the number of runs, whose seeds are 0, 1, ...
    ``scale`` is the scale of the runs, and ``data`` names their images.
    ``findings`` has {"verdict": ...} by observation, with the numbers of the ``Finding``.
    """

    version: int
    seeds: int
    scale: str
    data: str
    findings: Mapping[str, Mapping[str, Any]]

    @property
    def source(self) -> str:
        """The name of the data set, without its quality."""
        return self.data.partition(" (")[0]

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each observation."""
        return {name: str(found["verdict"]) for name, found in self.findings.items()}

    def before(self, experiment: Experiment) -> bool:
        """Whether the experiment's VERSION is higher than the VERSION on record."""
        return self.version < experiment.version


def agreement(some: Iterable[Recorded]) -> tuple[int, int]:
    """The number of observations that agree, and the number of observations with a band.

    >>> found = {"a.b": {"verdict": "agrees"}, "a.c": {"verdict": "reported"}}
    >>> agreement([Recorded(1, 3, "quick", "textures", found)])
    (1, 1)
    """
    judged = [each for one in some for each in one.verdicts.values() if each in JUDGED]
    return judged.count("agrees"), len(judged)


def recorded(path: Path = RECORD) -> dict[str, Recorded]:
    """The record by experiment. Raises UsageError where it cannot be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {name: Recorded(**each) for name, each in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        raise UsageError(f"{path} cannot be read: python -m figures passages --record") from None


def record(results: Path, path: Path = RECORD) -> dict[str, Recorded]:
    """Write the findings of all experiments at quick scale, on textures, and return the record.

    The findings are read off the stored ``results`` of the seeds 0, 1, ..., in a row. Without a
    result of seed 0 the findings on record stay. Raises UsageError where there are neither.
    """
    known = recorded(path) if path.exists() else {}
    for name, experiment in experiments().items():
        stored = _stored(experiment, results)
        if stored:
            known[name] = found(experiment, stored)
        elif name not in known:
            raise UsageError(f"{name} has no result in {results}: python -m deepnet {name}")
    known = {name: known[name] for name in experiments()}
    told = {name: asdict(each) for name, each in known.items()}
    write_text(path, json.dumps(json.loads(strict_json(told)), indent=1) + "\n")
    return known


def found(experiment: Experiment, results: list[Result]) -> Recorded:
    """The findings of an experiment in ``results``, one result per seed, as they are recorded."""
    arrays = [result.arrays for result in results]
    return Recorded(
        version=experiment.version,
        seeds=len(results),
        scale=results[0].facts["scale"],
        data=results[0].images,
        findings={each.name: _told(each.finding(arrays)) for each in experiment.observations},
    )


def _told(finding: Finding) -> dict[str, Any]:
    parts = {name: getattr(finding, name) for name in NUMBERS}
    return {"verdict": finding.verdict, **parts}


def _stored(experiment: Experiment, results: Path) -> list[Result]:
    if not (results / experiment.name).is_dir():  # the images need not be made
        return []
    runs = (Job(experiment, Scale.QUICK, "textures", seed, results).stored() for seed in count())
    return [run for run in takewhile(lambda run: run is not None, runs) if run is not None]
