"""The covariance of gradients, against the whole matrix and against chance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.curvature import chance
from deepnet.experiments.ghorbani2019.shared.covariance import covariance
from tests.close import rounded

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, b=st.integers(6, 12))
def test_the_covariances_numbers_are_those_of_the_whole_matrix(seed, b):
    rng = np.random.default_rng(seed)
    G = rng.normal(size=(9, b)) * np.arange(1, 10)[:, None] + rng.normal(size=(9, 1))
    space, _ = np.linalg.qr(rng.normal(size=(9, 3)))
    numbers = covariance(G, space)
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
    overlaps = [float(covariance(G, space)["overlap"]) for space in spaces]
    law = chance(n, K)
    assert abs(np.mean(overlaps) - law.mean()) < 6 * law.std() / np.sqrt(draws)
