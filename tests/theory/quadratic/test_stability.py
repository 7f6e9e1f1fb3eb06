"""The largest rates, for every matrix and momentum."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.quadratic.problems import companion_matrix, orthogonal, problems, spectral_radius
from theory import quadratic
from theory import symbols as s
from theory.claim import Claim

momenta = st.floats(0.01, 0.95)
LARGEST_RATES = (
    quadratic.max_rate,
    quadratic.max_rate_heavy_ball,
    quadratic.max_rate_nesterov,
    quadratic.max_rate_ema,
)


def at_momentum(claim, R, beta):
    """The largest rate; without momentum where the claim has none."""
    return claim(R=R) if claim is quadratic.max_rate else claim(R=R, beta=beta)


@about(*LARGEST_RATES)
@given(problem=problems(), beta=momenta, scale=st.floats(0.1, 10), data=st.data())
def test_the_largest_rate_scales_inversely_and_does_not_see_axes(
    claim: Claim, problem, beta, scale, data
):
    rate = at_momentum(claim, problem.R, beta)
    assert rounded(at_momentum(claim, scale * problem.R, beta), rate / scale, rate / scale)
    turn = data.draw(orthogonal(len(problem.W)))
    turned = turn @ problem.R @ turn.T
    turned = (turned + turned.T) / 2
    assert rounded(at_momentum(claim, turned, beta), rate, len(turn) * rate)


@about(*LARGEST_RATES)
@given(problem=problems(), beta=momenta, below_it=st.floats(0.01, 0.999))
def test_every_mode_contracts_below_and_one_does_not_above(claim: Claim, problem, beta, below_it):
    rate = at_momentum(claim, problem.R, beta)
    for value in problem.eigenvalues:
        assert spectral_radius(companion_matrix(claim, value, below_it * rate, beta)) < 1
    top = max(problem.eigenvalues)
    assert spectral_radius(companion_matrix(claim, top, rate / below_it, beta)) > 1
    at_it = companion_matrix(claim, top, rate, beta)
    assert rounded(spectral_radius(at_it), 1, np.linalg.norm(at_it) / (1 - beta))


@about(quadratic.max_rate)
@given(problem=problems(), bend=st.floats(0.01, 3), rate=st.floats(1e-3, 100))
def test_with_a_negative_eigenvalue_every_rate_diverges(claim: Claim, problem, bend, rate):
    values = np.append(-bend, problem.eigenvalues[1:])
    step = np.eye(len(values)) - rate * np.diag(values)
    assert spectral_radius(step) > 1


@about(quadratic.max_rate_heavy_ball, quadratic.max_rate_nesterov, quadratic.max_rate_ema)
def test_without_momentum_it_is_plain_descent(claim: Claim):
    bare = claim.closed_form.expression.subs(s.beta.symbol, 0)
    assert bare == quadratic.max_rate.closed_form.expression


@about(quadratic.max_rate_heavy_ball, quadratic.max_rate_nesterov, quadratic.max_rate_ema)
@given(problem=problems(), beta=momenta)
def test_the_order_of_the_largest_rates(claim: Claim, problem, beta):
    plain = quadratic.max_rate(R=problem.R)
    ball = quadratic.max_rate_heavy_ball(R=problem.R, beta=beta)
    nesterov = quadratic.max_rate_nesterov(R=problem.R, beta=beta)
    averaged = quadratic.max_rate_ema(R=problem.R, beta=beta)
    assert plain / 2 < nesterov < plain < ball < 2 * plain
    assert rounded(averaged, ball / (1 - beta), averaged)
