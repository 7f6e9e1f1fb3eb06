"""The book by its sources: each passage with its claims or experiment, its figures, its verdict."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count, takewhile
from pathlib import Path

from companion.errors import UsageError
from companion.files import write_text
from companion.passages import PASSAGES
from companion.references import REFERENCES, Citation
from companion.scale import Scale
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.rows import rows
from deepnet.experiments.runner import Job, Result
from figures.gallery import plates
from theory import claims
from theory.claim import Claim
from theory.contents import escaped
from theory.errata import errata
from theory.erratum import Erratum

#: The five source texts, each with the paper that it reports.
BOOKS = (
    ("page2019",),
    ("rethinking", "santurkar2018"),
    ("whybatchnorm", "ghorbani2019"),
    ("grosse2021",),
    ("oxford2021",),
)
#: Where the verdicts on networks are kept between one run of all experiments and the next.
VERDICTS = Path("docs/verdicts.json")
KINDS = {
    "counterexample": "printed wrong",
    "misprint": "misprinted",
    "scope": "needs a condition",
    "unverified": "no support found",
}


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on an experiment's ``observations``, by name, over seeds from 0 on, so many.

    None where there is no band.
    """

    seeds: int
    observations: Mapping[str, str | None]


@dataclass(frozen=True)
class PassageRow:
    """Passages of a source: what checks them, what shows them, what came out."""

    citation: Citation
    checks: tuple[str, ...]
    figures: tuple[str, ...]
    verdict: str


def markdown(verdicts: Mapping[str, Verdicts]) -> str:
    """One section per source: the table of its passages."""
    return "\n\n".join(_book(keys, verdicts) for keys in BOOKS)


def summary(verdicts: Mapping[str, Verdicts]) -> str:
    """One table of Markdown, one row per source: what the source has, and how much agrees."""
    head = ("source", "key", "passages", "errata", "observations that agree")
    lines = [_line(head), "|---|---|---|---|---|"]
    for keys in BOOKS:
        wrong = [entry for entry in errata().values() if entry.reference.key in keys]
        own = [each for each in experiments().values() if each.source.key in keys]
        agree, judged = agreement([verdicts_on(each.name, verdicts) for each in own])
        title = REFERENCES[keys[0]].title.partition(":")[0]
        cells = (title, _code(keys), len(table(keys, verdicts)), len(wrong), f"{agree} of {judged}")
        lines.append(_line(cells))
    return "\n".join(lines)


def agreement(some: Iterable[Verdicts]) -> tuple[int, int]:
    """How many observations agree, of how many that have a verdict.

    >>> agreement([Verdicts(1, {"a.b": "agrees", "a.c": "refuted", "a.d": None})])
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

    They are read off the stored ``results`` of the seeds 0, 1, ..., as many as there are; without
    those of seed 0, verdicts stay as they were. Raises UsageError where there are neither.
    """
    verdicts = recorded(path) if path.exists() else {}
    for name, experiment in experiments().items():
        stored = _stored(experiment, results)
        if stored:
            read = rows(experiment, Scale.QUICK, stored)
            verdicts[name] = Verdicts(len(stored), {row["claim"]: row["verdict"] for row in read})
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


def _stored(experiment: Experiment, results: Path) -> list[Result]:
    if not (results / experiment.name).is_dir():  # the images need not be made
        return []
    runs = (Job(experiment, Scale.QUICK, "textures", seed, results).stored() for seed in count())
    return [run for run in takewhile(lambda run: run is not None, runs) if run is not None]


def table(keys: Sequence[str], verdicts: Mapping[str, Verdicts]) -> list[PassageRow]:
    """The rows of a source in the order of its passages.

    Of the rows of one passage, those of claims come first, then errata without a claim of the
    source, then experiments.
    """
    cited: dict[Citation, list[Claim]] = {}
    for claim in claims().values():
        for reference in claim.references:
            if reference.key in keys:
                cited.setdefault(reference, []).append(claim)
    wrong = [entry for entry in errata().values() if _printed(entry, keys)]
    passages = [
        PassageRow(
            citation,
            tuple(claim.name for claim in about),
            _of_claims(about, keys),
            _of_errata([entry for entry in wrong if _common(entry.claims, about)]),
        )
        for citation, about in cited.items()
    ]
    passages += [
        PassageRow(_printed(entry, keys)[0], (), (), _of_errata([entry]))
        for entry in wrong
        if not any(_common(entry.claims, about) for about in cited.values())
    ]
    passages += [
        _of_experiment(experiment, verdicts)
        for experiment in experiments().values()
        if experiment.source.key in keys
    ]
    return sorted(passages, key=lambda row: _position(row.citation, keys))


def _position(citation: Citation, keys: Sequence[str]) -> tuple[int, int]:
    """Which source, and which of its passages. A source throughout comes before its passages."""
    place = PASSAGES[citation.key].index(citation.passages[0]) if citation.passages else -1
    return keys.index(citation.key), place


def _printed(entry: Erratum, keys: Sequence[str]) -> list[Citation]:
    """Where a source prints the erratum, if it does."""
    return [citation for citation in entry.references if citation.key in keys]


def _common(some: Iterable[Claim], others: Iterable[Claim]) -> set[str]:
    return {claim.name for claim in some} & {claim.name for claim in others}


def _of_claims(about: Sequence[Claim], keys: Sequence[str]) -> tuple[str, ...]:
    """The figures that show them: the source's own, or else any."""
    showing = [plate for plate in plates().values() if _common(plate.shows, about)]
    own = [plate for plate in showing if plate.source.key in keys and not plate.experiment]
    return tuple(plate.name for plate in own or showing)


def _of_errata(wrong: Sequence[Erratum]) -> str:
    said = [
        f"{KINDS[entry.kind]}{', as transcribed' * entry.transcribed} ({entry.name})"
        for entry in wrong
    ]
    return ", ".join(said) or "agrees"


def _of_experiment(experiment: Experiment, verdicts: Mapping[str, Verdicts]) -> PassageRow:
    drawing = [plate for plate in plates().values() if plate.experiment == experiment.name]
    return PassageRow(
        experiment.source,
        (f"experiment {experiment.name}",),
        tuple(plate.name for plate in drawing),
        verdict(verdicts_on(experiment.name, verdicts)),
    )


def verdict(verdicts: Verdicts) -> str:
    """How many observations agree, and which do not; over how many seeds, if over several.

    >>> verdict(Verdicts(3, {"a.b": "agrees", "a.c": "refuted", "a.d": None}))
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


def _book(keys: Sequence[str], verdicts: Mapping[str, Verdicts]) -> str:
    lines = [_line(("passage", "checked by", "figures", "verdict")), "|---|---|---|---|"]
    passages = table(keys, verdicts)
    for row in passages:
        place = escaped(row.citation.place or "throughout")
        lines.append(_line((place, _code(row.checks), _code(row.figures), row.verdict)))
    names = " and ".join(f"{REFERENCES[key].title} ({key})" for key in keys)
    return f"## {names}\n\n{len(passages)} passages.\n\n" + "\n".join(lines)


def _line(cells: Iterable[object]) -> str:
    """One row of a table in Markdown."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _code(names: Sequence[str]) -> str:
    """Names in code, those after the first of a chapter without it; before them what they are."""
    said, before = [], ""
    for name in names:
        kind, _, name = name.rpartition(" ")
        chapter, dot, rest = name.partition(".")
        code = f"`.{rest}`" if dot and chapter == before else f"`{name}`"
        said.append(f"{kind} {code}".strip())
        before = chapter
    return ", ".join(said)
