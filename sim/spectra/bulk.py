"""The bulk: its edges, its density and its distribution, from drawn spectra."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Form, Predict, Student, at
from sim.spectra.draws import EDGE_N, Generator, extremes_of, finite, limit, spectra_of
from sim.table import simulates
from theory import spectra
from theory.claim import Claim


@simulates(spectra.edges, unit="data matrix")
def edges(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Both extreme eigenvalues, with more examples than inputs and with fewer."""
    draws, v = scale.pick(64, 192, 4096), 0.9
    for alpha in (2.0, 0.5):
        extremes = extremes_of(rng, EDGE_N, round(alpha * EDGE_N), v, draws)
        for name, values in (("upper", extremes[:, 1]), ("lower", extremes[:, 0])):
            yield Student(limit(spectra.edges, name, N=EDGE_N, alpha=alpha, v=v), values)


def integral(claim: Claim, low: float, high: float, N: int, **values: Any) -> Predict:
    """The integral over a bin of a form of lam, with the finite-size term of the density."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    lam = low + (high - low) * (nodes + 1) / 2
    weights = weights * (high - low) / 2

    def predict(form: Form) -> float:
        term = finite(spectra.density, lam=lam, N=N, **values)
        if claim is spectra.semicircle:
            term = lam * term
        return float(np.sum(weights * (form(lam=lam, **values) + term)))

    return predict


#: (N, alpha): more examples than inputs, and fewer.
SAMPLES = ((100, 2.0), (200, 0.5))


def bins(alpha: float, v: float) -> list[tuple[float, float]]:
    """Three bins well inside the bulk, and a wide bin.

    The share of the eigenvalues in the wide bin fluctuates least. Places are in units of the
    semicircle's radius from its centre.
    """
    centre, radius = v * (1 + 1 / alpha), 2 * v / np.sqrt(alpha)
    low, left, right, high = centre + radius * np.array([-0.8, -0.3, 0.3, 0.8])
    wide = (centre - 0.9 * radius, high)
    return [(low, left), (left, right), (right, high), wide]


def gaps(alpha: float, v: float) -> list[tuple[float, float]]:
    """A bin below the bulk and a bin above it, so far away that no eigenvalue strays there.

    They are more than 14 widths of the Tracy-Widom law away. Less than 1e-15 of the law lies
    beyond.
    """
    edge = spectra.edges(alpha=alpha, v=v)
    return [(edge["lower"] / 9, edge["lower"] / 3), (1.5 * edge["upper"], 2 * edge["upper"])]


@simulates(spectra.density, unit="data matrix")
def density(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues in a bin, inside the bulk and outside."""
    v, draws = 0.9, scale.pick(64, 1664, 2048)
    for N, alpha in SAMPLES:
        eigenvalues = spectra_of(rng, N, alpha, v, draws)

        def share(low: float, high: float, eigenvalues: np.ndarray = eigenvalues) -> np.ndarray:
            return np.mean((eigenvalues > low) & (eigenvalues < high), axis=1)

        for ends in bins(alpha, v):
            yield Student(integral(spectra.density, *ends, N, alpha=alpha, v=v), share(*ends))
        for ends in gaps(alpha, v):
            outside = integral(spectra.density, *ends, N, alpha=alpha, v=v)
            yield Exact(outside, share(*ends), draws)


@simulates(spectra.semicircle, unit="data matrix")
def semicircle(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The sum of the eigenvalues in a bin over the number of all eigenvalues.

    Some bins are inside the bulk, and some are outside.
    """
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in SAMPLES:
        eigenvalues = spectra_of(rng, N, alpha, v, draws)

        def share(low: float, high: float, eigenvalues: np.ndarray = eigenvalues) -> np.ndarray:
            return np.mean(eigenvalues * ((eigenvalues > low) & (eigenvalues < high)), axis=1)

        for ends in bins(alpha, v):
            yield Student(integral(spectra.semicircle, *ends, N, alpha=alpha, v=v), share(*ends))
        for ends in gaps(alpha, v):
            outside = integral(spectra.semicircle, *ends, N, alpha=alpha, v=v)
            yield Exact(outside, share(*ends), draws)


@simulates(spectra.distribution, unit="data matrix")
def distribution(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues up to a point, between two points, and up to points outside the
    bulk.

    With fewer examples than inputs there is an atom.
    """
    v, draws = 0.9, scale.pick(64, 1664, 2048)
    for N, alpha in reversed(SAMPLES):
        eigenvalues = spectra_of(rng, N, alpha, v, draws)

        def below(lam: float, eigenvalues: np.ndarray = eigenvalues) -> np.ndarray:
            return np.mean(eigenvalues <= lam, axis=1)

        def predict(lam: float, N: int = N, alpha: float = alpha) -> Predict:
            return limit(spectra.distribution, N=N, lam=lam, alpha=alpha, v=v)

        *narrow, (low, high) = bins(alpha, v)
        for lam, _ in narrow:
            yield Student(predict(lam), below(lam))
        ends = predict(low), predict(high)

        def between(form: Form, ends: tuple[Predict, Predict] = ends) -> Any:
            return ends[1](form) - ends[0](form)

        yield Student(between, below(high) - below(low))
        for lam, _ in gaps(alpha, v):
            yield Exact(at(lam=lam, alpha=alpha, v=v), below(lam), draws)


@simulates(spectra.collapse, unit="data matrix")
def collapse(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The largest minus the smallest eigenvalue, with more and more examples."""
    v = 0.9
    for alpha in (4.0, 100.0):
        p = round(alpha * EDGE_N)
        extremes = extremes_of(rng, EDGE_N, p, v, scale.pick(64, 160, 4096))
        width = extremes[:, 1] - extremes[:, 0]
        yield Student(limit(spectra.collapse, N=EDGE_N, alpha=alpha, v=v), width)
