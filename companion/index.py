"""The index of names says what a name stands for, and how names rest on each other.

Only a tool may look into all rooms, so ``make docs`` writes the index to ``index.json``. A room
finds there the names of the rooms above it, and does not import these rooms.
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
    """An entry says what one name stands for, and with which other names it is linked.

    ``room`` is the package that has the name.
    ``line`` says in one line what the name stands for.
    ``rests_on`` are the names on which the entry rests, by kind.
    ``carries`` are the names that rest on the entry, by kind.
    ``measured_by`` are the observations that ask real nets about the name. Those of a claim are not
    those of the claims that rest on it.
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
    """Read all entries, by kind and name, lowest room first. None rests on itself in a circle."""
    read = json.loads(files("companion").joinpath(FILE).read_text(encoding="utf-8"))
    return {(each["kind"], each["name"]): _entry(**each) for each in read}


def _entry(
    rests_on: Mapping[str, list[str]],
    carries: Mapping[str, list[str]],
    measured_by: list[str],
    **texts: str,
) -> Entry:
    """Make an entry of its JSON, which has lists in place of tuples."""
    below, above = (
        {kind: tuple(names) for kind, names in by_kind.items()} for by_kind in (rests_on, carries)
    )
    return Entry(**texts, rests_on=below, carries=above, measured_by=tuple(measured_by))  # type: ignore[arg-type]


def find(kind: Kind, name: str) -> Entry:
    """Return the entry of a name.

    A name that ``make docs`` has not entered yet has an entry without neighbours.

    >>> find("claim", "invariance.equilibrium_angle").carries["check"]
    ('invariance.equilibrium_angle',)
    >>> find("claim", "invariance.new").measured_by
    ()
    """
    return index().get((kind, name)) or Entry(kind, name, "", "", {}, {}, ())


def experiments_about(claims: Iterable[str]) -> tuple[str, ...]:
    """Name the experiments that measure any of the ``claims`` on real nets, each experiment once.

    >>> experiments_about(["invariance.equilibrium_angle"])
    ('weight_decay',)
    """
    observations = (name for claim in claims for name in find("claim", claim).measured_by)
    return tuple(dict.fromkeys(name.partition(".")[0] for name in observations))
