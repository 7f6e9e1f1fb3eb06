"""Batches of a unit for the tests of the chapter, and the operation written out."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

EPS = np.finfo(float).eps


@st.composite
def batches(draw, least=2, most=8):
    """Outputs of a unit on a grid of eighths, not all equal: sums are exact, sigma not tiny."""
    size = draw(st.integers(least, most))
    entries = st.lists(st.integers(-40, 40), min_size=size, max_size=size)
    return np.array(draw(entries.filter(lambda e: len(set(e)) > 1))) / 8


def like(y):
    """A column of as many entries as ``y``."""
    entries = st.lists(st.integers(-40, 40), min_size=len(y), max_size=len(y))
    return entries.map(lambda e: np.array(e) / 8)


@st.composite
def layers(draw, most=4):
    """Inputs, weights and a batch whose outputs are not all equal."""
    N, B = draw(st.integers(1, most)), draw(st.integers(2, 6))
    whole = st.lists(st.integers(-16, 16), min_size=N, max_size=N)
    rows = draw(st.lists(whole, min_size=B, max_size=B))
    W = draw(whole)
    X, W = np.array(rows, float).T / 4, np.array(W, float) / 4
    if np.ptp(X.T @ W) == 0:  # make the first example different
        X, W = X.copy(), np.where(W == 0, 1.0, W)
        X[:, 0] += np.sign(W)
    assume(np.ptp(X.T @ W) > 0)  # which a changed W may have undone
    return X, W


def standard(y, eps=0.0):
    """Batch norm, entry by entry."""
    mean = sum(y) / len(y)
    variance = sum((entry - mean) ** 2 for entry in y) / len(y)
    return np.array([(entry - mean) / np.sqrt(variance + eps) for entry in y])


def spread(y, eps=0.0):
    return float(np.sqrt(np.var(y) + eps))


small = st.sampled_from([0.0, 1e-5, 1e-2, 0.5, 3.0])
scales = st.integers(1, 40).map(lambda n: n / 8)
signs = st.sampled_from([1.0, -1.0])
