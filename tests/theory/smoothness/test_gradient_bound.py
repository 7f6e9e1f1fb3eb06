"""The gradient before batch norm, for every batch, gradient and scale."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.smoothness.batches import batches
from theory import smoothness
from theory.claim import Claim


@about(smoothness.gradient)
@given(batch=batches())
def test_it_is_orthogonal_to_the_mean_and_to_the_outputs(claim: Claim, batch):
    slope = claim(**batch.values("y", "g", "gamma"), eps=0)
    assert rounded(slope, batch.slope, batch.size)
    assert rounded(sum(slope), 0, batch.size)
    assert rounded(slope @ batch.y, 0, batch.size * (1 + abs(batch.y).max()))


@about(smoothness.gradient)
@given(batch=batches(), shift=st.floats(-3, 3), factor=st.floats(0.25, 4))
def test_it_ignores_a_shift_and_shrinks_with_the_outputs(claim: Claim, batch, shift, factor):
    slope = claim(**batch.values("y", "g", "gamma"), eps=0)
    moved = claim(y=factor * batch.y + shift, g=batch.g, gamma=batch.gamma, eps=0)
    assert rounded(factor * moved, slope, 16 * batch.size * (1 + abs(shift)))
    turned = claim(y=-batch.y, g=batch.g, gamma=batch.gamma, eps=0)
    assert rounded(turned, slope, batch.size)


@about(smoothness.gradient)
@given(batch=batches(smallest=2, largest=2))
def test_of_two_examples_nothing_is_left(claim: Claim, batch):
    assert rounded(claim(**batch.values("y", "g", "gamma"), eps=0), 0, batch.size)


@about(smoothness.gradient_norm)
@given(batch=batches())
def test_the_printed_bound_fails_wherever_the_product_is_not_zero(claim: Claim, batch):
    values = batch.values("y", "g", "gamma")
    true = batch.slope @ batch.slope
    assert rounded(claim(**values), true, batch.size**2)
    printed = claim.twins["printed: 1/sqrt(B) before <g,yhat>^2"](**values)
    lost = (1 / np.sqrt(len(batch.y)) - 1 / len(batch.y)) * (batch.g @ batch.hat) ** 2
    ratio = (batch.gamma / batch.y.std()) ** 2
    assert rounded(true - printed, ratio * lost, batch.size**2)


@about(smoothness.gradient_norm)
@given(batch=batches())
def test_of_the_outputs_themselves_nothing_is_left(claim: Claim, batch):
    assert rounded(claim(y=batch.y, g=batch.y, gamma=batch.gamma), 0, batch.size**2 * 100)


@about(smoothness.gradient_norm_with_eps, smoothness.gradient_norm_bounds)
@given(batch=batches(), eps=st.floats(0, 10))
def test_eps_lies_between_its_bounds_and_without_it_on_the_upper(claim: Claim, batch, eps):
    values = batch.values("y", "g", "gamma")
    bounds = smoothness.gradient_norm_bounds(**values, eps=eps)
    exact = smoothness.gradient_norm_with_eps(**values, eps=eps)
    slope = smoothness.gradient(**values, eps=eps)
    assert rounded(exact, slope @ slope, batch.size**2)
    assert below(bounds["lower"], exact, batch.size**2)
    assert below(exact, bounds["upper"], batch.size**2)
    bare = smoothness.gradient_norm_bounds(**values, eps=0)["upper"]
    assert rounded(bare, smoothness.gradient_norm(**values), batch.size**2)


@about(smoothness.energy_of_the_mean)
@given(batch=batches(), copies=st.integers(1, 4))
def test_it_grows_as_the_batch_does_and_is_all_of_a_constant(claim: Claim, batch, copies):
    lost = claim(g=batch.g)
    assert below(0, lost, batch.size)
    assert below(lost, batch.g @ batch.g, batch.size)
    assert rounded(claim(g=np.tile(batch.g, copies)), copies * lost, copies * batch.size)
    level = np.full(len(batch.g), batch.gamma)
    assert rounded(claim(g=level), level @ level, len(level) ** 2 * batch.gamma**2)
