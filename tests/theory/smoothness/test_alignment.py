"""The sign assumption, for every batch, target and convex loss."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.smoothness.batches import batches, generators
from theory import smoothness
from theory.claim import Claim


@about(smoothness.alignment_with_outputs)
@given(batch=batches(), asked=st.floats(-5, 5), shift=st.floats(-2, 2))
def test_its_sign_tells_whether_the_targets_ask_for_more(claim: Claim, batch, asked, shift):
    Y = asked * batch.hat
    found = claim(y=batch.y, Y=Y, gamma=batch.gamma, shift=shift)
    size = batch.size * (1 + abs(asked)) ** 2 * (1 + abs(shift)) ** 2
    assert rounded(found["with the outputs"], (batch.gamma - asked) * len(batch.y), size)
    assert below(0, found["towards the minimum"], size)


@about(smoothness.alignment_of_convex_loss)
@given(rng=generators(), batch=batches(), shift=st.floats(-2, 2))
def test_it_is_twice_the_excess_loss(claim: Claim, rng, batch, shift):
    root = rng.normal(size=batch.H.shape)
    H = root @ root.T
    away = batch.gamma * batch.hat
    found = claim(y=batch.y, H=H, gamma=batch.gamma, shift=shift)
    size = batch.size * abs(H).sum() * (1 + batch.gamma**2)
    assert rounded(found, away @ H @ away, size)
    assert below(0, found, size)


@about(smoothness.isotropic_curvature_bound)
@given(batch=batches(), lam=st.floats(0.1, 4), share=st.floats(-1, 1).filter(bool))
def test_up_to_sigma_it_holds(claim: Claim, batch, lam, share):
    gamma = share * batch.y.std()
    values = {"y": batch.y, "g": batch.g, "gamma": gamma}
    H = lam * np.eye(len(batch.y))
    found = smoothness.curvature_along_gradient(**values, H=H)
    assert below(found, claim(**values, lam=lam)["upper"], batch.size**2 * (1 + lam))
