"""The best rates against any other, and the steps they need from any start."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.quadratic.problems import (
    EPS,
    companion_matrix,
    problems,
    spectral_radius,
    vectors,
)
from theory import quadratic
from theory.claim import Claim

#: A double root moves by the square root of a rounding error.
DOUBLE_ROOT = EPS**-0.5


@about(quadratic.optimal_rate)
@given(problem=problems(smallest=0.05), x=st.floats(0.01, 2.5))
def test_no_rate_contracts_faster(claim: Claim, problem, x):
    def worst(rate):
        return max(abs(1 - rate * problem.eigenvalues))

    best = claim(R=problem.R)
    condition = 80 * len(problem.W)
    assert below(best["contraction"], worst(x / max(problem.eigenvalues)), condition)
    assert rounded(best["contraction"], worst(best["rate"]), condition)


@about(quadratic.optimal_heavy_ball)
@given(problem=problems(smallest=0.05), x=st.floats(0.01, 3.99), beta=st.floats(-0.5, 0.999))
def test_no_rate_and_momentum_contract_faster(claim: Claim, problem, x, beta):
    def worst(rate, momentum):
        ball = quadratic.max_rate_heavy_ball
        return max(
            spectral_radius(companion_matrix(ball, value, rate, momentum))
            for value in problem.eigenvalues
        )

    best = claim(R=problem.R)
    tried = worst(x / max(problem.eigenvalues), beta)
    assert below(best["contraction"], tried, DOUBLE_ROOT)
    known_to = DOUBLE_ROOT * np.sqrt(80 * len(problem.W))
    assert rounded(worst(best["rate"], best["momentum"]), best["contraction"], known_to)


@about(quadratic.optimal_heavy_ball)
@given(problem=problems())
def test_the_heavy_ball_is_plain_descent_on_the_square_root_of_kappa(claim: Claim, problem):
    roots = (problem.curved * np.sqrt(problem.eigenvalues)) @ problem.curved.T
    roots = (roots + roots.T) / 2
    plain = quadratic.optimal_rate(R=roots)["contraction"]
    best = claim(R=problem.R)
    assert rounded(best["contraction"], plain, 8 * len(problem.W))
    assert rounded(best["momentum"], best["contraction"] ** 2, 1)
    assert below(best["contraction"], quadratic.optimal_rate(R=problem.R)["contraction"], 8)


@about(quadratic.iterations)
@given(problem=problems(), left=st.floats(1e-6, 0.9), data=st.data())
def test_no_start_needs_more_steps(claim: Claim, problem, left, data):
    values = problem.eigenvalues
    steps = int(claim(R=problem.R, left=left)["upper"])
    factors = 1 - 2 / (max(values) + min(values)) * values
    start = data.draw(vectors(len(values)).filter(np.any))
    after = np.linalg.norm(factors**steps * start)
    assert below(after, left * np.linalg.norm(start), steps * np.linalg.norm(start))
    before = max(abs(factors)) ** (steps - 1)  # along an extreme eigenvector, one step earlier
    assert below(left, before, steps)


@about(quadratic.iterations)
@given(problem=problems(), lefts=st.tuples(st.floats(1e-6, 0.9), st.floats(1e-6, 0.9)))
def test_more_accuracy_takes_no_fewer_steps(claim: Claim, problem, lefts):
    fine, coarse = (claim(R=problem.R, left=left)["upper"] for left in sorted(lefts))
    assert fine >= coarse >= 1
