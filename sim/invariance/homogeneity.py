"""Gradient and Hessian of scale-invariant losses, by complex derivatives of a loss in the
weights."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Rounded, at
from sim.invariance.draws import SIZES, hessian, hessian_size, random_loss
from sim.table import simulates
from theory import invariance


@simulates(invariance.homogeneity, unit="loss")
def homogeneity(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Gradients and Hessians at W and at gamma W, of functions of three degrees.

    The ratios of Euler's relations are observed too.
    """
    checks: list[Evidence] = []
    for degree in (0.0, 2.0, -1.5):
        for n in SIZES:
            loss, factor = random_loss(rng, n, degree), rng.uniform(1.5, 3)
            W = rng.uniform(0.5, 2) * loss.u
            here, there = complex_gradient(loss, W), complex_gradient(loss, factor * W)
            bent, bent_there = hessian(loss, W), hessian(loss, factor * W)
            norm = float(np.linalg.norm(W))
            ratios = {
                "gradient": np.linalg.norm(there) / np.linalg.norm(here),
                "hessian": np.linalg.norm(bent_there) / np.linalg.norm(bent),
                "radial slope": W @ here / loss(W),
                "radial curvature": (bent @ W) @ here / (here @ here),
            }
            slope = loss.size * norm ** (degree - 1)
            lost = {
                "gradient": ratios["gradient"] * n * (1 + slope / np.linalg.norm(here)),
                "hessian": ratios["hessian"] * n * hessian_size(loss, norm) / np.linalg.norm(bent),
                "radial slope": n * loss.size * norm**degree / abs(loss(W)),
                "radial curvature": n * hessian_size(loss, norm) * norm / np.linalg.norm(here)
                + n * slope / np.linalg.norm(here),
            }
            for name, observed in ratios.items():
                values = at(name, gamma=factor, degree=degree)
                checks.append(Rounded(values, observed, lost[name]))
    return checks


@simulates(invariance.gradient, unit="loss")
def slopes(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The gradient of f(W/|W|) in the weights, by complex steps."""
    checks: list[Evidence] = []
    for n in SIZES:
        loss, norm = random_loss(rng, n), rng.uniform(0.3, 3)
        values = at(u=loss.u, norm=norm, slope=loss.slope)
        checks.append(Rounded(values, complex_gradient(loss, norm * loss.u), loss.size / norm))
    return checks


@simulates(invariance.hessian, unit="loss")
def curvatures(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """All second derivatives of f(W/|W|) in the weights."""
    checks: list[Evidence] = []
    for n in SIZES:
        loss, norm = random_loss(rng, n), rng.uniform(0.3, 3)
        values = at(u=loss.u, norm=norm, slope=loss.slope, bend=loss.bend)
        observed = hessian(loss, norm * loss.u)
        checks.append(Rounded(values, observed, hessian_size(loss, norm)))
    return checks
