"""Growth of gradients in depth: order, limits, and the sums over gates by enumeration."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal

from sim.normalisation.depth import back, coming_back, normalise
from tests.about import about
from tests.close import discretised, rounded
from theory import normalisation
from theory.claim import Claim
from theory.normalisation.depth import arccosine, both_positive

sizes = st.integers(4, 400)


@about(normalisation.explosion_relu, normalisation.explosion_linear)
@given(B=sizes)
def test_small_batches_explode_faster_and_all_do(claim: Claim, B):
    assert claim(B=B) > claim(B=B + 1) > 1


@about(normalisation.explosion_relu)
@given(B=st.integers(4, 10_000))
def test_large_batches_come_down_to_the_limit_as_one_over_the_batch(claim: Claim, B):
    limit = np.pi / (np.pi - 1)
    assert 0 < claim(B=B) - limit < 6 / (B - 3)
    assert claim(B=B) > normalisation.explosion_linear(B=B)


@about(normalisation.explosion_relu)
@given(rho=st.floats(-0.95, 0.95))
def test_gates_and_positive_parts_of_two_outputs(claim: Claim, rho):
    law = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    assert rounded(law.cdf([0, 0]), float(both_positive(rho)), 1)
    root = np.sqrt(1 - rho**2)

    def inner(u):  # E[w+ | u], w normal of mean rho u and deviation root
        from scipy.stats import norm

        mean = rho * u
        return u * (mean * norm.cdf(mean / root) + root * norm.pdf(mean / root)) * norm.pdf(u)

    value, error = quad(inner, 0, np.inf, epsabs=0, epsrel=1e-11)
    assert discretised(2 * value, float(arccosine(rho)), 2 * error, 1)


@about(normalisation.explosion_linear)
@given(seed=st.integers(0, 2**32 - 1), relu=st.booleans())
def test_what_comes_back_fits_what_is_known_of_the_weights(claim: Claim, seed, relu):
    """x'(W'd) is (Wx)'d whatever W is: the draw of W'd keeps to it."""
    rng = np.random.default_rng(seed)
    n, B = 40, 6
    x = rng.normal(size=(n, B))
    out, _ = normalise(rng.normal(size=(n, n)) / np.sqrt(n) @ x)
    x = np.maximum(out, 0) if relu else out
    y = rng.normal(size=(n, B)) @ np.linalg.qr(x, mode="r") / np.sqrt(n)
    before = back(rng.normal(size=(n, B)), *normalise(y))
    g = coming_back(rng, x, y, before)
    terms = np.abs(x.T) @ np.abs(g) + np.abs(y.T) @ np.abs(before)
    assert rounded(x.T @ g, y.T @ before, terms.max())
    assert rounded(before.sum(axis=1), 0, B * np.abs(before).max())
