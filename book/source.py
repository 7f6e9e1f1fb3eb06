"""A source's page: its passages as judged, and the experiments that ask about them on nets."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from book.materials import Materials
from book.plate import Picture, cited, picture
from book.words import html, link
from companion.passages.judgement import VERDICTS
from companion.references import Citation
from figures import passages
from figures.gallery import plates
from figures.observed import Observed, observed


@dataclass(frozen=True)
class Passage:
    """A passage as HTML: its words, how a person judged it and why, and what checks it."""

    place: str
    words: str
    verdict: str
    reason: str
    checks: tuple[str, ...]
    figures: tuple[str, ...]
    checked: str


@dataclass(frozen=True)
class Experiment:
    """An experiment: what is on record of it, with its figures."""

    place: str
    about: str
    observed: Observed
    says: tuple[str, ...]
    pictures: tuple[Picture, ...]


def keys(source: str) -> tuple[str, ...]:
    """The keys whose passages stand on the page ``source``.

    >>> keys("santurkar2018")
    ('rethinking', 'santurkar2018')
    """
    return next(each for each in passages.BOOKS if source in each)


def texts(source: str) -> list[str]:
    """The source texts of the page, cited as a whole."""
    return [cited(Citation(key)) for key in keys(source)]


def judged(source: str) -> dict[str, int]:
    """How many passages are judged how, in the order of the verdicts."""
    counts = passages.counts(keys(source))
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}


def passages_of(source: str, record: Mapping[str, Any]) -> dict[str, list[Passage]]:
    """The passages of the page, by the text that they stand in."""
    found: dict[str, list[Passage]] = {key: [] for key in keys(source)}
    places: Counter[str] = Counter()
    for row in passages.table(keys(source), record):
        slug = place(row.key, row.passage)
        places[slug] += 1
        found[row.key].append(_passage(row, slug + f"-{places[slug]}" * (places[slug] > 1)))
    return found


def place(key: str, passage: str) -> str:
    """The name of a passage within its page.

    >>> place("page2019", "What is Batch Norm?")
    'passage-page2019-what-is-batch-norm'
    """
    words = re.sub(r"[^a-z0-9]+", "-", f"{key} {passage or 'throughout'}".lower()).strip("-")
    return f"passage-{words[:70].rstrip('-')}"


def _passage(row: passages.PassageRow, slug: str) -> Passage:
    return Passage(
        place=slug,
        words=escape(row.passage or "throughout"),
        verdict=row.judgement.verdict if row.judgement else "",
        reason=html(row.judgement.reason) if row.judgement else "",
        checks=tuple(_check(each) for each in row.checks),
        figures=tuple(link(name) for name in row.figures),
        checked=html(row.checked),
    )


def _check(name: str) -> str:
    """A claim, or an experiment with the words before its name."""
    words, _, last = name.rpartition(" ")
    return f"{words} {link(last)}".strip()


def experiments_of(
    source: str, record: Mapping[str, Any], materials: Materials
) -> list[Experiment]:
    """The experiments whose figures stand on the page, in the order of their names."""
    own: dict[str, list[Picture]] = {}
    for plate in plates().values():
        if plate.name.partition(".")[0] == source and plate.experiment:
            own.setdefault(plate.experiment, []).append(picture(plate, materials.figures))
    return [_experiment(name, own[name], record) for name in sorted(own)]


def _experiment(name: str, own: Iterable[Picture], record: Mapping[str, Any]) -> Experiment:
    found = observed(name, record)
    return Experiment(
        place=f"experiment-{name}",
        about=html(found.caption),
        observed=found,
        says=tuple(html(each.says) for each in found.statements),
        pictures=tuple(own),
    )
