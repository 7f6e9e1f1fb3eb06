"""The book by its sources: what became of each passage, and what checks it.

Two things are said of a passage, and never mixed. A person judged whether the statement of the
source holds (``companion.passages``). A program checked our claims, errata and experiments.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from companion.index import experiments_about
from companion.passages import PASSAGES
from companion.passages.judgement import VERDICTS, Judgement
from companion.references import REFERENCES, Citation
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.record import Recorded, agreement
from figures.gallery import plates
from figures.verdicts import BEFORE, on_record, words
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
#: The judgements of passages, as the heads of a table.
SHORT = ("hold", "in part", "do not hold", "reversed", "not asked")
KINDS = {
    "counterexample": "printed wrong",
    "misprint": "misprinted",
    "scope": "needs a condition",
    "unverified": "no support found",
}


@dataclass(frozen=True)
class PassageRow:
    """One passage of a source: how it is judged, what checks it, and what the checks say.

    ``passage`` is empty for a whole source, which has no ``judgement``.
    ``checks`` are names of claims and experiments.
    ``checked`` are the words for the statuses of claims, for errata, and for findings on record.
    """

    key: str
    passage: str
    judgement: Judgement | None
    checks: tuple[str, ...]
    figures: tuple[str, ...]
    checked: str


def markdown(record: Mapping[str, Recorded]) -> str:
    """One section per source: the table of its passages."""
    return "\n\n".join(_book(keys, record) for keys in BOOKS)


def summary(record: Mapping[str, Recorded]) -> str:
    """One table of Markdown, one row per source: how its passages are judged, and its checks."""
    head = ("source", "key", *SHORT, "errata", "agree")
    lines = [_line(head), "|" + "---|" * len(head)]
    for keys in BOOKS:
        judged = counts(keys)
        wrong = [entry for entry in errata().values() if entry.reference.key in keys]
        own = [each for each in experiments().values() if each.source.key in keys]
        agree, of = agreement(on_record(each.name, record) for each in own)
        title = REFERENCES[keys[0]].title.partition(":")[0]
        numbers = (*(judged[each] for each in VERDICTS), len(wrong), f"{agree} of {of}")
        cells = (title, code(keys), *numbers)
        lines.append(_line(cells))
    return "\n".join(lines)


def counts(keys: Sequence[str]) -> Counter[str]:
    """The number of passages of a source per judgement."""
    return Counter(each.verdict for key in keys for each in PASSAGES[key].values())


def table(keys: Sequence[str], record: Mapping[str, Recorded]) -> list[PassageRow]:
    """The rows of a source in the order of its passages. A whole source comes first."""
    rows = []
    for key in keys:
        whole = _row(key, "", record)
        rows += [whole] if whole.checks else []
        rows += [_row(key, passage, record) for passage in PASSAGES[key]]
    return rows


def _row(key: str, passage: str, record: Mapping[str, Recorded]) -> PassageRow:
    def cites(citation: Citation) -> bool:
        places = citation.passages or ("",)
        return citation.key == key and passage in places

    about = [claim for claim in claims().values() if any(map(cites, claim.references))]
    wrong = [entry for entry in errata().values() if any(map(cites, entry.references))]
    asked = [each for each in experiments().values() if cites(each.source)]
    names = {experiment.name for experiment in asked}
    drawn = [
        plate.name
        for plate in plates().values()
        if cites(plate.source) or plate.experiment in names
    ]
    checked = [*_statuses(about), *_of_errata(wrong), *(_found(each, record) for each in asked)]
    return PassageRow(
        key,
        passage,
        PASSAGES[key].get(passage),
        (*_with_nets([claim.name for claim in about]), *_named(asked)),
        tuple(dict.fromkeys([*drawn, *_showing(about, key)])),
        "; ".join(checked),
    )


def _with_nets(names: Sequence[str]) -> tuple[str, ...]:
    """The claims, then the experiments that measure them on real nets.

    The first name follows the words "on nets".
    """
    first, *others = experiments_about(names) or ("",)
    return (*names, f"on nets {first}", *others) if first else tuple(names)


def _named(asked: Iterable[Experiment]) -> list[str]:
    return [f"experiment {experiment.name}" for experiment in asked]


def _showing(about: Sequence[Claim], key: str) -> list[str]:
    """The figures that show the claims: the source's own figures if there are any, else all."""
    names = {claim.name for claim in about}
    showing = [
        plate for plate in plates().values() if any(claim.name in names for claim in plate.shows)
    ]
    own = [plate for plate in showing if plate.source.key == key and not plate.experiment]
    return [plate.name for plate in own or showing]


def _statuses(about: Sequence[Claim]) -> list[str]:
    """How many of the claims have which status."""
    by_status = Counter(claim.status for claim in about)
    if len(by_status) == 1:
        return [str(status) for status in by_status]
    return [", ".join(f"{number} {status}" for status, number in by_status.items())] * bool(about)


def _of_errata(wrong: Iterable[Erratum]) -> list[str]:
    return [
        f"{KINDS[entry.kind]}{', as transcribed' * entry.transcribed} ({entry.name})"
        for entry in wrong
    ]


def _found(experiment: Experiment, record: Mapping[str, Recorded]) -> str:
    found = on_record(experiment.name, record)
    restated = f"; {experiment.restated} restated" * bool(experiment.restated)
    return words(found) + restated + f"; {BEFORE}" * found.before(experiment)


def _book(keys: Sequence[str], record: Mapping[str, Recorded]) -> str:
    head = ("passage", "the passage", "because", "checked by", "figures", "the check")
    lines = [_line(head), "|" + "---|" * len(head)]
    rows = table(keys, record)
    for row in rows:
        judged = (row.judgement.verdict, row.judgement.reason) if row.judgement else ("", "")
        place = escaped(row.passage or "throughout")
        lines.append(_line((place, *judged, code(row.checks), code(row.figures), row.checked)))
    names = " and ".join(f"{REFERENCES[key].title} ({key})" for key in keys)
    judged_as = ", ".join(f"{number} {verdict}" for verdict, number in counts(keys).items())
    return f"## {names}\n\n{len(rows)} passages: {judged_as}.\n\n" + "\n".join(lines)


def _line(cells: Iterable[object]) -> str:
    """One row of a table in Markdown."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
