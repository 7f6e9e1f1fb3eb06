"""Checks of the chapter ``quadratic``: identities to rounding, descent run step by step."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.form, unit="data set")
def form(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss summed example by example, as the definition says."""
    checks: list[Evidence] = []
    for N, p in ((1, 1), (3, 5), (7, 4)):
        X, Y, W = rng.normal(size=(N, p)), rng.normal(size=p), rng.normal(size=N)
        loss = sum((Y[u] - W @ X[:, u]) ** 2 for u in range(p)) / (2 * p)
        magnitude = sum((abs(Y[u]) + abs(W) @ abs(X[:, u])) ** 2 for u in range(p)) / p
        checks.append(Rounded(at(X=X, Y=Y, W=W), loss, magnitude))
    return checks
