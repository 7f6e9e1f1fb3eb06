"""``make docs`` writes the names of all rooms to ``companion/index.json``, lowest first.

``python -m tools.index`` writes the index alone.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import companion
from companion.command import strict_json
from companion.files import write_text
from companion.index import FILE, Entry, Kind, index
from companion.passages import PASSAGES
from companion.references import REFERENCES, Citation
from deepnet.experiments.experiment import Observation, experiments
from figures.gallery import plates
from sim.table import simulations
from theory import CHAPTERS, claims, status
from theory.claim import Claim
from theory.contents import first_sentence
from theory.errata import errata
from theory.proofs import theorems  # noqa: F401  reading the folder enters its theorems
from theory.proofs.uses import THEOREMS, Use

NAME_OF_CLAIM = re.compile(rf"\b(?:{'|'.join(CHAPTERS)})\.\w+")
PATH = Path(companion.__file__).with_name(FILE)
Key = tuple[Kind, str]


@dataclass(frozen=True)
class Name:
    """A name in its room. ``rests_on`` are the names on which it rests."""

    kind: Kind
    name: str
    room: str
    line: str
    rests_on: Sequence[Key] = ()

    @property
    def key(self) -> Key:
        """The kind and the name together are unique."""
        return self.kind, self.name


def main() -> int:
    """Write the index, for which nothing has to be run, and return the exit code."""
    write_text(PATH, text())
    index.cache_clear()
    return 0


def text() -> str:
    """Return the index as JSON, one line per entry."""
    lines = ",\n".join(strict_json(asdict(entry)) for entry in entries())
    return f"[\n{lines}\n]\n"


def entries() -> list[Entry]:
    """Make all entries.

    Raises KeyError where two names of one kind are equal, or where a name rests on a name that is
    not there, and graphlib.CycleError where names rest on each other in a circle.
    """
    known = list(names())
    carried: dict[Key, list[Key]] = {each.key: [] for each in known}
    if len(carried) < len(known):
        counts = Counter(each.key for each in known)
        raise KeyError(f"two names of one kind: {counts.most_common(1)[0][0]}")
    for each in known:
        for below in each.rests_on:
            carried[below].append(each.key)
    TopologicalSorter({each.key: each.rests_on for each in known}).prepare()
    return [_entry(each, carried) for each in known]


def _entry(each: Name, carried: Mapping[Key, Sequence[Key]]) -> Entry:
    return Entry(
        each.kind,
        each.name,
        each.room,
        each.line,
        rests_on=_by_kind(each.rests_on),
        carries=_by_kind(carried[each.key]),
        measured_by=_measured_by(each, carried),
    )


def _by_kind(keys: Iterable[Key]) -> dict[str, tuple[str, ...]]:
    by_kind: dict[str, tuple[str, ...]] = {}
    for kind, name in keys:
        by_kind[kind] = (*by_kind.get(kind, ()), name)
    return by_kind


def _measured_by(each: Name, carried: Mapping[Key, Sequence[Key]]) -> tuple[str, ...]:
    """Find the observations that rest on the name, or on a name that rests on it.

    Nothing rests on a check, an erratum or a figure. They have the observations of the claims and
    of the experiment on which they rest. An observation has none. What measures a claim does not
    measure the claims on which it rests.
    """
    if each.kind == "observation":
        return ()
    waiting = [each.key]
    if each.kind in ("check", "erratum", "figure"):
        waiting = [key for key in each.rests_on if key[0] != "passage"]
    seen: dict[Key, None] = {}
    while waiting:
        key = waiting.pop(0)
        if key not in seen:
            seen[key] = None
            waiting += [above for above in carried[key] if (key[0], above[0]) != ("claim", "claim")]
    return tuple(name for kind, name in seen if kind == "observation")


# --- the names of each room -------------------------------------------------------------------


def names() -> Iterator[Name]:
    """Yield the names of all rooms, lowest first.

    A claim may rest on a later claim. Any other name rests on names before it.
    """
    for key, passages in PASSAGES.items():
        for passage in passages:
            yield Name("passage", f"{key}, {passage}", "companion", REFERENCES[key].title)
    for theorem in sorted(THEOREMS.values(), key=lambda each: each.name):
        yield Name("theorem", f"{theorem.name} [{theorem.source}]", "theory", theorem.words)
    for claim in claims().values():
        below = (
            *_cited(claim.references),
            *(("theorem", each) for each in _theorems(claim)),
            *(("claim", each) for each in rests_on(claim)),
        )
        yield Name("claim", claim.name, "theory", first_sentence(claim.statement), below)
    checked = simulations()  # in the order in which their files were read
    for claim in (each for each in claims().values() if each in checked):
        line = f"independent unit of its draws: {checked[claim].unit}"
        yield Name("check", claim.name, "sim", line, _claims([claim]))
    for erratum in errata().values():
        below = (*_cited(erratum.references), *_claims(erratum.claims))
        yield Name("erratum", erratum.name, "theory", first_sentence(erratum.right), below)
    yield from _of_experiments()
    for plate in plates().values():
        of: list[Key] = [("experiment", plate.experiment)] if plate.experiment else []
        below = (*_cited([plate.source]), *_claims(plate.shows), *of)
        yield Name("figure", plate.name, "figures", first_sentence(plate.caption), below)


def _of_experiments() -> Iterator[Name]:
    for experiment in experiments().values():
        line = first_sentence(experiment.caption)
        cited = _cited([experiment.source])
        yield Name("experiment", experiment.name, "deepnet", line, cited)
        for each in experiment.observations:
            below = (("experiment", experiment.name), *_claims(each.about))
            yield Name("observation", each.name, "deepnet", said(each), below)


def said(observation: Observation) -> str:
    """Say the statement that an observation's name has, with its band if there is a band."""
    statement = observation.name.partition(".")[2].replace("_", " ")
    limits = observation.limits
    if limits is None:
        return f"{statement}, reported"
    return "{} in [{:.4g}, {:.4g}]".format(statement, *limits)


def _claims(some: Iterable[Claim]) -> tuple[Key, ...]:
    return tuple(("claim", claim.name) for claim in some)


def _cited(citations: Iterable[Citation]) -> tuple[Key, ...]:
    """List the cited passages. A source without a list of passages has none in the index."""
    listed = (citation for citation in citations if citation.key in PASSAGES)
    keys = [f"{each.key}, {passage}" for each in listed for passage in each.passages]
    return tuple(("passage", key) for key in dict.fromkeys(keys))


def _theorems(claim: Claim) -> tuple[str, ...]:
    """List the theorems that the last run of the claim's proof used, whatever has changed since."""
    return tuple(status.record().get(claim.name, {}).get("rests_on", ()))


def rests_on(claim: Claim) -> tuple[str, ...]:
    """Name the claims on which a claim rests, in reading order.

    These are the claims that its statement, its assumptions, its steps and its links name in words,
    and those whose chains its links use.
    """
    derivation = claim.derivation
    chain = derivation.chain
    links = [link for each in chain.links.values() for link in each] if chain else []
    said = [claim.statement, derivation.missing, *claim.assumptions]
    said += [*(step.words for step in claim.steps), *(link.words for link in links)]
    named = {name for text in said for name in NAME_OF_CLAIM.findall(text)}
    reasons = [link.by for link in links if isinstance(link.by, Use)]
    used = {use.parts.get("claim") for reason in reasons for use in reason.uses()}
    return tuple(name for name in claims() if name in named | used and name != claim.name)


if __name__ == "__main__":
    sys.exit(main())
