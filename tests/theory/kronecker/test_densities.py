"""Moments, density and fluctuation of large products: quadrature, exact sums, symmetry."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.about import about
from tests.close import below, discretised, rounded
from tests.strategies import matrices
from tests.theory.spectra.bulk import variances
from theory import kronecker
from theory import symbols as s


@about(kronecker.product_moments)
@given(data=st.data(), N=st.integers(1, 4), n=st.integers(1, 4), order=st.integers(1, 5))
def test_moments_of_the_product(claim, data, N, n, order):
    A = data.draw(matrices(s.A.domain, {"N": N}))
    S = data.draw(matrices(s.S.domain, {"n": n}))
    value = claim(A=A, S=S, order=order)
    powers = np.atleast_1d(kronecker.product_eigenvalues(A=A, S=S)) ** order
    assert rounded(
        value, powers.mean(), 16 * order * (1 + np.trace(A) ** order) * (1 + np.trace(S) ** order)
    )
    assert rounded(claim(A=np.eye(N), S=np.eye(n), order=order), 1, N * n)


def over(claim, function, v):
    """Quadrature over the density, by lam = 16 v r^2 with r = sin^2: it is steep at 0."""

    def integrand(angle):
        r = np.sin(angle) ** 2
        lam = 16 * v * r**2
        slope = 32 * v * r * 2 * np.sin(angle) * np.cos(angle)
        return function(lam) * claim(lam=lam, v=v) * slope

    return quad(integrand, 0, np.pi / 2, limit=200)


@about(kronecker.product_density)
@given(v=variances)
def test_its_moments_are_squares_of_the_bulks(claim, v):
    """The bulk at alpha = 1 has the Catalan numbers times v^k as moments."""
    for k in range(5):
        value, error = over(claim, lambda lam, k=k: lam**k, v)
        catalan = comb(2 * k, k) // (k + 1)
        expected = catalan**2 * v**k
        assert discretised(value, expected, error)


@about(kronecker.product_density)
@given(v=variances, place=st.floats(0.02, 0.98))
def test_it_is_the_convolution(claim, v, place):
    lam = 16 * v * place

    def bulk(t, v):
        return np.sqrt(max(4 * v - t, 0) / t) / (2 * np.pi * v)

    def integrand(angle):  # t between lam/4 and 4v
        low, high = lam / 4, 4 * v
        t = low + (high - low) * np.sin(angle) ** 2
        slope = 2 * (high - low) * np.sin(angle) * np.cos(angle)
        return bulk(t, v) * bulk(lam / t, 1) / t * slope

    value, error = quad(integrand, 0, np.pi / 2)
    assert discretised(claim(lam=lam, v=v), value, error, 1 / v)


@about(kronecker.product_density)
@given(v=variances, factor=st.floats(0.1, 10), place=st.floats(0.01, 1.5))
def test_it_scales_with_the_variance_and_ends(claim, v, factor, place):
    lam = 16 * v * place
    value = claim(lam=lam, v=v)
    assert rounded(factor * claim(lam=factor * lam, v=factor * v), value, 64 / v)
    assert value > 0 if place < 0.999 else value == 0 or place < 1


@about(kronecker.product_fluctuation)
@given(N=st.integers(1, 60), n=st.integers(1, 60), p=st.integers(1, 60), v=variances)
def test_the_larger_factor_hardly_fluctuates(claim, N, n, p, v):
    value = claim(N=N, n=n, p=p, v=v)
    assert value["mean"] == v
    assert rounded(value["variance"], claim(N=n, n=N, p=p, v=v)["variance"])
    one = 2 * v**2 / (N * p)  # the variance of A's own mean eigenvalue
    assert below(one, value["variance"])
    assert below(value["variance"], 2 * v**2 / p * (1 / N + 1 / n + 2 / (N * n * p)))


@about(kronecker.product_fluctuation)
@pytest.mark.parametrize(("N", "n", "p"), [(3, 2, 2), (1, 4, 3)])
def test_against_the_moments_of_chi_squares(claim, N, n, p):
    from scipy.stats import chi2

    second = chi2(N * p).moment(2) / (N * p) ** 2 * chi2(n * p).moment(2) / (n * p) ** 2
    assert rounded(claim(N=N, n=n, p=p, v=1.0)["variance"], second - 1, 16 * second)
