"""Depth, width, shift and scale, pooling: for every depth, width, mean square and correlation."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from tests.about import about
from tests.close import below, discretised, rounded
from theory import propagation
from theory.errata import errata

depths = st.integers(1, 60)
widths = st.integers(2, 200)
levels = st.floats(0.05, 8)


@about(propagation.between_share)
@given(depth=depths)
def test_the_share_of_the_means_grows_and_never_reaches_1(claim, depth):
    here, above = claim(depth=depth), claim(depth=depth + 1)
    assert here < above < 1
    assert rounded(above, 2 * propagation.arc_cosine(c=here), 1)
    assert 1 - above >= (1 - here) / 2  # at most half of the gap is closed
    exact = claim.closed_form.exact(depth=depth, digits=30)
    assert rounded(here, float(exact), depth)


@about(propagation.between_share)
def test_the_share_at_many_depths_at_once(claim):
    table = {1: 1, 2: 0.68169, 5: 0.31905, 10: 0.14519, 20: 0.05551, 50: 0.01256}
    within = 1 - claim(depth=np.array(list(table)))
    assert rounded(within, list(table.values()), decimals=5)


@about(propagation.within_decay)
@pytest.mark.parametrize(("depth", "value"), [(50, 31.4), (100, 36.4), (1000, 43.2)])
def test_what_is_left_falls_as_a_power_of_depth(claim, depth, value):
    found = depth**2 * (1 - propagation.between_share(depth=depth))
    assert rounded(found, value, decimals=1)
    assert found < claim()


@about(propagation.same_class)
@given(c=st.floats(-1, 1), other=st.floats(-1, 1))
def test_same_class(claim, c, other):
    low, high = (claim(c=each) for each in sorted((c, other)))
    for name, chance in (("two classes", 1 / 2), ("three classes", 1 / 3)):
        assert below(low[name], high[name], 4)
        assert rounded(claim(c=0.0)[name], chance, 4)
        assert rounded(claim(c=1.0)[name], 1, 4)
    assert rounded(claim(c=c)["two classes"], 2 * propagation.both_active(c=c), 1)


@about(propagation.same_class)
@pytest.mark.parametrize("c", [-0.6, 0.2, 0.8])
def test_three_classes_by_quadrature(claim, c):
    """The first channel is the largest at both inputs: over its values, the square of the joint
    distribution function of another."""
    law = stats.multivariate_normal(cov=[[1, c], [c, 1]])

    def chance(nodes):
        x, weights = np.polynomial.legendre.leggauss(nodes)
        grid = 5 * np.stack(np.meshgrid(x, x), axis=-1)
        mass = law.cdf(grid.reshape(-1, 2)).reshape(nodes, nodes)
        return 3 * 25 * weights @ (law.pdf(grid) * mass**2) @ weights

    coarse, fine = chance(16), chance(24)
    assert discretised(claim(c=c)["three classes"], fine, error=abs(coarse - fine))


@about(propagation.linear_channel_variances)
@given(n=widths, depth=st.integers(1, 30))
def test_channel_variances_of_a_linear_net(claim, n, depth):
    """The means of tr S^2, (tr S)^2 stepped layer by layer."""
    square, squared = float(n), float(n) ** 2
    for _ in range(depth - 1):
        diagonal = (2 * square + squared) / n**2
        square, squared = (
            n * diagonal + n * (n - 1) * square / n**2,
            n * diagonal + n * (n - 1) * squared / n**2,
        )
    assert rounded(claim(n=n, depth=depth), 2 * square / n**2, depth * 2 * squared / n)
    assert below(2 * depth / n, claim(n=n, depth=depth))


@about(propagation.product_moments, propagation.product_edge)
@given(depth=st.integers(1, 20))
def test_moments_of_a_product_and_its_edge(claim, depth):
    """Roots of the moments rise to the square of the edge; one layer: Catalan's numbers and 2."""
    edge = propagation.product_edge(depth=depth) ** 2
    last = 0.0
    for k in range(1, 7):
        moment = propagation.product_moments(order=k, depth=depth)
        whole = special.binom((depth + 1) * k, k) / (depth * k + 1)
        assert rounded(moment, whole, 2 * whole)
        assert last < moment ** (1 / k) < edge
        last = moment ** (1 / k)
    assert rounded(propagation.product_edge(depth=1), 2, 2)
    assert propagation.product_edge(depth=depth + 1) > propagation.product_edge(depth=depth)


@about(propagation.product_moments)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_moments_solve_the_equation_of_their_generating_function(claim, depth):
    z = mpmath.mpf(1) / 40
    w = mpmath.nsum(
        lambda k: claim(order=int(k), depth=depth) * z ** int(k), [1, 40], method="direct"
    )
    assert rounded(float(w), float(z * (1 + w) ** (depth + 1)))  # what is left out is below 1e-24


@about(propagation.mean_square_moments)
@given(n=widths, depth=depths, more=st.integers(1, 20))
def test_fluctuations_multiply_over_layers(claim, n, depth, more):
    both, first, rest = (claim(n=n, depth=each) for each in (depth + more, depth, more))
    for name, one in (("rectified", 5), ("linear", 2)):
        assert rounded(both[name], first[name] * rest[name], condition=depth + more)
        assert both[name] >= 1 + one * (depth + more) / n
    assert first["rectified"] > first["linear"]


def next_level(q):
    """The mean square of the shifted and scaled ReLU, by adaptive quadrature, and its error."""

    def term(t):
        value = (max(np.sqrt(2 * q) * t, 0) - np.sqrt(1 / np.pi)) / np.sqrt(1 - 1 / np.pi)
        return value**2 * stats.norm.pdf(t)

    return np.add(integrate.quad(term, -12, 0), integrate.quad(term, 0, 12))


@about(propagation.shifted_mean_square)
@given(q=levels)
def test_the_next_mean_square_is_never_smaller(claim, q):
    assert discretised(claim(q=q), *next_level(q))
    assert below(q, claim(q=q), 4 * q + 1)
    assert rounded(claim(q=1.0), 1, 4)
    assert rounded(claim(q=q), q + (np.sqrt(q) - 1) ** 2 / (np.pi - 1), 4 * q + 1)


@about(propagation.shifted_drift)
@given(q=st.floats(1, 1e6))
def test_the_drift_is_between_its_bounds(claim, q):
    found, bounds = propagation.shifted_mean_square(q=q), claim(q=q)
    assert below(bounds["lower"], found, 4 * q)
    assert below(found, bounds["upper"], 4 * q)


@about(propagation.shifted_drift)
@pytest.mark.parametrize("width", [128, 256])
def test_a_finite_net_blows_up_and_measured_moments_hold_it(claim, width):
    """100 layers of independent weights, with the analytic shift and scale and with measured."""
    rng = np.random.default_rng(0)
    start = rng.standard_normal((width, 64))
    analytic, measured = start, start
    for _ in range(100):
        w = rng.normal(scale=np.sqrt(2 / width), size=(width, width))
        analytic = (np.maximum(w @ analytic, 0) - np.pi**-0.5) / np.sqrt(1 - 1 / np.pi)
        rectified = np.maximum(w @ measured, 0)
        centred = rectified - rectified.mean(axis=1, keepdims=True)
        measured = centred / centred.std(axis=1, keepdims=True)
    assert np.mean(analytic**2) > 100
    assert rounded(np.mean(measured**2), 1)


@about(propagation.shifted_correlation)
@given(c=st.floats(0.001, 0.999))
def test_positive_correlations_fade(claim, c):
    """0 and 1 stay; between them every correlation falls, so that means do not grow."""
    assert -1e-15 < claim(c=c) < c
    assert rounded(claim(c=0.0), 0, 2)
    assert rounded(claim(c=1.0), 1, 4)
    assert 2 * propagation.arc_cosine(c=c) > c  # ReLU alone raises it


@about(propagation.shifted_gradient)
def test_one_constant_governs_three_gains(claim):
    """Gradients, differences of inputs, and the mean square far from 1."""
    step = 1e-9
    difference = (1 - propagation.shifted_correlation(c=1 - step)) / step
    assert discretised(difference, claim(), step**0.5, condition=1 / step)
    q = 1e12
    assert discretised(propagation.shifted_mean_square(q=q) / q, claim(), q**-0.5)


@about(propagation.max_of_four, propagation.pooled_moments, propagation.classifier_share)
def test_pooling_by_high_precision(claim):
    """30 digits of the integrals."""
    with mpmath.workdps(30):

        def of_largest(power, low):
            def term(x):
                return x**power * 4 * mpmath.npdf(x) * mpmath.ncdf(x) ** 3

            return mpmath.quad(term, [low, -2, 0, 2, 6, 16] if low < 0 else [0, 2, 6, 16])

        found = {
            propagation.max_of_four: of_largest(1, -16),
            propagation.pooled_moments: {"mean": of_largest(1, 0), "mean square": of_largest(2, 0)},
        }
        pooled = found[propagation.pooled_moments]
        found[propagation.classifier_share] = {
            "after ReLU": 1 / mpmath.pi,
            "after ReLU and pooling": pooled["mean"] ** 2 / pooled["mean square"],
        }
        exact = claim.closed_form.exact(digits=30)
        for name in exact if isinstance(exact, dict) else [None]:
            one, other = (each if name is None else each[name] for each in (exact, found[claim]))
            assert abs(mpmath.mpf(str(one)) - other) < mpmath.mpf(10) ** -26


@about(propagation.classifier_share)
def test_pooling_more_than_doubles_the_share(claim):
    found = claim()
    assert 1 > found["after ReLU and pooling"] > 2 * found["after ReLU"]


@pytest.mark.parametrize("name", ["E26"])
def test_the_counterexamples_tell_them_apart(name):
    entry = errata()[name].as_dict()
    assert abs(entry["printed_value"] - entry["right_value"]) > 0.01
