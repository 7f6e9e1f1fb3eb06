"""Means over the bulk: moments, and the mean inverse eigenvalue."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Student
from sim.spectra.draws import Generator, limit, spectra_of
from sim.table import simulates
from theory import spectra


@simulates(spectra.moments, unit="data matrix")
def moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Mean powers of the eigenvalues. The finite-size terms of the first three powers are exact."""
    N, alpha, v = 32, 1.25, 0.9
    eigenvalues = spectra_of(rng, N, alpha, v, scale.pick(64, 4096, 8192))
    for order in (2, 3, 1):
        predicted = limit(spectra.moments, N=N, order=order, alpha=alpha, v=v)
        yield Student(predicted, np.mean(eigenvalues**order, axis=1))


@simulates(spectra.inverse_moment, unit="data matrix")
def inverse_moment(rng: Generator, scale: Scale) -> Evidence:
    """The mean inverse eigenvalue. The finite-size term is exact."""
    N, alpha, v = 32, 3.0, 0.9
    eigenvalues = spectra_of(rng, N, alpha, v, scale.pick(64, 2048, 8192))
    return Student(
        limit(spectra.inverse_moment, N=N, alpha=alpha, v=v), np.mean(1 / eigenvalues, axis=1)
    )
