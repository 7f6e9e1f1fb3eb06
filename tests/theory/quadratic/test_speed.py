"""Speed at the rate 1/lambda_max, for every matrix."""

from fractions import Fraction

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.quadratic.problems import problems
from theory import quadratic
from theory.claim import Claim


@about(quadratic.isotropic_one_step)
@given(problem=problems())
def test_what_one_step_leaves_is_reached_along_the_flattest_axis(claim: Claim, problem):
    fraction = claim(R=problem.R)
    top, low = problem.eigenvalues.argmax(), problem.eigenvalues.argmin()
    after = problem.curved[:, low] - problem.R @ problem.curved[:, low] / problem.eigenvalues[top]
    assert rounded(np.linalg.norm(after), fraction, 8 * len(problem.W))


@about(quadratic.isotropic_one_step)
@given(problem=problems(), value=st.floats(0.1, 10))
def test_equal_eigenvalues_need_one_step(claim: Claim, problem, value):
    R = value * problem.curved @ problem.curved.T
    R = (R + R.T) / 2
    assert rounded(claim(R=R), 0, len(problem.W))
    assert rounded(problem.curved - R @ problem.curved / value, 0, len(problem.W))


@about(quadratic.isotropic_one_step, quadratic.slowest_mode, quadratic.optimal_rate)
@given(problem=problems(), scale=st.floats(0.1, 10))
def test_speed_depends_on_the_condition_number_alone(claim: Claim, problem, scale):
    kappa = max(problem.eigenvalues) / min(problem.eigenvalues)
    assume(kappa > 1.01)

    def speed(R):
        value = claim(R=R)
        return value["contraction"] if isinstance(value, dict) else value

    two = np.diag([kappa, 1.0])
    # 1 - 1/kappa is known to kappa eps, its logarithm to that over its size
    known_to = kappa * len(problem.W) * (1 + speed(two) ** 2) * kappa / (kappa - 1)
    assert rounded(speed(scale * problem.R), speed(two), known_to)


@about(quadratic.slowest_mode)
@given(kappa=st.fractions(Fraction(101, 100), 100, max_denominator=100))
def test_the_slowest_time_lies_within_a_half_below_kappa(claim: Claim, kappa):
    R = [[kappa, 0], [0, Fraction(1)]]
    time = claim.closed_form.exact(R=R, digits=20)
    assert float(kappa) - 1 < time < float(kappa) - 0.5
    alone = quadratic.time_constant.closed_form.exact(lam=1, eta=1 / kappa, digits=20)
    assert rounded(time / alone, 1, size=0, decimals=18)  # of 20 digits
