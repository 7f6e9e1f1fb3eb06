"""Blocks of inputs that have exactly the stated mean and covariance."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.kronecker.draws import SIZES, Array, Generator, blocks, examples, second_moment
from sim.table import simulates
from theory import kronecker


def mean_of_squares(X: Array) -> Array:
    """The mean of xx', example by example."""
    return np.mean([np.outer(x, x) for x in X.T], axis=0)


@simulates(kronecker.uncentred, unit="data set")
def uncentred(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """All eigenvalues of the block of examples with a mean and covariance I."""
    for N, n in SIZES:
        mu, S = 2 * rng.normal(size=N), second_moment(rng, n)
        A = mean_of_squares(examples(rng, mu))
        yield Rounded(at(mu=mu, S=S), np.linalg.eigvalsh(blocks(A, S)), np.trace(A) * np.trace(S))


def biased_inputs(rng: Generator, draws: int) -> list[tuple[Array, Array]]:
    """Covariances and means.

    A mean has any direction, or lies along the first or the last eigenvector.
    """
    cases = []
    for N in (2, 3, 6):
        for _ in range(draws):
            Sigma = second_moment(rng, N) + np.eye(N) / 4
            vectors = np.linalg.eigh(Sigma)[1]
            means = (rng.normal(size=N), 2 * vectors[:, -1], 0.5 * vectors[:, 0])
            cases += [(Sigma, mu) for mu in means]
    return cases


@simulates(kronecker.top_eigenvalue, unit="data set")
def top_eigenvalue(rng: Generator, scale: Scale) -> Evidence:
    """The largest eigenvalue of examples.

    A mean along the leading eigenvector attains both bounds.
    """
    cases = biased_inputs(rng, scale.pick(1, 8, 64))
    moments = [mean_of_squares(examples(rng, mu, Sigma)) for Sigma, mu in cases]
    largest = [np.linalg.eigvalsh(A)[-1] for A in moments]

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(Sigma=Sigma, mu=mu) for Sigma, mu in cases]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    return Bounded(predict, largest, max(map(np.trace, moments)), draws=len(cases))


@simulates(kronecker.mean_direction, unit="data set")
def mean_direction(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The mean of x (x'mu) over examples, less its part along mu."""
    for Sigma, mu in biased_inputs(rng, scale.pick(1, 4, 16)):
        X = examples(rng, mu, Sigma)
        image = np.mean([x * (x @ mu) for x in X.T], axis=0)
        along = mu / np.linalg.norm(mu)
        size = np.linalg.norm(mu) * np.mean(np.sum(X**2, axis=0))
        yield Rounded(at(Sigma=Sigma, mu=mu), image - along * (along @ image), size)
