"""What is stated of the arrays of ``way_to_the_optimum``: measures, nulls, observations."""

from typing import Any

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared.comparison import (
    after_the_start,
    at_equal_loss,
    compared,
)
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.ghorbani2019.shared.protocol import COMPARED
from deepnet.experiments.ghorbani2019.shared.way import RANDOM
from deepnet.experiments.reasons import NEVER_INSIDE, SEEN
from deepnet.experiments.store import Arrays
from theory import spectra


def medians(arrays: Arrays, name: str) -> np.ndarray:
    """The median cosine of the stochastic gradients at each record after the start."""
    return np.median(after_the_start(arrays, name, "cosine"), axis=1)


def _both(measure: Any) -> np.ndarray:
    """The values of ``measure`` for both nets, in one array."""
    return np.concatenate([np.ravel(measure(name)) for name in COMPARED])


def _spread(arrays: Arrays) -> float:
    """The standard deviation of the cosine with a random direction, the larger of both nets."""
    return float(max(after_the_start(arrays, name, "chance").std() for name in COMPARED))


def _largest(arrays: Arrays) -> float:
    """The largest |median cosine| over both nets and the records after the start."""
    return float(np.abs(_both(lambda name: medians(arrays, name))).max())


def _over_chance(arrays: Arrays) -> float:
    """The smallest median cosine in standard deviations of chance."""
    return float(_both(lambda name: medians(arrays, name)).min()) / _spread(arrays)


def _chance(arrays: Arrays) -> float:
    """Null: ``_over_chance`` of the random direction with which it is largest.

    The direction takes the place of the way, at all records and for both nets.
    """

    def cosines(name: str) -> np.ndarray:
        drawn = after_the_start(arrays, name, "chance")
        return np.median(drawn.reshape(len(drawn), -1, RANDOM), axis=1)

    smallest = np.concatenate([cosines(name) for name in COMPARED]).min(0)
    return float(smallest.max()) / _spread(arrays)


def _way_share(arrays: Arrays) -> float:
    """The largest share of the way in the ten leading eigenvectors, over both nets and records."""
    rank = COUNTS.index(LEADING)
    return float(_both(lambda name: after_the_start(arrays, name, "way_shares")[:, rank]).max())


def _gradient_share(arrays: Arrays) -> float:
    """Null: the smallest median share of stochastic gradients in the ten leading eigenvectors."""
    rank = COUNTS.index(LEADING)
    shares = _both(lambda name: np.median(after_the_start(arrays, name, "shares")[:, rank], -1))
    return float(shares.min())


def _contrast(quantity: str) -> Measure:
    """``quantity`` with batch norm minus ``quantity`` without, mean after the start."""

    def measure(arrays: Arrays) -> float:
        active, none = (after_the_start(arrays, name, quantity) for name in COMPARED)
        rows = [
            np.median(column, axis=1) if column.ndim == 2 else column for column in (active, none)
        ]
        return float((rows[0] - rows[1]).mean())

    return compared(measure)


def _contrast_at_equal_loss(arrays: Arrays) -> float:
    """The median cosine with batch norm minus the median without, mean over equal losses."""
    losses = [after_the_start(arrays, name, "loss") for name in COMPARED]
    common, active, none = at_equal_loss(losses, [medians(arrays, name) for name in COMPARED])
    return float((active - none).mean()) if len(common) else float("nan")


def _curved(name: str) -> Measure:
    """The curvature d'Hd divided by twice the excess loss at the last record.

    The quotient is 1 where the loss is quadratic. The sum d'Hd = sum lambda (w - w*)^2 has been
    printed as the L1 energy (see ``theory.errata``).
    """
    return lambda arrays: float(arrays[f"{name}:curved"][-1] / arrays[f"{name}:excess"][-1])


def _along_leading(arrays: Arrays) -> float:
    """Null: the cosine of stochastic gradients with their own part in the leading eigenvectors.

    It is the root of the share. Gradients that favour no direction have a small cosine here too.
    """
    return float(np.sqrt(_gradient_share(arrays)))


OUTCOME = "The commit that states the band also tells the outcome of the runs."
#: The gradient is nearly orthogonal to the way, with batch norm and without, and not quite. Whether
#: batch norm aligns gradient and way is asked without a verdict.
OBSERVATIONS = (
    Observation(
        "way_to_the_optimum.cosine_is_small",
        says=(
            "The median cosine of stochastic gradients with the way to the run's end is at most "
            "0.15 in size, with batch norm and without, after the start."
        ),
        bounds=(0, 1),
        band=(0.0, 0.15),
        measure=compared(_largest),
        null=_along_leading,
        about=(spectra.energy_cosine,),
        stated="after",
        was="The null was the number 0.82, a cosine by theory.",
        why=f"{OUTCOME} {NEVER_INSIDE}",
    ),
    Observation(
        "way_to_the_optimum.cosine_over_chance",
        says=(
            "The median cosine of stochastic gradients with the way to the run's end is at least "
            "two deviations of chance, with batch norm and without."
        ),
        band=(2.0, np.inf),
        measure=compared(_over_chance),
        null=_chance,
        stated="after",
        was="The null was the mean size of chance cosines over their standard deviation.",
        why=f"{OUTCOME} A mean size is about one standard deviation at most. {SEEN}",
    ),
    Observation(
        "way_to_the_optimum.share_of_the_way",
        says=(
            "The ten leading eigenvectors hold at most 0.05 of the way to the run's end, with "
            "batch norm and without, at each record after the start."
        ),
        link="logit",
        band=(0.0, 0.05),
        measure=compared(_way_share),
        null=_gradient_share,
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "way_to_the_optimum.aligned_by_batch_norm",
        says=(
            "The median cosine of stochastic gradients with the way to the run's end, with batch "
            "norm minus without batch norm, mean after the start."
        ),
        band=None,
        measure=_contrast("cosine"),
    ),
    Observation(
        "way_to_the_optimum.aligned_by_batch_norm_raw",
        says=(
            "The median cosine of stochastic gradients with the way in raw weights, with batch "
            "norm minus without batch norm, mean after the start."
        ),
        band=None,
        measure=_contrast("raw"),
    ),
    Observation(
        "way_to_the_optimum.aligned_by_batch_norm_at_equal_loss",
        says=(
            "The median cosine of stochastic gradients with the way to the run's end, with batch "
            "norm minus without batch norm, mean over equal losses."
        ),
        band=None,
        measure=compared(_contrast_at_equal_loss),
    ),
    Observation(
        "way_to_the_optimum.newton_aligned_by_batch_norm",
        says=(
            "The cosine of the gradient with its Newton step, with batch norm minus without batch "
            "norm, mean after the start."
        ),
        band=None,
        measure=_contrast("newton"),
    ),
    *(
        Observation(
            f"way_to_the_optimum.curvature_over_excess_{name}",
            says=(
                "The curvature d'Hd of the way d to the run's end divided by twice the fall of the "
                f"loss along d, from the last record on, {words} batch norm."
            ),
            band=None,
            measure=_curved(name),
        )
        for name, words in (("active", "with"), ("none", "without"))
    ),
    Observation(
        "way_to_the_optimum.aligned_by_batch_norm_before_training",
        says=(
            "The median cosine of stochastic gradients with the way to the run's end, with batch "
            "norm minus without batch norm, before training."
        ),
        band=None,
        measure=lambda arrays: float(
            np.median(arrays["active:cosine"][0]) - np.median(arrays["none:cosine"][0])
        ),
    ),
)
