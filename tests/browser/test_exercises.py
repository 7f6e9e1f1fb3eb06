"""A reader answers an exercise by the numbers that it shows; a mistake gets its own sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from book.exercises import exercises
from book.exercises.exercise import Exercise, data
from tests.book.moving import MOVING
from tests.browser.shown import number
from tests.browser.visit import Visit

EXERCISES = [(chapter, each) for chapter in MOVING for each in exercises(chapter).values()]
PRESSES = 20
#: New numbers are the same in every run of the tests.
SEEDED = "() => { Math.random = companion.sample.uniforms(1); }"
#: The question's words and numbers now and after each of so many presses.
ASKED = """(host, presses) => Array.from({length: presses + 1}, (_, i) => {
  if (i) host.querySelector('.fresh').click();
  const letters = Array.from(host.querySelectorAll('[data-letter]'));
  const numbers = letters.map((each) => [each.dataset.letter, each.textContent]);
  return {words: host.querySelector('p').textContent, numbers};
})"""
#: HTML as the page has it.
READ = "(text) => Object.assign(document.createElement('p'), {innerHTML: text}).innerHTML"


@dataclass
class Open:
    """An exercise on a page that is open."""

    exercise: Exercise
    visit: Visit

    @property
    def host(self) -> Any:
        return self.visit.page.locator(f"#exercise-{self.exercise.name}")

    def asked(self, presses: int = 0) -> list[tuple[str, dict[str, float]]]:
        """The questions, with the values of letters that a reader sees."""
        found = self.host.evaluate(ASKED, presses)
        return [(q["words"], {name: number(x) for name, x in q["numbers"]}) for q in found]

    def answer(self, text: str) -> str:
        """What is said of an answer, as HTML."""
        self.host.locator("input").fill(text)
        self.host.locator("input").press("Enter")
        return str(self.host.locator(".feedback").inner_html())

    def html(self, text: str) -> str:
        return str(self.visit.page.evaluate(READ, text))


@pytest.fixture(params=EXERCISES, ids=[each.name for _, each in EXERCISES])
def opened(pages: dict[str, Visit], request: pytest.FixtureRequest) -> Iterator[Open]:
    chapter, exercise = request.param
    it = Open(exercise, pages[chapter])
    it.host.scroll_into_view_if_needed()
    it.visit.page.wait_for_selector(f"#exercise-{exercise.name}[data-values]")
    it.visit.page.evaluate(SEEDED)
    yield it
    assert it.visit.complaints == []


def test_answers_are_judged_by_the_numbers_that_are_seen(opened: Open) -> None:
    known = data(opened.exercise)
    for _ in range(2):
        ((_, values),) = opened.asked()
        right, *twins = opened.exercise.answers(values)
        said = opened.answer(repr(right))
        assert said.startswith("Right: ") and said.endswith(opened.html(known["why"]))
        for name, twin in zip(opened.exercise.mistakes, twins, strict=True):
            words = f"A known mistake: {known['names'][name]}. {known['mistakes'][name]}"
            assert opened.answer(repr(twin)) == opened.html(words)
        opened.host.locator(".fresh").click()
        assert opened.host.locator("input").evaluate("(it) => it === document.activeElement")


def test_new_numbers_change_the_question_and_keep_mistakes_apart(opened: Open) -> None:
    questions = opened.asked(PRESSES)
    for (words, _), (before, _) in zip(questions[1:], questions, strict=False):
        assert words != before
    assert all(opened.exercise.are_apart(values) for _, values in questions)


def test_what_is_no_number_gets_words(opened: Open) -> None:
    for text in ("", "twelve", "1/0", "<b>2", "1,5", "0x10"):
        assert opened.answer(text).startswith("Type a number"), text


def test_a_second_wrong_answer_gets_the_hint_and_a_button_the_answer(opened: Open) -> None:
    hint, why = (opened.html(data(opened.exercise)[each]) for each in ("hint", "why"))
    opened.host.locator(".fresh").click()
    assert not opened.answer("1e9").endswith(hint)
    assert opened.answer("1e9").endswith(hint)
    opened.host.locator(".solve").click()
    assert str(opened.host.locator(".feedback").inner_html()).endswith(why)
