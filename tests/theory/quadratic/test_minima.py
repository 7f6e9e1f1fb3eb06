"""The minima and the principal axes, for every data set, full rank or not."""

import numpy as np
import scipy.linalg
from hypothesis import find, given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.quadratic.problems import orthogonal, problems, vectors
from theory import quadratic
from theory.claim import Claim


@about(quadratic.solution_set)
@given(problem=problems(), data=st.data())
def test_the_end_is_the_nearest_minimum(claim: Claim, problem, data):
    X, Y, W = problem.X, problem.Y, problem.W
    end = np.atleast_1d(claim(X=X, Y=Y, W=W))
    condition = 8 * problem.size  # lambda_max/lambda_min is at most 8
    assert rounded(X @ (X.T @ end - Y) / len(Y), 0, condition)
    assert rounded(claim(X=X, Y=Y, W=end), end, condition)
    flat = problem.U[:, len(problem.eigenvalues) :]
    other = end + flat @ data.draw(vectors(flat.shape[1])) if flat.size else end
    assert below(np.linalg.norm(end - W), np.linalg.norm(other - W), condition)


@about(quadratic.solution_set)
@given(problem=problems(), rate=st.floats(0.05, 0.45))
def test_descent_never_moves_the_component_where_the_loss_is_flat(claim: Claim, problem, rate):
    flat = scipy.linalg.null_space(problem.X.T, rcond=1e-8)
    end = np.atleast_1d(claim(X=problem.X, Y=problem.Y, W=problem.W))
    for steps in (1, 3, 10):
        moved = problem.descend(rate, steps)
        assert rounded(flat.T @ moved, flat.T @ problem.W, steps * problem.size)
        assert rounded(flat.T @ moved, flat.T @ end, (8 + steps) * problem.size)


@about(quadratic.minimum)
@given(problem=problems(), data=st.data())
def test_no_weights_have_a_smaller_loss(claim: Claim, problem, data):
    least = claim(X=problem.X, Y=problem.Y)
    assert below(least, problem.loss(problem.W), 8 * problem.size)
    assert rounded(least, problem.loss(problem.optimum), 8 * problem.size)


@about(quadratic.minimum)
@given(problem=problems(), scale=st.floats(-5, 5))
def test_the_least_loss_is_zero_for_targets_that_fit_and_quadratic_in_them(
    claim: Claim, problem, scale
):
    fitting = problem.X.T @ problem.W
    assert rounded(claim(X=problem.X, Y=fitting), 0, 8 * problem.size)
    least = claim(X=problem.X, Y=problem.Y)
    assert rounded(claim(X=problem.X, Y=scale * problem.Y), scale**2 * least, 200 * problem.size)


@about(quadratic.rotation)
@given(problem=problems(), data=st.data())
def test_the_excess_loss_is_kept_by_any_rotation(claim: Claim, problem, data):
    turn = data.draw(orthogonal(len(problem.W)))
    excess = problem.loss(problem.optimum + problem.W) - problem.loss(problem.optimum)
    for U in (turn, problem.U):
        V = U.T @ problem.W
        assert rounded(claim(R=problem.R, U=U, d=problem.W), excess, 8 * problem.size)
        assert rounded(np.linalg.norm(V), np.linalg.norm(problem.W), 10 * len(V))


@about(quadratic.rotation)
def test_the_printed_rotation_is_refuted_by_a_found_example(claim: Claim):
    printed = claim.twins["printed: V = U(W - W*)"]

    def differs(problem):
        values = {"R": problem.R, "U": problem.U, "d": problem.W}
        return abs(printed(**values) - claim(**values)) > 0.1

    found = find(problems(), differs)
    assert len(found.W) > 1


@about(quadratic.rotation)
@given(problem=problems(), data=st.data())
def test_the_printed_rotation_is_right_where_the_axes_are_a_reflection(claim: Claim, problem, data):
    mirror = data.draw(vectors(len(problem.W)).filter(np.any))
    mirror = mirror / np.linalg.norm(mirror)
    reflection = np.eye(len(mirror)) - 2 * np.outer(mirror, mirror)  # its own transpose
    values = {"R": problem.R, "U": reflection, "d": problem.W}
    printed = claim.twins["printed: V = U(W - W*)"]
    assert rounded(printed(**values), claim(**values), problem.size)


@about(quadratic.diagonal_energy)
@given(problem=problems(), data=st.data())
def test_on_the_principal_axes_the_modes_separate(claim: Claim, problem, data):
    V = data.draw(vectors(len(problem.W)))
    found = claim(R=problem.R, U=problem.U, V=V)
    values = np.zeros(len(V))
    values[: len(problem.eigenvalues)] = problem.eigenvalues
    assert rounded(found["hessian"], np.diag(values), 4 * len(V) ** 2)
    assert rounded(found["gradient"], values * V, 4 * len(V) ** 2 * (1 + abs(V).max()))


@about(quadratic.diagonal_energy)
@given(problem=problems(), data=st.data())
def test_on_any_axes_the_gradient_is_the_old_one_turned(claim: Claim, problem, data):
    turn = data.draw(orthogonal(len(problem.W)))
    V = turn.T @ (problem.W - problem.optimum)
    old = problem.X @ (problem.X.T @ problem.W - problem.Y) / len(problem.Y)
    found = claim(R=problem.R, U=turn, V=V)["gradient"]
    assert rounded(found, turn.T @ old, len(V) * problem.size)
