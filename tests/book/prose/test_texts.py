"""The texts of the book: all are there, each is as long as it may be, and what they say is true."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from book import prose
from book.exercises import exercises
from book.explorers import explorers
from book.prose import Block, Prose, files
from companion.passages import PASSAGES
from figures.gallery import SOURCES
from tests.close import rounded
from theory import CHAPTERS, claims, contents
from theory.values import assignments

LEADS = (*CHAPTERS, *SOURCES)
OPENING = {"start": (300, 500), "how_to_read": (150, 250)}
NUMBER = re.compile(r'<data value="(?P<value>[^"]*)" title="(?P<call>[^"]*)">(?P<shown>[^<]*)')
#: Words that claim in place of an argument.
PROUD = re.compile(r"\b(?:clearly|obviously|trivial|trivially|simply|of course)\b", re.IGNORECASE)


@cache
def text(name: str) -> Prose:
    return prose.read(name)


def html(blocks: Iterable[Block]) -> str:
    return "\n".join(block.text for block in blocks if block.kind == "html")


def words(blocks: Iterable[Block]) -> int:
    """The words of a text; a formula is one."""
    read = re.sub(r"<math.*?</math>", "x", html(blocks))
    return len(re.sub(r"<[^>]*>", "", read).split())


def whole(of: Prose) -> str:
    return "\n".join([html(of.lead), *(html(blocks) for _, blocks in of.sections.values())])


def test_there_is_a_text_for_each_page() -> None:
    assert set(prose.available()) == {*LEADS, *OPENING}


@pytest.mark.parametrize("name", LEADS)
def test_a_lead_has_its_length_a_question_and_two_pictures(name: str) -> None:
    lead = text(name).lead
    assert 150 <= words(lead) <= 250
    assert "?" in html(lead)
    assert len(set(re.findall(r'href="\w+\.html#figure-(\w+)"', html(lead)))) >= 2


@pytest.mark.parametrize("name", OPENING)
def test_an_opening_page_has_its_length(name: str) -> None:
    low, high = OPENING[name]
    assert low <= words(text(name).lead) <= high


def test_the_model_chapter_has_all_sections_at_their_length() -> None:
    model = text("spectra")
    modules = [module.rpartition(".")[2] for module in contents.sections("spectra")]
    assert list(model.sections) == modules
    lengths = {slug: words(blocks) for slug, (_, blocks) in model.sections.items()}
    assert all(80 <= length <= 200 for length in lengths.values()), lengths
    assert 1200 <= words(model.lead) + sum(lengths.values()) <= 2000


def test_the_model_chapter_names_every_claim_of_its_sections() -> None:
    model = text("spectra")
    for module, those in contents.sections("spectra").items():
        named = html(model.sections[module.rpartition(".")[2]][1])
        for claim in those:
            assert f'data-claim="{claim.name}"' in named, claim.name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_moves_stands_once_in_its_chapter(chapter: str) -> None:
    of = text(chapter)
    blocks = [*of.lead, *(block for _, those in of.sections.values() for block in those)]
    for kind, declared in (("explorer", explorers(chapter)), ("exercise", exercises(chapter))):
        assert sorted(block.text for block in blocks if block.kind == kind) == sorted(declared)


@pytest.mark.parametrize("name", [*LEADS, *OPENING])
def test_a_number_is_the_value_of_its_claim(name: str) -> None:
    """A call of the claim is the oracle. It computes in floats, and the text exactly."""
    for found in NUMBER.finditer(whole(text(name))):
        claim, *said = found["call"].split()
        part = " ".join(word for word in said if "=" not in word and word != "percent")
        values = assignments(word for word in said if "=" in word and "digits" not in word)
        value = claims()[claim](**{letter: plain(each) for letter, each in values.items()})
        value = value[part] if part else value
        assert rounded(float(found["value"]), value), found["call"]


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(each) for each in value]
    return int(value) if value.denominator == 1 else float(value)


@pytest.mark.parametrize("name", [*LEADS, *OPENING])
def test_a_text_does_not_boast(name: str) -> None:
    assert not PROUD.findall(files.text(name))


def test_a_verdict_in_a_text_is_that_of_the_passage() -> None:
    lead = html(text("grosse2021").lead)
    assert PASSAGES["grosse2021"]["A Wrinkle"].verdict in lead
