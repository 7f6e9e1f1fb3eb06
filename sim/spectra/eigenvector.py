"""The eigenvector of the outlier, for drawn inputs."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.ensembles import inputs, overlap
from sim.evidence import Distributed, Evidence, Form, Student, at
from sim.spectra.draws import OTHER_LAWS, Generator, extrapolate
from sim.table import simulates
from theory import spectra


def rayleigh_law(mean: float, variance: float, p: int, draws: int) -> Any:
    """The law of the mean of ``draws`` curvatures of the given mean and variance.

    Each curvature is w times a non-central chi^2 of p degrees. Its mean is w(p + c) and its
    variance 2 w^2 (p + 2c), which are solved for w and c.
    """
    w = (mean - np.sqrt(max(0.0, mean**2 - p * variance / 2))) / p
    return stats.ncx2(p * draws, draws * (mean / w - p), scale=w / draws)


@simulates(spectra.outlier_rayleigh, unit="data matrix")
def outlier_rayleigh(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The curvature along (1, ..., 1)/sqrt N.

    Its mean is tested by the exact law. Its variance about the known mean is tested in blocks of
    few inputs and examples, which cost least. Its mean is also tested for other laws.
    """
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
    samples = curvatures(2, 4, blocks[0] * blocks[1]).reshape(blocks)
    squares = np.mean((samples - (2 * m**2 + v)) ** 2, axis=1)
    yield Student(at("variance", N=2, p=4, m=m, v=v), squares)
    for other in OTHER_LAWS:
        values = curvatures(N, p, scale.pick(64, 512, 8192), other)
        yield Student(at("mean", N=N, p=p, m=m, v=v), values)


@simulates(spectra.outlier_overlap, unit="pair of data matrices")
def outlier_overlap(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Overlaps at N and 2N, above the threshold and below it.

    Above the threshold there are more examples than inputs, and fewer.
    """
    N, v, draws = 400, 0.9, scale.pick(64, 192, 4096)
    for alpha, ratio in ((1.25, 4.0), (0.5, 6.0), (1.25, 0.25)):
        m = np.sqrt(ratio * v / np.sqrt(alpha) / N)

        def drawn(n: int, alpha: float = alpha, m: float = m) -> float:
            return overlap(rng, n, round(alpha * n), m * np.sqrt(N / n), v)[1]

        yield Student(at(N=N, alpha=alpha, m=m, v=v), extrapolate(drawn, N, draws))
