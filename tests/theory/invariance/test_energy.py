"""The account of the weights' squared length, on Rayleigh quotients."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, discretised, rounded
from tests.theory.invariance.descents import descend, quotients
from theory import invariance
from theory.claim import Claim

LITTLE = 1e-9  # momentum
rates = st.floats(0.01, 1)
lengths = st.floats(0.3, 3)


@about(invariance.norm_after_step)
@given(problem=quotients(), eta=rates)
def test_pythagoras_on_a_rayleigh_quotient(claim: Claim, problem, eta):
    after = descend(problem, eta, 1)[0][1]
    closed = claim(**problem.values, eta=eta)
    size = (problem.norm + eta * problem.size / problem.norm) ** 2
    assert rounded(closed, after @ after, size)
    assert below(problem.norm**2, closed, size)


@about(invariance.energy_identity)
@given(problem=quotients(), eta=rates, count=st.integers(1, 12))
def test_the_account_on_a_rayleigh_quotient(claim: Claim, problem, eta, count):
    weights, gradients = descend(problem, eta, count)
    squares = (weights**2).sum(axis=1)
    closed = claim(eta=eta, lengths=np.linalg.norm(gradients, axis=1))
    size = count * (np.sqrt(squares[-1]) + eta * problem.size / problem.norm) ** 2
    assert rounded(closed, squares[-1] - squares[0], size)
    assert np.all(np.diff(squares) >= -64 * np.finfo(float).eps * size)


@about(invariance.energy_identity_with_momentum)
@given(problem=quotients(), eta=rates, beta=st.floats(0.05, 0.95), count=st.integers(1, 12))
def test_the_account_with_momentum_never_shrinks(claim: Claim, problem, eta, beta, count):
    weights, buffers = descend(problem, eta, count, beta)
    squares = (weights**2).sum(axis=1)
    found = np.linalg.norm(buffers, axis=1)
    size = count * (weights.max() ** 2 + squares.max() + (eta * count * problem.size) ** 2)
    size = size / min(1, problem.norm**2) / (1 - beta)
    assert rounded(claim(eta=eta, beta=beta, lengths=found), squares[-1] - squares[0], size)
    assert np.all(np.diff(squares) >= -64 * np.finfo(float).eps * size)


@about(invariance.energy_identity_with_momentum)
@given(eta=rates, found=st.lists(lengths, min_size=1, max_size=6))
def test_little_momentum_is_none(claim: Claim, eta, found):
    plain = invariance.energy_identity(eta=eta, lengths=found)
    little = claim(eta=eta, beta=LITTLE, lengths=found)
    assert discretised(little, plain, 3 * LITTLE * plain)  # 2 beta/(1 - beta) of each but the last
