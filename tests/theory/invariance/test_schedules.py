"""Schedules that do what weight decay does, on Rayleigh quotients in long arithmetic."""

from types import SimpleNamespace

import mpmath
import numpy as np
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.about import about
from tests.close import discretised, rounded
from theory import invariance
from theory.claim import Claim

COUNT = 8
LITTLE = 1e-12  # momentum
seeds = st.integers(0, 10**6)
products = st.fractions("1/100", "1/2", max_denominator=100)
rates = st.fractions("1/50", "1/5", max_denominator=50)


def quotient(seed):
    """A Rayleigh quotient of three weights, and weights, in 60 digits."""
    rng = np.random.default_rng(seed)
    R, W = np.diag(rng.integers(1, 9, 3)), rng.integers(1, 9, 3)
    return mpmath.matrix(R.tolist()), mpmath.matrix([int(w) for w in W]) / 8


def run(R, W, rates, beta, decay, buffer):
    """Directions of momentum descent on half the quotient."""
    v, found = buffer, []
    for rate in rates:
        square = (W.T * W)[0]
        gradient = (R * W - (W.T * R * W)[0] / square * W) / square
        v = beta * v + gradient + decay * W
        W = W - rate * v
        found.append(W / mpmath.norm(W))
    return found, W


def number(value):
    """A SymPy number or a fraction in mpmath's precision."""
    return mpmath.mpf(sp.N(sp.sympify(value), 60)._mpf_) if value else mpmath.mpf(0)


def compared(claim, seed, eta, decay, beta=0):
    """Differences, with decay and at the schedule without it: of directions, and of lengths."""
    with mpmath.workdps(60):
        R, W = quotient(seed)
        values = {"eta": eta, "decay": decay} | ({"beta": beta} if beta else {})
        forms = [claim.closed_form.exact(60, **values, k=k) for k in range(COUNT)]
        buffer = number(forms[0].get("buffer", 0)) * W
        constant = [number(eta)] * COUNT
        one, end = run(R, W, constant, number(beta), number(decay), 0 * W)
        rates = [number(form["rate"]) for form in forms]
        two, other = run(R, W, rates, number(beta), mpmath.mpf(0), buffer)
        ratio = mpmath.norm(other) / mpmath.norm(end)
        last = claim.closed_form.exact(60, **values, k=COUNT)
        return SimpleNamespace(
            directions=max(float(mpmath.norm(a - b)) for a, b in zip(one, two, strict=True)),
            length=float(abs(ratio / number(last["length"]) - 1)) if "length" in last else 0.0,
        )


@about(invariance.exponential_schedule)
@settings(max_examples=12)
@given(seed=seeds, eta=rates, product=products)
def test_both_go_through_the_same_directions(claim: Claim, seed, eta, product):
    decay = product / eta
    found = compared(claim, seed, eta, decay)
    assert found.directions < 1e-45
    assert found.length < 1e-45


@about(invariance.exponential_schedule_with_momentum)
@settings(max_examples=12)
@given(
    seed=seeds,
    eta=rates,
    root=st.fractions("1/10", "9/10", max_denominator=20),
    part=st.fractions("1/10", "9/10", max_denominator=10),
)
def test_with_momentum_too_from_the_right_buffer(claim: Claim, seed, eta, root, part):
    beta = root**2
    found = compared(claim, seed, eta, part * (1 - root) ** 2 / eta, beta)
    assert found.directions < 1e-40


@about(invariance.exponential_schedule_with_momentum)
@given(eta=st.floats(0.05, 1), product=st.floats(0.01, 0.5), k=st.integers(0, 20))
def test_little_momentum_is_none(claim: Claim, eta, product, k):
    decay = product / eta
    plain = invariance.exponential_schedule(eta=eta, decay=decay, k=k)["rate"]
    little = claim(eta=eta, beta=LITTLE, decay=decay, k=k)
    # twice the first order in beta of the root a, to the power of -2k - 1 and in (1 - 1/a)/eta
    first, power = LITTLE * product / (1 - product) ** 2, 2 * k + 1
    assert discretised(little["rate"] / plain, 1, 2 * power * first, condition=power)
    buffer = -decay / (1 - product)
    assert discretised(little["buffer"], buffer, 2 * first / (1 - product) / eta, 1 / eta)


@about(invariance.exponential_schedule)
@given(eta=st.floats(0.05, 1), product=st.floats(0.01, 0.5), k=st.integers(0, 20))
def test_the_rate_grows_by_one_factor_a_step(claim: Claim, eta, product, k):
    now, then = (claim(eta=eta, decay=product / eta, k=step) for step in (k, k + 1))
    factor = (1 - product) ** -2
    assert rounded(then["rate"] / now["rate"], factor, 50 * factor)
