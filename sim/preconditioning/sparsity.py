"""Numbers that are not zero, counted in products of Jacobians."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Exact, at
from sim.preconditioning.draws import Statistics, jacobian
from sim.table import simulates
from theory import preconditioning


@simulates(preconditioning.quasi_diagonal, unit="unit")
def quasi_diagonal(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """One unit with uncorrelated inputs. None of the inputs, some or all have a mean."""
    checks: list[Evidence] = []
    for N in (7, 4, 2, 1):
        for with_mean in sorted({0, 1, N // 2, N}, reverse=True):
            mu = rng.permutation(np.arange(N) < with_mean) * (1 + rng.uniform(size=N))
            deviations = rng.uniform(0.5, 2, N)
            known = Statistics(mu, np.diag(deviations**2), np.diag(deviations))
            back = jacobian(partial(known.from_standard, n=1), N + 1)
            there = jacobian(partial(known.to_standard, n=1), N + 1)
            products = {"preconditioner": back @ back.T, "inverse": there.T @ there}
            for name, product in products.items():
                checks.append(Exact(at(name, mu=mu), np.count_nonzero(product)))
    return checks
