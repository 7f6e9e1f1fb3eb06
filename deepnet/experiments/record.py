"""The record: the last recorded runs of each experiment, which ship with the package.

    record/<experiment>/findings.json     the findings, and per run its facts and its numbers
    record/<experiment>/seed-0-<hash>.npz the arrays of a run, from which figures are drawn

``python -m deepnet NAME --record`` writes the files of one experiment. Findings of an earlier
VERSION stay on record until the experiment is recorded again. The findings of 2026-11 and before
have a verdict alone. It is "agrees" where every run lay in the band, "refuted" where none did, and
"unresolved" otherwise.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from companion.command import strict_json
from companion.errors import UsageError
from companion.files import make_folder, write_text
from deepnet.experiments.experiment import Experiment, Observation, experiments
from deepnet.experiments.finding import Finding
from deepnet.experiments.judged import judged
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from deepnet.npz import DIGEST, digest, read, write

#: The folder of the record.
RECORD = Path(__file__).parent.parent / "record"
FINDINGS = "findings.json"
#: The verdicts that judge a band.
JUDGED = ("agrees", "refuted", "unresolved", "uninformative")
#: The parts of a finding that are recorded.
NUMBERS = ("measured", "stderr", "interval", "margin", "inside", "null", "effect", "compared")
#: The facts of a run that are recorded, of those that ``runner`` stores.
FACTS = (
    "seed",
    "date",
    "seconds",
    "configuration",
    "convolution",
    "data",
    "device",
    "processor",
    "threads",
    "versions",
)
#: Bytes of an array from which on it is recorded in single precision.
LARGE = 1 << 15
#: Bytes of an experiment's files of arrays. The first run has its file in any case.
ROOM = 200_000


@dataclass(frozen=True)
class Recorded:
    """The findings on record of one experiment.

    ``version`` is the VERSION of the experiment that ran.
    ``seeds`` is the number of runs.
    ``scale`` is the scale of the runs, and ``data`` names their images.
    ``findings`` has {"verdict": ...} by observation, with the numbers of the ``Finding``.
    ``runs`` has one entry per run: its facts, {"measured", "null"} by observation, and the name and
    the digest of the file of its arrays, where it has one.
    """

    version: int
    seeds: int
    scale: str
    data: str
    findings: Mapping[str, Mapping[str, Any]]
    runs: Sequence[Mapping[str, Any]] = ()

    @property
    def source(self) -> str:
        """The name of the data set, without its quality and the ending of its file."""
        return self.data.partition(" (")[0].removesuffix(".npz")

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


def recorded(folder: Path = RECORD) -> dict[str, Recorded]:
    """The record by experiment. Raises UsageError where a file of it cannot be read."""
    paths = {name: folder / name / FINDINGS for name in experiments()}
    return {name: _read(path) for name, path in paths.items() if path.exists()}


def _read(path: Path) -> Recorded:
    try:
        return Recorded(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        name = path.parent.name
        raise UsageError(f"{path} cannot be read: python -m deepnet {name} --record") from None


def recorded_results(name: str, folder: Path = RECORD) -> list[Result]:
    """The runs on record of the experiment ``name`` that have their arrays, by seed."""
    path = folder / name / FINDINGS
    known = _read(path) if path.exists() else None
    results = []
    for run in known.runs if known else ():
        arrays = read(folder / name / run["file"]) if run["file"] else None
        if known is not None and arrays is not None and digest(arrays) == run[DIGEST]:
            results.append(Result(arrays, {**run, "scale": known.scale}, folder / name, True))
    return results


def record(experiment: Experiment, results: Sequence[Result], folder: Path = RECORD) -> Path:
    """Record ``results``, one per seed, in place of the experiment's runs on record.

    Returns the file of the findings. The files of arrays are written first and named by their
    digests, so that the findings on record always find theirs.
    """
    place = make_folder(folder / experiment.name)
    files = _write_arrays(place, results)
    runs = [
        {name: result.facts[name] for name in FACTS if name in result.facts}
        | {"observations": _measured(experiment.observations, result.arrays)}
        | {"file": file, DIGEST: sha256}
        for result, (file, sha256) in zip(results, files, strict=True)
    ]
    found = Recorded(
        version=experiment.version,
        seeds=len(results),
        scale=results[0].facts["scale"],
        data=results[0].images,
        findings={each.name: _told(judged(each, results)) for each in experiment.observations},
        runs=runs,
    )
    write_text(place / FINDINGS, strict_json(asdict(found), indent=1) + "\n")
    for path in place.glob("*.npz"):
        if path.name not in {file for file, _ in files}:
            path.unlink()
    return place / FINDINGS


def _write_arrays(place: Path, results: Sequence[Result]) -> list[tuple[str, str]]:
    """Write the arrays of the runs as far as there is room. ("", "") is a run without a file."""
    files: list[tuple[str, str]] = []
    room = ROOM
    for result in results:
        arrays = {name: _small(array) for name, array in result.arrays.items()}
        sha256 = digest(arrays)
        path = place / f"seed-{result.facts['seed']}-{sha256[:8]}.npz"
        write(path, arrays, compressed=True)
        room -= path.stat().st_size
        if files and room < 0:
            path.unlink()
        files.append(("", "") if files and room < 0 else (path.name, sha256))
    return files


def _small(array: np.ndarray) -> np.ndarray:
    """The array in single precision if it is large."""
    large = array.dtype == float and array.nbytes > LARGE
    return array.astype(np.float32) if large else array


def _measured(observations: Iterable[Observation], arrays: Arrays) -> dict[str, Any]:
    """The measure and the null of each observation in one run. None is what a run has not."""

    def value(measure: Any) -> float | None:
        number = None if measure is None else float(measure(arrays))
        return number if number is not None and isfinite(number) else None

    return {
        each.name: {"measured": value(each.measure), "null": value(each.null)}
        for each in observations
    }


def _told(finding: Finding) -> dict[str, Any]:
    return {"verdict": finding.verdict} | {name: getattr(finding, name) for name in NUMBERS}
