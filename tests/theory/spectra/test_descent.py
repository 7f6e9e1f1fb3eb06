"""Properties of descent on the bulk: mean losses and best rates."""

import numpy as np
import scipy.special
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, discretised, rounded
from tests.strategies import scalars
from tests.theory.spectra.bulk import (
    EPS,
    above_one,
    alphas,
    factors,
    over_bulk,
    rates,
    starts,
    times,
    variances,
)
from theory import spectra
from theory import symbols as s


@about(spectra.average_loss)
@given(alpha=alphas, v=variances, eta=rates, k=st.integers(0, 12), start=starts)
def test_average_loss(claim, alpha, v, eta, k, start):
    value = claim(alpha=alpha, v=v, eta=eta, k=k, start=start)
    integral, error = over_bulk(
        lambda lam: start**2 / 2 * lam * (1 - eta * lam) ** (2 * k), alpha, v
    )
    upper = spectra.edges(alpha=alpha, v=v)["upper"]
    largest = start**2 * upper * max(1.0, abs(1 - eta * upper)) ** (2 * k)
    assert discretised(integral, value, error, largest, condition=k + 1)
    assert rounded(claim(alpha=alpha, v=v, eta=eta, k=0, start=start), start**2 * v / 2)
    assert rounded(claim(alpha=alpha, v=v / 2, eta=2 * eta, k=k, start=start), value / 2)
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
    assert discretised(integral, value, error, condition=condition)
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
    assert rounded(claim(v=v, t=factor * t, start=start), factor**-1.5 * value)
    assert rounded(claim(v=v, t=t, start=factor * start), factor**2 * value)


@about(spectra.bulk_rate)
@given(alpha=alphas, v=variances, eta=st.floats(0.01, 4))
def test_no_rate_is_better_on_the_bulk(claim, alpha, v, eta):
    best, ends = claim(alpha=alpha, v=v), spectra.edges(alpha=alpha, v=v)

    def contraction(eta):
        return max(abs(1 - eta * ends["lower"]), abs(1 - eta * ends["upper"]))

    assert rounded(contraction(best["eta"]), best["rate"], 4)
    assert below(best["rate"], contraction(eta), 1 + eta * ends["upper"])
    assert rounded(claim(alpha=1 / alpha, v=v)["rate"], best["rate"])


@about(spectra.bulk_heavy_ball)
@given(alpha=above_one, v=variances, eta=st.floats(0.01, 4), beta=scalars(s.beta))
def test_no_heavy_ball_is_better_on_the_bulk(claim, alpha, v, eta, beta):
    best, ends = claim(alpha=alpha, v=v), spectra.edges(alpha=alpha, v=v)

    def radius(eta, beta, lam):
        return np.abs(np.roots([1, -(1 + beta - eta * lam), beta])).max()

    across = np.linspace(ends["lower"], ends["upper"], 7)
    own = [radius(best["eta"], best["beta"], lam) for lam in across]
    # at the edges the root is double: a rounding error becomes its square root
    assert rounded(own, best["rate"], 1, condition=EPS**-0.5)
    other = max(radius(eta, beta, lam) for lam in across)
    assert below(best["rate"], other, 1, condition=EPS**-0.5)
    assert best["rate"] < spectra.bulk_rate(alpha=alpha, v=v)["rate"]
