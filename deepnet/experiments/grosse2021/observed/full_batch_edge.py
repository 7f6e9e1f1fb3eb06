"""What is stated of the arrays of ``full_batch_edge``: measures, nulls, observations."""

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared.edge_settings import SETTINGS
from deepnet.experiments.reasons import NEVER_WITH_MEASURE, SEEN
from deepnet.experiments.store import Arrays
from theory import stability


def at_the_edge(arrays: Arrays, name: str, threshold: float) -> np.ndarray:
    """Whether each record is at the edge, (records,).

    A run is there from the first record on that is above the ``threshold`` and not below the record
    before it. A run may start above the threshold, and then first comes down.
    """
    sharpness = arrays[f"{name}:sharpness"]
    arrived = (sharpness > threshold) & (np.diff(sharpness, prepend=np.inf) >= 0)
    return np.cumsum(arrived) > 0


def level(name: str, quantity: str = "sharpness") -> Measure:
    """The mean curvature at the edge divided by the run's threshold.

    The measure is nan where the run diverges or does not reach the edge.
    """

    def measure(arrays: Arrays) -> float:
        threshold = SETTINGS[name].threshold
        there = at_the_edge(arrays, name, threshold)
        if arrays[f"{name}:diverged"] or not there.any():
            return float("nan")
        return float(arrays[f"{name}:{quantity}"][there].mean() / threshold)

    return measure


def _of_another(run: str, level_of: str) -> Measure:
    """Null: the mean curvature at the edge of another ``run`` over the threshold of ``level_of``.

    The null is nan where ``level`` of this run is.
    """

    def measure(arrays: Arrays) -> float:
        return level(run)(arrays) * SETTINGS[run].threshold / SETTINGS[level_of].threshold

    return measure


def passed(name: str, level_of: str) -> Measure:
    """Null: the largest curvature of a run ``name`` divided by the threshold of ``level_of``.

    The measure is nan where the run never is at the edge that this threshold defines.
    """

    def measure(arrays: Arrays) -> float:
        threshold = SETTINGS[level_of].threshold
        sharpness = arrays[f"{name}:sharpness"][at_the_edge(arrays, name, threshold)]
        return float(sharpness.max() / threshold) if len(sharpness) else float("nan")

    return measure


def falls(name: str, stretch: int) -> Measure:
    """The share of stretches of ``stretch`` steps over which the loss falls."""

    def measure(arrays: Arrays) -> float:
        changes = np.diff(arrays[f"{name}:loss"][::stretch])
        return float((changes < 0).mean()) if len(changes) else float("nan")

    return measure


def _at_the_level(name: str, past: str, band: tuple[float, float]) -> Observation:
    """The level of a run, with the run ``past`` as null.

    ``past`` is a run of this net with a higher threshold. Where it does not become sharp enough to
    leave the band upwards, nothing is known to hold this run's curvature down.
    """
    net, rate = name.split(", ")
    which = f"the net {'without' if net == 'none' else 'with'} batch norm"
    return Observation(
        f"full_batch_edge.level_{name.replace(', ', '_at_').replace(' ', '_')}",
        says=(
            f"The mean largest curvature of {which} at the edge of stability is {band[0]:g} to "
            f"{band[1]:g} times 2/eta, at the rate {rate}."
        ),
        link="log",
        band=band,
        measure=level(name),
        null=passed(past, name),
        about=(stability.edge_of_stability,),
        stated="after",
        was=f"{BELOW_ONCE} The null of a run at 0.05 was a run at 0.0125. {WITHHELD}",
        why=f"{FROM_ABOVE} The null is a run that is allowed more. {UNINFORMATIVE}",
    )


BELOW_ONCE = "A run was at its level once it had been below the threshold."
WITHHELD = "Later the level was withheld where the null had not left the band."
UNINFORMATIVE = f"A verdict now says itself where a null lies in the band. {SEEN}"
FROM_ABOVE = "The start may be above the threshold, and comes down first."
#: The null of the heavy ball is descent without momentum, whose threshold is lower. The null of the
#: loss is single steps.
OBSERVATIONS = (
    _at_the_level("none, 0.05", "none, heavy ball", band=(0.95, 1.4)),
    _at_the_level("none, 0.1", "none, 0.05", band=(0.95, 1.4)),
    _at_the_level("batch norm, 0.05", "batch norm, heavy ball", band=(1.0, 1.65)),
    _at_the_level("batch norm, 0.15", "batch norm, 0.05", band=(1.0, 1.65)),
    Observation(
        "full_batch_edge.level_with_heavy_ball",
        says=(
            "The mean largest curvature of the net with batch norm at the edge of stability is 0.9 "
            "to 1.15 times the threshold with momentum, by heavy ball."
        ),
        link="log",
        band=(0.9, 1.15),
        measure=level("batch norm, heavy ball"),
        null=_of_another("batch norm, 0.05", level_of="batch norm, heavy ball"),
        about=(stability.edge_with_momentum,),
        stated="after",
        was=f"{BELOW_ONCE} Later the null was 1.9 times the measure.",
        why=f"{FROM_ABOVE} {NEVER_WITH_MEASURE}",
    ),
    Observation(
        "full_batch_edge.heavy_ball_without_batch_norm",
        says=(
            "The mean largest curvature of the net without batch norm at the edge of stability "
            "divided by the threshold with momentum, by heavy ball."
        ),
        link="log",
        band=None,
        measure=level("none, heavy ball"),
        about=(stability.edge_with_momentum,),
    ),
    Observation(
        "full_batch_edge.curvature_along_steps_over_level",
        says=(
            "The mean of the largest curvature along a step at the edge of stability divided by "
            "2/eta, with batch norm at the rate 0.15."
        ),
        link="log",
        band=None,
        measure=level("batch norm, 0.15", quantity="along"),
        about=(stability.edge_of_stability,),
    ),
    Observation(
        "full_batch_edge.loss_falls_in_the_long_run",
        says=(
            "The loss of the net without batch norm falls over each stretch of 250 steps, at the "
            "rate 0.1."
        ),
        bounds=(0, 1),
        band=(1, 1),
        measure=falls("none, 0.1", 250),
        null=falls("none, 0.1", 1),
        about=(stability.edge_of_stability,),
    ),
)
