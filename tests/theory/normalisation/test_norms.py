"""Other norms, for every power and batch."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from tests.about import about
from tests.close import discretised, rounded
from tests.theory.normalisation.units import batches, like, spread
from theory import normalisation
from theory.claim import Claim


@about(normalisation.power_norm)
@given(order=st.integers(1, 12))
def test_the_norm_is_the_integral_and_grows_with_the_power(claim: Claim, order):
    mean, error = quad(lambda z: 2 * z**order * norm.pdf(z), 0, np.inf, epsabs=0, epsrel=1e-11)
    assert discretised(claim(order=order) ** order, mean, error, condition=order)
    assert claim(order=order) < claim(order=order + 1)


@about(normalisation.power_norm_gradient)
@given(y=batches(), order=st.integers(1, 6), data=st.data())
def test_it_is_orthogonal_to_ones_and_to_the_outputs(claim: Claim, y, order, data):
    g = data.draw(like(y))
    gradient = claim(y=y, g=g, order=order)
    # the largest output of a norm of low power is at most B of them
    size = len(y) ** (order + 2) * (1 + np.abs(g).sum()) * (1 + np.abs(y).max() / spread(y)) ** 2
    assert rounded(gradient.sum(), 0, size / spread(y))
    assert rounded(gradient @ y, 0, size * (1 + np.abs(y).max()) / spread(y))


@about(normalisation.power_norm_gradient)
@given(y=batches(), data=st.data())
def test_the_second_power_is_batch_norm(claim: Claim, y, data):
    g = data.draw(like(y))
    whole = normalisation.jacobian(y=y, eps=0) @ g
    size = len(y) ** 2 * (1 + np.abs(y).max() / spread(y)) * (1 + np.abs(g).sum()) / spread(y)
    assert rounded(claim(y=y, g=g, order=2), whole, size)


@about(normalisation.power_norm_gradient)
@given(y=batches(least=3), order=st.integers(1, 4), data=st.data())
def test_it_is_the_slope_of_small_moves(claim: Claim, y, order, data):
    deviations = y - y.mean()
    nearest = np.abs(deviations).min()
    assume(nearest > 1e-2)
    g, h = data.draw(like(y)), data.draw(like(y))
    step = 1e-4 * nearest / (1 + np.abs(h).max())

    def loss(x):
        from_mean = x - x.mean()
        return g @ from_mean / np.mean(np.abs(from_mean) ** order) ** (1 / order)

    slope = (loss(y + step * h) - loss(y - step * h)) / (2 * step)
    size = np.abs(g).sum() * np.abs(deviations).max() * len(y) / spread(y)
    # in units of the move over the smallest deviation, 1e-4, squared; and rounding over the move
    allowed = size * (1e-6 * (1 + np.abs(h).max()) / nearest + 1e-14 / step)
    assert abs(claim(y=y, g=g, order=order) @ h - slope) <= allowed


@about(normalisation.largest_deviation)
@given(B=st.integers(2, 200))
def test_it_grows_with_the_batch_below_its_bound(claim: Claim, B):
    assert claim(B=B) < claim(B=B + 1)
    assert normalisation.power_norm(order=1) < claim(B=B) < np.sqrt(2 * np.log(2 * B))
