"""Properties of where loss and gradient have their energy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from tests.theory.spectra.bulk import alphas, factors, means, sizes, variances
from theory import spectra
from theory import symbols as s


@about(spectra.energy_cosine)
@given(alpha=alphas, v=variances)
def test_energy_cosine(claim, alpha, v):
    first, second = (spectra.moments(order=order, alpha=alpha, v=v) for order in (1, 2))
    assert rounded(claim(alpha=alpha), first / np.sqrt(second))
    assert 0 < claim(alpha=alpha) < claim(alpha=1.1 * alpha) < 1


@about(spectra.energy_cosine_bound)
@given(data=st.data(), N=st.integers(1, 5), factor=factors)
def test_kantorovich(claim, data, N, factor):
    R = data.draw(matrices(s.R.domain.__class__(*shape_of_R(), "definite"), {"N": N}))
    u = data.draw(matrices(s.u.domain, {"N": N}))[:, 0]
    cosine = u @ R @ u / np.linalg.norm(R @ u)
    bounds, condition = claim(R=R, u=u), np.linalg.cond(R)
    assert below(bounds["lower"], cosine, condition)
    assert below(cosine, bounds["upper"], condition)
    assert rounded(claim(R=factor * R, u=u)["lower"], bounds["lower"], condition)
    values, vectors = np.linalg.eigh(R)
    mixed = np.sqrt(values[-1]) * vectors[:, 0] + np.sqrt(values[0]) * vectors[:, -1]
    if N > 1:
        attained = mixed @ R @ mixed / np.linalg.norm(R @ mixed) / np.linalg.norm(mixed)
        assert rounded(attained, bounds["lower"], condition)
    along = vectors[:, -1] @ R @ vectors[:, -1] / np.linalg.norm(R @ vectors[:, -1])
    assert rounded(along, 1, condition)


def shape_of_R():
    return s.R.domain.rows, s.R.domain.columns


@about(spectra.energy_l1, spectra.energy_gradient)
@given(N=sizes, m=means, v=variances)
def test_shares_of_the_outlier(claim, N, m, v):
    """Squaring favours the outlier; both are shares of the eigenvalues of the population."""
    found = np.linalg.eigvalsh(v * np.eye(N) + m**2 * np.ones((N, N)))
    l1, gradient = (each(N=N, m=m, v=v) for each in (spectra.energy_l1, spectra.energy_gradient))
    assert rounded(l1, found[-1] / found.sum(), N)
    assert rounded(gradient, found[-1] ** 2 / np.sum(found**2), N)
    assert below(1 / N, l1, 1) and below(l1, gradient, 1)
    assert below(m**2 / (m**2 + v), l1, 1)
    assert below(claim(N=N, m=m, v=v), claim(N=N, m=1.1 * m, v=v), 1)


@about(spectra.energy_gradient)
@pytest.mark.parametrize(("m", "v"), [(1.0, 1.0), (0.5, 2.0)])
def test_the_rest_of_the_gradient_is_of_order_one_over_n(claim, m, v):
    """N (1 - share) tends to v^2/m^4, with an error of order 1/N."""
    errors = [N * (1 - claim(N=N, m=m, v=v)) / (v**2 / m**4) - 1 for N in (1000, 2000, 4000)]
    for one, half in pairwise(errors):
        assert 1.9 <= one / half <= 2.1


@about(spectra.energy_l1)
def test_half_of_the_energy(claim):
    """The source's 'almost 50 %': m^2 = v and many inputs."""
    assert rounded(claim(N=1000, m=1.0, v=1.0), 0.5005)
