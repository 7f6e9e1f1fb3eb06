"""The bulk: its edges, its density, its distribution of drawn spectra."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Predict, Rounded, Student, at
from sim.spectra.draws import EDGE_N, Generator, extremes_of, finite, limit, spectra_of
from sim.table import simulates
from theory import spectra
from theory.claim import Claim


@simulates(spectra.edges, unit="data matrix")
def edges(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Both extremes, with more examples than inputs and with fewer."""
    draws, v = scale.pick(64, 256, 4096), 0.9
    for alpha in (2.0, 0.5):
        found = extremes_of(rng, EDGE_N, round(alpha * EDGE_N), v, draws)
        for name, values in (("upper", found[:, 1]), ("lower", found[:, 0])):
            yield Student(limit(spectra.edges, name, N=EDGE_N, alpha=alpha, v=v), values)


def integral(claim: Claim, low: float, high: float, N: int, **values: Any) -> Predict:
    """The integral over a bin of a form of lam, with the finite-size term of the density."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    lam = low + (high - low) * (nodes + 1) / 2
    weights = weights * (high - low) / 2
    term = finite(spectra.density, lam=lam, N=N, **values)
    if claim is spectra.semicircle:
        term = lam * term

    def predict(form: Form) -> float:
        return float(np.sum(weights * (form(lam=lam, **values) + term)))

    return predict


def bins(alpha: float, v: float) -> list[tuple[float, float]]:
    """Three bins well inside the bulk, in units of the semicircle's radius from its centre."""
    centre, radius = v * (1 + 1 / alpha), 2 * v / np.sqrt(alpha)
    cuts = centre + radius * np.array([-0.8, -0.3, 0.3, 0.8])
    return list(pairwise(cuts))


@simulates(spectra.density, unit="data matrix")
def density(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues in a bin."""
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in ((200, 2.0), (400, 0.5)):
        found = spectra_of(rng, N, alpha, v, draws)
        for low, high in bins(alpha, v):
            share = np.mean((found > low) & (found < high), axis=1)
            yield Student(integral(spectra.density, low, high, N, alpha=alpha, v=v), share)


@simulates(spectra.semicircle, unit="data matrix")
def semicircle(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The same share, every eigenvalue counted by its size; and the identity point by point."""
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in ((200, 2.0), (400, 0.5)):
        found = spectra_of(rng, N, alpha, v, draws)
        for low, high in bins(alpha, v):
            share = np.mean(found * ((found > low) & (found < high)), axis=1)
            yield Student(integral(spectra.semicircle, low, high, N, alpha=alpha, v=v), share)
    lam = np.linspace(0.3, 2.5, 12)
    values: dict[str, Any] = {"lam": lam, "alpha": 2.0, "v": 0.9}
    yield Rounded(at(**values), lam * spectra.density(**values), 1.0)


@simulates(spectra.distribution, unit="data matrix")
def distribution(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues at or below a point; with fewer examples there is an atom."""
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in ((400, 0.5), (200, 2.0)):
        found = spectra_of(rng, N, alpha, v, draws)
        for low, _ in bins(alpha, v):
            share = np.mean(found <= low, axis=1)
            yield Student(limit(spectra.distribution, N=N, lam=low, alpha=alpha, v=v), share)


@simulates(spectra.collapse, unit="data matrix")
def collapse(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Largest minus smallest eigenvalue, with more and more examples."""
    v = 0.9
    for alpha in (4.0, 100.0):
        p = round(alpha * EDGE_N)
        found = extremes_of(rng, EDGE_N, p, v, scale.pick(64, 256, 4096))
        width = found[:, 1] - found[:, 0]
        yield Student(limit(spectra.collapse, N=EDGE_N, alpha=alpha, v=v), width)
