"""The index of names: what a name of the house is, what it rests on, and what rests on it.

Only a tool may look into all rooms, so ``make docs`` writes the index to ``index.json``. There a
room finds what stands in the rooms above it, without importing them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal[
    "passage", "theorem", "claim", "check", "erratum", "experiment", "observation", "figure"
]
#: The file, in the folder of this module.
FILE = "index.json"


@dataclass(frozen=True)
class Entry:
    """A name of the index.

    ``room`` is the package that has the name, and ``line`` says in one line what the name stands
    for. ``rests_on`` and ``carries`` are names by their kind: what the entry rests on, and what
    rests on it. ``measured_by`` are the observations on real nets.
    """

    kind: Kind
    name: str
    room: str
    line: str
    rests_on: Mapping[str, tuple[str, ...]]
    carries: Mapping[str, tuple[str, ...]]
    measured_by: tuple[str, ...]


@cache
def index() -> Mapping[tuple[str, str], Entry]:
    """All entries by kind and name. An entry rests on entries before it."""
    read = json.loads(files("companion").joinpath(FILE).read_text(encoding="utf-8"))
    return {(each["kind"], each["name"]): _entry(**each) for each in read}


def _entry(
    rests_on: Mapping[str, list[str]],
    carries: Mapping[str, list[str]],
    measured_by: list[str],
    **texts: str,
) -> Entry:
    """The entry that JSON has with lists in place of tuples."""
    below, above = (
        {kind: tuple(names) for kind, names in by_kind.items()} for by_kind in (rests_on, carries)
    )
    return Entry(**texts, rests_on=below, carries=above, measured_by=tuple(measured_by))  # type: ignore[arg-type]


def find(kind: Kind, name: str) -> Entry:
    """The entry of a name.

    A name that ``make docs`` has not entered yet has an entry without neighbours.

    >>> find("claim", "invariance.equilibrium_angle").carries["check"]
    ('invariance.equilibrium_angle',)
    >>> find("claim", "invariance.new").measured_by
    ()
    """
    return index().get((kind, name)) or Entry(kind, name, "", "", {}, {}, ())


def experiments_about(claims: Iterable[str]) -> tuple[str, ...]:
    """The experiments that measure any of the ``claims`` on real nets, each experiment once.

    >>> experiments_about(["invariance.equilibrium_angle"])
    ('weight_decay',)
    """
    observations = (name for claim in claims for name in find("claim", claim).measured_by)
    return tuple(dict.fromkeys(name.partition(".")[0] for name in observations))
