"""Properties of the bulk: its edges, density, distribution, moments and zeros."""

import numpy as np
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.ensembles import inputs
from tests.about import about
from tests.close import below, discretised, rounded
from tests.strategies import scalars
from tests.theory.spectra.bulk import (
    EPS,
    above_one,
    alphas,
    factors,
    inside,
    over_bulk,
    point,
    variances,
)
from theory import spectra
from theory.spectra.letters import ORDER


@about(spectra.edges)
@given(alpha=alphas, v=variances, factor=factors)
def test_edges(claim, alpha, v, factor):
    ends, scaled = claim(alpha=alpha, v=v), claim(alpha=alpha, v=factor * v)
    dual = claim(alpha=1 / alpha, v=v)  # inputs and examples change places: XX'/N = alpha XX'/p
    for name in ("lower", "upper"):
        # the lower edge is a difference: it is exact relative to the upper
        assert rounded(scaled[name], factor * ends[name], factor * ends["upper"])
        assert rounded(dual[name], alpha * ends[name], alpha * ends["upper"])
    assert 0 <= ends["lower"] < v * (1 + 1 / alpha) < ends["upper"]


@about(spectra.density)
@given(alpha=alphas, v=variances, where=inside, factor=factors)
def test_density_scales_and_is_dual(claim, alpha, v, where, factor):
    lam = point(alpha, v, where)
    value = claim(lam=lam, alpha=alpha, v=v)
    # near an edge the root of a difference loses what lam / (edge - lam) says
    condition = 1 / (1 - abs(where)) / min(1, spectra.edges(alpha=alpha, v=v)["lower"] / v + 1e-3)
    assert rounded(
        claim(lam=factor * lam, alpha=alpha, v=factor * v),
        value / factor,
        condition * value / factor,
    )
    dual = alpha**2 * claim(lam=alpha * lam, alpha=1 / alpha, v=v)
    assert rounded(dual, value, condition * value)
    assert value > 0


@about(spectra.density)
@given(alpha=alphas, v=variances, gap=st.floats(1e-6, 3))
def test_density_vanishes_outside(claim, alpha, v, gap):
    ends = spectra.edges(alpha=alpha, v=v)
    assert claim(lam=ends["upper"] * (1 + gap), alpha=alpha, v=v) == 0
    if ends["lower"] > 0:
        assert claim(lam=ends["lower"] / (1 + gap), alpha=alpha, v=v) == 0


@about(spectra.density, spectra.atom)
@given(alpha=alphas, v=variances)
def test_the_bulk_holds_min_one_alpha(claim, alpha, v):
    mass, error = over_bulk(lambda lam: 1.0, alpha, v)
    assert discretised(mass + spectra.atom(alpha=alpha), 1, error)
    assert discretised(mass, min(1, alpha), error, size=1)
    assert claim is not None


@about(spectra.atom)
@given(alpha=alphas)
def test_atom(claim, alpha):
    """The eigenvalues that are not zero are as many for XX' as for X'X."""
    assert rounded(1 - claim(alpha=alpha), alpha * (1 - claim(alpha=1 / alpha)), 1 + alpha)
    assert 0 <= claim(alpha=alpha) < 1


@about(spectra.semicircle)
@given(alpha=alphas, v=variances, where=inside)
def test_semicircle(claim, alpha, v, where):
    left, right = (
        claim(lam=point(alpha, v, side * where), alpha=alpha, v=v)
        for side in (-1, 1)
        if point(alpha, v, side * where) > 0
    )
    condition = (1 + np.sqrt(alpha)) ** 2 / np.sqrt(alpha) / (1 - abs(where))
    assert rounded(left, right, condition * right)
    lam = point(alpha, v, where)
    definition = lam * spectra.density(lam=lam, alpha=alpha, v=v)
    assert rounded(claim(lam=lam, alpha=alpha, v=v), definition, condition**2 * definition)
    total, error = over_bulk(lambda lam: lam, alpha, v)
    assert discretised(total, v, error)


@about(spectra.distribution)
@given(alpha=alphas, v=variances, one=inside, other=inside)
def test_the_density_integrates_to_the_distribution(claim, alpha, v, one, other):
    low, high = sorted((point(alpha, v, one), point(alpha, v, other)))
    gain = claim(lam=high, alpha=alpha, v=v) - claim(lam=low, alpha=alpha, v=v)
    mass, error = quad(lambda lam: spectra.density(lam=lam, alpha=alpha, v=v), low, high, limit=400)
    # three angles, each multiplied by at most 1 + alpha, are added and subtracted
    assert discretised(gain, mass, error, size=1 + alpha)
    assert below(0, gain, 1 + alpha)


@about(spectra.distribution)
@given(alpha=alphas, v=variances, where=inside, factor=factors)
def test_distribution_ends_and_scaling(claim, alpha, v, where, factor):
    ends, atom = spectra.edges(alpha=alpha, v=v), spectra.atom(alpha=alpha)
    assert rounded(claim(lam=2 * ends["upper"], alpha=alpha, v=v), 1)
    if ends["lower"] > 0:
        assert rounded(claim(lam=ends["lower"] / 2, alpha=alpha, v=v), atom)
    lam = point(alpha, v, where)
    scaled = claim(lam=factor * lam, alpha=alpha, v=factor * v)
    steep = 1 / (1 - abs(where))
    assert rounded(scaled, claim(lam=lam, alpha=alpha, v=v), (1 + alpha) * steep)


@about(spectra.moments)
@given(order=scalars(ORDER), alpha=alphas, v=variances, factor=factors)
def test_moments(claim, order, alpha, v, factor):
    value = claim(order=order, alpha=alpha, v=v)
    assert rounded(claim(order=order, alpha=alpha, v=factor * v), factor**order * value)
    integral, error = over_bulk(lambda lam: lam**order, alpha, v)
    upper = spectra.edges(alpha=alpha, v=v)["upper"]
    assert discretised(integral, value, error, size=upper**order)
    assert below(v**order, value), "Jensen"
    assert rounded(claim(order=1, alpha=alpha, v=v), v)


@about(spectra.moments)
@given(order=scalars(ORDER), alpha=alphas)
def test_moments_are_dual_and_catalan_at_one(claim, order, alpha):
    dual = claim(order=order, alpha=1 / alpha, v=1.0) / alpha**order / alpha
    assert rounded(dual * alpha**2, claim(order=order, alpha=alpha, v=1.0))
    catalan = scipy.special.binom(2 * order, order) / (order + 1)
    assert rounded(claim(order=order, alpha=1.0, v=1.0), catalan)


@about(spectra.inverse_moment)
@given(alpha=above_one, v=variances, factor=factors)
def test_inverse_moment(claim, alpha, v, factor):
    value = claim(alpha=alpha, v=v)
    integral, error = over_bulk(lambda lam: 1 / lam, alpha, v)
    assert discretised(integral, value, error)
    assert rounded(claim(alpha=alpha, v=factor * v), value / factor)
    assert value > 1 / v, "Jensen"


@about(spectra.collapse)
@given(alpha=alphas, v=variances, factor=st.floats(1.01, 10))
def test_collapse(claim, alpha, v, factor):
    ends = spectra.edges(alpha=alpha, v=v)
    width = claim(alpha=alpha, v=v)
    assert rounded(ends["upper"] - ends["lower"], width, ends["upper"])
    assert claim(alpha=factor * alpha, v=v) < width
    assert rounded(claim(alpha=alpha, v=factor * v), factor * width)


@about(spectra.null_count)
@given(N=st.integers(1, 12), p=st.integers(1, 12), seed=st.integers(0, 2**32))
def test_null_count(claim, N, p, seed):
    counts = claim(N=N, p=p)
    X = inputs(np.random.default_rng(seed), N, p, 1.0)
    centred = X - X.mean(axis=1, keepdims=True)
    floor = 16 * EPS * np.linalg.norm(X)
    assert counts["raw"] == N - np.linalg.matrix_rank(X, tol=floor)
    assert counts["centred"] == N - np.linalg.matrix_rank(centred, tol=floor)
    assert counts["centred"] - counts["raw"] == (p <= N)
