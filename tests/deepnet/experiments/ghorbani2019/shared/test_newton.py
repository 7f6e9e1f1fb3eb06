"""Newton's cosine, against the dense matrix and Kantorovich's bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from deepnet.experiments.ghorbani2019.shared.newton import DAMPING, isotropic, newton_cosine
from tests.close import rounded
from theory import spectra

seeds = st.integers(0, 2**32 - 1)


def symmetric(rng, n, positive=False):
    A = rng.normal(size=(n, n))
    return A @ A.T / n if positive else (A + A.T) / 2


@given(seed=seeds, n=st.integers(2, 12), positive=st.booleans())
def test_after_n_steps_newtons_cosine_is_that_of_the_dense_matrix(seed, n, positive):
    rng = np.random.default_rng(seed)
    H, g = symmetric(rng, n, positive), rng.normal(size=n)
    newton = newton_cosine(aslinearoperator(H), g, rng, n)
    eigenvalues, vectors = np.linalg.eigh(H)
    x = np.abs(eigenvalues) + DAMPING * abs(eigenvalues[-1])
    d = vectors @ ((vectors.T @ g) / x)
    expected = g @ d / np.linalg.norm(g) / np.linalg.norm(d)
    assert rounded(newton.cosine, expected, condition=newton.condition)
    assert rounded(newton.condition, x.max() / x.min(), condition=newton.condition)


@given(seed=seeds, steps=st.integers(1, 10))
def test_kantorovichs_bound_holds_for_newtons_cosine(seed, steps):
    rng = np.random.default_rng(seed)
    H, g = symmetric(rng, 12), rng.normal(size=12)
    newton = newton_cosine(aslinearoperator(H), g, rng, steps)
    R = [[newton.condition, 0.0], [0.0, 1.0]]
    assert newton.cosine >= float(spectra.energy_cosine_bound(R=R, u=[1.0, 0.0])["lower"]) - 1e-12


def test_along_an_eigenvector_the_newton_step_is_the_gradient():
    H = np.diag([5.0, 2.0, 1.0, -1.0])
    newton = newton_cosine(aslinearoperator(H), np.eye(4)[1], np.random.default_rng(0), 4)
    assert rounded(newton.cosine, 1)
    assert newton.condition == 1


@pytest.mark.parametrize("alpha", [2, 4])
def test_the_isotropic_cosine_of_centred_inputs_is_the_claims(alpha):
    moments = [float(spectra.moments(order=k, alpha=alpha, v=3)) for k in (1, 2)]
    assert rounded(isotropic(*moments), float(spectra.energy_cosine(alpha=alpha)))
