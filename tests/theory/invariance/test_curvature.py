"""The Hessian of a loss that does not see the length of the weights, on Rayleigh quotients."""

import numpy as np
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.invariance.descents import quotients
from theory import invariance
from theory.claim import Claim
from theory.errata import invariance as errata


@about(invariance.gradient, invariance.hessian)
@given(problem=quotients(), along=st.floats(-5, 5))
def test_what_f_does_along_the_weights_does_not_matter(claim: Claim, problem, along):
    values = problem.values | ({"bend": problem.R} if claim is invariance.hessian else {})
    other = values | {"slope": values["slope"] + along * problem.u}
    if claim is invariance.hessian:
        # a slope along u bends the sphere's tangent plane unless f's own Hessian makes up for it
        across = np.eye(len(problem.u)) - np.outer(problem.u, problem.u)
        other["bend"] = values["bend"] + along * across
    size = (problem.size + abs(along)) * max(1, problem.norm**-2)
    assert rounded(claim(**other), claim(**values), 8 * size)


@about(invariance.hessian)
@given(problem=quotients())
def test_it_is_that_of_a_rayleigh_quotient(claim: Claim, problem):
    matrix = claim(**problem.values, bend=problem.R)
    size = 8 * problem.size / problem.norm**2
    assert rounded(matrix, problem.hessian(problem.W), size)
    assert rounded(matrix, matrix.T, size)


@about(invariance.radial_curvature)
@given(problem=quotients())
def test_the_weights_are_taken_to_minus_the_gradient(claim: Claim, problem):
    closed = claim(**problem.values, bend=problem.R)
    product = problem.hessian(problem.W) @ problem.W
    size = 8 * problem.size / problem.norm
    assert rounded(closed["Hess J W"], product, size)
    assert rounded(closed["W'Hess J W"], product @ problem.W, size * problem.norm)


@about(invariance.indefiniteness)
@given(problem=quotients())
def test_no_rayleigh_quotient_bends_less(claim: Claim, problem):
    slope = np.linalg.norm(problem.gradient(problem.u))
    if slope < 1e-3 * problem.size:
        return  # nearly an eigenvector: no gradient, nothing to say
    matrix = problem.hessian(problem.W)
    values = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    upper = claim(**problem.values, bend=problem.R)["upper"]
    size = 1e3 * problem.size / problem.norm**2  # the curvature along the gradient is a quotient
    assert upper < 0 < values[-1]
    assert below(values[0], upper, size)
    if len(problem.W) == 2:  # the plane of u and the gradient is all there is
        assert rounded(values[0], upper, size)


@about(invariance.indefiniteness)
def test_the_surface_behind_batch_norm_is_not_smoother_in_every_direction(claim: Claim):
    """The example of E38, differentiated from scratch."""
    first, second = W = sp.symbols("W_1 W_2", real=True)
    outputs = [first * x + second * y for x, y in zip(*errata.X, strict=True)]
    mean = sum(outputs) / 4
    deviation = sp.sqrt(sum((y - mean) ** 2 for y in outputs) / 4)
    normal = [(y - mean) / deviation for y in outputs]

    def curvatures(predicted):
        loss = sum((y - t) ** 2 for y, t in zip(predicted, errata.X[1], strict=True)) / 8
        at = sp.hessian(loss, W).subs({first: sp.Rational(1, 2), second: 0})
        return sorted(sp.simplify(at).eigenvals(multiple=True))

    assert curvatures(outputs) == [1, 1]
    assert curvatures(normal) == [-4, 4]
    assert (errata.E38.printed_value(), errata.E38.right_value()) == (1.0, 4.0)
    assert claim in errata.E38.claims
