"""Batch norm itself, for every batch, scale and shift."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.normalisation.units import batches, layers, scales, signs, small, spread, standard
from theory import normalisation
from theory.claim import Claim


def known(y):
    """How much rounding the deviations of ``y`` suffer."""
    return len(y) * (1 + np.abs(y).max() / spread(y))


@about(normalisation.standardisation)
@given(y=batches(), eps=small)
def test_mean_and_length_are_those_of_the_operation(claim: Claim, y, eps):
    out, found = standard(y, eps), claim(y=y, eps=eps)
    assert rounded(out.mean(), found["mean"], known(y))
    assert rounded(out @ out, found["squared_length"], known(y))
    assert below(found["squared_length"], len(y))


@about(normalisation.standardisation)
@given(y=batches(), data=st.data())
def test_the_order_of_the_examples_does_not_matter(claim: Claim, y, data):
    order = data.draw(st.permutations(range(len(y))))
    one, other = claim(y=y, eps=0.1), claim(y=y[order], eps=0.1)
    assert rounded(one["squared_length"], other["squared_length"], known(y))


@about(normalisation.standardisation)
@given(y=batches(most=5))
def test_without_eps_the_squared_length_is_the_batch_size_exactly(claim: Claim, y):
    exact = claim.closed_form.exact(digits=None, y=[Fraction(entry) for entry in y], eps=0)
    assert exact["squared_length"] == len(y)


@about(normalisation.affine_invariance)
@given(y=batches(), c=scales, sign=signs, shift=st.integers(-8, 8))
def test_any_scale_and_shift_before_are_taken_off(claim: Claim, y, c, sign, shift):
    moved = sign * c * y + shift
    found = claim(y=y, gamma=sign * c, shift=shift)
    assert rounded(found, standard(moved), known(y) + known(moved))
    assert rounded(found, sign * claim(y=y, gamma=1, shift=0), known(y))


@about(normalisation.idempotence)
@given(y=batches(), eps=small)
def test_twice_is_once_exactly_without_eps(claim: Claim, y, eps):
    once, found = standard(y, eps), claim(y=y, eps=eps)
    assert rounded(found, standard(once, eps), known(y))
    if eps == 0:
        assert rounded(found, once, known(y))
    elif abs(np.var(y) + eps - 1) > 1e-6:  # the second has variance/s^2 to normalise
        assert (found @ found < once @ once) == (np.var(y) + eps > 1)


@about(normalisation.undoing)
@given(y=batches(), eps=small)
def test_scale_and_shift_bring_the_batch_back(claim: Claim, y, eps):
    found = claim(y=y, eps=eps)
    back = found["gamma"] * standard(y, eps) + found["shift"]
    assert rounded(back, y, known(y) * (1 + np.abs(y).max()))


@about(normalisation.frozen_folding)
@given(layer=layers(), y=batches(), eps=small, gamma=scales, shift=scales, sign=signs)
def test_the_folded_layer_is_affine_and_maps_the_batch_as_batch_norm(
    claim: Claim, layer, y, eps, gamma, shift, sign
):
    values = {"y": y, "gamma": sign * gamma, "shift": shift, "eps": eps}
    itself = claim(X=y[None, :], W=[1], **values)
    size = known(y) * (gamma + 1) * (shift + 1)
    assert rounded(itself, sign * gamma * standard(y, eps) + shift, size)
    X, W = layer
    ends = [np.atleast_1d(claim(X=part, W=W, **values)) for part in (X, X + 1, X + 2)]
    size = known(y) * gamma * (np.abs(W).sum() * 8 + np.abs(y).max()) / spread(y, eps) + shift
    assert rounded(ends[0] + ends[2], 2 * ends[1], size)


@about(normalisation.frozen_folding)
@given(X=batches(), y=batches())
def test_frozen_statistics_do_not_see_the_other_examples(claim: Claim, X, y):
    values = {"W": [2], "y": y, "gamma": 1.5, "shift": -1, "eps": 0.1}
    whole = claim(X=X[None, :], **values)
    alone = [claim(X=[[entry]], **values) for entry in X]
    assert rounded(whole, alone, known(y) * (2 * np.abs(X).max() + np.abs(y).max() + 1))
