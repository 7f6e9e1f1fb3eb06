"""The Hessian of a loss that does not see the length of the weights."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.invariance.draws import SIZES, Array, hessian, hessian_size, random_loss
from sim.table import simulates
from theory import invariance


@simulates(invariance.radial_curvature, unit="loss")
def radial_curvature(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The Hessian times the weights, by second derivatives of the loss."""
    checks: list[Evidence] = []
    for n in SIZES:
        loss, norm = random_loss(rng, n), rng.uniform(0.3, 3)
        W = norm * loss.u
        product, size = hessian(loss, W) @ W, n * hessian_size(loss, norm) * norm
        values: dict[str, Any] = {"u": loss.u, "norm": norm, "slope": loss.slope, "bend": loss.bend}
        checks.append(Rounded(at("Hess J W", **values), product, size))
        checks.append(Rounded(at("W'Hess J W", **values), W @ product, size * norm))
    return checks


@simulates(invariance.indefiniteness, unit="loss")
def indefiniteness(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The smallest eigenvalue of the Hessian.

    Losses with a linear f, tangential at u, reach the bound, and so do losses in the plane.
    """
    losses = [random_loss(rng, n) for n in (3, 4, 6) * scale.pick(1, 2, 20)]
    flat = [random_loss(rng, n) for n in (3, 6)]
    for loss in flat:
        loss.bend, loss.cubic = 0 * loss.bend, 0 * loss.cubic
        loss.slope = loss.slope - (loss.slope @ loss.u) * loss.u
    plane = [random_loss(rng, 2) for _ in range(2)]
    lowest, bounded_by, size = [], [], 0.0
    for loss in (*losses, *flat, *plane):
        norm = rng.uniform(0.3, 3)
        # in units of the size of its entries, so that short weights do not drown long ones
        unit_size = hessian_size(loss, norm)
        matrix = hessian(loss, norm * loss.u) / unit_size
        lowest.append(np.linalg.eigvalsh((matrix + matrix.T) / 2)[0])
        values: dict[str, Any] = {"u": loss.u, "norm": norm, "slope": loss.slope, "bend": loss.bend}
        bounded_by.append((values, unit_size))
        size = max(size, len(matrix) * 1.0)

    def upper(form: Form) -> tuple[None, Array]:
        return None, np.array([form(**values)["upper"] / by for values, by in bounded_by])

    return [Bounded(upper, lowest, size, draws=len(lowest))]
