"""What has been derived, and from which sources: the status of every claim, read and not run.

``python -m theory --prove`` runs the proofs, ``make docs`` writes what came out to ``derived.json``
with a digest of the files that each proof depends on. Where a file has changed since, nothing is
known, and the status says no more than that the steps are there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

Status = Literal["derived", "derived from", "steps checked", "observed"]

THEORY = Path(__file__).parent
RECORD = THEORY / "derived.json"
#: What every proof depends on, beside the chapters.
SHARED = ("proofs", "functions", "chain.py", "claim.py", "domain.py", "laws.py", "symbols.py")
CHANGED = "the sources have changed since its proof was run: python -m theory NAME --prove runs it"


@dataclass(frozen=True)
class Verdict:
    """How far a claim is derived.

    "derived": links that the machine has checked lead from the definition to the closed form.
    "derived from": the same, and some links are theorems of textbooks, named in ``rests_on``.
    "steps checked": each step holds, and ``why`` says what does not join them to the closed form.
    "observed": the claim is an observation, measured on networks.
    """

    status: Status
    rests_on: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        return " ".join([self.status, *([", ".join(self.rests_on)] if self.rests_on else [])])


def recorded(claim: str) -> Verdict:
    """What the last run of the proof of ``claim`` came to."""
    entry = record().get(claim)
    if entry is None or entry["digest"] != digest(claim.partition(".")[0]):
        return Verdict("steps checked", why=CHANGED)
    return Verdict(entry["status"], tuple(entry["rests_on"]), entry["why"])


def is_current(claim: str) -> bool:
    """Whether the sources of ``claim`` are those that its proof was run on."""
    return recorded(claim).why != CHANGED


@cache
def record() -> Mapping[str, Any]:
    """What the last run of all proofs came to, by the name of the claim."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}


def write(verdicts: Mapping[str, Verdict]) -> None:
    """Record ``verdicts`` of claims beside those that are recorded already."""
    from companion.files import write_text

    known = {**record()}
    for claim, verdict in verdicts.items():
        known[claim] = {**asdict(verdict), "digest": digest(claim.partition(".")[0])}
    write_text(RECORD, json.dumps(known, indent=1, ensure_ascii=False) + "\n")
    record.cache_clear()


@cache
def digest(chapter: str) -> str:
    """A digest of the files that the proofs of a chapter depend on: what all chapters share, the
    chapter itself, and the chapters that it imports."""
    found = sha256()
    for path in sorted({*_shared(), *_chapters(chapter)}):
        found.update(str(path.relative_to(THEORY).as_posix()).encode())
        found.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()[:16]


@cache
def _shared() -> tuple[Path, ...]:
    paths = (THEORY / name for name in SHARED)
    return tuple(
        file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])
    )


def _chapters(chapter: str) -> set[Path]:
    """The files of a chapter and, as far as imports go, of others."""
    known: set[str] = set()
    waiting = {chapter}
    files: set[Path] = set()
    while waiting:
        name = waiting.pop()
        known.add(name)
        here = set((THEORY / name).glob("*.py"))
        files |= here
        text = "\n".join(file.read_text(encoding="utf-8") for file in here)
        imported = set(re.findall(r"^\s*from theory\.(\w+)", text, re.MULTILINE))
        waiting |= {each for each in imported - known if (THEORY / each / "letters.py").exists()}
    return files
