"""What the experiments read off residual nets: covariances, comparisons, and exact spectra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from deepnet.curvature import chance, quadrature
from deepnet.experiments.ghorbani2019 import (
    eigenvalue_ratios,
    exact_spectrum,
    gradient_and_outliers,
    spectral_densities,
)
from deepnet.experiments.ghorbani2019.shared.measures import to_arrays
from deepnet.experiments.ghorbani2019.way_to_the_optimum import isotropic
from figures.ghorbani2019 import quadratic
from tests.close import rounded
from theory import spectra

seeds = st.integers(0, 2**32 - 1)
LITTLE = 1e-6  # of a mean next to the spread


# ----- Newton's cosine -----


@pytest.mark.parametrize("alpha", [2, 4])
def test_the_isotropic_cosine_of_centred_inputs_is_the_claims(alpha):
    moments = [float(spectra.moments(order=k, alpha=alpha, v=3)) for k in (1, 2)]
    assert rounded(isotropic(*moments), float(spectra.energy_cosine(alpha=alpha)))


def test_the_biased_inputs_quadratic_is_that_of_a_drawn_matrix():
    """400 inputs of mean and deviation 1, two examples an input; limits: 3 per cent are given."""
    rng = np.random.default_rng(0)
    X = 1 + rng.normal(size=(quadratic.N, quadratic.ALPHA * quadratic.N))
    eigenvalues = np.linalg.eigvalsh(X @ X.T / X.shape[1])[::-1]
    assert abs(quadratic.ratio() / (eigenvalues[0] / eigenvalues[1]) - 1) < 0.03
    assert abs(quadratic.l1_share() / (eigenvalues[0] / eigenvalues.sum()) - 1) < 0.03
    assert (
        abs(quadratic.gradient_share() / (eigenvalues[0] ** 2 / np.sum(eigenvalues**2)) - 1) < 0.03
    )
    drawn = isotropic(eigenvalues.mean(), np.mean(eigenvalues**2))
    assert abs(quadratic.cosine_biased() / drawn - 1) < 0.03


# ----- The covariance of gradients -----


@given(seed=seeds, b=st.integers(6, 12))
def test_the_covariances_numbers_are_those_of_the_whole_matrix(seed, b):
    rng = np.random.default_rng(seed)
    G = rng.normal(size=(9, b)) * np.arange(1, 10)[:, None] + rng.normal(size=(9, 1))
    space, _ = np.linalg.qr(rng.normal(size=(9, 3)))
    numbers = gradient_and_outliers.covariance(G, space)
    C = np.cov(G, bias=True)
    eigenvalues, vectors = np.linalg.eigh(C)
    rank = min(9, b)
    expected = np.sort(eigenvalues)[::-1][:rank]
    assert rounded(numbers["eigenvalues"][:rank], expected)
    second = np.linalg.eigvalsh(G @ G.T / b)[::-1][:rank]
    assert rounded(numbers["uncentred"][:rank], second)
    assert rounded(numbers["leading"], eigenvalues[-3:].sum() / np.trace(C))
    assert rounded(numbers["within"], np.trace(space.T @ C @ space) / np.trace(C))
    own = vectors[:, -3:]
    gap = eigenvalues[-3] - eigenvalues[-4]
    expected = np.sum((space.T @ own) ** 2) / 3
    assert rounded(numbers["overlap"], expected, 1, condition=eigenvalues[-1] / gap)


def test_a_random_space_holds_of_the_covariance_what_chance_says():
    """The null: the overlap is a mean of K shares, each Beta(K/2, (n - K)/2) distributed."""
    rng = np.random.default_rng(0)
    n, K, draws = 60, 4, 300
    G = rng.normal(size=(n, 12))
    spaces = (np.linalg.qr(rng.normal(size=(n, K)))[0] for _ in range(draws))
    overlaps = [float(gradient_and_outliers.covariance(G, space)["overlap"]) for space in spaces]
    law = chance(n, K)
    assert abs(np.mean(overlaps) - law.mean()) < 6 * law.std() / np.sqrt(draws)


# ----- Comparisons -----


def test_a_net_that_did_not_train_is_compared_with_nothing():
    eigenvalues = np.tile(np.linspace(20, 1, 20), (3, 1))
    arrays = {
        f"{name}:{quantity}": array
        for name in ("active", "none", "active_again", "none_again", "frozen", "equal_rate")
        for quantity, array in {
            "values": eigenvalues * (np.array([30] + [1] * 19) if name == "none" else 1),
            "loss": np.array([2.3, 1.5, 1.0]),
            "fate": np.array(0),
        }.items()
    } | {"edge": np.array(12), "records": np.arange(3), "small_batches:values": eigenvalues[0]}
    first = eigenvalue_ratios.OBSERVATIONS[0]
    assert rounded(first.measure(arrays), 30)
    assert first.verdict([arrays]) == "refuted"  # the null is here as large
    arrays["none_again:values"] = arrays["none:values"]
    assert first.verdict([arrays]) == "agrees"
    arrays["active:fate"] = np.array(1)
    assert first.verdict([arrays]) == "unresolved"


# ----- Spectra -----


@given(mean=st.floats(-3, 3), spread=st.floats(0.1, 5), n=st.integers(50, 400))
def test_a_semicircles_share_is_that_of_random_symmetric_matrices(mean, spread, n):
    """By scaling alone: of mean zero it does not depend on the spread."""
    square = mean**2 + spread**2
    centred = spectral_densities.semicircle_share(0.0, spread**2, n, top=10)
    assert rounded(centred, spectral_densities.semicircle_share(0.0, 1.0, n, top=10))
    whole = spectral_densities.semicircle_share(mean, square, n, top=n)
    assert (whole > 0) == (mean > 0) or abs(mean) < LITTLE


def test_a_semicircles_share_is_that_of_a_wigner_matrix():
    n = 600
    A = np.random.default_rng(0).normal(size=(n, n))
    eigenvalues = np.linalg.eigvalsh((A + A.T) / np.sqrt(2 * n))
    share = np.sort(eigenvalues)[-10:].sum() / np.abs(eigenvalues).sum()
    semicircle = spectral_densities.semicircle_share(eigenvalues.mean(), np.mean(eigenvalues**2), n)
    assert abs(semicircle / share - 1) < 0.02


def test_shares_of_energy_of_a_known_spectrum():
    """Ten of 9 among a hundred of size 1: whatever the probes see of the ten, these are exact.

    Without re-orthogonalisation nothing is known exactly, and all else is estimated.
    """
    rng = np.random.default_rng(1)
    eigenvalues = np.concatenate([np.full(10, 9.0), np.full(85, 1.0), np.full(5, -8.0)])
    operator = aslinearoperator(np.diag(eigenvalues))
    estimate = quadrature(operator, rng, probes=400, steps=3, reorthogonalise=False)
    arrays = {f"net:{quantity}": array[None] for quantity, array in to_arrays(estimate).items()}
    arrays["net:values"] = np.sort(eigenvalues)[::-1][None, :20]
    row = {
        quantity: array[0] for quantity, array in spectral_densities.energies(arrays, "net").items()
    }
    assert abs(row["energy"] - 215) < 6 * row["energy_stderr"]
    assert rounded(row["share"], 90 / row["energy"])
    assert abs(row["small"] * row["energy"] - 125) < 6 * row["energy_stderr"]
    assert row["energy_stderr"] < estimate.integral(np.abs).stderr * estimate.size


def test_the_quadrature_is_near_its_own_spectrum_and_not_near_another():
    rng = np.random.default_rng(2)
    eigenvalues = np.sort(np.concatenate([rng.normal(size=90), [5.0, 6.0, 8.0]]))
    q = quadrature(aslinearoperator(np.diag(eigenvalues)), rng, probes=10, steps=70)
    variance = 0.3**2
    own = exact_spectrum.compare(to_arrays(q) | {"eigenvalues": eigenvalues}, variance, 2000)
    assert own["difference"] < 0.02 + 4 * own["stderr"]
    assert max(abs(own["trace"]), abs(own["squares"])) < 6
    other = exact_spectrum.compare(to_arrays(q) | {"eigenvalues": eigenvalues + 3}, variance, 2000)
    assert other["difference"] > 0.02 + 4 * other["stderr"]
    assert abs(other["trace"]) > 6


@given(seed=seeds)
def test_a_smoothed_spectrum_has_mass_one(seed):
    eigenvalues = np.random.default_rng(seed).normal(size=20)
    grid = np.linspace(-12, 12, 4001)
    assert rounded(exact_spectrum.smoothed(eigenvalues, grid, 0.04).sum() * 24 / 4000, 1)
