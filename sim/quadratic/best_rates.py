"""The best rates are searched for, and the steps that they need are counted."""

import numpy as np
from scipy.optimize import golden

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.quadratic.draws import RANKS, Array, both_sides, curved_axes, with_spectrum
from sim.quadratic.stability import plain
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.optimal_rate, unit="matrix R")
def optimal_rate(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate with the smallest worst factor, by golden-section search."""
    checks: list[Evidence] = []
    for N, rank in RANKS:
        X = with_spectrum(rng, N, rng.uniform(0.2, 2, rank))
        R = X @ X.T / X.shape[1]
        span, eigenvalues = curved_axes(X, rank)

        def worst(rate: float, R: Array = R, span: Array = span) -> float:
            return float(np.linalg.norm(plain(R, rate, span), 2))

        middle = 1 / eigenvalues[0]
        rate = golden(worst, brack=(0, middle, 2.5 * middle), tol=1e-15)
        condition = eigenvalues[0] / eigenvalues[-1]
        # the two slopes at the minimum are the extreme eigenvalues
        checks.append(Rounded(at("rate", R=R), rate, condition * rate))
        checks.append(Rounded(at("contraction", R=R), worst(rate), condition))
    return checks


@simulates(quadratic.optimal_heavy_ball, unit="matrix R")
def optimal_heavy_ball(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate and the momentum with the smallest worst factor, by grids that are refined around
    it."""
    checks: list[Evidence] = []
    for N, rank in RANKS:
        X = with_spectrum(rng, N, rng.uniform(0.2, 2, rank))
        R = X @ X.T / X.shape[1]
        _, eigenvalues = curved_axes(X, rank)
        condition = eigenvalues[0] / eigenvalues[-1]
        best = _refined_grids(eigenvalues)
        sizes = {"contraction": 1.0, "rate": best["rate"], "momentum": 1.0}
        for name, size in sizes.items():
            checks.append(Rounded(at(name, R=R), best[name], condition * size))
    return checks


def _contraction(eigenvalues: Array, rate: Array | float, momentum: Array | float) -> Array:
    """The largest root modulus over the modes z^2 - (1 + momentum - rate lam) z + momentum."""
    lam = eigenvalues.reshape(-1, *[1] * np.ndim(rate))
    middle = (1 + momentum - rate * lam) / 2
    root = np.sqrt(middle**2 - momentum + 0j)
    return np.maximum(abs(middle + root), abs(middle - root)).max(axis=0)


def _refined_grids(eigenvalues: Array) -> dict[str, float]:
    """The best point of 60 grids.

    Each grid is half as wide as the last, around the best point so far.
    """
    width = np.array([2 / eigenvalues.max(), 0.5])
    centre = width.copy()
    for _ in range(60):
        rate, momentum = (
            np.maximum(c + w * np.linspace(-1, 1, 31), 0)
            for c, w in zip(centre, width, strict=True)
        )
        rates, momenta = np.meshgrid(rate, momentum, indexing="ij")
        values = _contraction(eigenvalues, rates, momenta)
        best = np.unravel_index(values.argmin(), values.shape)
        centre, width = np.array([rates[best], momenta[best]]), width / 2
    return {"rate": centre[0], "momentum": centre[1], "contraction": float(values[best])}


@simulates(quadratic.iterations, unit="descent")
def iterations(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Steps counted from random starts and from the singular vectors of the data."""
    checks: list[Evidence] = []
    for N, rank in RANKS:
        X = with_spectrum(rng, N, rng.uniform(0.2, 2, rank))
        R, left = X @ X.T / X.shape[1], rng.uniform(1e-6, 1e-2)
        span, eigenvalues = curved_axes(X, rank)
        rate = 2 / (eigenvalues[0] + eigenvalues[-1])
        starts = np.hstack([span, span @ rng.normal(size=(rank, scale.pick(5, 50, 500)))])
        counts = np.zeros(starts.shape[1])
        displaced = starts
        while (
            far := np.linalg.norm(displaced, axis=0) >= left * np.linalg.norm(starts, axis=0)
        ).any():
            counts += far
            displaced = plain(R, rate, displaced)
        checks.append(Bounded(both_sides(R=R, left=left), counts, magnitude=0, draws=len(counts)))
    return checks
