"""The outlier's eigenvector: its curvature along the mean and its overlap."""

from itertools import product

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from tests.about import about
from tests.close import below, rounded
from tests.theory.spectra.bulk import alphas, factors, means, sizes, variances
from theory import spectra


@about(spectra.outlier_rayleigh, spectra.population)
@given(N=st.integers(2, 4), m=means, v=variances, q=st.floats(0.05, 0.95))
def test_every_law_of_a_mean_and_a_variance_has_the_same_curvature(claim, N, m, v, q):
    """Two values, the first with probability q: all 2^N examples enumerated."""
    low, high = m - np.sqrt(v * (1 - q) / q), m + np.sqrt(v * q / (1 - q))
    mean = 0.0
    for example in product((0, 1), repeat=N):
        chance = np.prod([(q, 1 - q)[each] for each in example])
        mean += chance * sum((low, high)[each] for each in example) ** 2 / N
    magnitude = N * max(low**2, high**2)
    assert rounded(mean, spectra.outlier_rayleigh(N=N, p=7, m=m, v=v)["mean"], magnitude)
    assert rounded(mean, spectra.population(N=N, m=m, v=v)["outlier"], magnitude)
    assert claim is not None


@about(spectra.outlier_rayleigh)
@given(N=sizes, p=sizes, m=means, v=variances)
def test_the_curvature_is_non_central_chi_squared(claim, N, p, m, v):
    value = claim(N=N, p=p, m=m, v=v)
    law = stats.ncx2(p, p * N * m**2 / v, scale=v / p)
    assert rounded(law.mean(), value["mean"])
    assert rounded(law.var(), value["variance"])


@about(spectra.outlier_overlap)
@given(N=sizes, alpha=alphas, m=means, v=variances, factor=factors)
def test_overlap(claim, N, alpha, m, v, factor):
    value = claim(N=N, alpha=alpha, m=m, v=v)
    assert below(0, value, 1) and value <= 1
    assert below(value, claim(N=N, alpha=alpha, m=1.1 * m, v=v), 1)
    assert below(value, claim(N=N, alpha=1.1 * alpha, m=m, v=v), 1), "more examples align"
    ratio = N * m**2 / v * np.sqrt(alpha)
    assume(abs(ratio - 1) > 1e-9)
    scaled = claim(N=N, alpha=alpha, m=factor * m, v=factor**2 * v)
    assert rounded(scaled, value, 1 + 1 / alpha)
