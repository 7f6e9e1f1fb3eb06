"""One mode of descent, for every eigenvalue, rate and number of steps."""

from fractions import Fraction

import numpy as np
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.quadratic.problems import Problem, problems
from theory import quadratic
from theory.claim import Claim

rates = st.floats(0.01, 3)
fractions = st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=1000)


@about(quadratic.decay)
@given(lam=st.floats(0.1, 4), eta=rates, first=st.integers(0, 20), then=st.integers(0, 20))
def test_decay_over_two_spells_multiplies(claim: Claim, lam, eta, first, then):
    whole = claim(lam=lam, eta=eta, k=first + then)
    parts = claim(lam=lam, eta=eta, k=first) * claim(lam=lam, eta=eta, k=then)
    assert rounded(parts, whole, abs(whole))


@about(quadratic.decay)
@given(problem=problems(), x=st.floats(0.05, 3))
def test_the_loss_falls_from_every_start_exactly_up_to_the_largest_rate(claim: Claim, problem, x):
    assume(abs(x - 2) > 1e-6)
    rate = x / max(problem.eigenvalues)
    factors = claim(lam=problem.eigenvalues, eta=rate, k=1)
    falls = []
    for axis in problem.curved.T:
        start = Problem(
            problem.X, problem.Y, problem.optimum + axis, problem.U, problem.eigenvalues
        )
        falls.append(start.loss(start.descend(rate, 1)) < start.loss(start.W))
    # a mode whose factor is one step from 1 changes the loss by less than its rounding
    clear = abs(abs(factors) - 1) > 1e-6
    assert np.array_equal(np.array(falls)[clear], (abs(factors) < 1)[clear])
    assert all(falls) == (x < 2)


@about(quadratic.regimes, quadratic.decay)
@given(lam=st.integers(1, 64), eta=st.integers(1, 64), k=st.integers(0, 3))
def test_signs_alternate_exactly_beyond_one_over_lam(claim: Claim, lam, eta, k):
    lam, eta = Fraction(lam, 8), Fraction(eta, 8)  # exact in binary
    regime = quadratic.regimes(lam=lam, eta=eta)
    now, then = ((1 - eta * lam) ** step for step in (k, k + 1))
    assert quadratic.decay.closed_form.exact(lam=lam, eta=eta, k=k, digits=None) == sp.Rational(
        now.numerator, now.denominator
    )
    if now != 0:
        assert regime["sign"] == np.sign(now * then)
        assert regime["growth"] == np.sign(abs(then) - abs(now))
    assert (regime["sign"] == 0) == (eta * lam == 1)


@about(quadratic.time_constant)
@given(x=st.floats(0.01, 0.99), lam=st.floats(0.25, 4), k=st.integers(1, 30))
def test_the_time_constant_is_that_of_the_decay(claim: Claim, x, lam, k):
    time = claim(lam=lam, eta=x / lam)
    assert time > 0
    left = (1 - x) ** k
    assert rounded(np.exp(-k / time), left, left * k / (1 - x))


@about(quadratic.time_constant)
@given(x=fractions)
def test_the_time_constant_is_symmetric_about_one_step(claim: Claim, x):
    exact = claim.closed_form.exact
    assert exact(lam=1, eta=x, digits=None) == exact(lam=1, eta=2 - x, digits=None)


@about(quadratic.time_constant)
@given(x=st.tuples(fractions, fractions).filter(lambda pair: pair[0] < pair[1]))
def test_below_one_step_a_larger_rate_is_faster(claim: Claim, x):
    exact = claim.closed_form.exact
    assert exact(lam=1, eta=x[0], digits=30) > exact(lam=1, eta=x[1], digits=30)


@about(quadratic.time_constant_bounds)
@given(x=fractions, lam=st.fractions(Fraction(1, 4), 4, max_denominator=16))
def test_the_bounds_are_strict(claim: Claim, x, lam):
    bounds = claim.closed_form.exact(lam=lam, eta=x / lam, digits=None)
    time = quadratic.time_constant.closed_form.exact(lam=lam, eta=x / lam, digits=30)
    assert bounds["lower"] < time < bounds["upper"]
    assert bounds["upper"] - bounds["lower"] == sp.Rational(1, 2)
