"""Eigenvalues that are zero by rank."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.ensembles import inputs
from sim.evidence import Evidence, Exact, at
from sim.spectra.draws import Generator
from sim.table import simulates
from theory import spectra

SHAPES = ((1, 1), (3, 5), (5, 3), (4, 4), (20, 19), (20, 20), (20, 21), (20, 30), (30, 20), (9, 1))


def null_counts(X: np.ndarray) -> dict[str, int]:
    """Zero eigenvalues of the second moment and of the covariance of data X."""
    N = len(X)
    centred = X - X.mean(axis=1, keepdims=True)
    # one example minus itself is zero to rounding, and the floor knows the data's size
    floor = max(X.shape) * np.finfo(float).eps * np.linalg.norm(X, 2)
    return {
        "raw": int(N - np.linalg.matrix_rank(X, tol=floor)),
        "centred": int(N - np.linalg.matrix_rank(centred, tol=floor)),
    }


@simulates(spectra.null_count, unit="data matrix")
def null_count(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Ranks of data of several shapes, drawn from laws with a density."""
    repeats = scale.pick(1, 4, 32)
    for law in ("gaussian", "uniform", "exponential"):
        for N, p in SHAPES:
            counts = [null_counts(inputs(rng, N, p, 0.5, 1.0, law)) for _ in range(repeats)]
            for name in ("centred", "raw"):
                observed = [count[name] for count in counts]
                yield Exact(at(name, N=N, p=p), observed, draws=repeats)


@simulates(spectra.atom, unit="data matrix")
def atom(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of zero eigenvalues. With 64 inputs it is a binary fraction, free of rounding."""
    N, repeats = 64, scale.pick(1, 4, 32)
    for alpha in (0.25, 0.5, 0.75, 1.0, 2.0):
        p = round(alpha * N)
        share = [null_counts(inputs(rng, N, p))["raw"] / N for _ in range(repeats)]
        yield Exact(at(alpha=alpha), share, draws=repeats)
