"""Softmax: curvature and flat directions, for all outputs, nets and parameters."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from theory import stability
from theory import symbols as s
from theory.claim import Claim


@st.composite
def motions(draw):
    """Outputs and a motion of them."""
    M = draw(st.integers(1, 6))
    z, v = (draw(matrices(s.outputs.domain, {"M": M}))[:, 0] for _ in range(2))
    return z, v


def chances(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


@about(stability.output_hessian, stability.hessian_product)
@given(motion=motions(), shift=st.floats(-5, 5))
def test_shifts_are_not_seen_and_the_product_is_the_hessians(claim: Claim, motion, shift):
    z, v = motion
    p, size = chances(z), 64 * len(z) * (1 + np.abs(v).max() + abs(shift)) ** 2
    H = np.diag(p) - np.outer(p, p)
    along = stability.output_hessian(outputs=z, velocity=v)
    assert below(0, along["along"], size)
    assert rounded(along["along"], v @ H @ v, size)
    assert along["shift"] == 0
    product = stability.hessian_product(outputs=z, velocity=v)
    assert rounded(product, H @ v, size)
    assert rounded(np.sum(product), 0, size)
    moved = stability.output_hessian(outputs=z + shift, velocity=v + shift)["along"]
    assert rounded(moved, along["along"], 64 * size)
    assert claim is not None
