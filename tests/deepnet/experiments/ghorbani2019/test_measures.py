"""What the experiments read off residual nets: comparisons, and exact spectra."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from deepnet.curvature import quadrature
from deepnet.experiments.ghorbani2019 import (
    eigenvalue_ratios,
    exact_spectrum,
    spectral_densities,
)
from deepnet.experiments.ghorbani2019.shared.measures import to_arrays
from deepnet.experiments.ghorbani2019.shared.newton import isotropic
from figures.ghorbani2019 import quadratic
from tests.close import rounded

seeds = st.integers(0, 2**32 - 1)
LITTLE = 1e-6  # of a mean next to the spread


# ----- The quadratic with biased inputs -----


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
    assert first.finding([arrays] * 2).verdict == "uninformative"  # the null is here as large
    arrays["none_again:values"] = arrays["none:values"]
    assert first.finding([arrays] * 2).verdict == "agrees"
    arrays["active:fate"] = np.array(1)
    assert first.finding([arrays] * 2).verdict == "unresolved"


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
