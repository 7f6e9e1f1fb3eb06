"""Gradient and Hessian of scale-invariant losses, for every matrix and every weights."""

from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.invariance.descents import quotients
from theory import invariance
from theory.claim import Claim

factors = st.floats(0.1, 10)


@about(invariance.homogeneity)
@given(gamma=factors, other=factors, degree=st.floats(-2, 3))
def test_two_factors_multiply(claim: Claim, gamma, other, degree):
    one, two = claim(gamma=gamma, degree=degree), claim(gamma=other, degree=degree)
    both = claim(gamma=gamma * other, degree=degree)
    for name in ("gradient", "hessian"):
        assert rounded(one[name] * two[name], both[name], 10 * abs(both[name]))


@about(invariance.homogeneity)
@given(problem=quotients(), gamma=factors)
def test_the_degrees_of_a_rayleigh_quotient(claim: Claim, problem, gamma):
    W = problem.W
    closed = claim(gamma=gamma, degree=0)
    scale = problem.size / problem.norm / min(1, gamma)
    there = problem.gradient(gamma * W)
    assert rounded(there, closed["gradient"] * problem.gradient(W), scale)
    bent = problem.hessian(gamma * W)
    size = problem.size / problem.norm**2 / min(1, gamma**2)
    assert rounded(bent, closed["hessian"] * problem.hessian(W), 8 * size)
    assert rounded(bent @ (gamma * W), closed["radial curvature"] * there, 8 * size * gamma)


@about(invariance.gradient)
@given(problem=quotients())
def test_it_is_that_of_a_rayleigh_quotient_and_orthogonal(claim: Claim, problem):
    gradient = claim(**problem.values)
    assert rounded(gradient, problem.gradient(problem.W), problem.size / problem.norm)
    assert rounded(gradient @ problem.u, 0, problem.size / problem.norm)
