"""Every claim: its steps hold, tampered ones do not, it evaluates and shows itself."""

import json
import re
from typing import Any

import sympy as sp
from hypothesis import given, settings

from tests.about import each_claim
from tests.strategies import letters, values_of
from tests.theory.typeset.corpus import complaint
from theory import typeset
from theory.claim import Claim, Step
from theory.formula import Formula
from theory.proofs.tactics import equal
from theory.records import record
from theory.sentences import tex
from theory.show import full

#: A sentence begins with a capital or with a formula, and not in the middle of another.
BEGINNING = re.compile(r"[^a-z.]|[a-z]\b|[a-z]+[^a-z\s,]")
FEWEST_WORDS = 5


@each_claim
def test_no_step_holds_when_tampered_with(claim: Claim) -> None:
    """That the steps hold is tested with the status of the claim."""
    for step in claim.steps:
        if step.scope != "cited":
            assert not step.tampered(sp.Rational(21, 20)).holds(), f"tampered: {step.words}"


@each_claim
def test_no_step_shows_the_same_on_both_sides(claim: Claim) -> None:
    assert [step.words for step in claim.steps if shows_the_same_twice(step)] == []


@each_claim
def test_each_step_is_a_sentence_by_itself(claim: Claim) -> None:
    assert [step.words for step in claim.steps if not is_a_sentence(step)] == []


def test_what_says_nothing_is_found() -> None:
    x = sp.Symbol("x", positive=True)
    assert shows_the_same_twice(equal("The root of a square is this.", sp.sqrt(x**2), x))
    assert not shows_the_same_twice(equal("The root of two is 1.4142...", sp.sqrt(2) * x, 2 * x))
    for words in (
        "the second,",
        "... and has this derivative, ...",
        "and zero at both ends.",
        "So.",
    ):
        assert not is_a_sentence(equal(words, x, x)), words
    assert is_a_sentence(equal("The root of a square is this.", x, x))


def shows_the_same_twice(step: Step) -> bool:
    """Whether a reader sees the same on both sides: as text, in LaTeX, or as an expression."""
    if step.shown is None:
        return False
    left, right = step.shown.args
    return bool(
        left == right or str(left) == str(right) or typeset.latex(left) == typeset.latex(right)
    )


def is_a_sentence(step: Step) -> bool:
    """Whether the words of a step begin and end like a sentence, and are not too few to say what
    the equation is; a citation stands behind those of a theorem."""
    words = step.words
    if step.scope == "cited":
        words = re.sub(r" \[[^]]*\]$", "", words)
        ends = not words.endswith((",", ";", "..."))
    else:
        ends = words.endswith((".", ":", ")")) and not words.endswith("...")
    return bool(BEGINNING.match(words)) and ends and len(words.split()) >= FEWEST_WORDS


@each_claim
def test_it_is_well_formed(claim: Claim) -> None:
    assert claim.statement.endswith((".", ")")), "the statement is a sentence"
    assert claim.relation in ("identity", "bound", "limit", "observation")
    assert claim.derivation.missing or claim.steps, "neither a step nor a reason for none"
    used = _symbols(claim.closed_form) | _symbols(claim.definition)
    allowed = {str(parameter.symbol) for parameter in claim.parameters}
    assert _symbols(claim.closed_form) <= allowed | set(letters(claim)), used - allowed
    assert claim.definition.expression != claim.closed_form.expression, "the definition says more"


@each_claim
def test_it_shows_itself(claim: Claim) -> None:
    lines = full(claim).splitlines()
    assert claim.name in lines[0]
    assert max(map(len, lines)) <= 80
    texts = [claim.statement, *claim.assumptions, *(step.words for step in claim.steps)]
    sentences = (tex(text, claim.domain) for text in texts)
    shown = [part for each in sentences for part in re.split(r"(?<!\\)\$", each)[1::2]]
    assert [complaint(part) for part in shown if complaint(part)] == []
    json.dumps(record(claim), allow_nan=False)


@each_claim
@settings(max_examples=10)
@given(data=values_of())
def test_it_evaluates_over_its_domain(claim: Claim, data: Any) -> None:
    value = claim(**data(claim))
    assert value is not None


def _symbols(formula: Formula) -> set[str]:
    expressions = formula.expression.values() if formula.named else [formula.expression]
    return {str(symbol) for e in expressions for symbol in sp.sympify(e).free_symbols}
