"""The source's bounds (1), (10) and (11) on the gradient and the curvature before batch norm,
evaluated unit by unit at the last batch norm of trained nets: on real outputs and real gradients.
(1) as printed, with 1/sqrt(B), is violated by every unit; with 1/B it is an equality. (10) is an
equality too, not a bound; (11), with the plain gradient in its first term, holds where the
factor gamma/sigma is below 1, and fails where it is not, in half of VGG-16 and more.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import balanced_batches
from deepnet.experiments.oxford2021.shared import protocol
from deepnet.experiments.oxford2021.shared.probe import Probe, probe
from deepnet.experiments.oxford2021.shared.protocol import NAMES, Name
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import Active
from deepnet.problem import Problem
from theory import smoothness

VERSION = 2
SOURCE = cite("oxford2021", "eqs. (1), (10), (11)")
#: The last batch norm, of a dense layer: behind it nothing couples the examples.
LAYER = "dense2"
PRINTED_1 = "printed: 1/sqrt(B) before <g,yhat>^2"
PRINTED_11 = "printed: with the plain gradient in the first term"


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's trainings; the batch is the training's."""
    return protocol.configuration(scale)


def run(context: Context) -> Arrays:
    """For each net at the joint rate, by units: ``squared`` |grad_y L|^2 and ``curvature`` d'Kd as
    they are; the right sides of (1) ``printed_1`` and ``right_1``, of (10) ``right_10`` and of (11)
    ``printed_11``; the ``alignment`` <g, yhat> with the outputs, over |g||yhat|; the ``factor``
    |gamma|/sigma before the bounds, and ``plain``, its square times |g|^2.
    """
    arrays: Arrays = {}
    for name in NAMES:
        compute = partial(_sides, name, context)
        sides = context.stage(name, compute)
        arrays |= {f"{name}:{quantity}": array for quantity, array in sides.items()}
    return arrays


def _sides(name: Name, context: Context) -> Arrays:
    """In double precision and without eps, as the source has it."""
    net = protocol.net(name, "active", "joint", context)
    size = context.config["batch"]
    ((x, targets),) = balanced_batches(context.data, size, size, dtype="float64")
    weights = {layer: w.astype("float64") for layer, w in net.state.weights.items()}
    exact = net.problem.with_norm(Active(eps=0.0))
    return sides(exact, weights, LAYER, to_host(x), to_host(targets))


def sides(problem: Problem, weights: dict[str, Any], layer: str, x: Any, targets: Any) -> Arrays:
    """The arrays of one net. A unit whose outputs do not vary, or without gradient, is left out.

    Behind the ``layer`` nothing may couple the examples: the Hessian in a unit's outputs is then
    diagonal, and its product with 1 is its diagonal.
    """
    probed = probe(problem, weights, layer, x, targets)
    alive = (np.ptp(probed.y, axis=0) > 0) & (np.abs(probed.slope_out).max(0) > 0)
    by_unit = [_unit(probed, unit) for unit in np.flatnonzero(alive).tolist()]
    return {
        quantity: np.array([of_unit[quantity] for of_unit in by_unit]) for quantity in by_unit[0]
    } | {"units": np.array(probed.y.shape[1])}


def _unit(probed: Probe, unit: int) -> dict[str, float]:
    only = np.zeros_like(probed.y)
    only[:, unit] = 1
    slope = probed.slope_in[:, unit]
    y, g, gamma = probed.y[:, unit], probed.slope_out[:, unit], float(probed.scale[unit])
    known = {"y": y, "g": g, "gamma": gamma}
    curved = known | {"H": np.diag(probed.hvp_out(only)[:, unit])}
    centred, factor = y - y.mean(), abs(gamma) / float(y.std())
    return {
        "squared": float(slope @ slope),
        "printed_1": smoothness.gradient_norm.twins[PRINTED_1](**known),
        "right_1": smoothness.gradient_norm(**known),
        "curvature": float(slope @ probed.hvp_in(only * probed.slope_in)[:, unit]),
        "right_10": smoothness.curvature_along_gradient(**curved),
        "printed_11": smoothness.curvature_along_gradient.twins[PRINTED_11](**curved),
        "factor": factor,
        "plain": factor**2 * float(g @ g),
        "alignment": float(g @ centred / np.linalg.norm(g) / np.linalg.norm(centred)),
    }


def _error(left: str, right: str) -> Measure:
    """The largest distance of the two sides, over the root mean square of the left, of all units
    of both nets."""

    def measure(arrays: Arrays) -> float:
        errors = []
        for name in NAMES:
            one, other = arrays[f"{name}:{left}"], arrays[f"{name}:{right}"]
            errors.append(np.abs(one - other).max() / np.sqrt(np.mean(one**2)))
        return float(max(errors))

    return measure


def violated(arrays: Arrays, name: str, left: str, right: str) -> np.ndarray:
    """Of each unit, whether left <= right fails by more than rounding."""
    one, other = arrays[f"{name}:{left}"], arrays[f"{name}:{right}"]
    return one - other > 1e-9 * np.sqrt(np.mean(one**2))


def _violated(left: str, right: str) -> Measure:
    """The share of the units of both nets."""
    return lambda arrays: float(
        np.mean(np.concatenate([violated(arrays, name, left, right) for name in NAMES]))
    )


def _as_the_factor_says(arrays: Arrays) -> float:
    """The share of units that violate (11) where |gamma| > sigma and not elsewhere."""
    flags = [violated(arrays, name, "curvature", "printed_11") for name in NAMES]
    return float(np.mean(np.concatenate(flags) == (of_units(arrays, "factor") > 1)))


def of_units(arrays: Arrays, quantity: str) -> np.ndarray:
    """``quantity`` of all units of both nets."""
    return np.concatenate([arrays[f"{name}:{quantity}"] for name in NAMES])


#: A printed bound that does not hold is violated wherever <g, yhat> is not 0: by all units but
#: those whose violation is less than rounding. Nulls are the printed form for the right one, the
#: right one for the printed.
OBSERVATIONS = (
    Observation(
        "printed_bounds.bound_1_as_printed_is_violated",
        band=(0.95, 1),
        measure=_violated("squared", "printed_1"),
        null=_violated("squared", "right_1"),
        about=(smoothness.gradient_norm,),
    ),
    Observation(
        "printed_bounds.bound_1_corrected_is_an_equality",
        band=(0, 1e-9),
        measure=_error("squared", "right_1"),
        null=_error("squared", "printed_1"),
        about=(smoothness.gradient_norm,),
    ),
    Observation(
        "printed_bounds.bound_10_is_an_equality",
        band=(0, 1e-9),
        measure=_error("curvature", "right_10"),
        null=_error("curvature", "printed_11"),
        about=(smoothness.curvature_along_gradient,),
    ),
    Observation(
        "printed_bounds.bound_11_as_printed_is_violated",
        None,
        _violated("curvature", "printed_11"),
        about=(smoothness.curvature_along_gradient,),
    ),
    Observation(
        "printed_bounds.aligned_with_the_outputs",
        None,
        lambda arrays: float(np.mean(of_units(arrays, "alignment") > 0)),
    ),
    Observation(
        "printed_bounds.bound_11_follows_the_factor",
        None,
        _as_the_factor_says,
        about=(smoothness.isotropic_curvature_bound,),
    ),
    Observation(
        "printed_bounds.factor_below_1",
        None,
        lambda arrays: float(np.mean(of_units(arrays, "factor") <= 1)),
    ),
)
