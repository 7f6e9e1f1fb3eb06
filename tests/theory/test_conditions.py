"""Conditions between parameters: enforced everywhere, in one line, said among assumptions."""

from fractions import Fraction

import numpy as np
import pytest

import theory
from companion.errors import UsageError
from tests.about import about
from theory import conditions
from theory.__main__ import main
from theory.domain import DomainError
from theory.show import full

CLAIMS = theory.claims()
WITH_CONDITIONS = [claim for claim in CLAIMS.values() if claim.conditions]


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("stability.random_overlap P=5 dim=7", "dim < P"),
        ("stability.overlap_tail P=5 dim=5 overlap=.5", "dim < P"),
        ("quadratic.time_constant lam=1 eta=5/2", "0 < eta lam < 2"),
        ("quadratic.time_constant lam=1 eta=2", "0 < eta lam < 2"),
        ("quadratic.time_constant_bounds lam=2 eta=1/2", "0 < eta lam < 1"),
        ("quadratic.rate_over_inputs N_small=10 N_large=5 m=1 v=1", "N_small <= N_large"),
        ("quadratic.max_rate R=[[0]]", "R is not zero"),
        ("quadratic.iterations R=[[0]] left=.5", "R is not zero"),
        ("invariance.relaxation eta=3 decay=1", "0 < eta decay < 1"),
        ("invariance.exponential_schedule eta=1 decay=1 k=2", "0 < eta decay < 1"),
        (
            "invariance.exponential_schedule_with_momentum eta=1 beta=.9 decay=.5 k=1",
            "eta decay <= (1 - sqrt beta)^2, so that the root is real",
        ),
        (
            "invariance.equilibrium_with_momentum eta=4 beta=.5 decay=1 G=1",
            "eta decay < 2 (1 + beta)",
        ),
        ("smoothness.lipschitz R=[[1]] V=[3] d=[1] radius=2", "both points lie in the ball"),
        ("smoothness.nearest_multiple W=[3] d=[3]", "the minimum W* = W - d is not zero"),
        ("smoothness.isotropic_curvature_bound y=[1,2] g=[1,0] gamma=2 lam=1", "|gamma| <= sigma"),
        (
            "smoothness.negative_curvature y=[1,2] g=[1,2] H=[[1,0],[0,1]] gamma=1",
            "the gradient before batch norm is not zero",
        ),
        ("normalisation.affine_invariance y=[1,2] gamma=0 shift=1", "gamma is not 0"),
        ("normalisation.jacobian_eigenvalues y=[1,2] eps=0", "a batch has three examples or more"),
        (
            "preconditioning.standardised_hessian X=[[1,2],[2,4]] n=1",
            "the sample covariance has full rank",
        ),
        ("stability.class_outliers mu=[0,0] M=3", "mu is not zero"),
        ("stability.sharpness_found a=30 b=1 eta=.5", "eta |ab - 1| <= sqrt(2) at the start"),
    ],
)
def test_a_broken_condition_is_one_line(words, condition):
    with pytest.raises(UsageError) as refused:
        main(words.split())
    message = str(refused.value)
    assert message.endswith(f"do not fulfil the condition that {condition}") or condition in message
    assert "\n" not in message


@about(*WITH_CONDITIONS)
def test_conditions_are_among_the_assumptions(claim):
    for condition in claim.conditions:
        assert condition.words in claim.assumptions
        assert condition.words in full(claim)


def test_a_call_an_array_and_exact_arithmetic_refuse_alike():
    claim = CLAIMS["quadratic.time_constant"]
    for evaluate in (claim, claim.closed_form.exact, claim.twins["printed: 1/(eta lam)"]):
        with pytest.raises(DomainError, match=r"lam = 1, eta = 3: .* 0 < eta lam < 2"):
            evaluate(lam=1, eta=3)
    with pytest.raises(DomainError, match=r"lam = 1, eta = 3.0: .* 0 < eta lam < 2"):
        claim(lam=1, eta=np.array([0.5, 3.0, 4.0]))


def test_equality_may_hold_to_rounding():
    """0.1 and 0.3 are not decimals of float64: what equals the bound is within it."""
    claim = CLAIMS["invariance.exponential_schedule_with_momentum"]
    bound = (1 - 0.3**0.5) ** 2
    conditions.check(
        claim.conditions[0],
        {each.name: each for each in claim.parameters},
        {"eta": bound, "beta": 0.3, "decay": 1.0},
    )
    with pytest.raises(DomainError):
        claim(eta=1.001 * bound, beta=0.3, decay=1, k=1)
    assert CLAIMS["quadratic.rate_over_inputs"](N_small=5, N_large=5, m=0, v=1)["lower"] == 1


def test_an_exact_equality_is_decided_exactly():
    claim = CLAIMS["quadratic.time_constant"]
    just_below = 2 - Fraction(1, 10**40)
    assert claim.closed_form.exact(10, lam=1, eta=just_below) > 1e39
    with pytest.raises(DomainError):
        claim.closed_form.exact(10, lam=1, eta=2)
