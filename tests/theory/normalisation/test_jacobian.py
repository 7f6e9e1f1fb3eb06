"""The Jacobian, for every batch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.normalisation.units import batches, like, scales, small, spread, standard
from theory import normalisation
from theory.claim import Claim


def size(y, eps=0.0):
    """The size of a Jacobian's terms, and the rounding of the deviations."""
    return len(y) ** 2 * (1 + np.abs(y).max() / spread(y)) / spread(y, eps)


@about(normalisation.jacobian)
@given(y=batches(), eps=small, data=st.data())
def test_it_is_the_slope_of_small_moves(claim: Claim, y, eps, data):
    h = data.draw(like(y))
    step = 1e-4 * spread(y, eps) / (1 + np.abs(h).max())
    moved = [standard(y + sign * step * h, eps) for sign in (1, -1)]
    slope = (moved[0] - moved[1]) / (2 * step)
    # the third derivative of a central difference, in units of (|h|/s)^3
    third = 64 * step**2 * (np.linalg.norm(h) / spread(y, eps)) ** 3
    rounding = 1e-14 * size(y, eps) * spread(y, eps) / step
    assert np.all(np.abs(claim(y=y, eps=eps) @ h - slope) <= third + rounding)


@about(normalisation.jacobian)
@given(y=batches(), c=scales, shift=st.integers(-8, 8))
def test_it_shrinks_as_the_batch_grows_and_does_not_see_a_shift(claim: Claim, y, c, shift):
    moved = c * y + shift
    both = size(y) + c * size(moved)
    assert rounded(c * claim(y=moved, eps=0), claim(y=y, eps=0), both)


@about(normalisation.jacobian, normalisation.jacobian_rank)
@given(y=batches())
def test_times_sigma_it_is_a_projector_whose_trace_is_its_rank(claim: Claim, y):
    P = spread(y) * normalisation.jacobian(y=y, eps=0)
    known = len(y) * size(y) * spread(y)
    assert rounded(P @ P, P, known)
    assert rounded(P, P.T, known)
    assert rounded(P @ y, 0, known * np.abs(y).max())
    assert rounded(P.sum(axis=1), 0, known)
    assert rounded(np.trace(P), normalisation.jacobian_rank(y=y), known)


@about(normalisation.jacobian_rank)
@given(y=batches(most=2), data=st.data())
def test_a_batch_of_two_passes_nothing(claim: Claim, y, data):
    g = data.draw(like(y))
    assert claim(y=y) == 0
    gradient = normalisation.jacobian(y=y, eps=0) @ g
    assert rounded(gradient, 0, size(y) * (1 + np.abs(g).sum()))


@about(normalisation.jacobian_eigenvalues)
@given(y=batches(least=3), eps=small)
def test_the_eigenvalues_are_those_of_the_matrix(claim: Claim, y, eps):
    found = claim(y=y, eps=eps)
    expected = sorted([found["mean"], found["along"]] + (len(y) - 2) * [found["across"]])
    J = normalisation.jacobian(y=y, eps=eps)
    assert rounded(np.linalg.eigvalsh((J + J.T) / 2), expected, len(y) * size(y, eps))
    assert 0 <= found["along"] < found["across"]


@about(normalisation.gradient_orthogonality)
@given(y=batches(), eps=small, gamma=scales, data=st.data())
def test_the_gradient_has_no_sum_and_a_product_with_y_of_order_eps(
    claim: Claim, y, eps, gamma, data
):
    g = data.draw(like(y))
    gradient = gamma * normalisation.jacobian(y=y, eps=eps) @ g
    found = claim(y=y, g=g, gamma=gamma, eps=eps)
    known = size(y, eps) * gamma * (1 + np.abs(g).sum()) * (1 + np.abs(y).max())
    assert rounded(gradient.sum(), found["ones"], known)
    assert rounded(gradient @ y, found["inputs"], known)
    bound = gamma * np.linalg.norm(g) * np.sqrt(len(y)) * eps / (np.var(y) + eps)
    assert below(abs(found["inputs"]), bound, known)
