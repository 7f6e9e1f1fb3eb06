"""One unit, one layer, two inputs: for every mean, variance, matrix and correlation."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, special

from tests.about import about
from tests.close import below, discretised, rounded
from tests.strategies import matrices
from theory import propagation
from theory import symbols as s

means = st.floats(-3, 3)
variances = st.floats(0.1, 4)
correlations = st.floats(-1, 1)
factors = st.floats(0.1, 10)


def gaussian_mean(f, m, v):
    """The mean of f of a Gaussian where it is positive, by adaptive quadrature, and its error."""
    spread = np.sqrt(v)

    def term(x):
        return f(x) * np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)

    top = m + 12 * spread
    return integrate.quad(term, 0, top, points=[max(m, 0.0)]) if top > 0 else (0.0, 0.0)


@about(propagation.rectified_moments)
@given(m=means, v=variances, factor=factors)
def test_rectified_moments(claim, m, v, factor):
    found = claim(m=m, v=v)
    size = abs(m) + np.sqrt(v)
    assert discretised(found["mean"], *gaussian_mean(lambda x: x, m, v), size)
    assert discretised(found["mean square"], *gaussian_mean(lambda x: x * x, m, v), size**2)
    # what is cut off is the rectified of the negative: x = relu(x) - relu(-x)
    mirrored = claim(m=-m, v=v)
    assert rounded(found["mean"] - mirrored["mean"], m, size)
    assert rounded(found["mean square"] + mirrored["mean square"], m**2 + v, size**2)
    # scaled with its argument
    scaled = claim(m=factor * m, v=factor**2 * v)
    assert rounded(scaled["mean"], factor * found["mean"], factor * size)
    assert below(max(m, 0), found["mean"], size)
    assert below(found["mean"] ** 2, found["mean square"], size**2)


@about(propagation.rectified_moments)
def test_the_standard_rectified_gaussian(claim):
    exact = claim.closed_form.exact(m=0, v=1, digits=12)
    assert str(exact["mean"]) == "0.398942280401"
    assert str(exact["mean square"] - exact["mean"] ** 2)[:9] == "0.3408450"


@about(propagation.rectified_mean_slopes)
@given(m=means, v=variances, step=st.floats(0.01, 0.5))
def test_rectified_mean_slopes(claim, m, v, step):
    """The mean rises with both, convex in m: between the slopes at the ends."""
    mean, spread = propagation.rectified_moments, np.sqrt(v)
    here, there = claim(m=m, v=v), claim(m=m + step, v=v)
    rise = (mean(m=m + step, v=v)["mean"] - mean(m=m, v=v)["mean"]) / step
    size = (abs(m) + 1 + spread) / step
    assert below(here["in the mean"], rise, size)
    assert below(rise, there["in the mean"], size)
    wider = mean(m=m, v=(spread + step) ** 2)["mean"] - mean(m=m, v=v)["mean"]
    assert wider >= -64 * np.finfo(float).eps * (abs(m) + spread)
    assert 0 <= here["in the mean"] <= 1
    assert here["in the deviation"] > 0
    assert below(here["in the deviation"], 1 / np.sqrt(2 * np.pi), 1)


@about(propagation.he_initialisation)
@given(q=variances, factor=factors)
def test_he_keeps_the_mean_square_and_not_the_mean(claim, q, factor):
    found, scaled = claim(q=q), claim(q=factor**2 * q)
    rectified = propagation.rectified_moments(m=0, v=2 * q)
    assert rounded(found["mean square after"], q, q)
    assert rounded(found["mean square after"], rectified["mean square"], q)
    assert rounded(found["mean after"], rectified["mean"], np.sqrt(q))
    assert rounded(scaled["mean after"], factor * found["mean after"], factor * np.sqrt(q))


@about(propagation.channel_means)
@given(data=st.data(), N=st.integers(1, 5), factor=factors)
def test_channel_means(claim, data, N, factor):
    """Exactly, over the weights +-sqrt(2/N): all signs are as likely."""
    mu = data.draw(matrices(s.mu.domain, {"N": N}))[:, 0]
    Sigma = data.draw(matrices(s.Sigma.domain, {"N": N}))
    signs = np.array(np.meshgrid(*[[-1, 1]] * N)).reshape(N, -1).T
    weights = signs * np.sqrt(2 / N)
    found = claim(mu=mu, Sigma=Sigma)
    size = N * (np.sum(np.abs(mu)) ** 2 + np.abs(Sigma).sum())
    assert rounded(found["variance of the means"], np.mean((weights @ mu) ** 2), size)
    spreads = np.sum((weights @ Sigma) * weights, axis=1)
    assert rounded(found["mean of the variances"], np.mean(spreads), size)
    assert rounded(np.mean(weights @ mu), 0, size + 1)
    scaled = claim(mu=factor * mu, Sigma=Sigma)["variance of the means"]
    assert rounded(scaled, factor**2 * found["variance of the means"], factor**2 * size)


@about(propagation.total_variance)
@given(data=st.data(), N=st.integers(1, 5), p=st.integers(1, 5))
def test_total_variance(claim, data, N, p):
    """The table's mean square; neither order of channels nor of examples matters."""
    X = data.draw(matrices(s.X.domain, {"N": N, "p": p}))
    size = np.sum(X**2)
    assert rounded(claim(X=X), np.mean(X**2), size)
    parts = np.mean(X.mean(axis=1) ** 2) + np.mean(X.var(axis=1))
    assert rounded(claim(X=X), parts, size)
    assert rounded(claim(X=X[::-1, ::-1]), claim(X=X), size)


@about(propagation.arc_cosine)
@given(c=correlations)
def test_arc_cosine(claim, c):
    """relu(u) = (u + |u|)/2, so that four mean products add up: u and -u are as likely."""
    value, mirrored = claim(c=c), claim(c=-c)
    assert rounded(value - mirrored, c / 2, 1)  # E u w/2
    # E |u w| = 2 (sqrt(1 - c^2) + c arcsin c)/pi is twice the sum of the two
    assert rounded(2 * (value + mirrored), 2 * (np.sqrt(1 - c * c) + c * np.arcsin(c)) / np.pi, 4)
    assert -1e-15 <= value <= 0.5 + 1e-15


@about(propagation.arc_cosine)
@pytest.mark.parametrize(("c", "value"), [(-1, 0), (0, 1 / (2 * np.pi)), (1, 0.5)])
def test_ends_of_the_arc_cosine(claim, c, value):
    assert rounded(claim(c=c), value, 1)


@about(propagation.both_active)
@given(c=st.floats(-0.99, 0.99))
def test_both_active(claim, c):
    """Both positive, or one: each is positive with probability 1/2; and SciPy's orthant."""
    assert rounded(claim(c=c) + claim(c=-c), 0.5, 1)
    assert rounded(claim(c=c), 0.25 + np.arcsin(c) / (2 * np.pi), 1)
    # Owen's T gives the orthant as 1/4 + (angle)/(2 pi)
    assert rounded(claim(c=c), 0.5 - 2 * special.owens_t(0, np.sqrt((1 - c) / (1 + c))), 1)


@about(propagation.correlation_bounds)
@given(c=correlations, other=correlations)
def test_correlation_map(claim, c, other):
    """Between its bounds, rising, convex: its slope is twice the chance that both are active."""
    value = 2 * propagation.arc_cosine(c=c)
    bounds = claim(c=c)
    assert below(bounds["lower"], value, 1)
    assert below(value, bounds["upper"], 1)
    low, high = sorted((c, other))
    assume(high - low > 1e-6)
    rise = 2 * (propagation.arc_cosine(c=high) - propagation.arc_cosine(c=low))
    slopes = [2 * propagation.both_active(c=each) for each in (low, high)]
    assert below(slopes[0] * (high - low), rise, 4)
    assert below(rise, slopes[1] * (high - low), 4)


@about(propagation.correlation_near_one)
@given(gap=st.floats(1e-5, 1e-3))
def test_the_gap_to_one_closes_ever_more_slowly(claim, gap):
    """The next term is of relative order gap: less than a tenth of it."""
    rise = 2 * propagation.arc_cosine(c=1 - gap) - (1 - gap)
    rounding = 1e-15 / gap**1.5
    assert abs(rise / gap**1.5 / claim() - 1) <= gap / 5 + 10 * rounding
