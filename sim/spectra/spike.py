"""The eigenvalue that a mean pushes out of the bulk, and its eigenvector."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.ensembles import corner, dense, gaussian, inputs, overlap
from sim.evidence import Distributed, Evidence, Exact, Form, Student, at
from sim.spectra.draws import OTHER_LAWS, Generator, extrapolate, finite
from sim.table import simulates
from theory import spectra


@simulates(spectra.outlier, unit="pair of data matrices")
def outlier(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Largest eigenvalues at N and 2N, N m^2 kept: 2 x(2N) - x(N) is free of the 1/N term. Then
    other laws; then, with so many inputs that nothing needs to be removed, closer to the threshold
    and below it, where the largest eigenvalue moves like that of data without a mean."""
    N, alpha, m, v = 320, 1.25, 0.22, 0.9

    def largest(n: int) -> float:
        return gaussian(rng, n, round(alpha * n), m * np.sqrt(N / n), v).largest()

    values = extrapolate(largest, N, scale.pick(64, 320, 8192))
    yield Student(at(N=N, alpha=alpha, m=m, v=v), values)
    n, push, draws = 1_000_000, v / np.sqrt(4.0), scale.pick(64, 128, 1024)
    for ratio, shift in ((1.5, 0.0), (0.25, finite(spectra.edges, "upper", N=n, alpha=4.0, v=v))):
        m = np.sqrt(ratio * push / n)
        values = [corner(rng, n, 4 * n, m, v).largest() for _ in range(draws)]
        yield Student(at(None, shift, N=n, alpha=4.0, m=m, v=v), values)
    for law in OTHER_LAWS:
        N, m = 48, 0.6

        def largest_of(n: int, law: str = law, N: int = N, m: float = m) -> float:
            return float(dense(rng, n, round(alpha * n), m * np.sqrt(N / n), v, law)[-1])

        values = extrapolate(largest_of, N, scale.pick(64, 64, 1024))
        yield Student(at(N=N, alpha=alpha, m=m, v=v), values)


@simulates(spectra.threshold, unit="data matrix")
def threshold(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """An outlier at t = N m^2 lies t_c^2/t above t + v(1 + 1/alpha), where t_c is N m^2 at the
    threshold: so an outlier measures t_c. Then a yes or no: ten per cent above the threshold the
    largest eigenvalue stands clear of the edge, ten per cent below it does not."""
    alpha, v, n = 1.25, 0.9, 20_000
    t, examples = 2 * v / np.sqrt(alpha), round(alpha * n)
    matrices = (
        corner(rng, n, examples, np.sqrt(t / n), v) for _ in range(scale.pick(64, 256, 4096))
    )
    largest = np.array([matrix.largest() for matrix in matrices])

    def squared(form: Form) -> float:
        return float((n * form(N=n, p=examples, v=v) ** 2) ** 2)

    yield Student(squared, t * (largest - t - v * (1 + 1 / alpha)))
    # A million inputs blur the threshold by N^(-1/3) = 1 per cent of N m^2. "Clear" is by eight
    # widths of the Tracy-Widom law, beyond which lies less than 1e-9 of it.
    N, p = 1_000_000, 4_000_000
    edge, width = spectra.edges(alpha=4.0, v=v)["upper"], 8 * v * N ** (-2 / 3)
    m = spectra.threshold(N=N, p=p, v=v) * np.array([0.5, 0.9, 1.1, 1.5, 2.0])
    repeats = scale.pick(1, 4, 32)
    clear = [
        [corner(rng, N, p, each, v).largest() > edge + width for each in m] for _ in range(repeats)
    ]

    def beyond(form: Form) -> np.ndarray:
        return m > form(N=N, p=p, v=v)

    yield Exact(beyond, clear, draws=repeats)


def rayleigh_law(mean: float, variance: float, p: int, draws: int) -> Any:
    """The law of the mean of ``draws`` curvatures of the given mean and variance, each w times a
    non-central chi^2 of p degrees: mean = w(p + c), variance = 2 w^2 (p + 2c), solved for w, c."""
    w = (mean - np.sqrt(max(0.0, mean**2 - p * variance / 2))) / p
    return stats.ncx2(p * draws, draws * (mean / w - p), scale=w / draws)


@simulates(spectra.outlier_rayleigh, unit="data matrix")
def outlier_rayleigh(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The curvature along (1, ..., 1)/sqrt N: its mean by the exact law; its variance, known mean,
    in blocks (of few inputs and examples, which cost least); its mean for other laws."""
    m, v = 0.6, 0.9

    def curvatures(N: int, p: int, count: int, law: str = "gaussian") -> np.ndarray:
        along = np.sum(inputs(rng, N, p * count, m, v, law), axis=0) / np.sqrt(N)
        return np.mean(along.reshape(count, p) ** 2, axis=1)

    N, p, draws = 12, 20, scale.pick(64, 4096, 8192)

    def law(form: Form) -> Any:
        value = form(N=N, p=p, m=m, v=v)
        return rayleigh_law(value["mean"], value["variance"], p, draws)

    yield Distributed(law, float(np.mean(curvatures(N, p, draws))), draws, "non-central chi^2")
    blocks = (64, scale.pick(64, 8192, 16384))
    found = curvatures(2, 4, blocks[0] * blocks[1]).reshape(blocks)
    squares = np.mean((found - (2 * m**2 + v)) ** 2, axis=1)
    yield Student(at("variance", N=2, p=4, m=m, v=v), squares)
    for other in OTHER_LAWS:
        values = curvatures(N, p, scale.pick(64, 512, 8192), other)
        yield Student(at("mean", N=N, p=p, m=m, v=v), values)


@simulates(spectra.outlier_overlap, unit="pair of data matrices")
def outlier_overlap(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Overlaps at N and 2N, above the threshold (more examples than inputs, and fewer), below."""
    N, v, draws = 400, 0.9, scale.pick(64, 192, 4096)
    for alpha, ratio in ((1.25, 4.0), (0.5, 6.0), (1.25, 0.25)):
        m = np.sqrt(ratio * v / np.sqrt(alpha) / N)

        def drawn(n: int, alpha: float = alpha, m: float = m) -> float:
            return overlap(rng, n, round(alpha * n), m * np.sqrt(N / n), v)[1]

        yield Student(at(N=N, alpha=alpha, m=m, v=v), extrapolate(drawn, N, draws))
