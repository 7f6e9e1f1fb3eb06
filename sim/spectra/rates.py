"""Descent on the bulk at the best rates, with momentum and without."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded, Student
from sim.spectra.draws import EDGE_N, Generator, extremes_of, limit, spectra_of
from sim.table import simulates
from theory import spectra


@simulates(spectra.bulk_rate, unit="data matrix")
def bulk_rate(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The best fixed rate for each spectrum drawn, and its contraction."""
    alpha, v, N = 2.0, 0.9, EDGE_N
    low, high = extremes_of(rng, N, round(alpha * N), v, scale.pick(64, 160, 4096)).T
    measured = {"rate": (high - low) / (high + low), "eta": 2 / (high + low)}
    for name, values in measured.items():
        yield Student(limit(spectra.bulk_rate, name, N=N, alpha=alpha, v=v), values)


@simulates(spectra.bulk_heavy_ball, unit="data matrix")
def bulk_heavy_ball(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The best heavy ball for each spectrum that is drawn, and a form's step along drawn
    eigenvectors.

    The step has the form's rate and momentum. The evidence is its effect minus the effect that
    the form says.
    """
    alpha, v, N = 2.0, 0.9, EDGE_N
    low, high = np.sqrt(extremes_of(rng, N, round(alpha * N), v, scale.pick(64, 160, 4096))).T
    ratio = (high - low) / (high + low)
    measured = {"rate": ratio, "beta": ratio**2, "eta": 4 / (high + low) ** 2}
    for name, values in measured.items():
        yield Student(limit(spectra.bulk_heavy_ball, name, N=N, alpha=alpha, v=v), values)
    drawn = spectra_of(rng, 100, alpha, v, 1)[0]
    inside = drawn[10:-10:8]  # an extreme value may lie outside the limit's bulk

    def excess(form: Form) -> np.ndarray:
        best = form(alpha=alpha, v=v)
        steps = [
            [[1 + best["beta"] - best["eta"] * lam, -best["beta"]], [1.0, 0.0]] for lam in inside
        ]
        if not np.all(np.isfinite(steps)):
            return np.full(len(inside), np.nan)
        return np.abs(np.linalg.eigvals(np.array(steps))).max(axis=1) - best["rate"]

    yield Rounded(excess, np.zeros(len(inside)), 1.0)
