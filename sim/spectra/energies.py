"""The outlier holds a share of the loss's energy and of the gradient's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.ensembles import gaussian, inputs
from sim.evidence import Bounded, Distributed, Evidence, Form, Student, at
from sim.spectra.draws import Generator, displacements, extrapolate, multiply, population_matrix
from sim.table import simulates
from theory import spectra


@simulates(spectra.energy_cosine, unit="pair of data matrices and starts")
def energy_cosine(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Cosines between gradient and displacement at N and 2N, without the 1/N term."""
    N, draws = 200, scale.pick(64, 512, 8192)
    for alpha in (2.0, 0.5):

        def cosine(n: int, alpha: float = alpha) -> float:
            matrix = gaussian(rng, n, round(alpha * n), 0.0, 0.9)
            d = displacements(rng, matrix, 1.0, 1)
            flat = rng.chisquare(matrix.nulls) / n if matrix.nulls else 0.0
            gradient = multiply(matrix, d)
            lengths = (np.sum(d**2) + flat) * np.sum(gradient**2)
            return float(np.sum(d * gradient) / np.sqrt(lengths))

        yield Student(at(alpha=alpha), extrapolate(cosine, N, draws))


@simulates(spectra.energy_cosine_bound, unit="matrix and direction")
def energy_cosine_bound(rng: Generator, scale: Scale) -> Evidence:
    """Cosines for random matrices and directions.

    Eigenvectors attain the upper bound. The two outer eigenvectors, mixed with squares lambda_max :
    lambda_min, attain the lower bound.
    """
    cases = []
    for N in (2, 3, 8):
        for _ in range(scale.pick(2, 16, 256)):
            X = inputs(rng, N, 2 * N)
            values, vectors = np.linalg.eigh(X @ X.T / (2 * N))
            R = (vectors * values) @ vectors.T
            mixed = np.sqrt(values[-1]) * vectors[:, 0] + np.sqrt(values[0]) * vectors[:, -1]
            for direction in (rng.standard_normal(N), vectors[:, 0], mixed):
                cases += [((R + R.T) / 2, direction / np.linalg.norm(direction))]
    observed = [u @ R @ u / np.linalg.norm(R @ u) for R, u in cases]

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(R=R, u=u) for R, u in cases]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    worst = max(np.linalg.cond(R) for R, _ in cases)
    return Bounded(predict, observed, worst, draws=len(cases))


@dataclass(frozen=True)
class ShareLaw:
    """The law of a/(a + b) for independent a = s chi^2_n and b = chi^2_(n k).

    The share of the means is ``share``. a/b is a multiple of Fisher's F.
    """

    share: float
    first: int
    second: int

    @property
    def odds(self) -> Any:
        return stats.f(self.first, self.second, scale=self.share / (1 - self.share))

    def cdf(self, x: float) -> float:
        return float(self.odds.cdf(x / (1 - x)))

    def sf(self, x: float) -> float:
        return float(self.odds.sf(x / (1 - x)))

    def ppf(self, q: float) -> float:
        odds = self.odds.ppf(q)
        return float(odds / (1 + odds))

    def isf(self, q: float) -> float:
        odds = self.odds.isf(q)
        return float(odds / (1 + odds))

    def mean(self) -> float:
        return float(self.odds.expect(lambda odds: odds / (1 + odds)))

    def std(self) -> float:
        square = self.odds.expect(lambda odds: (odds / (1 + odds)) ** 2)
        return float(np.sqrt(square - self.mean() ** 2))


def energy_shares(
    rng: Generator, power: int, settings: list[tuple[int, float, float]], draws: int
) -> Iterator[Evidence]:
    """The outlier's share of d'R^power d, summed over random starts d. Settings are (N, m, v)."""
    for N, m, v in settings:
        d = rng.standard_normal((draws, N))
        R = population_matrix(N, m, v)
        other = d if power == 1 else d @ R
        gradient = d @ R
        total = np.sum(other * gradient)
        along = np.sum(other.sum(axis=1) * gradient.sum(axis=1)) / N

        def law(form: Form, N: int = N, m: float = m, v: float = v) -> ShareLaw:
            return ShareLaw(form(N=N, m=m, v=v), draws, draws * (N - 1))

        yield Distributed(law, along / total, draws, "share of F")


@simulates(spectra.energy_l1, unit="start")
def energy_l1(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The outlier's share of d'Rd, which is its share of the sum of all eigenvalues.

    A random start weighs all eigenvalues alike.
    """
    settings = [(10, 0.9, 0.9), (4, 0.5, 1.0)]
    yield from energy_shares(rng, 1, settings, scale.pick(64, 32768, 131072))


@simulates(spectra.energy_gradient, unit="start")
def energy_gradient(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The outlier's share of the gradient's squared length, d'RRd."""
    settings = [(10, 0.7, 0.9), (100, 0.4, 0.9)]
    yield from energy_shares(rng, 2, settings, scale.pick(64, 8192, 32768))
