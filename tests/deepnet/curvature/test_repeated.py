"""Eigenvalues as often as they occur, against spectra that are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from deepnet.curvature import Eigenpairs, lanczos, repeated
from deepnet.curvature.repeated import settled
from tests.close import below, rounded

TOLERANCE = 1e-8


def symmetric(values, seed=0):
    """A random symmetric matrix of these eigenvalues."""
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values), len(values))))[0]
    matrix = (turn * values) @ turn.T
    return (matrix + matrix.T) / 2


def ends(values, top, bottom):
    ordered = np.sort(values)
    return np.concatenate([ordered[::-1][:top], ordered[:bottom]])


def found(values, top, bottom, products=5000, seed=0):
    operator = aslinearoperator(symmetric(np.asarray(values, float), seed))
    rng = np.random.default_rng([seed, 1])
    return repeated(operator, rng, top, bottom, products=products, tolerance=TOLERANCE)


def spread(n, seed=0):
    return np.random.default_rng([seed, 2]).uniform(-1, 1, n)


SPECTRA = {
    "twofold": (np.r_[spread(80), 3, 3], 4, 2),
    "ninefold above, thirtyfold below": (np.r_[spread(80), [3] * 9, [-2] * 30], 12, 12),
    "every one twice": (2 * np.cos(2 * np.pi * np.arange(60) / 60), 7, 4),
    "zeros below": (np.r_[np.zeros(60), 1 + spread(30) / 2], 3, 5),
    "zeros above a negative end": (np.r_[np.zeros(60), -2 + spread(30) / 2], 5, 3),
    "one value": (np.ones(30), 4, 3),
    "all zero": (np.zeros(20), 2, 2),
    "rank 1": (np.r_[5.0, np.zeros(30)], 3, 1),
    "all of them": (np.r_[2.0, 2, 2, 1], 2, 2),
    "one row": ([4.0], 1, 0),
}


@pytest.mark.parametrize("name", SPECTRA)
def test_each_eigenvalue_is_found_as_often_as_it_occurs(name):
    values, top, bottom = SPECTRA[name]
    pairs, certain = found(values, top, bottom)
    size, right = np.abs(values).max(), ends(values, top, bottom)
    assert certain
    assert below(np.abs(pairs.values - right), pairs.residuals, size, len(values))
    assert below(pairs.residuals, TOLERANCE * size, size)
    assert rounded(pairs.vectors.T @ pairs.vectors, np.eye(top + bottom), 1, len(values))


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    counts=st.lists(st.integers(1, 30), min_size=2, max_size=6),
    top=st.integers(0, 8),
    bottom=st.integers(0, 8),
)
def test_any_multiplicities(seed, counts, top, bottom):
    values = np.repeat(np.arange(len(counts)) - 2.0, counts)
    top, bottom = min(top, len(values)), min(bottom, len(values) - min(top, len(values)))
    if top + bottom == 0:
        top = 1
    pairs, _ = found(values, top, bottom, seed=seed)  # one in thousands is right and in doubt
    assert rounded(pairs.values, ends(values, top, bottom), 1, 1e6)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    width=st.floats(-12, -2),
    size=st.integers(2, 30),
    top=st.integers(1, 12),
)
def test_a_cluster_is_found_to_the_tolerance(seed, width, size, top):
    """A value may stand for its neighbour, whose residual is below the tolerance too."""
    places = np.random.default_rng([seed, 3]).uniform(-1, 1, size)
    values = np.r_[spread(60, seed), 3 * (1 + 10**width * places)]
    pairs, certain = found(values, top, 1, seed=seed)
    nearest = np.abs(values - pairs.values[:, None]).min(1)
    assert below(nearest, pairs.residuals, 3, len(values))
    if certain:
        assert below(np.abs(pairs.values - ends(values, top, 1)), 4 * TOLERANCE * 3, 3)
        assert below(pairs.residuals, TOLERANCE * np.abs(pairs.values), 3, len(values))


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), products=st.integers(12, 300))
def test_no_more_products_than_allowed(seed, products):
    values = np.r_[spread(60, seed), [3] * 9]
    pairs, _ = found(values, 9, 1, products, seed)
    assert pairs.products <= products


def test_residuals_above_the_tolerance_are_not_certain():
    """Products with an error of a hundredth: Lanczos ends where its basis spans the space."""
    matrix, errors = symmetric(np.r_[spread(40), 3, 3]), np.random.default_rng(0)

    def multiply(v):
        w = matrix @ v
        return w * (1 + errors.normal(size=w.shape) / 100)

    operator = LinearOperator((42, 42), multiply, matmat=multiply, dtype=matrix.dtype)
    pairs, certain = repeated(operator, np.random.default_rng(1), 2, tolerance=1e-6)
    assert (pairs.residuals > 1e-6 * np.abs(pairs.values)).any()
    assert not certain


@pytest.mark.parametrize(("rows", "residual", "expected"), [
    (100, 1e-4, True), (100, 0.9e-3, True), (10**8, 0.9e-3, True), (10**8, 2e-3, False),
])  # fmt: skip
def test_rounding_counts_no_more_than_the_tolerance_of_the_largest(rows, residual, expected):
    """64 eps of float32 times the root of 10^8 rows is 0.08."""
    operator = LinearOperator((rows, rows), lambda v: v, dtype=np.dtype("float32"))
    pairs = Eigenpairs(np.ones(1), np.ones((1, 1)), np.array([residual]), 1, 1.0)
    assert settled(pairs, 1e-3, operator) is expected


def test_one_search_alone_misses_them_and_is_not_certain():
    values, top, bottom = SPECTRA["every one twice"]
    alone = lanczos(
        aslinearoperator(symmetric(values)), np.random.default_rng([0, 1]), top, bottom,
        products=5000, tolerance=TOLERANCE,
    )  # fmt: skip
    assert not rounded(alone.values, ends(values, top, bottom), 1, 1e6)
    pairs, certain = found(values, top, bottom, products=alone.products + 2)
    assert not certain
    assert pairs.products <= alone.products + 2


def test_pairs_of_the_complement_of_known_ones():
    values = np.r_[spread(40), 3, 2]
    operator = aslinearoperator(symmetric(values))
    first = lanczos(operator, np.random.default_rng(0), 2, tolerance=1e-12)
    rest = lanczos(operator, np.random.default_rng(0), 1, 1, tolerance=1e-10, known=first.vectors)
    assert rounded(rest.values, [np.sort(values)[-3], values.min()], 3, 1e6)
    assert rounded(first.vectors.T @ rest.vectors, 0, 1, len(values))
