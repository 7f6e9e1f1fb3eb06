"""The book by its sources: each passage with its claims or experiment, its figures, its verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from companion.index import experiments_about
from companion.passages import PASSAGES
from companion.references import REFERENCES, Citation
from deepnet.experiments.experiment import Experiment, experiments
from figures.gallery import plates
from figures.verdicts import BEFORE, Verdicts, agreement, verdict, verdicts_on
from theory import claims
from theory.claim import Claim
from theory.contents import code, escaped
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
KINDS = {
    "counterexample": "printed wrong",
    "misprint": "misprinted",
    "scope": "needs a condition",
    "unverified": "no support found",
}


@dataclass(frozen=True)
class PassageRow:
    """Passages of a source, the claims or experiments that check them, their figures and their
    verdict."""

    citation: Citation
    checks: tuple[str, ...]
    figures: tuple[str, ...]
    verdict: str


def markdown(verdicts: Mapping[str, Verdicts]) -> str:
    """One section per source: the table of its passages."""
    return "\n\n".join(_book(keys, verdicts) for keys in BOOKS)


def summary(verdicts: Mapping[str, Verdicts]) -> str:
    """One table of Markdown, one row per source: its number of passages, and how much agrees."""
    head = ("source", "key", "passages", "errata", "observations that agree")
    lines = [_line(head), "|---|---|---|---|---|"]
    for keys in BOOKS:
        wrong = [entry for entry in errata().values() if entry.reference.key in keys]
        own = [each for each in experiments().values() if each.source.key in keys]
        on_record = [verdicts_on(each.name, verdicts) for each in own]
        agree, judged = agreement(on_record)
        before = any(map(Verdicts.recorded_before, on_record, own))
        title = REFERENCES[keys[0]].title.partition(":")[0]
        said = f"{agree} of {judged}" + f" ({BEFORE} a change)" * before
        cells = (title, code(keys), len(table(keys, verdicts)), len(wrong), said)
        lines.append(_line(cells))
    return "\n".join(lines)


def table(keys: Sequence[str], verdicts: Mapping[str, Verdicts]) -> list[PassageRow]:
    """The rows of a source in the order of its passages.

    Among rows of one passage the claims come first. Next come errata that belong to no claim of the
    source. Experiments come last. A row of claims also names the experiments that measure the
    claims.
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
            _with_nets([claim.name for claim in about]),
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
    """The position of the source, and the position of the passage in the source.

    A whole source comes before its passages.
    """
    place = PASSAGES[citation.key].index(citation.passages[0]) if citation.passages else -1
    return keys.index(citation.key), place


def _printed(entry: Erratum, keys: Sequence[str]) -> list[Citation]:
    """Where a source prints the erratum, if it does."""
    return [citation for citation in entry.references if citation.key in keys]


def _common(some: Iterable[Claim], others: Iterable[Claim]) -> set[str]:
    return {claim.name for claim in some} & {claim.name for claim in others}


def _with_nets(names: Sequence[str]) -> tuple[str, ...]:
    """The claims, then the experiments that measure them on real nets.

    The first name follows the words "on nets".
    """
    first, *others = experiments_about(names) or ("",)
    return (*names, f"on nets {first}", *others) if first else tuple(names)


def _of_claims(about: Sequence[Claim], keys: Sequence[str]) -> tuple[str, ...]:
    """The figures that show the claims: the source's own figures if there are any, else all."""
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
    on_record = verdicts_on(experiment.name, verdicts)
    before = f"; {BEFORE}" * on_record.recorded_before(experiment)
    return PassageRow(
        experiment.source,
        (f"experiment {experiment.name}",),
        tuple(plate.name for plate in drawing),
        verdict(on_record) + before,
    )


def _book(keys: Sequence[str], verdicts: Mapping[str, Verdicts]) -> str:
    lines = [_line(("passage", "checked by", "figures", "verdict")), "|---|---|---|---|"]
    passages = table(keys, verdicts)
    for row in passages:
        place = escaped(row.citation.place or "throughout")
        lines.append(_line((place, code(row.checks), code(row.figures), row.verdict)))
    names = " and ".join(f"{REFERENCES[key].title} ({key})" for key in keys)
    return f"## {names}\n\n{len(passages)} passages.\n\n" + "\n".join(lines)


def _line(cells: Iterable[object]) -> str:
    """One row of a table in Markdown."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
