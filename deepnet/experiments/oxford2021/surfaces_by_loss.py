"""Filter-normalised surfaces of LeNet along its training: height, slope and curvature against the
loss at the centre. They grow as the loss falls, with batch norm and without, so that which net's
surface is flatter depends on how far each has been trained. At equal loss that with batch norm is
lower and less steep at a distance in both modes of its statistics, as the source says, on textures
and on CIFAR-10.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.experiments.oxford2021.shared.landscapes import NUMBERS, Mode
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("oxford2021", "figure 2, at equal training loss")
MODES: tuple[Mode, ...] = ("none", "running", "batch")
#: The direction seed of all surfaces.
SEED = 0


def configuration(scale: Scale) -> dict[str, Any]:
    """The landscapes', and after how many epochs (``stages``) there is one, beside the last."""
    return landscapes.configuration(scale) | {
        "stages": scale.pick([], [1, 2, 3], [1, 2, 5, 10]),
    }


def run(context: Context) -> Arrays:
    """``<mode>:numbers`` (stages, 6) and whether the nets ``<mode>:trained`` (stages,), at the
    joint rate; nan of a net that did not train. ``stages`` are the epochs.
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
    """``kind`` with batch norm over that without, the latter interpolated, both in logarithms, to
    the loss at the former's centre (beyond its range that of its nearest stage): the median over
    the stages that trained, nan without any."""
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
    """``kind`` at the last stage over that at the first that trained."""

    def measure(arrays: Arrays) -> float:
        numbers = arrays[f"{mode}:numbers"][arrays[f"{mode}:trained"]][:, NUMBERS.index(kind)]
        return float(numbers[-1] / numbers[0]) if len(numbers) else float("nan")

    return measure


#: No sign was stated: these say what stands behind the numbers of ``loss_surfaces``.
OBSERVATIONS = (
    *(
        Observation(f"surfaces_by_loss.growth_of_{kind}_{mode}", None, _growth(mode, kind))
        for kind in ("highest", "curvature")
        for mode in MODES
    ),
    *(
        Observation(f"surfaces_by_loss.{kind}_{mode}_over_none", None, _at_equal_loss(mode, kind))
        for kind in ("highest", "steepest", "rise", "curvature")
        for mode in ("running", "batch")
    ),
)
