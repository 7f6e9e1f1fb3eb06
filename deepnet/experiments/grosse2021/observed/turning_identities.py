"""What is stated of the arrays of ``turning_identities``: measures, nulls, observations."""

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared.turns import hidden
from deepnet.experiments.store import Arrays
from theory import invariance, normalisation


def _orthogonal(name: str) -> Measure:
    """The largest |cosine| of a unit's weights and its gradient."""
    return lambda arrays: float(np.abs(hidden(arrays, name, "along")).max())


def account(arrays: Arrays, name: str) -> np.ndarray:
    """The growth of each unit's r by the end, divided by the claim's sum of squares, (units,)."""
    r, G = (hidden(arrays, name, quantity) for quantity in "rG")
    lengths = (G / np.sqrt(r))[:-1]
    eta = float(arrays[f"{name}:rate"][0])
    claimed = [invariance.energy_identity(eta=eta, lengths=column[:, None]) for column in lengths.T]
    return (r[-1] - r[0]) / np.array(claimed, float)


def _unaccounted(name: str) -> Measure:
    """The largest |``account`` - 1| over the units."""
    return lambda arrays: float(np.abs(account(arrays, name) - 1).max())


def _turned(name: str) -> Measure:
    """The largest relative error of arctan(eta G/r) for the angle of a step."""

    def measure(arrays: Arrays) -> float:
        rate, r, G, angle = _moving(arrays, name)
        claimed = invariance.effective_rate(eta=rate, norm=np.sqrt(r), G=G)["angle"]
        return float(np.abs(angle / claimed - 1).max())

    return measure


def _turned_at_unit_length(name: str) -> Measure:
    """The largest relative error of arctan(eta G) for the angle, from the second step on."""

    def measure(arrays: Arrays) -> float:
        rate, _, G, angle = _moving(arrays, name, first=1)
        claimed = invariance.unit_norm(eta=rate, G=G)["angle"]
        return float(np.abs(angle / claimed - 1).max())

    return measure


def _moving(arrays: Arrays, name: str, first: int = 0) -> np.ndarray:
    """The numbers eta, r, G and angle at all steps at which a unit has a gradient.

    ``first`` is the first step that counts.
    """
    r, G, angle = (hidden(arrays, name, quantity)[first:] for quantity in ("r", "G", "angle"))
    rate = arrays[f"{name}:rate"][first:, None] + 0 * r
    return np.array([rate, r, G, angle])[:, G > 0]


def _least_growth(name: str) -> Measure:
    """The least relative growth of a unit's r in one step."""

    def measure(arrays: Arrays) -> float:
        r = hidden(arrays, name, "r")
        return float((r[1:] / r[:-1] - 1).min())

    return measure


def farthest(name: str) -> Measure:
    """The largest distance over the steps."""
    return lambda arrays: float(arrays[name].max())


#: The bands are rounding of float64, enlarged by the steps of a training. A null has no batch norm,
#: or an eps that is not small against the variance of its inputs, since its weights are a
#: thousandth as long, or free lengths, or the damping of the printed claim.
OBSERVATIONS = (
    Observation(
        "turning_identities.orthogonal",
        says=(
            "The gradient of each hidden unit of the net with batch norm is orthogonal to the "
            "unit's weights, to a cosine of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_orthogonal("batch norm"),
        null=_orthogonal("none"),
        about=(invariance.gradient, normalisation.weight_gradient),
    ),
    Observation(
        "turning_identities.orthogonal_without_eps",
        says=(
            "The gradient of each hidden unit is orthogonal to the unit's weights, to a cosine of "
            "1e-8, where batch norm has no eps."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_orthogonal("batch norm"),
        null=_orthogonal("short"),
        about=(normalisation.weight_gradient,),
    ),
    Observation(
        "turning_identities.account_of_squares",
        says=(
            "The squared length of each hidden unit with batch norm grows by the sum of the "
            "squares of its steps, to a relative error of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_unaccounted("batch norm"),
        null=_unaccounted("none"),
        about=(invariance.energy_identity,),
    ),
    Observation(
        "turning_identities.never_shorter",
        says="No step makes a hidden unit of the net with batch norm shorter.",
        exact=True,
        band=(0, np.inf),
        measure=_least_growth("batch norm"),
        null=_least_growth("none"),
        about=(invariance.norm_after_step,),
    ),
    Observation(
        "turning_identities.angle",
        says=(
            "Each step turns each hidden unit of the net with batch norm by arctan(eta G/|w|^2), "
            "to a relative error of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_turned("batch norm"),
        null=_turned("none"),
        about=(invariance.effective_rate,),
    ),
    Observation(
        "turning_identities.angle_at_unit_length",
        says=(
            "Each step but the first turns each hidden unit that is held at length one by "
            "arctan(eta G), to a relative error of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_turned_at_unit_length("unit"),
        null=_turned_at_unit_length("batch norm"),
        about=(invariance.unit_norm,),
    ),
    Observation(
        "turning_identities.kfac_is_immune",
        says=(
            "Undamped K-FAC takes units of usual and of stretched weights through equal "
            "directions, to 1e-6, with batch norm."
        ),
        band=(0, 1e-6),
        measure=farthest("undamped"),
        null=farthest("damped"),
        about=(invariance.kfac_immunity,),
        stated="after",
        was="The distance had to lie in the band in each run.",
        why="At seed 1 the paths parted when the factors were renewed, for a reason that is open.",
    ),
)
