"""Random matrices: the bidiagonal model has the law of dense data, and its edge cases stand.

Two-sample tests are Kolmogorov and Smirnov's, exact for continuous statistics of independent
draws: each false alarm once in a million.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.ensembles import (
    LAWS,
    Bidiagonal,
    _chi,
    centred,
    corner,
    dense,
    gaussian,
    inputs,
    overlap,
    spectrum,
)
from sim.spectra.draws import OTHER_LAWS, SKEWNESS
from sim.spectra.spike import skewness_term
from tests.close import rounded, sampled

FALSE_ALARM = 1e-6
DRAWS = 400
SHAPES = [(20, 12), (20, 20), (20, 35), (1, 6), (6, 1)]
MEANS = [0.0, 0.7]
VARIANCE = 1.7


def same_law(one, other):
    return stats.ks_2samp(one, other).pvalue >= FALSE_ALARM


def extremes(spectrum, N, p):
    """Smallest eigenvalue that is not zero by rank, largest, trace."""
    return spectrum[N - min(N, p)], spectrum[-1], spectrum.sum()


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize(("N", "p"), SHAPES)
def test_the_model_has_the_law_of_dense_data(N, p, mean):
    rng = np.random.default_rng([N, p])
    plain = [extremes(dense(rng, N, p, mean, VARIANCE), N, p) for _ in range(DRAWS)]
    fast = [extremes(gaussian(rng, N, p, mean, VARIANCE).eigenvalues(), N, p) for _ in range(DRAWS)]
    for statistic in range(3):
        assert same_law([x[statistic] for x in plain], [x[statistic] for x in fast])


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize(("N", "p"), SHAPES)
def test_the_overlap_has_the_law_of_dense_data(N, p, mean):
    rng = np.random.default_rng([N, p])

    def plain():
        X = inputs(rng, N, p, mean, VARIANCE)
        values, vectors = np.linalg.eigh(X @ X.T / p)
        return values[-1], np.sum(vectors[:, -1]) ** 2 / N

    ours = np.array([overlap(rng, N, p, mean, VARIANCE) for _ in range(DRAWS)])
    theirs = np.array([plain() for _ in range(DRAWS)])
    assert same_law(ours[:, 0], theirs[:, 0])
    if N == 1:  # the one direction there is
        assert rounded(ours[:, 1], 1) and rounded(theirs[:, 1], 1)
    else:
        assert same_law(ours[:, 1], theirs[:, 1])


@pytest.mark.parametrize(("N", "p"), [(20, 12), (20, 20), (20, 35), (5, 2)])
def test_the_centred_model_has_the_law_of_dense_data_less_its_means(N, p):
    rng = np.random.default_rng([N, p])
    smallest = N - min(N, p - 1)

    def plain():
        X = inputs(rng, N, p, 3.0, VARIANCE)
        return spectrum(X - X.mean(axis=1, keepdims=True))

    fast = np.array([centred(rng, N, p, VARIANCE).eigenvalues() for _ in range(DRAWS)])
    slow = np.array([plain() for _ in range(DRAWS)])
    for index in (smallest, -1):
        assert same_law(fast[:, index], slow[:, index])
    assert same_law(fast.sum(axis=1), slow.sum(axis=1))


def test_one_example_less_its_mean_is_nothing():
    matrix = centred(np.random.default_rng(0), 4, 1)
    assert not matrix.eigenvalues().any()
    assert len(matrix.eigenvalues()) == 4
    assert matrix.largest() == matrix.smallest() == 0


@pytest.mark.parametrize("mean", MEANS)
def test_begun_on_the_short_side_without_its_last_column_the_smallest_is_zero(mean):
    """The trap: the largest eigenvalue has the right law, the smallest is zero."""
    N, p = 20, 35
    rng = np.random.default_rng(0)
    shift = mean * np.sqrt(N * p)
    wrong = [_chi(rng, N, p, p, shift, 1.0, 0, rows=N) for _ in range(DRAWS)]
    right = [gaussian(rng, N, p, mean) for _ in range(DRAWS)]
    assert same_law([matrix.largest() for matrix in wrong], [m.largest() for m in right])
    smallest = [matrix.smallest() for matrix in wrong], [m.smallest() for m in right]
    assert not same_law(*smallest)
    assert np.median(smallest[0]) < 1e-4 * np.median(smallest[1])
    # with its last column nothing is lost
    whole = [_chi(rng, N, p, p, shift, 1.0, 0).eigenvalues()[1] for _ in range(DRAWS)]
    assert same_law(whole, smallest[1])


@given(
    N=st.integers(1, 9),
    p=st.integers(1, 9),
    mean=st.floats(-2, 2),
    variance=st.floats(0.01, 9),
    seed=st.integers(0, 2**32),
)
def test_any_shape(N, p, mean, variance, seed):
    matrix = gaussian(np.random.default_rng(seed), N, p, mean, variance)
    found = matrix.eigenvalues()
    assert len(found) == N
    assert np.all(np.diff(found) >= 0)
    assert not found[: N - min(N, p)].any()
    size, trace = max(N, p) * found[-1], matrix.tridiagonal()[0].sum()
    assert rounded(matrix.largest(), found[-1], size)
    assert rounded(matrix.smallest(), found[N - min(N, p)], size)
    assert rounded(found.sum(), trace, size)


def test_the_smallest_eigenvalue_keeps_its_relative_accuracy():
    """B of determinant 1e-9: its squared singular values multiply to 1e-18."""
    matrix = Bidiagonal(np.array([1.0, 1e-9]), np.array([1.0]), 0)
    assert rounded(matrix.smallest() * matrix.largest(), 1e-18)


@pytest.mark.parametrize("p", [1500, 4500])
@pytest.mark.parametrize("mean", [0.0, 0.03])
def test_the_extremes_live_in_the_corner(p, mean):
    N = 3000
    rng = np.random.default_rng(p)
    for _ in range(5):
        whole = gaussian(rng, N, p, mean)
        rows = len(corner(rng, N, p, mean).diagonal)
        leading = Bidiagonal(whole.diagonal[:rows], whole.below[: rows - 1], whole.nulls)
        assert rows < min(N, p) / 1.5
        for one, other in (
            (leading.largest(), whole.largest()),
            (leading.smallest(), whole.smallest()),
        ):
            assert rounded(one, other, whole.largest())


def test_a_corner_of_square_data_is_the_whole():
    assert len(corner(np.random.default_rng(0), 50, 50).diagonal) == 50


@pytest.mark.parametrize("law", LAWS)
def test_input_laws_are_standardised(law):
    """Mean and variance of a million draws, by the normal law of their sums."""
    x = inputs(np.random.default_rng(0), 1000, 1000, 0.0, 1.0, law).ravel()
    assert sampled(x, 0) and sampled(x**2, 1)


@given(
    N=st.integers(1, 6),
    p=st.integers(1, 6),
    seed=st.integers(0, 2**32),
    law=st.sampled_from([*LAWS]),
)
@settings(max_examples=50)
def test_the_spectrum_of_data(N, p, seed, law):
    rng = np.random.default_rng(seed)
    X = inputs(rng, N, p, 0.5, 2.0, law)
    found, size = spectrum(X), np.sum(X**2) / p
    full = np.linalg.eigvalsh(X @ X.T / p)
    assert rounded(found, full, size, condition=max(N, p))
    shuffled = spectrum(X[:, rng.permutation(p)])
    assert rounded(found, shuffled, size, condition=max(N, p))


@pytest.mark.parametrize("law", OTHER_LAWS)
def test_the_skewness_of_a_law(law):
    cubes = inputs(np.random.default_rng(0), 1, 400_000, law=law) ** 3
    assert stats.ttest_1samp(cubes[0], SKEWNESS[law]).pvalue >= FALSE_ALARM
    assert (SKEWNESS[law] == 0) == (law in ("bernoulli", "uniform"))


def test_skewed_inputs_lift_the_outlier():
    """By the term of order N^(-1/2); the next odd one is smaller by 1/N."""
    N, alpha, m, draws = 64, 1.25, 0.25, 2000
    rng = np.random.default_rng(0)

    def largest(sign):
        X = [
            sign * inputs(rng, N, round(alpha * N), sign * m, 1.0, "exponential")
            for _ in range(draws)
        ]
        return np.array([spectrum(each)[-1] for each in X])

    half = (largest(1) - largest(-1)) / 2  # inputs of mean m, skewed to the right and to the left
    term = skewness_term(N, alpha, m, 1.0, 2.0)
    assert stats.ttest_1samp(half, term).pvalue >= FALSE_ALARM
    assert stats.ttest_1samp(half, 0).pvalue < FALSE_ALARM
