"""The page's own random data has the law that it is said to have."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from tests.book.moving import call
from tests.close import FALSE_ALARM, rounded, sampled
from theory import spectra

DRAWS = 1000
SIZES = [{"N": 40, "p": 80, "v": 1.5}, {"N": 40, "p": 10, "v": 0.5}]
SPECTRA = """(draws, values) => Array.from({length: draws},
    (_, seed) => Array.from(companion.sample.spectrum(seed, values)))"""
MATRIX = "(seed, values) => Array.from(companion.sample.secondMoments(seed, values))"
LOSSES = """(draws, values) => Array.from({length: draws},
    (_, seed) => companion.sample.losses(seed, values, 1))"""
NORMALS = """(seed, count, mean, variance) =>
    Array.from(companion.sample.normals(companion.sample.uniforms(seed), count, mean, variance))"""
EIGENVALUES = (
    "(rows) => Array.from(companion.eigenvaluesOf(Float64Array.from(rows.flat()), rows.length))"
)


@pytest.fixture(scope="module", params=SIZES, ids=["more examples", "fewer examples"])
def drawn(request: pytest.FixtureRequest) -> tuple[dict[str, float], np.ndarray]:
    return request.param, np.array(call(SPECTRA, DRAWS, request.param))


def test_eigenvalues_have_the_distribution_of_the_theory(
    drawn: tuple[dict[str, float], np.ndarray],
) -> None:
    """By the inequality of Dvoretzky, Kiefer and Wolfowitz; one eigenvalue per data set, since
    those of one data set depend on each other. A finite size moves less than one eigenvalue of N.
    """
    values, found = drawn
    chosen = np.random.default_rng(0).integers(0, values["N"], DRAWS)
    one = np.sort(found[np.arange(DRAWS), chosen])
    alpha = values["p"] / values["N"]
    places = np.linspace(0.02, 1.2, 100) * spectra.edges(alpha=alpha, v=values["v"])["upper"]
    shares = np.searchsorted(one, places, side="right") / DRAWS
    expected = spectra.distribution(lam=places, alpha=alpha, v=values["v"])
    bound = math.sqrt(math.log(2 / FALSE_ALARM) / (2 * DRAWS))
    assert np.max(np.abs(shares - expected)) < bound + 1 / values["N"]


def test_the_first_moments_are_those_of_wishart_matrices(
    drawn: tuple[dict[str, float], np.ndarray],
) -> None:
    values, found = drawn
    N, p, v = values["N"], values["p"], values["v"]
    assert sampled(found.mean(1), v)
    assert sampled((found**2).mean(1), v**2 * (p + N + 1) / p)


def test_as_many_eigenvalues_are_zero_as_there_are_examples_too_few(
    drawn: tuple[dict[str, float], np.ndarray],
) -> None:
    values, found = drawn
    assert np.all((found == 0).sum(1) == spectra.null_count(N=values["N"], p=values["p"])["raw"])


def test_a_spectrum_is_that_of_the_matrix_of_its_seed() -> None:
    values = {"N": 12, "p": 20, "m": 0.3, "v": 2}
    matrix = np.reshape(call(MATRIX, 7, values), (12, 12))
    found = call(SPECTRA, 8, values)[7]
    assert rounded(found, np.linalg.eigvalsh(matrix), condition=12)


def test_inputs_have_their_mean() -> None:
    values = {"N": 6, "p": 10, "m": 0.7, "v": 1.3}
    along = [np.sum(call(MATRIX, seed, values)) / 6 for seed in range(200)]
    assert sampled(np.array(along), spectra.outlier_rayleigh(**values)["mean"])


def test_descents_have_the_mean_loss_of_wishart_matrices() -> None:
    """E tr R, E tr R^2 and E tr R^3 are known at every size, so the first two losses are."""
    N, p, v, eta, start = 12, 24, 0.8, 0.7, 1.4
    found = np.array(call(LOSSES, DRAWS, {"N": N, "p": p, "v": v, "eta": eta, "start": start}))
    second = v**2 * (p + N + 1) / p
    third = v**3 * (p**2 + 3 * p * N + N**2 + 3 * p + 3 * N + 4) / p**2
    expected = [v, v - 2 * eta * second + eta**2 * third]
    assert sampled(found, start**2 / 2 * np.array(expected))


def test_normal_numbers_are_normal() -> None:
    drawn = call(NORMALS, 3, 20001, -1, 4)
    assert len(drawn) == 20001
    assert stats.kstest(drawn, stats.norm(-1, 2).cdf).pvalue > FALSE_ALARM


@given(
    st.integers(1, 9).flatmap(
        lambda n: arrays(float, (n, n), elements=st.integers(-40, 40).map(lambda k: k / 8))
    )
)
def test_eigenvalues_are_those_of_lapack(matrix: np.ndarray) -> None:
    matrix = matrix + matrix.T
    size = max(1.0, float(np.abs(matrix).max()))
    found = call(EIGENVALUES, matrix.tolist())
    assert rounded(found, np.linalg.eigvalsh(matrix), size=size, condition=len(matrix))
