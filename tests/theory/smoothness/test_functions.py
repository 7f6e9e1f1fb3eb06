"""Lipschitz constants, for every quadratic and pair of points."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.smoothness.batches import generators
from theory import smoothness
from theory.claim import Claim


def symmetric(rng, N, definite):
    root = rng.normal(size=(N, N))
    return root @ root.T if definite else (root + root.T) / 2


@about(smoothness.lipschitz)
@given(rng=generators(), N=st.integers(1, 4), radius=st.floats(0.1, 5))
def test_no_pair_in_the_ball_exceeds_it(claim: Claim, rng, N, radius):
    R = symmetric(rng, N, definite=True)
    a, b = (
        radius * rng.uniform() * each / np.linalg.norm(each) for each in rng.normal(size=(2, N))
    )
    change = abs(a @ R @ a - b @ R @ b) / 2
    assert below(change, claim(R=R, V=a, d=b, radius=radius)["upper"], np.trace(R) * radius**2)


@about(smoothness.beta_smoothness)
@given(rng=generators(), N=st.integers(1, 4))
def test_no_pair_exceeds_it_and_its_eigenvector_reaches_it(claim: Claim, rng, N):
    R = symmetric(rng, N, definite=False)
    a, b = rng.normal(size=(2, N))
    size = N * abs(R).sum() * (abs(a).max() + abs(b).max())
    assert below(np.linalg.norm(R @ a - R @ b), claim(R=R, V=a, d=b)["upper"], size)
    values, axes = np.linalg.eigh(R)
    top = axes[:, np.argmax(abs(values))]
    assert rounded(claim(R=R, V=a, d=a + top)["upper"], np.linalg.norm(R @ top), 8 * size)
