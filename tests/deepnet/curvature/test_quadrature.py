"""Stochastic Lanczos quadrature and traces: against dense algebra and matrices of known law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator
from scipy.stats import norm, semicircular, t

from deepnet.curvature import (
    density,
    gauss_newton,
    grid,
    hessian,
    histogram,
    kernel_variance,
    lanczos,
    quadrature,
    share_of_range,
    trace,
)
from tests.close import discretised, rounded, sampled
from tests.deepnet.tiny import EPS, dense, perceptron

seeds = st.integers(0, 2**32 - 1)
#: A mean of independent draws is this many of its standard errors from the truth once in 1e7 tests
#: (Student, 63 degrees of freedom).
ERRORS = t.isf(5e-8, 63)
#: Nodes this near to an eigenvalue are taken for it.
NEAR = 1e-9


def rng(seed=0):
    return np.random.default_rng(seed)


def symmetric(values, seed=0):
    q = np.linalg.qr(rng(seed).standard_normal((len(values), len(values))))[0]
    return (q * values) @ q.T


def unit(n, seed):
    """The first probe from this seed."""
    z = rng(seed).spawn(1)[0].standard_normal(n)
    return z / np.linalg.norm(z)


# --- Gauss's rule of one probe ---


@given(n=st.integers(4, 30), m=st.integers(2, 6), seed=seeds)
def test_a_rule_is_exact_for_polynomials(n, m, seed):
    matrix = symmetric(rng(seed).uniform(-1, 1, n), seed)
    gauss = quadrature(aslinearoperator(matrix), rng(seed), 2, m)
    z, m = unit(n, seed), min(m, n)
    for k in range(2 * m):
        exact = z @ np.linalg.matrix_power(matrix, k) @ z
        assert rounded(gauss.rule.integrals(lambda x, k=k: x**k)[0], exact, 1, condition=m)
    half = max(1, m // 2)
    for k in range(2 * half):
        assert rounded(gauss.integral(lambda x, k=k: x**k).quadrature, 0, 1, condition=m)
    assert rounded(gauss.rule.weights.sum(1), 1)
    assert (np.diff(gauss.rule.nodes) >= 0).all()


@pytest.mark.parametrize("orthogonal", [True, False])
def test_after_n_steps_the_rule_is_the_spectrum_seen_by_the_probe(orthogonal):
    values, n = np.sort(rng(1).uniform(-1, 1, 12)), 12
    matrix = symmetric(values)
    gauss = quadrature(aslinearoperator(matrix), rng(3), 2, n, reorthogonalise=orthogonal)
    seen = (np.linalg.eigh(matrix)[1].T @ unit(n, 3)) ** 2
    lost = 1 if orthogonal else EPS**-0.5  # half the digits
    assert rounded(gauss.rule.nodes[0], values, condition=lost)
    assert rounded(gauss.rule.weights[0], seen, 1, condition=lost)


@pytest.mark.parametrize("values", [[2] * 9, [0] * 9, [1, 1, 1, 5, 5, 5, 5, 0, 0]])
@pytest.mark.parametrize("orthogonal", [True, False])
def test_an_invariant_subspace_has_all_the_weight(values, orthogonal):
    matrix = np.diag(np.array(values, float))
    gauss = quadrature(aslinearoperator(matrix), rng(), 2, 6, reorthogonalise=orthogonal)
    exact = np.stack([(unit(9, 0) ** 2)[np.array(values) == each].sum() for each in set(values)])
    near = np.abs(gauss.rule.nodes[0][None] - np.array(list(set(values)))[:, None]) < NEAR
    assert rounded((near * gauss.rule.weights[0]).sum(1), exact)


# --- ghosts ---


def test_without_reorthogonalisation_converged_eigenvalues_come_again_as_ghosts():
    values = np.concatenate([np.linspace(-1, 1, 300), [20, 40, 80]])
    operator = aslinearoperator(symmetric(values))
    full, short = (
        quadrature(operator, rng(5), 2, 80, reorthogonalise=orthogonal)
        for orthogonal in (True, False)
    )
    assert full.ghosts() == 0
    assert short.ghosts() >= 6
    for value in values[-3:]:
        copies = np.abs(short.rule.nodes - value) < NEAR
        single = np.abs(full.rule.nodes - value) < NEAR
        assert (single.sum(1) == 1).all()
        assert (copies.sum(1) > 1).all()
        weight = (single * full.rule.weights).sum(1)  # which the ghosts share
        assert rounded((copies * short.rule.weights).sum(1), weight)
    for f in (np.exp, np.abs, np.square):
        scaled = lambda x, f=f: f(x / 80)  # noqa: E731
        change = short.integral(scaled).quadrature + full.integral(scaled).quadrature
        one, other = (each.rule.integrals(scaled).mean() for each in (short, full))
        assert discretised(one, other, change)


# --- errors ---


def test_the_standard_error_is_that_of_the_law_of_the_probes():
    """Var z'Az = 2 (tr A^2 - (tr A)^2/n)/(n (n + 2)) for z uniform on the sphere."""
    values, n = np.geomspace(0.01, 3, 80), 80
    estimate = quadrature(aslinearoperator(np.diag(values)), rng(), 600, 2).integral(lambda x: x)
    exact = np.sqrt(2 * ((values**2).sum() - values.sum() ** 2 / n) / (n * (n + 2)) / 600)
    assert abs(estimate.stderr / exact - 1) <= 6 * np.sqrt(1 / 1200) * 2  # kurtosis up to 9
    assert abs(estimate.mean - values.mean()) <= ERRORS * exact
    assert estimate.draws == 600


@pytest.mark.parametrize("f", [np.exp, lambda x: 1 / (1 + x * x), np.abs])
def test_the_error_of_the_quadrature_bounds_what_more_steps_would_change(f):
    matrix = aslinearoperator(symmetric(np.linspace(-4, 3, 200)))
    exact = quadrature(matrix, rng(2), 4, 200).rule.integrals(f).mean()
    errors = []
    for steps in (4, 8, 16, 32):
        estimate = quadrature(matrix, rng(2), 4, steps)  # the same probes
        errors.append(estimate.integral(f).quadrature)
        assert discretised(estimate.rule.integrals(f).mean(), exact, errors[-1])
    assert errors[-1] < errors[0] / 10


# --- matrices of known law ---


def wishart(generator, n, p):
    x = generator.standard_normal((n, p))
    return x @ x.T / p


def orthogonal_ensemble(generator, n):
    g = generator.standard_normal((n, n))
    return (g + g.T) / np.sqrt(2 * n)


def moments(draw, powers):
    """Estimates of E tr A^k/n of 64 matrices, two probes each: a row for each matrix."""
    found = (
        quadrature(aslinearoperator(draw(rng(seed))), rng([seed, 1]), 2, 4) for seed in range(64)
    )
    return np.array([[each.integral(lambda x, k=k: x**k).mean for k in powers] for each in found])


def test_moments_of_marchenko_and_pastur_at_finite_size():
    """E tr W^k/n of Wishart's W = XX'/p, exact: the law's moments are their limits."""
    n, p = 60, 90
    exact = np.array([1, 1 + (n + 1) / p, 1 + 3 * (n + 1) / p + (n * n + 3 * n + 4) / p**2])
    computed = moments(lambda generator: wishart(generator, n, p), (1, 2, 3))
    assert sampled(computed, exact)
    assert not any(
        sampled(draws, 1.2 * value) for draws, value in zip(computed.T, exact, strict=True)
    )


def test_moments_of_the_semicircle_at_finite_size():
    n = 60
    exact = np.array([1 + 1 / n, 2 + 5 / n + 5 / n**2])
    computed = moments(lambda generator: orthogonal_ensemble(generator, n), (2, 4))
    assert sampled(computed, exact)
    assert not any(
        sampled(draws, 1.2 * value) for draws, value in zip(computed.T, exact, strict=True)
    )


def test_the_smoothed_density_is_the_smoothed_semicircle():
    """Its deviation at finite n is (1/4n) of the kernel at each edge and an arcsine law: < 1/2n."""
    n, width, at = 80, 0.4, np.linspace(-2.5, 2.5, 11)
    draws = [
        density(
            quadrature(aslinearoperator(orthogonal_ensemble(rng(seed), n)), rng(seed), 2, 24),
            at,
            width**2,
        )
        for seed in range(64)
    ]
    law = [semicircular(scale=2).expect(lambda x, t=t: norm.pdf(t, x, width)) for t in at]
    assert sampled([draw.mean for draw in draws], law, bias=1 / (2 * n))
    assert max(draw.quadrature.max() for draw in draws) < 0.01


# --- density and histogram against a dense spectrum ---


def test_the_density_is_that_of_the_dense_spectrum_within_its_errors():
    values = np.concatenate([rng(0).standard_normal(600) * 0.2, [3, 4, 8]])
    gauss = quadrature(aslinearoperator(symmetric(values)), rng(1), 64, 60)
    variance = 0.1**2
    at = np.linspace(-2, 9, 400)
    seen = density(gauss, at, variance)
    exact = norm.pdf(at, values[:, None], 0.1).mean(0)
    assert discretised(seen.mean, exact, ERRORS * seen.stderr + seen.quadrature)
    step = at[1] - at[0]
    assert np.abs(seen.mean - exact).sum() * step <= 0.02 + 4 * seen.stderr.sum() * step
    assert rounded(seen.mean.sum() * step, 1)
    with pytest.raises(ValueError, match="variance is positive"):
        density(gauss, at, 0.0)


def test_a_histogram_counts_the_eigenvalues():
    values = np.concatenate([np.linspace(-1, 1, 97), [3, 4, 8]])
    edges = np.array([-1.5, -0.5, 0.5, 1.5, 3.5, 9.0])
    exact = np.histogram(values, edges)[0] / 100
    shares = histogram(quadrature(aslinearoperator(np.diag(values)), rng(), 64, 50), edges)
    assert (np.abs(shares.mean - exact) <= ERRORS * shares.stderr + shares.quadrature).all()
    assert rounded(shares.mean.sum(), 1)
    for wrong in ([1.0], [1.0, 1.0]):
        with pytest.raises(ValueError, match="must increase"):
            histogram(quadrature(aslinearoperator(np.diag(values)), rng(), 2, 4), np.array(wrong))


def test_the_kernel_is_as_wide_as_in_the_source():
    gauss = quadrature(aslinearoperator(np.diag(np.linspace(-1, 99, 30))), rng(), 2, 30)
    assert rounded(kernel_variance(gauss), 1e-5 * 100.02)
    small = quadrature(aslinearoperator(np.diag(np.linspace(0, 0.1, 30))), rng(), 2, 30)
    assert kernel_variance(small, 1e-4) == 1e-4


@given(seed=seeds, scale=st.floats(1e-6, 1e6), sign=st.sampled_from([1.0, -1.0]))
def test_a_density_of_a_multiple_is_the_same_density_in_other_units(seed, scale, sign):
    """density(cA)(ct) = density(A)(t)/|c|; powers of 2 are exact, so that Lanczos does the same."""
    c = sign * 2.0 ** np.round(np.log2(scale))
    values = np.concatenate([rng(seed).standard_normal(30), [9.0]])
    one, other = (
        quadrature(aslinearoperator(np.diag(v)), rng(1), 3, 12) for v in (values, c * values)
    )
    variance = share_of_range(one)
    assert rounded(share_of_range(other), c**2 * variance, condition=1e3)
    at = grid(one, variance)[::7]
    seen, scaled = density(one, at, variance), density(other, c * at, c**2 * variance)
    for name in ("mean", "low", "high"):
        one_there, other_there = getattr(seen, name), getattr(scaled, name)
        assert rounded(abs(c) * other_there, one_there, condition=1e6)
    assert (seen.low >= 0).all()


@given(seed=seeds, scale=st.floats(1e-9, 1e9), share=st.floats(1e-4, 0.3))
def test_a_density_on_its_grid_integrates_to_1(seed, scale, share):
    values = scale * np.concatenate([rng(seed).standard_normal(30), [40.0]])
    gauss = quadrature(aslinearoperator(np.diag(values)), rng(1), 2, 8)
    variance = share_of_range(gauss, share)
    at = grid(gauss, variance)
    assert len(at) >= 500
    assert discretised(np.trapezoid(density(gauss, at, variance).mean, at), 1, 1e-6)


@pytest.mark.parametrize(("value", "width"), [(3.0, 0.015), (-2e-8, 1e-10), (0.0, 1.0)])
def test_a_single_eigenvalue_has_a_kernel_too(value, width):
    gauss = quadrature(aslinearoperator(value * np.eye(20)), rng(), 2, 5)
    variance = share_of_range(gauss)
    assert rounded(variance**0.5, width, condition=1e3)
    at = grid(gauss, variance)
    assert discretised(np.trapezoid(density(gauss, at, variance).mean, at), 1, 1e-6)


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan")])
def test_a_kernel_without_a_width_is_refused(wrong):
    gauss = quadrature(aslinearoperator(np.eye(3)), rng(), 2, 2)
    with pytest.raises(ValueError, match="share of the range"):
        share_of_range(gauss, wrong)
    with pytest.raises(ValueError, match="variance is positive"):
        grid(gauss, wrong)


# --- the Hessian of a net ---


@pytest.mark.parametrize("mode", ["active", "none"])
def test_trace_and_squares_of_a_hessian(mode):
    operator = hessian(perceptron(mode))
    matrix = dense(operator)
    n = len(matrix)
    gauss = quadrature(operator, rng(), 64, 20)
    for f, exact in ((lambda x: x, np.trace(matrix)), (np.square, (matrix**2).sum())):
        part = gauss.integral(f)
        assert abs(part.mean - exact / n) <= ERRORS * part.stderr + part.quadrature
    size = gauss.integral(np.abs)
    energy = np.abs(np.linalg.eigvalsh(matrix)).sum()
    assert abs(size.mean - energy / n) <= ERRORS * size.stderr + size.quadrature
    assert gauss.size == n
    assert rounded(gauss.rule.nodes.max(), np.linalg.eigvalsh(matrix)[-1])


# --- Hutchinson ---


def test_the_trace_of_a_diagonal_matrix_is_exact():
    estimate = trace(aslinearoperator(np.diag([1.0, 2, 4])), rng(), 11)
    assert (estimate.mean, estimate.stderr, estimate.draws) == (7, 0, 11)
    with pytest.raises(ValueError, match="two draws"):
        trace(aslinearoperator(np.eye(3)), rng(), 1)


def test_the_standard_error_of_a_trace_is_that_of_its_law():
    matrix = symmetric(rng(4).standard_normal(50))
    estimate = trace(aslinearoperator(matrix), rng(), 800)
    exact = np.sqrt(2 * ((matrix**2).sum() - (np.diag(matrix) ** 2).sum()) / 800)
    assert abs(estimate.stderr / exact - 1) <= 6 * np.sqrt(1 / 1600) * 2  # kurtosis up to 9
    assert abs(estimate.mean - np.trace(matrix)) <= ERRORS * exact


def test_the_trace_of_a_layers_block():
    batches = perceptron()
    operator = gauss_newton(batches, ["dense2"])
    estimate = trace(operator, rng(), 64)
    assert abs(estimate.mean - np.trace(dense(operator))) <= ERRORS * estimate.stderr


# --- a start of one's own ---


def test_lanczos_from_the_wanted_eigenvector_needs_few_products():
    values = np.concatenate([np.linspace(-1, 1, 300), [1.5, 2]])
    operator = aslinearoperator(symmetric(values))
    cold = lanczos(operator, rng(), tolerance=1e-6)
    start = cold.vectors[:, 0] + 0.01 * unit(302, 9)
    warm = lanczos(operator, rng(), tolerance=1e-6, start=start)
    residual, gap = 1e-6 * 2, 2 - 1.5
    assert discretised(warm.values[0], 2, residual**2 / gap)
    assert warm.products < cold.products


@pytest.mark.parametrize("probes, steps", [(1, 5), (5, 1), (0, 0)])
def test_too_little_for_an_error_is_refused(probes, steps):
    with pytest.raises(ValueError, match="two or more of each"):
        quadrature(aslinearoperator(np.eye(3)), rng(), probes, steps)
