"""An exercise accepts the right answer, and knows each of the known mistakes."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from book.exercises import exercises
from book.exercises.exercise import APART, Exercise, data
from book.moving import moving
from tests.book.moving import MOVING, call, with_claim
from tests.close import rounded
from theory import spectra

EXERCISES = {name: each for chapter in MOVING for name, each in exercises(chapter).items()}
DRAWS = 200
DRAWN = """(name, draws) => {
    const it = companion.exercises[name];
    const next = companion.sample.uniforms(1);
    return Array.from({length: draws}, () => {
        const values = companion.exercise.draw(it, next);
        const answers = companion.exercise.answers(it, values);
        const judged = answers.map((x) => companion.exercise.judge(it, values, x));
        return {values, answers, judged};
    });
}"""
AGAIN = """(name) => {
    const it = companion.exercises[name];
    const draw = (old) => companion.exercise.draw(it, companion.sample.uniforms(1), old);
    const first = draw();
    return [first, draw(first)];
}"""
JUDGED = "(name, values, x) => companion.exercise.judge(companion.exercises[name], values, x)"


@pytest.fixture(scope="module", params=EXERCISES.values(), ids=list(EXERCISES))
def exercise(request: pytest.FixtureRequest) -> Exercise:
    with_claim(request.param.claim.name)
    found: Exercise = request.param
    return found


@pytest.fixture(scope="module")
def drawn(exercise: Exercise) -> list[Any]:
    found: list[Any] = call(DRAWN, exercise.name, DRAWS)
    return found


def test_new_numbers_keep_all_answers_apart(exercise: Exercise, drawn: list[Any]) -> None:
    least = APART * exercise.tolerance
    for one in drawn:
        pairs = combinations(one["answers"], 2)
        assert all(abs(a - b) >= least * max(abs(a), abs(b)) for a, b in pairs)


def test_new_numbers_are_new_and_allowed(exercise: Exercise, drawn: list[Any]) -> None:
    assert len({tuple(one["values"].items()) for one in drawn}) > DRAWS / 3
    for one in drawn:
        for parameter in exercise.claim.parameters:
            assert parameter.domain.contains(one["values"][parameter.name])


def test_the_same_numbers_are_never_asked_twice_in_turn(exercise: Exercise) -> None:
    first, second = call(AGAIN, exercise.name)
    assert first != second


def test_every_twin_gets_its_own_sentence(exercise: Exercise, drawn: list[Any]) -> None:
    sentences = list(data(exercise)["mistakes"].values())
    assert len(set(sentences)) == len(exercise.claim.twins)
    for one in drawn:
        right, *twins = one["judged"]
        assert right["kind"] == "right"
        for sentence, judged in zip(sentences, twins, strict=True):
            assert judged["kind"] == "twin" and judged["words"].endswith(sentence)


def test_answers_are_those_of_python(exercise: Exercise, drawn: list[Any]) -> None:
    for one in drawn[:10]:
        assert rounded(one["answers"], exercise.answers(one["values"]), condition=10)


def test_other_answers_are_told_how_far_they_are(exercise: Exercise) -> None:
    values = dict(exercise.values)
    right = exercise.answers(values)[0]
    for factor, words in ((0.7, "too small, 0.7 times"), (10, "too large, 10 times")):
        judged = call(JUDGED, exercise.name, values, factor * right)
        assert judged["kind"] == "other" and words in judged["words"]
    assert "other sign" in call(JUDGED, exercise.name, values, -right)["words"]


def test_the_tolerance_is_what_is_said(exercise: Exercise) -> None:
    values = dict(exercise.values)
    right = exercise.answers(values)[0]
    for share, kind in ((0.99, "right"), (-0.99, "right"), (1.01, "other"), (-1.01, "other")):
        x = right * (1 + share * exercise.tolerance)
        assert call(JUDGED, exercise.name, values, x)["kind"] == kind
    said = f"to within {100 * exercise.tolerance:g} %"
    pages = [moving(chapter)["exercise"] for chapter in MOVING]
    assert said in next(page[exercise.name] for page in pages if exercise.name in page)


def test_what_does_not_fit_the_claim_is_refused() -> None:
    largest = EXERCISES["largest"]
    mistakes = dict(largest.mistakes)
    changes: dict[str, dict[str, Any]] = {
        "needs its sentence": {"mistakes": {"no threshold": mistakes["no threshold"]}},
        "no other": {"mistakes": mistakes | {"a typo": "No."}},
        "have the letters": {"question": "How large is {N}?"},
        "the values": {"values": {"N": 3}},
        "lie close together": {"values": {**largest.values, "m": 0.22}},
        "a letter that is no number": {"claim": spectra.one_outlier},
    }
    for words, change in changes.items():
        with pytest.raises(ValueError, match=words):
            replace(largest, **change).check()


def test_a_chapter_without_a_module_has_none() -> None:
    assert exercises("preconditioning") == {}
