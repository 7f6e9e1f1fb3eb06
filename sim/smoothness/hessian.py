"""The Hessian before batch norm, by second derivatives from Cauchy's formula, exact to rounding."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Fitted, Rounded, at
from sim.smoothness.draws import Array, Unit, normalise, sides, units
from sim.table import simulates
from theory import smoothness

#: An example for limits. Its next order is known not to vanish.
EXAMPLE = Unit(
    np.array([0.0, 1.0, 3.0, 2.5]),
    np.array([1.0, -0.5, 0.25, 2.0]),
    np.array([[2.0, 1, 0, 0], [1, -1, 0, 1], [0, 0, 1, 0], [0, 1, 0, 3]]),
    1.5,
    cubic=np.array([4.0, 4.0, 4.0, 4.0]),
)


def disguised(rng: np.random.Generator) -> tuple[Unit, Array, float]:
    """The example in another order, shifted and rescaled.

    The order and the factor are returned too.
    """
    order, factor = rng.permutation(4), rng.uniform(0.5, 2)
    unit = Unit(
        factor * EXAMPLE.y[order] + rng.normal(),
        EXAMPLE.g[order],
        EXAMPLE.H[np.ix_(order, order)],
        EXAMPLE.gamma,
        cubic=EXAMPLE.cubic,
    )
    return unit, order, factor


@simulates(smoothness.hessian, unit="batch")
def hessian(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """All second derivatives of the loss in the outputs of the batch, without eps and with it."""
    checks: list[Evidence] = []
    for unit in (*units(rng), *units(rng, eps=True)):
        matrix, size = unit.hessian()
        checks.append(Rounded(at(**unit.values, eps=unit.eps), matrix, size))
    return checks


@simulates(smoothness.curvature_along_gradient, unit="batch")
def curvature_along_gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The second derivative along the slope."""
    checks: list[Evidence] = []
    for unit in units(rng, sizes=(3, 4, 8)):
        slope = complex_gradient(unit.loss, unit.y)
        bent, size = unit.curvature(slope)
        # the direction has an error too, which the norm of the Hessian passes on
        error = unit.slope_size * np.linalg.norm(slope) * np.abs(unit.hessian()[0]).sum()
        checks.append(Rounded(at(**unit.values), bent, size + error))
    return checks


@simulates(smoothness.curvature_of_outputs, unit="batch")
def curvature_of_outputs(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The Hessian times a shift of all outputs and times the outputs themselves."""
    checks: list[Evidence] = []
    for unit in units(rng):
        mean = unit.y.mean()
        for name, v in (
            ("along the outputs", unit.y - mean),
            ("along the mean", np.full(len(unit.y), mean)),
        ):
            product, size = unit.hessian_times(v)
            checks.append(Rounded(at(name, **unit.values), product, size))
        bent, size = unit.curvature(unit.y)
        checks.append(Rounded(at("y'Ky", **unit.values), bent, size))
    return checks


@simulates(smoothness.negative_curvature, unit="batch")
def negative_curvature(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The smallest eigenvalue of the Hessian.

    Linear losses across the outputs reach the bound.
    """
    batches = units(rng, sizes=(3, 4, 6) * scale.pick(1, 2, 20))
    linear = units(rng, sizes=(3, 6))
    for unit in linear:
        hat = normalise(unit.y)
        unit.g = unit.g - unit.g.mean()
        unit.g = unit.g - (unit.g @ hat) / len(hat) * hat
        unit.H, unit.cubic = 0 * unit.H, None
    observed, sizes = [], []
    for unit in (*batches, *linear):
        matrix, size = unit.hessian()
        observed.append(np.linalg.eigvalsh((matrix + matrix.T) / 2)[0])
        sizes.append(len(matrix) * size)
    values = [unit.values for unit in (*batches, *linear)]
    return [Bounded(sides(values), observed, max(sizes), draws=len(values))]


@simulates(smoothness.taylor, unit="batch")
def taylor(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Remainders of the loss after the linear term, over shrinking steps."""
    unit, order, factor = disguised(rng)
    u = np.array([1.0, 0.0, 0.0, 0.0])[order]
    slope = complex_gradient(unit.loss, unit.y) @ u
    steps = factor * 2.0 ** -np.arange(4, 13)
    left = [unit.loss(unit.y + t * u) - t * slope for t in steps]
    return [Fitted(at(**unit.values, u=u), 2 * np.array(left) / steps**2, 1 / steps, 1.0)]
