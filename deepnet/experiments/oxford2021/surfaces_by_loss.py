"""Surfaces of LeNet along its training are compared at equal loss, with batch norm and without.

The surfaces are filter-normalised. Height, slope and curvature are set against the loss at the
centre. They grow as the loss falls, with batch norm and without. Which net's surface is flatter
therefore depends on how far each net has been trained. At equal loss the surface with batch norm is
lower and less steep at a distance in both modes of its statistics, as the source says. This holds
on textures and on CIFAR-10.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.experiments.oxford2021.shared.landscapes import MODES, NUMBERS, TERMS, WORDS
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("oxford2021", "figure 2, at equal training loss")
#: The direction seed of all surfaces.
SEED = 0


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the landscapes' configuration, and the ``stages``.

    ``stages``: the epochs after which a surface is measured. The last epoch is added to them.
    """
    return landscapes.configuration(scale) | {
        "stages": scale.pick([], [1, 2, 3], [1, 2, 5, 10]),
    }


def run(context: Context) -> Arrays:
    """The numbers of the surface at each stage in each mode, at the joint rate.

    ``stages`` (stages,): the epochs.
    ``<mode>:numbers`` (stages, 6): the ``NUMBERS`` of the surface, nan where the net did not train.
    ``<mode>:trained`` (stages,): whether the net trained.
    """
    config = context.config
    last = config["lenet_epochs"]
    stages = [epochs for epochs in config["stages"] if epochs < last] + [last]
    arrays: Arrays = {"stages": np.array(stages)}
    rate = protocol.rate_of("joint", "lenet", context)
    for mode in MODES:
        whole = protocol.recipe("lenet", landscapes.norm_of(mode), rate, config)
        rows, trained = [], []
        for epochs in stages:
            recipe = whole if epochs == last else replace(whole, epochs=epochs, watched=0)
            net = protocol.trained(recipe, context)
            trained.append(not net.outcome)
            if net.outcome:
                rows.append(np.full(len(NUMBERS), np.nan))
            else:
                surface = landscapes.measured(net, mode, SEED, context)
                rows.append(landscapes.numbers(surface))
        arrays |= {f"{mode}:numbers": np.array(rows), f"{mode}:trained": np.array(trained)}
    return arrays


def at_equal_loss(arrays: Arrays, mode: str, kind: str) -> float:
    """The number ``kind`` with batch norm over the number without, at equal loss at the centre.

    The number without batch norm is interpolated to the loss of the net with batch norm, both in
    logarithms. Beyond the range of these losses its nearest stage is taken. The result is the
    median over the stages that trained, or nan without any.
    """
    column = NUMBERS.index(kind)
    none, normed = (
        arrays[f"{either}:numbers"][arrays[f"{either}:trained"]] for either in ("none", mode)
    )
    if not len(none) or not len(normed):
        return float("nan")
    none = none[np.argsort(none[:, 0])]
    with np.errstate(invalid="ignore"):  # a curvature may be negative: then there is no quotient
        there = np.interp(np.log(normed[:, 0]), np.log(none[:, 0]), np.log(none[:, column]))
        return float(np.exp(np.median(np.log(normed[:, column]) - there)))


def _at_equal_loss(mode: str, kind: str) -> Measure:
    return lambda arrays: at_equal_loss(arrays, mode, kind)


def _growth(mode: str, kind: str) -> Measure:
    """The number ``kind`` at the last stage that trained over this number at the first one."""

    def measure(arrays: Arrays) -> float:
        numbers = arrays[f"{mode}:numbers"][arrays[f"{mode}:trained"]][:, NUMBERS.index(kind)]
        return float(numbers[-1] / numbers[0]) if len(numbers) else float("nan")

    return measure


#: No sign was stated. These numbers say what stands behind the numbers of
#: ``loss_surfaces``.
OBSERVATIONS = (
    *(
        Observation(
            f"surfaces_by_loss.growth_of_{kind}_{mode}",
            says=f"The {TERMS[kind]} of LeNet's surface at the last stage of training divided "
            f"by this number at the first stage, {WORDS[mode]}.",
            link="identity" if kind == "curvature" else "log",
            band=None,
            measure=_growth(mode, kind),
        )
        for kind in ("highest", "curvature")
        for mode in MODES
    ),
    *(
        Observation(
            f"surfaces_by_loss.{kind}_{mode}_over_none",
            says=f"The {TERMS[kind]} of LeNet's surface {WORDS[mode]} divided by this number "
            "without batch norm, at equal losses at the centre.",
            link="log",
            band=None,
            measure=_at_equal_loss(mode, kind),
        )
        for kind in ("highest", "steepest", "rise", "curvature")
        for mode in ("running", "batch")
    ),
)
