"""Checks of the chapter ``spectra``: random data matrices drawn many times."""

import numpy as np

from companion.scale import Scale
from sim.ensembles import gaussian
from sim.evidence import Evidence, Student, at
from sim.table import simulates
from theory import spectra


@simulates(spectra.outlier, unit="pair of data matrices")
def outlier(rng: np.random.Generator, scale: Scale) -> Evidence:
    """Largest eigenvalues at N and 2N, theta^2 kept: 2 x(2N) - x(N) is free of the 1/N term."""
    N, alpha, m, v = 320, 1.25, 0.22, 0.9
    draws = scale.pick(64, 512, 8192)

    def largest(n: int) -> float:
        return gaussian(rng, n, int(alpha * n), m * np.sqrt(N / n), v).largest()

    values = [2 * largest(2 * N) - largest(N) for _ in range(draws)]
    return Student(at(N=N, alpha=alpha, m=m, v=v), values)
