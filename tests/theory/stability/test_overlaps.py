"""The law of overlaps: its moments, its symmetries, and the numbers of the source."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from tests.about import about
from tests.close import discretised, rounded
from theory import stability
from theory.claim import Claim


@st.composite
def dimensions(draw):
    """Parameters, and the dimension of a proper subspace."""
    P = draw(st.integers(2, 200))
    return P, draw(st.integers(1, P - 1))


@about(stability.random_overlap)
@given(sizes=dimensions())
def test_the_moments_are_those_of_a_beta_law(claim: Claim, sizes):
    P, dim = sizes
    law, value = stats.beta(dim / 2, (P - dim) / 2), claim(P=P, dim=dim)
    assert rounded(value["mean"], law.mean(), 1)
    assert rounded(value["variance"], law.var(), 1)
    rest = claim(P=P, dim=P - dim)
    assert rounded(value["mean"] + rest["mean"], 1, 2), "the rest lies in the complement"
    assert rounded(value["variance"], rest["variance"], 1)


@about(stability.overlap_tail)
@given(sizes=dimensions(), level=st.floats(0.01, 0.99))
def test_the_tail_is_that_of_a_beta_law(claim: Claim, sizes, level):
    P, dim = sizes
    value = claim(P=P, dim=dim, overlap=level)
    assert rounded(value, special.betaincc(dim / 2, (P - dim) / 2, level), 1e3)
    complement = claim(P=P, dim=P - dim, overlap=1 - level)
    assert rounded(value + complement, 1, 1e3)


@about(stability.overlap_tail)
@given(sizes=dimensions())
def test_the_area_under_the_tail_is_the_mean(claim: Claim, sizes):
    P, dim = sizes
    area = integrate.quad(lambda x: claim(P=P, dim=dim, overlap=x), 0, 1, epsabs=1e-11, limit=200)
    mean = stability.random_overlap(P=P, dim=dim)["mean"]
    assert discretised(*area[:1], mean, area[1])


@about(stability.overlap_tail)
def test_of_four_million_parameters(claim: Claim):
    """What the source says of a random vector and ten dimensions holds in all but 17 of a million
    cases."""
    exact = claim.closed_form.exact(12, P=4_000_000, dim=10, overlap="1/100000")
    assert str(exact).startswith("1.6943782")
    # 1 - overlap is known to eps; to the power of P/2 that is P/2 of it
    error = np.finfo(float).eps * 2_000_000 * float(exact)
    assert discretised(claim(P=4_000_000, dim=10, overlap=1e-5), float(exact), error)
    assert claim(P=4_500_000, dim=10, overlap=1e-5) < 2.2e-6


@about(stability.perturbation_gain)
@given(P=st.integers(2, 2000))
def test_the_gain_is_one_over_the_root_of_one_dimensions_share(claim: Claim, P):
    share = stability.random_overlap(P=P, dim=1)["mean"]
    assert rounded(claim(P=P) ** 2 * share, 1, 4)


@about(stability.perturbation_gain)
def test_of_four_million_parameters_it_is_two_thousand(claim: Claim):
    assert claim(P=4_000_000) == 2000
    assert rounded(claim(P=4), 2)
