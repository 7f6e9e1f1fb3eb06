"""Properties of the chapter ``spectra``: what holds at every alpha, mean, variance and size.

Oracles: quadrature of the definitions, eigenvalues of arrays, exact enumeration of small laws;
never the closed form under test.
"""

from itertools import pairwise, product

import numpy as np
import pytest
import scipy.special
from about import about
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.integrate import quad
from strategies import matrices, scalars

from sim.ensembles import inputs, spectrum
from theory import spectra
from theory import symbols as s
from theory.spectra.letters import ABOVE_ONE, ORDER

EPS = np.finfo(float).eps
ULPS = 64

alphas, means, variances = scalars(s.alpha), scalars(s.m), scalars(s.v)
above_one = scalars(ABOVE_ONE)
rates, times, starts = scalars(s.eta), scalars(s.t), scalars(s.start)
factors = st.floats(0.1, 10)
inside = st.floats(-0.99, 0.99)  # where in the bulk, in radii of the semicircle
sizes = st.integers(2, 60)


def rounded(one, other, magnitude=1.0):
    """Equal up to rounding of terms of the stated magnitude."""
    return np.all(np.abs(np.subtract(one, other)) <= ULPS * EPS * np.asarray(magnitude))


def same(one, other):
    """Two positive numbers equal up to rounding."""
    return rounded(one, other, np.abs(other))


def below(lower, upper, magnitude=None):
    """``lower <= upper`` up to rounding."""
    magnitude = np.abs(upper) if magnitude is None else magnitude
    return np.all(np.subtract(lower, upper) <= ULPS * EPS * np.asarray(magnitude))


def point(alpha, v, where):
    """An eigenvalue of the bulk, ``where`` radii from the centre."""
    return v * (1 + 1 / alpha) + where * 2 * v / np.sqrt(alpha)


def over_bulk(function, alpha, v):
    """Quadrature of a function against the density, and the error it admits.

    By lam = lambda- + 2 r sin^2(phi/2), r the radius of the semicircle: the density's root becomes
    r sin phi, and small eigenvalues keep their digits.
    """
    lower, radius = spectra.edges(alpha=alpha, v=v)["lower"], 2 * v / np.sqrt(alpha)

    def integrand(phi):
        lam = lower + 2 * radius * np.sin(phi / 2) ** 2
        return function(lam) * spectra.density(lam=lam, alpha=alpha, v=v) * radius * np.sin(phi)

    # near alpha = 1 the integrand bends within |1 - sqrt alpha| of zero: the rule must be told
    cuts = (abs(1 - np.sqrt(alpha)) + 1e-12) * 10.0 ** np.arange(13)
    return quad(integrand, 0, np.pi, limit=400, points=cuts[cuts < 3])


# The bulk


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
    assert abs(mass + spectra.atom(alpha=alpha) - 1) <= error + ULPS * EPS
    assert abs(mass - min(1, alpha)) <= error + ULPS * EPS
    assert claim is not None


@about(spectra.atom)
@given(alpha=alphas)
def test_atom(claim, alpha):
    """The eigenvalues that are not zero are as many for XX' as for X'X."""
    assert rounded(1 - claim(alpha=alpha), alpha * (1 - claim(alpha=1 / alpha)))
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
    assert abs(total - v) <= error + ULPS * EPS * v


@about(spectra.distribution)
@given(alpha=alphas, v=variances, one=inside, other=inside)
def test_the_density_integrates_to_the_distribution(claim, alpha, v, one, other):
    low, high = sorted((point(alpha, v, one), point(alpha, v, other)))
    gain = claim(lam=high, alpha=alpha, v=v) - claim(lam=low, alpha=alpha, v=v)
    mass, error = quad(lambda lam: spectra.density(lam=lam, alpha=alpha, v=v), low, high, limit=400)
    # three angles, each multiplied by at most 1 + alpha, are added and subtracted
    assert abs(gain - mass) <= error + ULPS * EPS * (1 + alpha)
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
@given(k=scalars(ORDER), alpha=alphas, v=variances, factor=factors)
def test_moments(claim, k, alpha, v, factor):
    value = claim(k=k, alpha=alpha, v=v)
    assert same(claim(k=k, alpha=alpha, v=factor * v), factor**k * value)
    integral, error = over_bulk(lambda lam: lam**k, alpha, v)
    upper = spectra.edges(alpha=alpha, v=v)["upper"]
    assert abs(integral - value) <= error + ULPS * EPS * upper**k
    assert below(v**k, value), "Jensen"
    assert same(claim(k=1, alpha=alpha, v=v), v)


@about(spectra.moments)
@given(k=scalars(ORDER), alpha=alphas)
def test_moments_are_dual_and_catalan_at_one(claim, k, alpha):
    dual = claim(k=k, alpha=1 / alpha, v=1.0) / alpha**k / alpha
    assert same(dual * alpha**2, claim(k=k, alpha=alpha, v=1.0))
    catalan = scipy.special.binom(2 * k, k) / (k + 1)
    assert same(claim(k=k, alpha=1.0, v=1.0), catalan)


@about(spectra.inverse_moment)
@given(alpha=above_one, v=variances, factor=factors)
def test_inverse_moment(claim, alpha, v, factor):
    value = claim(alpha=alpha, v=v)
    integral, error = over_bulk(lambda lam: 1 / lam, alpha, v)
    assert abs(integral - value) <= error + ULPS * EPS * value
    assert same(claim(alpha=alpha, v=factor * v), value / factor)
    assert value > 1 / v, "Jensen"


@about(spectra.collapse)
@given(alpha=alphas, v=variances, factor=st.floats(1.01, 10))
def test_collapse(claim, alpha, v, factor):
    ends = spectra.edges(alpha=alpha, v=v)
    width = claim(alpha=alpha, v=v)
    assert rounded(ends["upper"] - ends["lower"], width, ends["upper"])
    assert claim(alpha=factor * alpha, v=v) < width
    assert same(claim(alpha=alpha, v=factor * v), factor * width)


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


# The population and its outlier


@about(spectra.population)
@given(N=sizes, m=means, v=variances)
def test_population(claim, N, m, v):
    value = claim(N=N, m=m, v=v)
    found = np.linalg.eigvalsh(v * np.eye(N) + m**2 * np.ones((N, N)))
    magnitude = N * value["outlier"]
    assert rounded(found[-1], value["outlier"], magnitude)
    assert rounded(found[:-1], value["others"], magnitude)
    total = value["outlier"] + (N - 1) * value["others"]
    assert same(total, spectra.trace(N=N, m=m, v=v))


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
    assert same(claim(N=N, m=factor * m, v=factor**2 * v), factor**2 * value)
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
    assert same(value, population["outlier"] / population["others"])
    assert value >= 1
    assert same(claim(N=N, m=factor * m, v=factor**2 * v), value)
    assert same(claim(N=N, m=-m, v=v), value)
    assert below(value, claim(N=N + 1, m=m, v=v))
    assert claim(N=N, m=0.0, v=v) == 1


@about(spectra.outlier)
@given(N=sizes, alpha=alphas, m=means, v=variances, factor=factors)
def test_outlier(claim, N, alpha, m, v, factor):
    value = claim(N=N, alpha=alpha, m=m, v=v)
    assert below(N * m**2 + v, value), "Jensen: the largest eigenvalue is above any curvature"
    assert below(spectra.edges(alpha=alpha, v=v)["upper"], value)
    assert same(claim(N=N, alpha=alpha, m=-m, v=v), value)
    assert below(value, claim(N=N, alpha=alpha, m=1.1 * m, v=v)), "a larger mean pushes further"
    assert same(claim(N=N, alpha=alpha, m=factor * m, v=factor**2 * v), factor**2 * value)


@about(spectra.outlier)
@given(N=sizes, p=sizes, m=means, v=variances)
def test_outlier_is_dual(claim, N, p, m, v):
    """Inputs and examples change places: XX'/N = alpha XX'/p."""
    assume(abs(N * m**2 * np.sqrt(p / N) / v - 1) > 1e-9)  # not on the threshold itself
    alpha = p / N
    dual = claim(N=p, alpha=1 / alpha, m=m, v=v)
    assert same(dual, alpha * claim(N=N, alpha=alpha, m=m, v=v))


@about(spectra.outlier, spectra.threshold, spectra.outlier_overlap)
@given(N=sizes, p=sizes, v=variances, step=st.floats(1e-9, 1e-3))
def test_at_the_threshold_the_outlier_is_born(claim, N, p, v, step):
    """On both sides it is continuous: quadratic in the distance; the overlap begins at zero."""
    alpha, m = p / N, spectra.threshold(N=N, p=p, v=v)
    edge = spectra.edges(alpha=alpha, v=v)["upper"]
    for side in (1 - step, 1 + step):
        value = spectra.outlier(N=N, alpha=alpha, m=side * m, v=v)
        overlap = spectra.outlier_overlap(N=N, alpha=alpha, m=side * m, v=v)
        assert abs(value - edge) <= 5 * step**2 * edge + ULPS * EPS * edge
        assert 0 <= overlap + ULPS * EPS <= 9 * step * (1 + alpha) + 2 * ULPS * EPS
        if side < 1:
            assert rounded(value, edge, edge)
            assert overlap == 0
    assert same(spectra.threshold(N=p, p=N, v=v), m)
    assert claim is not None


@about(spectra.threshold)
@given(N=sizes, p=sizes, v=variances, factor=factors)
def test_threshold_scales(claim, N, p, v, factor):
    value = claim(N=N, p=p, v=v)
    assert same(claim(N=N, p=p, v=factor**2 * v), factor * value)
    assert same(claim(N=16 * N, p=p, v=v), value / 2)


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
    assert same(law.mean(), value["mean"])
    assert same(law.var(), value["variance"])


@about(spectra.outlier_overlap)
@given(N=sizes, alpha=alphas, m=means, v=variances, factor=factors)
def test_overlap(claim, N, alpha, m, v, factor):
    value = claim(N=N, alpha=alpha, m=m, v=v)
    assert -ULPS * EPS <= value <= 1
    assert below(value, claim(N=N, alpha=alpha, m=1.1 * m, v=v), 1)
    assert below(value, claim(N=N, alpha=1.1 * alpha, m=m, v=v), 1), "more examples align"
    ratio = N * m**2 / v * np.sqrt(alpha)
    assume(abs(ratio - 1) > 1e-9)
    scaled = claim(N=N, alpha=alpha, m=factor * m, v=factor**2 * v)
    assert rounded(scaled, value, 1 + 1 / alpha)


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


# Descent on the bulk


@about(spectra.average_loss)
@given(alpha=alphas, v=variances, eta=rates, k=st.integers(0, 12), start=starts)
def test_average_loss(claim, alpha, v, eta, k, start):
    value = claim(alpha=alpha, v=v, eta=eta, k=k, start=start)
    integral, error = over_bulk(
        lambda lam: start**2 / 2 * lam * (1 - eta * lam) ** (2 * k), alpha, v
    )
    upper = spectra.edges(alpha=alpha, v=v)["upper"]
    largest = start**2 * upper * max(1.0, abs(1 - eta * upper)) ** (2 * k)
    assert abs(integral - value) <= error + ULPS * (k + 1) * EPS * largest
    assert same(claim(alpha=alpha, v=v, eta=eta, k=0, start=start), start**2 * v / 2)
    assert same(claim(alpha=alpha, v=v / 2, eta=2 * eta, k=k, start=start), value / 2)
    if eta < 2 / upper:
        later = claim(alpha=alpha, v=v, eta=eta, k=k + 1, start=start)
        assert below(later, value), "a stable rate never raises the loss"


@about(spectra.average_loss)
@given(alpha=alphas, v=variances, k=st.integers(0, 60), start=starts)
def test_average_loss_at_the_centre_is_a_catalan_number(claim, alpha, v, k, start):
    centre = v * (1 + 1 / alpha)
    catalan = scipy.special.binom(2 * k, k) / (k + 1)
    expected = start**2 * v / 2 * catalan * (np.sqrt(alpha) / (1 + alpha)) ** (2 * k)
    value = claim(alpha=alpha, v=v, eta=1 / centre, k=k, start=start)
    assert rounded(value, expected, (2 * k + 1) * expected)


@about(spectra.average_loss_flow)
@given(alpha=alphas, v=variances, t=times, start=starts)
def test_average_loss_flow(claim, alpha, v, t, start):
    value = claim(alpha=alpha, v=v, t=t, start=start)
    integral, error = over_bulk(lambda lam: start**2 / 2 * lam * np.exp(-2 * lam * t), alpha, v)
    condition = 1 + 8 * v * t * (1 + 1 / alpha)  # of the exponential
    assert abs(integral - value) <= error + ULPS * EPS * condition * value
    assert claim(alpha=alpha, v=v, t=1.5 * t, start=start) < value < start**2 * v / 2
    middle = claim(alpha=alpha, v=v, t=1.25 * t, start=start)
    ends = value * claim(alpha=alpha, v=v, t=1.5 * t, start=start)
    assert below(middle**2, ends, condition * ends), "log-convex in time"


@about(spectra.average_loss_flow)
@given(alpha=alphas, v=variances, t=st.floats(0.1, 1.0))
def test_descent_in_small_steps_is_flow(claim, alpha, v, t):
    """Euler's method is of first order: halving the step halves the error."""

    def error(k):
        descent = spectra.average_loss(alpha=alpha, v=v, eta=t / k, k=k, start=1.0)
        return abs(descent / claim(alpha=alpha, v=v, t=t, start=1.0) - 1)

    assume(t / 200 * spectra.edges(alpha=alpha, v=v)["upper"] < 0.05)
    assert 1.8 <= error(200) / error(400) <= 2.2


@about(spectra.average_loss_power_law)
@given(v=variances, t=st.floats(5, 1000), start=starts, factor=factors)
def test_power_law(claim, v, t, start, factor):
    value = claim(v=v, t=t, start=start)
    flow = spectra.average_loss_flow(alpha=1.0, v=v, t=t, start=start)
    x = 4 * v * t
    # the next terms of the asymptotic series of I_1 are -3/(8x) and -15/(128 x^2)
    assert 3 / (8 * x) < 1 - flow / value < 3 / (8 * x) + 15 / (64 * x**2)
    assert same(claim(v=v, t=factor * t, start=start), factor**-1.5 * value)
    assert same(claim(v=v, t=t, start=factor * start), factor**2 * value)


@about(spectra.bulk_rate)
@given(alpha=alphas, v=variances, eta=st.floats(0.01, 4))
def test_no_rate_is_better_on_the_bulk(claim, alpha, v, eta):
    best, ends = claim(alpha=alpha, v=v), spectra.edges(alpha=alpha, v=v)

    def contraction(eta):
        return max(abs(1 - eta * ends["lower"]), abs(1 - eta * ends["upper"]))

    assert rounded(contraction(best["eta"]), best["rate"], 4)
    assert below(best["rate"], contraction(eta), 1 + eta * ends["upper"])
    assert same(claim(alpha=1 / alpha, v=v)["rate"], best["rate"])


@about(spectra.bulk_heavy_ball)
@given(alpha=above_one, v=variances, eta=st.floats(0.01, 4), beta=scalars(s.beta))
def test_no_heavy_ball_is_better_on_the_bulk(claim, alpha, v, eta, beta):
    best, ends = claim(alpha=alpha, v=v), spectra.edges(alpha=alpha, v=v)

    def radius(eta, beta, lam):
        return np.abs(np.roots([1, -(1 + beta - eta * lam), beta])).max()

    across = np.linspace(ends["lower"], ends["upper"], 7)
    own = [radius(best["eta"], best["beta"], lam) for lam in across]
    # at the edges the root is double: a rounding error becomes its square root
    assert np.max(np.abs(np.array(own) - best["rate"])) <= 64 * np.sqrt(EPS)
    other = max(radius(eta, beta, lam) for lam in across)
    assert best["rate"] <= other + 64 * np.sqrt(EPS)
    assert best["rate"] < spectra.bulk_rate(alpha=alpha, v=v)["rate"]


# Energies


@about(spectra.energy_cosine)
@given(alpha=alphas, v=variances)
def test_energy_cosine(claim, alpha, v):
    first, second = (spectra.moments(k=k, alpha=alpha, v=v) for k in (1, 2))
    assert same(claim(alpha=alpha), first / np.sqrt(second))
    assert 0 < claim(alpha=alpha) < claim(alpha=1.1 * alpha) < 1


@about(spectra.energy_cosine_bound)
@given(data=st.data(), N=st.integers(1, 5), factor=factors)
def test_kantorovich(claim, data, N, factor):
    R = data.draw(matrices(s.R.domain.__class__(*shape_of_R(), "definite"), {"N": N}))
    u = data.draw(matrices(s.u.domain, {"N": N}))[:, 0]
    cosine = u @ R @ u / np.linalg.norm(R @ u)
    bounds, condition = claim(R=R, u=u), np.linalg.cond(R)
    assert below(bounds["lower"], cosine, condition)
    assert below(cosine, bounds["upper"], condition)
    assert rounded(claim(R=factor * R, u=u)["lower"], bounds["lower"], condition)
    values, vectors = np.linalg.eigh(R)
    mixed = np.sqrt(values[-1]) * vectors[:, 0] + np.sqrt(values[0]) * vectors[:, -1]
    if N > 1:
        attained = mixed @ R @ mixed / np.linalg.norm(R @ mixed) / np.linalg.norm(mixed)
        assert rounded(attained, bounds["lower"], condition)
    along = vectors[:, -1] @ R @ vectors[:, -1] / np.linalg.norm(R @ vectors[:, -1])
    assert rounded(along, 1, condition)


def shape_of_R():
    return s.R.domain.rows, s.R.domain.columns


@about(spectra.energy_l1, spectra.energy_gradient)
@given(N=sizes, m=means, v=variances)
def test_shares_of_the_outlier(claim, N, m, v):
    """Squaring favours the outlier; both are shares of the eigenvalues of the population."""
    found = np.linalg.eigvalsh(v * np.eye(N) + m**2 * np.ones((N, N)))
    l1, gradient = (each(N=N, m=m, v=v) for each in (spectra.energy_l1, spectra.energy_gradient))
    assert rounded(l1, found[-1] / found.sum(), N)
    assert rounded(gradient, found[-1] ** 2 / np.sum(found**2), N)
    assert 1 / N - ULPS * EPS <= l1 <= gradient + ULPS * EPS
    assert below(m**2 / (m**2 + v), l1, 1)
    assert below(claim(N=N, m=m, v=v), claim(N=N, m=1.1 * m, v=v), 1)


@about(spectra.energy_gradient)
@pytest.mark.parametrize(("m", "v"), [(1.0, 1.0), (0.5, 2.0)])
def test_the_rest_of_the_gradient_is_of_order_one_over_n(claim, m, v):
    """N (1 - share) tends to v^2/m^4, with an error of order 1/N."""
    errors = [N * (1 - claim(N=N, m=m, v=v)) / (v**2 / m**4) - 1 for N in (1000, 2000, 4000)]
    for one, half in pairwise(errors):
        assert 1.9 <= one / half <= 2.1


@about(spectra.energy_l1)
def test_half_of_the_energy(claim):
    """The source's 'almost 50 %': m^2 = v and many inputs."""
    assert claim(N=1000, m=1.0, v=1.0) == pytest.approx(0.5005, rel=0, abs=4 * EPS)
