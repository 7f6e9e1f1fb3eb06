"""A page refuses what Python refuses, in the same words, and evaluates each claim's example."""

import json
from typing import Any

import numpy as np
import pytest

from book.javascript.chapter import entry
from book.javascript.examples import example
from companion.errors import UsageError
from tests.about import each_claim
from tests.book.javascript.engine import engine, number
from tests.book.javascript.judged import Judge, with_sizes
from theory.arguments import as_rational
from theory.claim import Claim
from theory.domain import DomainError, Integer, Parameter
from theory.values import value

#: Texts that a reader may type for a letter, in place of its value at first sight.
TYPED = (
    "",
    "-1",
    "0",
    "1/2",
    "1e3",
    "2.5",
    "two",
    "1/0",
    "[1, 2, 3]",
    "[[1, 2], [3]]",
    "[[0, 1], [2, 0]]",
)
ASK = """(name, texts, twin) => {
  try { return JSON.stringify({value: asLists(companion.evaluate(name, texts, twin))}); }
  catch (error) {
    if (error instanceof companion.Refusal) return JSON.stringify({refused: error.message});
    throw error;
  }
}"""


def page(claim: Claim, texts: dict[str, str], twin: str | None = None) -> dict[str, Any]:
    """What the page says: {"value": ...} or {"refused": words}."""
    with_entry(claim)
    called = "undefined" if twin is None else json.dumps(twin)
    script = f"({ASK})({json.dumps(claim.name)}, {json.dumps(texts)}, {called})"
    return json.loads(engine().eval(script))


def with_entry(claim: Claim) -> None:
    """Give the scripts a claim, once."""
    name = json.dumps(claim.name)
    engine().eval("companion.claims = companion.claims || {}; 0")
    if not engine().eval(f"{name} in companion.claims"):
        engine().eval(f"companion.claims[{name}] = {entry(claim)}; 0")


def refusal(claim: Claim, texts: dict[str, str]) -> str | None:
    """Python's words for the texts, or None where it takes them."""
    try:
        values = {name: value(name, text) for name, text in texts.items() if text.strip()}
        claim.closed_form._checked({name: as_rational(each) for name, each in values.items()})
    except (UsageError, DomainError) as error:
        return str(error)
    return None


@each_claim
def test_a_claim_evaluates_at_first_sight_and_its_mistakes_show(claim: Claim) -> None:
    texts = example(claim)
    values = {each.name: as_float(each, texts[each.name]) for each in claim.parameters}
    judge = Judge(claim.closed_form, with_sizes(claim, values))
    found = number(page(claim, texts)["value"])
    assert judge.agrees(found), claim.name
    parts = found if isinstance(found, dict) else {"": found}
    assert all(np.all(np.isfinite(part)) for part in parts.values())
    wrong = [page(claim, texts, twin) for twin in claim.twins]
    told = [not judge.agrees(number(each["value"])) for each in wrong if "value" in each]
    assert any(told) or len(told) < len(wrong), "no common mistake shows at the example"


def as_float(parameter: Parameter, text: str) -> Any:
    """A value in floats; whole numbers stay whole, and a flat list is a column."""
    given = value(parameter.name, text)
    if not isinstance(given, list):
        return int(given) if isinstance(parameter.domain, Integer) else float(given)
    array = np.array(given, dtype=float)
    return array[:, None] if array.ndim == 1 else array


@each_claim
def test_what_python_refuses_the_page_refuses_in_the_same_words(claim: Claim) -> None:
    """Each letter of a claim has one of the texts, another one for the next letter."""
    texts = example(claim)
    for place, parameter in enumerate(claim.parameters):
        text = TYPED[(sum(map(ord, claim.name)) + place) % len(TYPED)]
        typed = texts | {parameter.name: text}
        said = page(claim, typed)
        expected = refusal(claim, typed)
        if expected is None:
            assert "value" in said or "no real number" in said["refused"], (typed, said)
        else:
            assert said.get("refused") == expected, typed


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"N": "1.5"}, "N = 3/2: N is a whole number >= 1 (number of inputs)"),
        ({"v": "0"}, "v = 0: v is a number > 0 (variance of an input)"),
        ({"m": ""}, "parameter m is missing: m is a number (mean of an input)"),
        ({"alpha": "1/3"}, None),
    ],
)
def test_the_words_of_some_refusals(texts: dict[str, str], words: str | None) -> None:
    from theory import spectra

    said = page(spectra.outlier, example(spectra.outlier) | texts)
    assert said.get("refused") == words
