"""A reader answers an exercise; a known mistake gets its own sentence."""

import pytest

from book.exercises import exercises
from book.exercises.exercise import Exercise
from tests.book.moving import MOVING
from tests.browser.visit import Browser, Visit

EXERCISES = [(chapter, each) for chapter in MOVING for each in exercises(chapter).values()]
#: How often new numbers are asked for.
FRESH = 5


@pytest.mark.parametrize(
    ("chapter", "exercise"), EXERCISES, ids=lambda each: getattr(each, "name", each)
)
def test_answers_are_judged(browser: Browser, chapter: str, exercise: Exercise) -> None:
    place = f"#exercise-{exercise.name}"
    with browser.visit(f"{chapter}.html{place}") as visit:
        visit.page.wait_for_selector(f"{place}[data-values]")
        sentences = visit.page.evaluate(
            "(name) => Object.values(companion.exercises[name].mistakes)", exercise.name
        )
        questions = {judge(visit, exercise, place, sentences)}
        for _ in range(FRESH):
            visit.page.locator(f"{place} .fresh").click()
            questions.add(judge(visit, exercise, place, sentences))
        assert len(questions) > 1
        assert visit.complaints == []


def judge(visit: Visit, exercise: Exercise, place: str, sentences: list[str]) -> str:
    """Type the right answer and that of each twin to the question that is asked; return it."""
    right, *twins = exercise.answers(visit.values_of(place))
    said = answer(visit, place, f"{right:.12g}")
    assert said.startswith("Right"), said
    for sentence, twin in zip(sentences, twins, strict=True):
        assert answer(visit, place, f"{twin:.12g}").endswith(sentence)
    return str(visit.page.locator(f"{place} p").first.inner_text())


def answer(visit: Visit, place: str, text: str) -> str:
    """What is said of an answer, as HTML."""
    field = visit.page.locator(f"{place} input")
    field.fill(text)
    field.press("Enter")
    return str(visit.page.locator(f"{place} .feedback").inner_html())


def test_an_answer_that_is_no_number_gets_words(browser: Browser) -> None:
    chapter, exercise = EXERCISES[0]
    place = f"#exercise-{exercise.name}"
    with browser.visit(f"{chapter}.html{place}") as visit:
        for text in ("", "twelve", "1/0"):
            assert answer(visit, place, text).startswith("Type a number"), text
        assert visit.complaints == []
