"""The source's bounds on gradient and curvature before batch norm are evaluated on trained nets.

The bounds are (1), (10) and (11). They are evaluated unit by unit at the last batch norm, on real
outputs and real gradients. Bound (1) as printed, with 1/sqrt(B), is violated by every unit. With
1/B it is an equality. Bound (10) is an equality too, not a bound. Bound (11) has the plain gradient
in its first term. It holds where the factor gamma/sigma is below 1. It fails where the factor is
not below 1, which is so in 6 to more than 50 per cent of VGG-16's units, by the draw.
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
#: The last batch norm follows a dense layer. No later layer couples the examples.
LAYER = "dense2"
PRINTED_1 = "printed: 1/sqrt(B) before <g,yhat>^2"
PRINTED_11 = "printed: with the plain gradient in the first term"


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the protocol's trainings, with the batch of the training."""
    return protocol.configuration(scale)


def run(context: Context) -> Arrays:
    """Both sides of the bounds, one number per unit, for each net at the joint rate.

    K is the Hessian in the outputs y before batch norm, d the gradient in y, g the gradient in the
    outputs z, and yhat the centred y.

    ``squared``: |grad_y L|^2.
    ``curvature``: d'Kd.
    ``printed_1`` and ``right_1``: the right side of (1) as printed and corrected.
    ``right_10``: the right side of (10).
    ``printed_11``: the right side of (11) as printed.
    ``alignment``: <g, yhat>/(|g| |yhat|).
    ``factor``: |gamma|/sigma.
    ``plain``: (gamma/sigma)^2 |g|^2.
    ``units``: the number of units, with those that are left out.
    """
    arrays: Arrays = {}
    for name in NAMES:
        compute = partial(_sides, name, context)
        sides = context.stage(name, compute)
        arrays |= {f"{name}:{quantity}": array for quantity, array in sides.items()}
    return arrays


def _sides(name: Name, context: Context) -> Arrays:
    """The sides in double precision and without eps, as the source has its formulas."""
    net = protocol.net(name, "active", "joint", context)
    size = context.config["batch"]
    ((x, targets),) = balanced_batches(context.data, size, size, dtype="float64")
    weights = {layer: w.astype("float64") for layer, w in net.state.weights.items()}
    exact = net.problem.with_norm(Active(eps=0.0))
    return sides(exact, weights, LAYER, to_host(x), to_host(targets))


def sides(problem: Problem, weights: dict[str, Any], layer: str, x: Any, targets: Any) -> Arrays:
    """The arrays of one net, without units whose outputs do not vary or that have no gradient.

    No layer behind the ``layer`` may couple the examples. The Hessian in a unit's outputs is then
    diagonal, and its product with a column of ones is its diagonal.
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
    """The largest distance of the two sides divided by the root mean square of the left side.

    It is the larger value of the two nets.
    """

    def measure(arrays: Arrays) -> float:
        errors = []
        for name in NAMES:
            one, other = arrays[f"{name}:{left}"], arrays[f"{name}:{right}"]
            errors.append(np.abs(one - other).max() / np.sqrt(np.mean(one**2)))
        return float(max(errors))

    return measure


def violated(arrays: Arrays, name: str, left: str, right: str) -> np.ndarray:
    """Whether left <= right fails by more than rounding, (units,)."""
    one, other = arrays[f"{name}:{left}"], arrays[f"{name}:{right}"]
    return one - other > 1e-9 * np.sqrt(np.mean(one**2))


def _violated(left: str, right: str) -> Measure:
    """The share of the units of both nets for which left <= right fails by more than rounding."""
    return lambda arrays: float(
        np.mean(np.concatenate([violated(arrays, name, left, right) for name in NAMES]))
    )


def _as_the_factor_says(arrays: Arrays) -> float:
    """The share of units that violate (11) if and only if |gamma| > sigma."""
    flags = [violated(arrays, name, "curvature", "printed_11") for name in NAMES]
    return float(np.mean(np.concatenate(flags) == (of_units(arrays, "factor") > 1)))


def of_units(arrays: Arrays, quantity: str) -> np.ndarray:
    """``quantity`` of all units of both nets."""
    return np.concatenate([arrays[f"{name}:{quantity}"] for name in NAMES])


#: A printed bound that does not hold is violated wherever <g, yhat> is not 0, by every unit whose
#: violation is more than rounding. The null of the right form is the printed form, and the null of
#: the printed form is the right form.
OBSERVATIONS = (
    Observation(
        "printed_bounds.bound_1_as_printed_is_violated",
        says="The squared gradient exceeds the right side of bound (1) as printed in at least 0.95 "
        "of the units.",
        bounds=(0, 1),
        band=(0.95, 1),
        measure=_violated("squared", "printed_1"),
        null=_violated("squared", "right_1"),
        about=(smoothness.gradient_norm,),
    ),
    Observation(
        "printed_bounds.bound_1_corrected_is_an_equality",
        says="The squared gradient equals the right side of bound (1) with 1/B in place of "
        "1/sqrt(B), up to 1e-9 of its root mean square.",
        exact=True,
        band=(0, 1e-9),
        measure=_error("squared", "right_1"),
        null=_error("squared", "printed_1"),
        about=(smoothness.gradient_norm,),
    ),
    Observation(
        "printed_bounds.bound_10_is_an_equality",
        says="The curvature along the gradient equals the right side of bound (10), up to 1e-9 of "
        "its root mean square.",
        exact=True,
        band=(0, 1e-9),
        measure=_error("curvature", "right_10"),
        null=_error("curvature", "printed_11"),
        about=(smoothness.curvature_along_gradient,),
    ),
    Observation(
        "printed_bounds.bound_11_as_printed_is_violated",
        says="The share of the units in which the curvature along the gradient exceeds the right "
        "side of bound (11) as printed.",
        band=None,
        measure=_violated("curvature", "printed_11"),
        about=(smoothness.curvature_along_gradient,),
    ),
    Observation(
        "printed_bounds.aligned_with_the_outputs",
        says="The share of the units whose gradient after batch norm has a positive inner product "
        "with their centred outputs.",
        link="logit",
        band=None,
        measure=lambda arrays: float(np.mean(of_units(arrays, "alignment") > 0)),
    ),
    Observation(
        "printed_bounds.bound_11_follows_the_factor",
        says="The share of the units in which bound (11) as printed fails where |gamma|/sigma is "
        "above 1, and holds where it is not.",
        band=None,
        measure=_as_the_factor_says,
        about=(smoothness.isotropic_curvature_bound,),
    ),
    Observation(
        "printed_bounds.factor_below_1",
        says="The share of the units whose factor |gamma|/sigma is at most 1.",
        band=None,
        measure=lambda arrays: float(np.mean(of_units(arrays, "factor") <= 1)),
    ),
)
