"""Layers that are drawn have the means that the claims' closed forms say."""

import numpy as np
import pytest

from tests.about import about
from theory import propagation
from theory import symbols as s
from theory.drawn import after_layers

n, depth, q = s.n.symbol, s.depth.symbol, s.q.symbol
COUNT = 40_000


def says_near(samples, expected):
    return abs(np.mean(samples) - expected) < 6 * np.std(samples) / len(samples) ** 0.5


def laws(claim):
    return {str(x): law for x, law in claim.derivation.chain.laws.items()}


@about(propagation.mean_square_moments)
@pytest.mark.parametrize(("letter", "output"), [("q_relu", "rectified"), ("q_linear", "linear")])
def test_the_mean_square(claim, letter, output):
    drawn = after_layers(
        laws(claim)[letter], np.random.default_rng(1), COUNT, {n: 12, depth: 3, q: 1.0}
    )
    assert says_near(drawn, 1)
    assert says_near(drawn**2, claim(n=12, depth=3)[output])


@about(propagation.linear_channel_variances)
def test_the_variances_of_channels(claim):
    (law,) = laws(claim).values()
    drawn = after_layers(law, np.random.default_rng(2), COUNT, {n: 5, depth: 3})
    assert drawn.shape == (COUNT, 5, 5)
    within = np.var(np.diagonal(drawn, axis1=1, axis2=2), axis=1, ddof=1)
    assert says_near(within, claim(n=5, depth=3))


@about(propagation.shortcut_stretches)
def test_stretches(claim):
    """At width 60 the spread is near its limit."""
    random, values = np.random.default_rng(3), {n: 60, depth: 4}
    expected = claim(depth=4)
    for letter, law in laws(claim).items():
        drawn = after_layers(law, random, 100, values)
        trace = np.trace(drawn, axis1=1, axis2=2).mean()
        square = np.sum(drawn**2, axis=(1, 2)).mean()
        found = 60 * square / trace**2 - 1
        output = letter.removeprefix("S_depth(").removesuffix(")")
        assert abs(found / expected[output] - 1) < 0.1
