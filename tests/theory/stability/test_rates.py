"""Rates near stationary points, and at the largest rate itself."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.derivatives import complex_gradient
from sim.stability.draws import with_spectrum
from sim.stability.rates import QuarticLoss
from tests.about import about
from tests.close import rounded
from tests.strategies import matrices
from theory import quadratic, stability
from theory import symbols as s
from theory.claim import Claim

hessians = st.integers(1, 5).flatmap(lambda P: matrices(s.Hess.domain, {"P": P}))
derivatives = st.floats(-3, 3)


@about(stability.growth_per_step)
@given(H=hessians, eta=st.floats(0.01, 3))
def test_it_is_the_spectral_radius_of_a_step(claim: Claim, H, eta):
    step = np.eye(len(H)) - eta * H
    size = len(H) * (1 + eta * np.linalg.norm(H))
    assert rounded(claim(Hess=H, eta=eta), np.abs(np.linalg.eigvalsh(step)).max(), size)


@about(stability.growth_per_step)
@given(H=hessians, eta=st.floats(0.01, 3))
def test_downward_curvature_grows_at_every_rate(claim: Claim, H, eta):
    assume(np.linalg.eigvalsh(H)[0] < -1e-9)
    assert claim(Hess=H, eta=eta) > 1


@about(stability.growth_per_step, quadratic.max_rate)
@given(root=hessians, factor=st.floats(0.05, 0.95))
def test_upward_curvature_shrinks_exactly_below_the_largest_rate(claim: Claim, root, factor):
    H = root @ root.T + np.eye(len(root))
    rate = quadratic.max_rate(R=H)
    assert stability.growth_per_step(Hess=H, eta=factor * rate) < 1
    assert stability.growth_per_step(Hess=H, eta=rate / factor) > 1
    assert claim is not None


@about(stability.two_steps_at_the_largest_rate)
@given(lam=st.floats(0.2, 4), third=derivatives, fourth=derivatives, unit=st.floats(0.25, 4))
def test_it_does_not_see_the_side_and_scales(claim: Claim, lam, third, fourth, unit):
    value = claim(lam=lam, third=third, fourth=fourth)
    size = (third**2 + lam * abs(fourth) + 1) / lam**2
    assert rounded(claim(lam=lam, third=-third, fourth=fourth), value, size)
    taller = claim(lam=unit * lam, third=unit * third, fourth=unit * fourth)
    assert rounded(taller, value, 4 * size)
    stretched = claim(lam=unit**2 * lam, third=unit**3 * third, fourth=unit**4 * fourth)
    assert rounded(stretched, unit**2 * value, 8 * unit**2 * size)


@about(stability.two_steps_at_the_largest_rate)
@given(lam=st.floats(0.5, 4), third=st.floats(-1, 1), fourth=st.floats(-1, 1))
def test_its_sign_tells_whether_two_steps_come_closer(claim: Claim, lam, third, fourth):
    coefficient = claim(lam=lam, third=third, fourth=fourth)
    assume(abs(coefficient) > 0.05)

    def step(x):
        return x - 2 / lam * (lam * x + third * x**2 / 2 + fourth * x**3 / 6)

    x = 1e-3
    assert (abs(step(step(x))) < x) == (coefficient > 0)


@about(stability.growth_per_step, stability.two_steps_at_the_largest_rate)
@given(seed=st.integers(0, 2**32 - 1), eta=st.floats(0.01, 2))
def test_a_step_goes_down_the_slope_of_the_loss(claim: Claim, seed, eta):
    rng = np.random.default_rng(seed)
    H, _ = with_spectrum(rng, rng.normal(size=3))
    loss, d = QuarticLoss(H, rng.normal(size=3), rng.normal(size=3)), rng.normal(size=3)
    size = 64 * (1 + np.abs(d).max()) ** 4 * (1 + eta)
    assert rounded(d - loss.step(d, eta), eta * complex_gradient(loss, d), size)
    assert claim is not None
