"""Batch noise: bounds for every batch, laws against quadrature and small batches in full."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.about import about
from tests.close import discretised, rounded
from tests.theory.normalisation.units import batches, spread, standard
from theory import normalisation
from theory.claim import Claim

sizes = st.integers(3, 60)


@about(normalisation.samuelson)
@given(y=batches())
def test_no_output_leaves_the_bounds(claim: Claim, y):
    bounds, largest = claim(y=y), np.abs(standard(y)).max()
    known = 1e-14 * len(y) * (1 + np.abs(y).max() / spread(y))
    assert bounds["lower"] - known <= largest <= bounds["upper"] + known


@about(normalisation.samuelson)
@given(B=st.integers(2, 40), height=st.floats(0.1, 100), sign=st.sampled_from([-1, 1]))
def test_a_single_exception_reaches_the_upper_bound(claim: Claim, B, height, sign):
    y = sign * height * np.eye(B)[B // 2]
    assert rounded(np.abs(standard(y)).max(), claim(y=y)["upper"], B * (1 + height / spread(y)))


@about(normalisation.output_moments)
@given(B=sizes, order=st.integers(1, 6))
def test_moments_are_those_of_the_density(claim: Claim, B, order):
    edge = np.sqrt(B - 1)

    def integrand(angle):  # z = edge sin(angle): the density may be infinite at the ends
        z = edge * np.sin(angle)
        return z ** (2 * order) * normalisation.output_density(z=z, B=B) * edge * np.cos(angle)

    value, error = quad(integrand, -np.pi / 2, np.pi / 2, epsrel=1e-11)
    lost = 64 if B == 3 else 1  # there the density is infinite at the ends, where digits cancel
    assert discretised(claim(B=B, order=order), value, error, condition=lost)


@about(normalisation.output_moments)
@given(B=sizes)
def test_the_mean_square_is_one_and_the_fourth_power_below_the_gaussian(claim: Claim, B):
    twenty = claim.closed_form.exact(B=B, order=1, digits=20)
    assert rounded(twenty, 1, size=0, decimals=18)
    assert rounded(claim(B=B, order=2), 3 * (B - 1) / (B + 1))


@about(normalisation.output_density)
@given(B=sizes, z=st.floats(-8, 8))
def test_the_density_is_even_and_zero_beyond_samuelsons_bound(claim: Claim, B, z):
    assert claim(z=z, B=B) == claim(z=-z, B=B) >= 0
    if z * z > B - 1:
        assert claim(z=z, B=B) == 0


@about(normalisation.output_density)
def test_batches_of_three_are_points_of_a_circle(claim: Claim):
    """Three deviations of sum zero and mean square 1 have one angle, which is uniform."""
    angles = 2 * np.pi * (np.arange(300_000) + 0.5) / 300_000
    first = np.sqrt(2) * np.cos(angles)
    for low, high in ((-1.2, -0.4), (0.0, 0.7), (0.9, 1.3)):
        share = np.mean((first > low) & (first < high))
        mass, error = quad(lambda z: claim(z=z, B=3), low, high)
        # two arcs, of which each has one angle too many or too few
        assert discretised(share, mass, error + 2 / len(angles))


@about(normalisation.deviation_moments)
@given(B=st.integers(4, 60))
def test_the_three_means_are_ordered_as_jensen_has_them(claim: Claim, B):
    found = claim(B=B)
    assert found["deviation"] ** 2 < found["variance"] < 1 < found["inverse"]
    assert found["inverse"] * found["variance"] > 1


@about(normalisation.deviation_moments)
@given(B=st.integers(4, 40))
def test_means_are_those_of_chi_squared(claim: Claim, B):
    from scipy.stats import chi2

    law, found = chi2(B - 1), claim(B=B)
    powers = {"variance": 1, "deviation": 0.5, "inverse": -1}
    for name, power in powers.items():
        # of roots, where the integrand is smooth
        integrand = lambda x, e=power: (x * x / B) ** e * law.pdf(x * x) * 2 * x  # noqa: E731
        mean, error = quad(integrand, 0, np.inf, epsabs=0, epsrel=1e-11)
        assert discretised(found[name], mean, error)
