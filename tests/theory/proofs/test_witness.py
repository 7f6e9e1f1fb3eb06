"""Where a bound is reached: the witnesses of the claims, and false ones."""

from dataclasses import replace

import pytest
import sympy as sp

import theory
from theory.chain import Approached, Reached
from theory.claim import Claim
from theory.domain import DomainError
from theory.proofs.witness import sharp, told

CLAIMS = theory.claims()
BOUNDS = [name for name, claim in CLAIMS.items() if claim.relation == "bound"]
t = sp.Symbol("t", positive=True)


def with_witness(name: str, witness: Reached | Approached, factor: sp.Expr = sp.S.One) -> Claim:
    """A claim with another witness for its upper bound, which is multiplied by ``factor``."""
    claim = CLAIMS[name]
    derivation = claim.derivation
    closed = {side: factor * bound for side, bound in derivation.closed_form.items()}
    chain = replace(derivation.chain, reached={"upper": witness})
    changed = replace(derivation, closed_form=closed, chain=chain)
    return replace(claim, derive=lambda: changed)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_is_sharp_and_21_20_of_it_is_not(name: str) -> None:
    chain = CLAIMS[name].derivation.chain
    for side, witness in chain.reached.items() if chain is not None else ():
        assert sharp(CLAIMS[name], side)
        if side == "upper":
            assert not sharp(with_witness(name, witness, sp.Rational(21, 20)), side)


def test_each_bound_on_smoothness_is_sharp() -> None:
    for claim in CLAIMS.values():
        if claim.relation == "bound" and claim.chapter == "smoothness":
            for side in claim.derivation.closed_form:
                assert sharp(claim, side), claim.name


def test_a_witness_is_told() -> None:
    ends = CLAIMS["smoothness.weight_gradient_bounds"]
    assert told(ends, "upper") == "reached at X = [[1, 0], [0, 2]], g = [0, 1]"
    assert told(ends, "middle") == "not known to be sharp"
    ball = told(CLAIMS["smoothness.lipschitz"], "upper")
    at = "R = [[2, 0], [0, 1]], V = [1, 0], d = [1 - low, 0], radius = 1"
    assert ball == f"approached as low tends to 0 at {at}"


def test_values_at_which_it_is_not_reached_are_no_witness() -> None:
    loose = Reached({"X": [[1, 0], [0, 2]], "g": [1, 0]})
    assert not sharp(with_witness("smoothness.weight_gradient_bounds", loose), "upper")


def test_a_bound_of_zero_is_no_witness() -> None:
    nothing = Reached({"X": [[1, 0], [0, 2]], "g": [0, 0]})
    assert not sharp(with_witness("smoothness.weight_gradient_bounds", nothing), "upper")


def test_without_a_witness_a_bound_is_not_known_to_be_sharp() -> None:
    assert not sharp(CLAIMS["smoothness.weight_gradient_bounds"], "middle")


def test_a_bound_that_is_approached_by_its_difference_alone_is_not() -> None:
    """Next to 0 both the change of the loss and its bound vanish, but not their quotient."""
    shrinking = {"R": [[1]], "V": [t], "d": [0], "radius": 1}
    assert not sharp(with_witness("smoothness.lipschitz", Approached(shrinking, t, 0)), "upper")


def test_values_outside_the_domain_or_the_conditions_raise() -> None:
    outside = {"R": [[1]], "V": [1 + t], "d": [1], "radius": 1}
    with pytest.raises(DomainError):
        sharp(with_witness("smoothness.lipschitz", Approached(outside, t, 0)), "upper")


def test_a_letter_of_any_sign_or_another_place_raises() -> None:
    values = {"R": [[1]], "V": [1], "d": [1 - t], "radius": 1}
    with pytest.raises(ValueError, match="no positive letter"):
        sharp(with_witness("smoothness.lipschitz", Approached(values, t, 1)), "upper")
