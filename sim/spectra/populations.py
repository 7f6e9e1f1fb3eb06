"""Infinitely many examples: the population's eigenvalues, and their growth with the variance."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.ensembles import inputs, spectrum
from sim.evidence import Evidence, Rounded, Student, at
from sim.spectra.draws import Generator, population_matrix
from sim.table import simulates
from theory import spectra


@simulates(spectra.population, unit="data matrix")
def population(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Curvature along (1, ..., 1) and along a direction that is orthogonal to it.

    Their means are the population's at any number of examples. The eigenvalues of the population's
    matrix are observed too.
    """
    N, p, m, v, draws = 12, 20, 0.6, 0.9, scale.pick(64, 512, 8192)
    across = np.array([1.0, -1.0] * (N // 2)) / np.sqrt(N)
    for law in ("exponential", "gaussian", "bernoulli", "uniform", "rectified"):
        data = [inputs(rng, N, p, m, v, law) for _ in range(draws)]
        for name, direction in (("outlier", np.full(N, N**-0.5)), ("others", across)):
            values = [np.mean((direction @ X) ** 2) for X in data]
            yield Student(at(name, N=N, m=m, v=v), values)
    for size in (2, 5, 40):
        eigenvalues = np.linalg.eigvalsh(population_matrix(size, m, v))
        magnitude = size * (size * m**2 + v)
        yield Rounded(at("outlier", N=size, m=m, v=v), eigenvalues[-1], magnitude)
        yield Rounded(at("others", N=size, m=m, v=v), eigenvalues[:-1], magnitude)


@simulates(spectra.trace, unit="data matrix")
def trace(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The sum of the eigenvalues, for independent inputs of several laws and for inputs that are
    all equal."""
    N, p, m, v, draws = 12, 20, 0.6, 0.9, scale.pick(64, 1024, 8192)
    for law in ("exponential", "gaussian", "bernoulli", "uniform", "rectified"):
        values = [spectrum(inputs(rng, N, p, m, v, law)).sum() for _ in range(draws)]
        yield Student(at(N=N, m=m, v=v), values)
    equal = [np.tile(inputs(rng, 1, p, m, v), (N, 1)) for _ in range(draws)]
    yield Student(at(N=N, m=m, v=v), [spectrum(X).sum() for X in equal])


@simulates(spectra.variance_scaling, unit="data matrix")
def variance_scaling(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The largest eigenvalue of data, and of these data scaled."""
    for v in (0.25, 3.0):
        for N, p in ((1, 1), (4, 7), (7, 4)):
            X = inputs(rng, N, p)
            largest = spectrum(np.sqrt(v) * X)[-1]
            yield Rounded(at(X=X, v=v), largest, max(N, p) * largest)


@simulates(spectra.biased_condition, unit="matrix")
def biased_condition(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Eigenvalues of the population's matrix. Rounding grows with the condition number squared."""
    del rng
    for N, m, v in ((2, 0.5, 1.0), (30, 1.0, 0.9), (scale.pick(50, 200, 500), 1.0, 2.0)):
        eigenvalues = np.linalg.eigvalsh(population_matrix(N, m, v))
        condition = eigenvalues[-1] / eigenvalues[0]
        yield Rounded(at(N=N, m=m, v=v), condition, condition**2)
