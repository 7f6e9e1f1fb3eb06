"""Every claim: its steps hold, it evaluates and shows itself, chance agrees, its twins fall."""

import json
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings

import sim
import theory
from tests.strategies import letters, values_of
from theory.claim import Claim
from theory.formula import Formula
from theory.show import full, latex, markdown, record

CLAIMS = theory.claims()
each_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
STEPS = [
    pytest.param(step, id=f"{claim.name}-{number}")
    for claim in CLAIMS.values()
    for number, step in enumerate(claim.steps, 1)
]


@pytest.mark.parametrize("step", STEPS)
def test_step_holds(step: Any) -> None:
    assert step.holds(), step.words


@each_claim
def test_it_is_well_formed(claim: Claim) -> None:
    assert claim.statement.endswith((".", ")")), "the statement is a sentence"
    assert claim.relation in ("identity", "bound", "limit", "observation")
    assert claim.derivation.unproved or claim.steps, "neither a step nor a reason for none"
    used = _symbols(claim.closed_form) | _symbols(claim.definition)
    allowed = {str(parameter.symbol) for parameter in claim.parameters}
    assert _symbols(claim.closed_form) <= allowed | set(letters(claim)), used - allowed
    assert claim.definition.expression != claim.closed_form.expression, "the definition says more"


@each_claim
def test_it_shows_itself(claim: Claim) -> None:
    assert claim.name in full(claim)
    assert "\\" in latex(claim) or "^" in latex(claim)
    assert claim.statement in markdown(claim)
    json.dumps(record(claim), allow_nan=False)


@each_claim
@settings(max_examples=10)
@given(data=values_of())
def test_it_evaluates_over_its_domain(claim: Claim, data: Any) -> None:
    value = claim(**data(claim))
    assert value is not None


@each_claim
def test_chance_agrees_and_twins_fall(claim: Claim) -> None:
    row = sim.check(claim, seed=1)
    assert row.verdict == "agrees", row
    assert all(twin["refuted"] for twin in row.twins), row.twins


@pytest.mark.slow
@each_claim
def test_a_tampered_closed_form_is_refuted(claim: Claim) -> None:
    twin = next(iter(claim.twins.values()))
    assert sim.check(claim, seed=2, closed_form=twin).verdict == "refuted"


def test_a_closed_form_may_be_a_function_or_an_expression() -> None:
    claim = CLAIMS["quadratic.form"]
    twin = next(iter(claim.twins.values()))
    for form in (twin, twin.expression, lambda X, Y, W: twin(X=X, Y=Y, W=W)):
        assert sim.check(claim, closed_form=form).verdict == "refuted"
    for form in (claim.closed_form.expression, claim.definition):
        assert sim.check(claim, closed_form=form).verdict == "agrees"


@pytest.mark.slow
@each_claim
def test_the_seed_decides_the_numbers(claim: Claim) -> None:
    one, again = sim.check(claim, seed=3, scale="tiny"), sim.check(claim, seed=3, scale="tiny")
    assert repr((one.simulated, one.stderr, one.p)) == repr(
        (again.simulated, again.stderr, again.p)
    )


def _symbols(formula: Formula) -> set[str]:
    expressions = formula.expression.values() if formula.named else [formula.expression]
    return {str(symbol) for e in expressions for symbol in sp.sympify(e).free_symbols}
