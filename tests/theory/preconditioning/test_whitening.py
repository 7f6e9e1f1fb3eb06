"""Factors of a covariance, and its correlations, for every covariance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from tests.theory.preconditioning.standardised import example, layers
from theory import preconditioning
from theory import symbols as s
from theory.claim import Claim


def correlations(Sigma):
    deviations = np.sqrt(np.diag(Sigma))
    return Sigma / np.outer(deviations, deviations)


@about(preconditioning.any_factor)
@given(layer=layers(), data=st.data())
def test_three_factors_and_any_rotation_give_one_preconditioner(claim: Claim, layer, data):
    Sigma, N = layer.Sigma, layer.N
    values, axes = np.linalg.eigh(Sigma)
    turn = data.draw(matrices(s.turn.domain, {"N": N}))
    expected = preconditioning.blocks_of_preconditioner(**layer.values)
    factors = ((axes * np.sqrt(values)) @ axes.T, np.linalg.cholesky(Sigma), axes * values**0.5)
    for L in factors:
        found = claim(mu=layer.mu, L=L, turn=turn, n=layer.n)
        assert rounded(found, expected, condition=layer.condition**2)
        J = np.atleast_2d(preconditioning.coordinates(mu=layer.mu, L=L @ turn, n=layer.n))
        assert rounded(np.linalg.inv(J.T @ J), expected, condition=layer.condition**2)


@about(preconditioning.variances_only)
@given(layer=layers(most=5))
def test_it_is_the_condition_number_of_the_correlations(claim: Claim, layer):
    found = claim(Sigma=layer.Sigma)
    assert rounded(
        found / np.linalg.cond(correlations(layer.Sigma)), 1, condition=layer.condition * found
    )


@about(preconditioning.variances_only)
@given(layer=layers(), data=st.data())
def test_scales_and_signs_of_the_inputs_do_not_matter(claim: Claim, layer, data):
    scales = data.draw(matrices(s.T.within(kind="diagonal").domain, {"N": layer.N}))
    found = claim(Sigma=layer.Sigma)
    other = claim(Sigma=scales @ layer.Sigma @ scales)
    assert rounded(found / other, 1, condition=layer.condition * found)


@about(preconditioning.variances_only)
def test_it_may_raise_the_condition_number(claim: Claim):
    """Three inputs are needed: of two, no scaling has a smaller condition number."""

    def worse(layer):
        return claim(Sigma=layer.Sigma) > 1.05 * np.linalg.cond(layer.Sigma)

    assert example(layers(), worse).N == 3


def square(bound):
    """x^2 of the bound (1 + x)/(1 - x): x itself is a root, which near 0 has half the digits."""
    return ((bound - 1) / (bound + 1)) ** 2


@about(preconditioning.correlation_bounds)
@given(layer=layers(most=5))
def test_the_condition_number_lies_between(claim: Claim, layer):
    condition = preconditioning.variances_only(Sigma=layer.Sigma)
    bounds = claim(Sigma=layer.Sigma)
    assert below(square(bounds["lower"]), square(condition), 1)
    assert below(square(condition), square(bounds["upper"]), 1)


@about(preconditioning.correlation_bounds)
@given(c=st.floats(-0.95, 0.95), N=st.integers(2, 5), scale=st.floats(0.25, 4))
def test_both_are_attained_by_a_single_pair(claim: Claim, c, N, scale):
    Sigma = np.eye(N)
    Sigma[0, 1] = Sigma[1, 0] = c
    Sigma = scale * Sigma
    bounds = claim(Sigma=Sigma)
    condition = preconditioning.variances_only(Sigma=Sigma)
    assert rounded(bounds["lower"] / condition, 1, condition=condition)
    assert rounded(square(bounds["upper"]), square(condition), 1)


@about(preconditioning.correlation_bounds)
@given(layer=layers(most=2))
def test_with_two_inputs_they_are_equal(claim: Claim, layer):
    bounds = claim(Sigma=layer.Sigma)
    assert rounded(square(bounds["lower"]), square(bounds["upper"]), 1)
