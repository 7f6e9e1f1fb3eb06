"""The surface, for every data set, weights and axes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.quadratic.problems import orthogonal, problems, vectors
from theory import quadratic
from theory.claim import Claim


@about(quadratic.form)
@given(problem=problems(), data=st.data())
def test_the_loss_does_not_see_order_copies_or_axes(claim: Claim, problem, data):
    X, Y, W = problem.X, problem.Y, problem.W
    value = claim(X=X, Y=Y, W=W)
    order = data.draw(st.permutations(range(len(Y))))
    turn = data.draw(orthogonal(len(W)))
    assert rounded(claim(X=X[:, order], Y=Y[order], W=W), value, problem.size)
    assert rounded(claim(X=np.hstack([X, X]), Y=np.hstack([Y, Y]), W=W), value, problem.size)
    assert rounded(claim(X=turn @ X, Y=Y, W=turn @ W), value, len(W) * problem.size)


@about(quadratic.form)
@given(problem=problems())
def test_the_loss_is_not_negative_and_without_targets_a_square(claim: Claim, problem):
    assert below(0, claim(X=problem.X, Y=problem.Y, W=problem.W), problem.size)
    bare = claim(X=problem.X, Y=0 * problem.Y, W=problem.W)
    assert rounded(bare, problem.W @ problem.R @ problem.W / 2, problem.size)


@about(quadratic.form)
@given(problem=problems())
def test_the_loss_is_zero_exactly_where_the_targets_fit(claim: Claim, problem):
    fitting = problem.X.T @ problem.W
    assert rounded(claim(X=problem.X, Y=fitting, W=problem.W), 0, problem.size)
    missed = claim(X=problem.X, Y=fitting + 1, W=problem.W)
    assert rounded(missed, 1 / 2, problem.size)


@about(quadratic.gradient)
@given(problem=problems(), data=st.data())
def test_the_mean_gradient_of_two_points_is_the_slope_between_them(claim: Claim, problem, data):
    h = data.draw(vectors(len(problem.W)))
    ends = (problem.W, problem.W + h)
    slopes = sum(np.atleast_1d(claim(X=problem.X, Y=problem.Y, W=end)) for end in ends)
    rise = problem.loss(ends[1]) - problem.loss(ends[0])
    assert rounded(slopes @ h / 2, rise, problem.size * (1 + abs(h).sum()) ** 2)


@about(quadratic.gradient)
@given(problem=problems(), data=st.data())
def test_the_gradient_turns_with_the_axes(claim: Claim, problem, data):
    X, Y, W = problem.X, problem.Y, problem.W
    turn = data.draw(orthogonal(len(W)))
    turned = claim(X=turn @ X, Y=Y, W=turn @ W)
    assert rounded(turned, turn @ np.atleast_1d(claim(X=X, Y=Y, W=W)), len(W) * problem.size)


@about(quadratic.gradient)
@given(problem=problems())
def test_the_gradient_vanishes_at_least_squares(claim: Claim, problem):
    assert rounded(claim(X=problem.X, Y=problem.Y, W=problem.optimum), 0, problem.size)


@about(quadratic.hessian)
@given(problem=problems(), data=st.data())
def test_the_hessian_is_the_same_at_all_weights_and_targets(claim: Claim, problem, data):
    X, W = problem.X, problem.W
    H = np.atleast_2d(claim(X=X))
    h, Y = data.draw(vectors(len(W))), data.draw(vectors(X.shape[1]))

    def slope(at):
        return X @ (X.T @ at - Y) / len(Y)

    change = slope(W + h) - slope(W)
    assert rounded(H @ h, change, problem.size + abs(X).sum() * (abs(Y).sum() + abs(h).sum() * 20))


@about(quadratic.hessian)
@given(problem=problems(), scale=st.floats(0.1, 10))
def test_the_hessian_is_symmetric_semidefinite_and_quadratic_in_the_inputs(
    claim: Claim, problem, scale
):
    H = np.atleast_2d(claim(X=problem.X))
    assert np.array_equal(H, H.T)
    assert below(0, np.linalg.eigvalsh(H), problem.size)
    assert rounded(claim(X=scale * problem.X), scale**2 * H, scale**2 * problem.size)
    assert rounded(H, problem.R, problem.size)


@about(quadratic.directional_curvature)
@given(problem=problems(), data=st.data())
def test_curvatures_along_any_axes_add_up_to_the_trace(claim: Claim, problem, data):
    axes = data.draw(orthogonal(len(problem.W)))
    total = sum(claim(R=problem.R, u=axis) for axis in axes.T)
    assert rounded(total, problem.eigenvalues.sum(), len(problem.W) ** 2 * 4)


@about(quadratic.directional_curvature)
@given(problem=problems())
def test_curvature_is_even_and_an_eigenvalue_along_an_eigenvector(claim: Claim, problem):
    for axis, value in zip(problem.curved.T, problem.eigenvalues, strict=True):
        curvature = claim(R=problem.R, u=axis)
        assert rounded(curvature, claim(R=problem.R, u=-axis), len(problem.W) * 4)
        assert rounded(curvature, value, len(problem.W) * 4)


@about(quadratic.curvature_bounds)
@given(problem=problems(), data=st.data())
def test_no_direction_leaves_the_bounds_and_eigenvectors_reach_them(claim: Claim, problem, data):
    N = len(problem.W)
    for u in data.draw(orthogonal(N)).T:
        bounds, curvature = claim(R=problem.R, u=u), np.mean((u @ problem.X) ** 2)
        assert below(bounds["lower"], curvature, 4 * N**2)
        assert below(curvature, bounds["upper"], 4 * N**2)
    flat = [0.0] if len(problem.eigenvalues) < N else []
    assert rounded(bounds["lower"], min([*problem.eigenvalues, *flat]), 4 * N)
    assert rounded(bounds["upper"], max(problem.eigenvalues), 4 * N)
