"""Properties of the population, the eigenvalue that a mean pushes out, and what centring leaves."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.ensembles import spectrum
from tests.about import about
from tests.close import below, discretised, rounded
from tests.strategies import matrices
from tests.theory.spectra.bulk import above_one, alphas, factors, means, sizes, variances
from theory import spectra
from theory import symbols as s


@about(spectra.population)
@given(N=sizes, m=means, v=variances)
def test_population(claim, N, m, v):
    value = claim(N=N, m=m, v=v)
    found = np.linalg.eigvalsh(v * np.eye(N) + m**2 * np.ones((N, N)))
    magnitude = N * value["outlier"]
    assert rounded(found[-1], value["outlier"], magnitude)
    assert rounded(found[:-1], value["others"], magnitude)
    total = value["outlier"] + (N - 1) * value["others"]
    assert rounded(total, spectra.trace(N=N, m=m, v=v))


@about(spectra.population)
@given(
    mu=arrays(float, 4, elements=st.floats(-3, 3)), v=arrays(float, 4, elements=st.floats(0.1, 3))
)
def test_unequal_inputs_interlace_around_their_variances(claim, mu, v):
    """R = diag(v_i) + mu mu' has one eigenvalue above all variances at most."""
    found, ordered = np.linalg.eigvalsh(np.diag(v) + np.outer(mu, mu)), np.sort(v)
    size = ordered[-1] + mu @ mu
    assert below(ordered, found, 4 * size)
    assert below(found[:-1], ordered[1:], 4 * size)
    assert below(found[-1], size, 4 * size)
    alike = claim(N=4, m=mu[0], v=v[0])
    assert rounded(alike["outlier"], v[0] + 4 * mu[0] ** 2, alike["outlier"])


@about(spectra.trace)
@given(N=sizes, p=st.integers(1, 20), m=means, v=variances, factor=factors)
def test_trace(claim, N, p, m, v, factor):
    value = claim(N=N, m=m, v=v)
    assert rounded(claim(N=N, m=factor * m, v=factor**2 * v), factor**2 * value)
    # inputs that are m +- sqrt v in equal number have that mean and variance in the sample too
    X = m + np.sqrt(v) * np.where(np.indices((N, 2 * p)).sum(axis=0) % 2, 1.0, -1.0)
    assert rounded(spectrum(X).sum(), value, N * p * value)


@about(spectra.variance_scaling)
@given(X=matrices(s.X.domain, {"N": 3, "p": 5}), v=variances)
def test_the_whole_spectrum_scales(claim, X, v):
    scaled, plain = spectrum(np.sqrt(v) * X), spectrum(X)
    magnitude = 5 * v * plain[-1]
    assert rounded(scaled, v * plain, magnitude)
    assert rounded(claim(X=X, v=v), scaled[-1], magnitude)


@about(spectra.biased_condition)
@given(N=sizes, m=means, v=variances, factor=factors)
def test_biased_condition(claim, N, m, v, factor):
    value, population = claim(N=N, m=m, v=v), spectra.population(N=N, m=m, v=v)
    assert rounded(value, population["outlier"] / population["others"])
    assert value >= 1
    assert rounded(claim(N=N, m=factor * m, v=factor**2 * v), value)
    assert rounded(claim(N=N, m=-m, v=v), value)
    assert below(value, claim(N=N + 1, m=m, v=v))
    assert claim(N=N, m=0.0, v=v) == 1


@about(spectra.outlier)
@given(N=sizes, alpha=alphas, m=means, v=variances, factor=factors)
def test_outlier(claim, N, alpha, m, v, factor):
    value = claim(N=N, alpha=alpha, m=m, v=v)
    assert below(N * m**2 + v, value), "Jensen: the largest eigenvalue is above any curvature"
    assert below(spectra.edges(alpha=alpha, v=v)["upper"], value)
    assert rounded(claim(N=N, alpha=alpha, m=-m, v=v), value)
    assert below(value, claim(N=N, alpha=alpha, m=1.1 * m, v=v)), "a larger mean pushes further"
    assert rounded(claim(N=N, alpha=alpha, m=factor * m, v=factor**2 * v), factor**2 * value)


@about(spectra.outlier)
@given(N=sizes, p=sizes, m=means, v=variances)
def test_outlier_is_dual(claim, N, p, m, v):
    """Inputs and examples change places: XX'/N = alpha XX'/p."""
    assume(abs(N * m**2 * np.sqrt(p / N) / v - 1) > 1e-9)  # not on the threshold itself
    alpha = p / N
    dual = claim(N=p, alpha=1 / alpha, m=m, v=v)
    assert rounded(dual, alpha * claim(N=N, alpha=alpha, m=m, v=v))


@about(spectra.outlier, spectra.threshold, spectra.outlier_overlap)
@given(N=sizes, p=sizes, v=variances, step=st.floats(1e-9, 1e-3))
def test_at_the_threshold_the_outlier_is_born(claim, N, p, v, step):
    """On both sides it is continuous: quadratic in the distance; the overlap begins at zero."""
    alpha, m = p / N, spectra.threshold(N=N, p=p, v=v)
    edge = spectra.edges(alpha=alpha, v=v)["upper"]
    for side in (1 - step, 1 + step):
        value = spectra.outlier(N=N, alpha=alpha, m=side * m, v=v)
        overlap = spectra.outlier_overlap(N=N, alpha=alpha, m=side * m, v=v)
        assert discretised(value, edge, 5 * step**2 * edge)
        assert below(0, overlap, 1) and below(overlap, 9 * step * (1 + alpha), 1)
        if side < 1:
            assert rounded(value, edge, edge)
            assert overlap == 0
    assert rounded(spectra.threshold(N=p, p=N, v=v), m)
    assert claim is not None


@about(spectra.threshold)
@given(N=sizes, p=sizes, v=variances, factor=factors)
def test_threshold_scales(claim, N, p, v, factor):
    value = claim(N=N, p=p, v=v)
    assert rounded(claim(N=N, p=p, v=factor**2 * v), factor * value)
    assert rounded(claim(N=16 * N, p=p, v=v), value / 2)


@about(spectra.one_outlier)
@given(data=st.data(), N=st.integers(2, 5), p=st.integers(1, 6))
def test_interlacing_for_any_data(claim, data, N, p):
    X = data.draw(matrices(s.X.domain, {"N": N, "p": p}))
    mu = X.mean(axis=1)
    raw, centred = spectrum(X), spectrum(X - mu[:, None])
    size = 8 * max(N, p) * (np.sum(X**2) / p)
    assert below(centred, raw, size)
    assert below(raw[:-1], centred[1:], size)
    assert below(raw[-1], mu @ mu + centred[-1], size)
    bounds = claim(X=X)
    assert below(bounds["lower"], raw[-2], size)
    assert below(raw[-2], bounds["upper"], size)


@about(spectra.centring)
@given(alpha=above_one, v=variances, factor=st.floats(1.01, 10))
def test_centring(claim, alpha, v, factor):
    ends, value = spectra.edges(alpha=alpha, v=v), claim(alpha=alpha)
    assert rounded(ends["upper"] / ends["lower"], value, value**1.5)
    assert 1 < claim(alpha=factor * alpha) < value


@about(spectra.centring)
@given(X=matrices(s.X.domain, {"N": 3, "p": 5}), shift=arrays(float, 3, elements=st.floats(-9, 9)))
def test_centring_removes_any_mean(claim, X, shift):
    moved = X + shift[:, None]
    one, other = (spectrum(Y - Y.mean(axis=1, keepdims=True)) for Y in (X, moved))
    assert rounded(one, other, 15 * np.abs(moved).max() * (np.abs(X).max() + 1))
    assert claim(alpha=4.0) == 9
