"""Every claim: its steps hold, tampered ones do not, it evaluates and shows itself."""

import json
from typing import Any

import sympy as sp
from hypothesis import given, settings

from tests.about import each_claim
from tests.strategies import letters, values_of
from theory.claim import Claim
from theory.formula import Formula
from theory.show import full, latex, record


@each_claim
def test_no_step_holds_when_tampered_with(claim: Claim) -> None:
    """That the steps hold is tested with the status of the claim."""
    for step in claim.steps:
        if step.scope != "cited":
            assert not step.tampered(sp.Rational(21, 20)).holds(), f"tampered: {step.words}"


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
    assert claim.name in full(claim)
    assert "\\" in latex(claim) or "^" in latex(claim)
    assert claim.statement in claim._repr_markdown_()
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
