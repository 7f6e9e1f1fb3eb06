"""Every claim's check, on one draw: what is right agrees, and what is slightly wrong is refuted."""

import pytest

import sim
import theory
from sim.check import FALSE_ALARM, judge
from tests.about import each_claim
from tests.sim.mutants import mutants
from theory.claim import Claim

CLAIMS = theory.claims()

#: Mutations that the check at quick scale cannot refute: {claim: {mutation: size}}, with the
#: smallest size that it refutes (5 per cent and an exponent of 1/2 have size 1).
EXCEPTIONS: dict[str, dict[str, float]] = {}


@each_claim
def test_one_draw_tells_right_from_wrong(claim: Claim) -> None:
    evidence = sim.observe(claim, seed=1)
    finding = judge(claim, evidence)
    assert finding.verdict == "agrees", finding
    assert all(refuted for refuted, _ in finding.twins.values()), finding.twins
    tampered = next(iter(claim.twins.values()))
    assert judge(claim, evidence, tampered).verdict == "refuted"
    assert_mutants_are_refuted(claim, evidence)


def assert_mutants_are_refuted(claim, evidence):
    share = FALSE_ALARM / len(CLAIMS) / len(evidence)

    def survivors(size):
        return {each.words for each in mutants(claim, evidence, size) if each.survives(share)}

    def smallest(words):
        return next(
            (s for s in (1 + n / 10 for n in range(191)) if words not in survivors(s)), None
        )

    known, surviving = EXCEPTIONS.get(claim.name, {}), survivors(1.0)
    assert surviving == set(known), {words: smallest(words) for words in surviving ^ set(known)}
    for words, size in known.items():
        assert words not in survivors(size)
        assert words in survivors(0.9 * size), "a smaller mutation is refuted"


def test_exceptions_are_few() -> None:
    assert set(EXCEPTIONS) <= set(CLAIMS)
    assert len(EXCEPTIONS) <= len(CLAIMS) / 10


def test_a_closed_form_may_be_a_function_or_an_expression() -> None:
    claim = CLAIMS["quadratic.form"]
    twin = next(iter(claim.twins.values()))
    for form in (twin, twin.expression, lambda X, Y, W: twin(X=X, Y=Y, W=W)):
        assert sim.check(claim, closed_form=form).verdict == "refuted"
    for form in (claim.closed_form.expression, claim.definition):
        assert sim.check(claim, closed_form=form).verdict == "agrees"


@pytest.mark.parametrize("chapter", theory.CHAPTERS)
def test_the_seed_decides_the_numbers(chapter: str) -> None:
    """For the first claim of the chapter that is checked by sampling."""

    def numbers(claim: Claim, seed: int) -> str:
        row = sim.check(claim, seed=seed, scale="tiny")
        return repr((row.simulated, row.stderr, row.p))

    claim = next(claim for claim in CLAIMS.values() if claim.chapter == chapter)
    assert numbers(claim, 3) == numbers(claim, 3) != numbers(claim, 4)
