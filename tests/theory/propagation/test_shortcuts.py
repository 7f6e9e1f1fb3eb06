"""Shortcuts: for every correlation and depth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from tests.about import about
from tests.close import below, discretised, rounded
from theory import propagation

correlations = st.floats(-1, 1)


@about(propagation.shortcut_correlation)
@given(c=correlations, other=correlations)
def test_a_shortcut_goes_half_of_the_way(claim, c, other):
    there = 2 * propagation.arc_cosine(c=c)
    assert rounded(claim(c=c) - c, there - claim(c=c), 1)
    assert below(c, claim(c=c), 1)
    low, high = sorted((c, other))
    assert below(claim(c=low), claim(c=high), 1)


@about(propagation.shortcut_correlation)
@pytest.mark.parametrize("depth", [50, 200, 1000])
def test_depth_counts_half(claim, depth):
    """Twice as many layers with shortcuts leave about as much as without them, a little more."""
    c = 0.0
    for _ in range(2 * depth - 1):
        c = claim(c=c)
    quotient = (1 - c) / (1 - propagation.between_share(depth=depth))
    assert 1 < quotient < 1 + 10 / depth


@about(propagation.shortcut_stretches)
@given(depth=st.integers(1, 300))
def test_stretches_with_and_without_shortcuts(claim, depth):
    """Harmonic numbers as sums; without shortcuts Fuss and Catalan's second number."""
    found, layers = claim(depth=depth), np.arange(1, depth + 1)
    moment = propagation.product_moments(order=2, depth=depth)
    assert rounded(found["without shortcuts"], moment - 1, moment)
    assert rounded(found["with shortcuts"], 1 + 0.75 * (depth - 1), depth)
    normed = 2 * np.sum(1 / layers) - np.sum(1 / layers**2)
    assert rounded(found["with batch norm on the branch"], normed, 8 * normed)
    assert below(normed, 2 * (np.log(depth) + np.euler_gamma + 1 / depth), normed)


@about(propagation.shortcut_stretches)
def test_the_logarithm_at_a_large_depth(claim):
    depth = 10**6
    limit = 2 * (np.log(depth) + np.euler_gamma) - special.zeta(2)
    assert discretised(claim(depth=depth)["with batch norm on the branch"], limit, 3 / depth)
