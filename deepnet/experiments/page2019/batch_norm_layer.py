"""A batch norm layer shifts each channel to mean 0 and scales it to variance 1 over the batch, and
each channel keeps its shape. One layer is measured channel by channel, before training and
half-way through training.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import beside, to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.random_layers import quantiles, share_of_means
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active, Recording
from theory import normalisation

VERSION = 2
SOURCE = cite("page2019", "before and after a batch norm layer (Per channel histograms)")
LAYER = "layer2"
TIMES = ("before training", "in training")


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol. ``examples`` is the size of the batch that is looked at."""
    return protocol.configuration(scale) | {"examples": scale.pick(32, 512, 512)}


def run(context: Context) -> Arrays:
    """Look at the input and the output of the batch norm of LAYER, at each of TIMES.

    The arrays are named "<time>:<before or after the norm>:<quantity>":
    - ``mean`` and ``variance`` (channels,) are taken over the batch.
    - ``values`` (channels, quantiles) are quantiles of the first channels.
    - ``share`` is the share of the channels' means in the mean square.

    Raises UsageError if there are too few images.
    """
    require(context.data, context.config["examples"])
    images = context.data.normalised(context.data.x_train[: context.config["examples"]])
    trained = protocol.net("active", context)
    net = trained.problem.net
    initial = initialise(net, context.rng("weights"))
    arrays: Arrays = {}
    for time, weights in zip(TIMES, (initial, trained.state.weights), strict=True):

        def see(layer: str, *sides: np.ndarray, time: str = time) -> None:
            if layer == LAYER:
                for side, z in zip(("before", "after"), to_host(sides), strict=True):
                    channels = _moments(z) | {"values": quantiles(z, min(10, z.shape[-1]))}
                    arrays.update(
                        {f"{time}:{side}:{quantity}": channels[quantity] for quantity in channels}
                    )

        net.forward(beside(images, weights), images, Recording(Active(), see))
    return arrays


def _moments(z: np.ndarray) -> Arrays:
    """Mean and variance of each channel of ``z`` (..., channels), and the share of the means."""
    rows = z.reshape(-1, z.shape[-1]).astype(float)
    share = np.array(share_of_means(z))
    return {"mean": rows.mean(axis=0), "variance": rows.var(axis=0), "share": share}


def _farthest(side: str, moment: str, wanted: float) -> Measure:
    """The largest |moment - wanted| over channels and TIMES, on one ``side`` of the norm."""
    return lambda arrays: max(
        float(np.abs(arrays[f"{time}:{side}:{moment}"] - wanted).max()) for time in TIMES
    )


def _changed(other: int) -> Measure:
    """How far the norm changes shapes: the largest distance between quantiles before and after it.

    The quantiles before it are standardised. ``other`` is how many channels further on the channel
    after it is: 0 for the channel itself.
    """

    def measure(arrays: Arrays) -> float:
        farthest = 0.0
        for time in TIMES:
            before, after = (arrays[f"{time}:{side}:values"] for side in ("before", "after"))
            shown = slice(len(before))
            mean = arrays[f"{time}:before:mean"][shown, None]
            spread = np.sqrt(arrays[f"{time}:before:variance"][shown, None])
            standard = np.roll((before - mean) / spread, other, axis=0)
            farthest = max(farthest, float(np.abs(standard - after).max()))
        return farthest

    return measure


#: Zero up to rounding: sums of 1e5 float32 numbers, and eps = 1e-5 beside the variance. The nulls
#: are the channels before the norm, and the shape of another channel.
OBSERVATIONS = (
    Observation(
        "batch_norm_layer.means_taken_away",
        says="The mean of every channel after one layer's batch norm is at most 0.001 from 0, "
        "before training and half-way through training.",
        exact=True,
        band=(0, 1e-3),
        measure=_farthest("after", "mean", 0),
        null=_farthest("before", "mean", 0),
        about=(normalisation.standardisation,),
    ),
    Observation(
        "batch_norm_layer.variances_made_one",
        says="The variance of every channel after one layer's batch norm is at most 0.01 from 1, "
        "before training and half-way through training.",
        exact=True,
        band=(0, 1e-2),
        measure=_farthest("after", "variance", 1),
        null=_farthest("before", "variance", 1),
        about=(normalisation.standardisation,),
    ),
    Observation(
        "batch_norm_layer.shapes_kept",
        says="The quantiles after one layer's batch norm differ by at most 0.02 from the "
        "standardised quantiles before, in each of the first ten channels.",
        exact=True,
        band=(0, 2e-2),
        measure=_changed(0),
        null=_changed(1),
        about=(normalisation.standardisation,),
    ),
)
