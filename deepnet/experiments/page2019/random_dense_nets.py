"""Random dense nets of 50 layers: ReLU with He's weights computes an almost constant function,
channel by channel, though all channels together look as they should; without ReLU no channel shows
anything, and yet some combinations of channels are stretched tenfold; ReLU shifted and scaled, or
followed by batch norm, keeps inputs apart.

The theory is that of infinite width. At finite width the shift and scale holds no order for good:
the examples whose mean square came out too large explode (propagation.shifted_drift), and in time
they are all that a channel's variance consists of; the correlation of two inputs, which does not
look at lengths, stays near zero.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.page2019.shared.random_layers import SHOWN, Dense, dense, linear, shifted
from deepnet.experiments.store import Arrays
from theory import propagation

VERSION = 2
SOURCE = cite("page2019", "Deep nets and constant functions (hist_pooled to hist_shift_relu)")
NETS = {
    "relu": Dense(),
    "linear": Dense(linear, variance=1),
    "shifted": Dense(shifted),
    "normed": Dense(norm="active"),
    "halved": Dense(variance=1),  # ReLU with the linear net's weights
}
DEPTH = max(SHOWN)


def configuration(scale: Scale) -> dict[str, Any]:
    """The nets; ``full`` is the post's. Images play no part."""
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "dense_width": scale.pick(32, 512, 2048),
        "depth": DEPTH,
        "inputs": scale.pick(32, 512, 512),
        "nets": scale.pick(2, 4, 4),
    }


def run(context: Context) -> Arrays:
    """``random_layers.dense`` of each net, its arrays named "net:measure"."""
    arrays: Arrays = {"width": np.array(context.config["dense_width"])}
    for name, net in NETS.items():
        measured = context.stage(name, partial(dense, net, context))
        arrays |= {f"{name}:{measure}": array for measure, array in measured.items()}
    return arrays


def mean_in_layer(layer: int, name: str) -> Measure:
    """The mean over the nets drawn of the measure ``name`` in ``layer``."""
    return lambda arrays: float(arrays[name][:, layer - 1].mean())


def _apart(arrays: Arrays) -> float:
    """The larger correlation of two inputs where means are taken away."""
    return max(
        mean_in_layer(DEPTH, f"{name}:correlation")(arrays) for name in ("shifted", "normed")
    )


def _off_the_map(name: str) -> Measure:
    """The correlation of two inputs in layer 10 of the net less propagation.between_share."""

    def measure(arrays: Arrays) -> float:
        expected = float(propagation.between_share(depth=10))
        return mean_in_layer(10, f"{name}:correlation")(arrays) - expected

    return measure


def _wobble(name: str) -> Measure:
    """The logarithm of the mean square of layer 50 over 2, on average, in standard errors of what
    propagation.mean_square_moments leaves to chance in 49 layers, as if it were Gaussian."""

    def measure(arrays: Arrays) -> float:
        moments = propagation.mean_square_moments(n=int(arrays["width"]), depth=DEPTH - 1)
        variance = np.log(moments["rectified"])
        squares = np.log(arrays[f"{name}:square"][:, -1] / 2)
        return float((squares.mean() + variance / 2) / np.sqrt(variance / len(squares)))

    return measure


def relative_squares(stretches: np.ndarray) -> np.ndarray:
    """Squared singular values over their mean, layer by layer."""
    squares = stretches**2
    return np.asarray(squares / squares.mean(axis=-1, keepdims=True))


def _spread_of_stretches(arrays: Arrays) -> float:
    """The relative variance of the squared singular values up to layer 50."""
    return float(relative_squares(arrays["linear:stretches"])[-1].var())


def _largest(layer: int) -> Measure:
    """The largest singular value up to ``layer``, over the root of the mean square of all."""
    return lambda arrays: float(
        np.sqrt(relative_squares(arrays["linear:stretches"])[SHOWN.index(layer), 0])
    )


def _over_the_edge(layer: int) -> Measure:
    """The largest singular value up to ``layer`` over the limit for 50 layers."""
    return lambda arrays: _largest(layer)(arrays) / propagation.product_edge(depth=DEPTH)


#: c_50 is 0.987. In layer 10 the correlation of one net of width 512 has a standard deviation of
#: 0.023 (50 other nets), the mean of four a quarter of the band. The wobble: four standard errors.
#: The spread of the squared singular values is 50 in the limit; that of the variances of single
#: channels, the null, 2 depth/width. The largest singular value is 0.87 of its limit on average at
#: width 512, with a standard deviation of 0.07 from net to net: four of them to either side.
OBSERVATIONS = (
    Observation(
        "random_dense_nets.almost_constant",
        band=(0.95, 1.0),
        measure=mean_in_layer(DEPTH, "relu:correlation"),
        null=_apart,
        about=(propagation.between_share,),
    ),
    Observation(
        "random_dense_nets.by_the_correlation_map",
        band=(-0.05, 0.05),
        measure=_off_the_map("relu"),
        null=_off_the_map("normed"),
        about=(propagation.between_share,),
    ),
    Observation(
        "random_dense_nets.pooled_as_it_should_be",
        band=(-4, 4),
        measure=_wobble("relu"),
        null=_wobble("halved"),
        about=(propagation.mean_square_moments,),
    ),
    Observation(
        "random_dense_nets.linear_channels_have_no_means",
        band=(-0.02, 0.02),
        measure=mean_in_layer(DEPTH, "linear:share"),
        null=mean_in_layer(DEPTH, "relu:share"),
    ),
    Observation(
        "random_dense_nets.stretched_unseen",
        band=(25, 100),
        measure=_spread_of_stretches,
        null=mean_in_layer(DEPTH, "linear:spread"),
        about=(propagation.product_moments, propagation.linear_channel_variances),
    ),
    Observation(
        "random_dense_nets.largest_stretch_over_limit",
        band=(0.6, 1.15),
        measure=_over_the_edge(DEPTH),
        null=_over_the_edge(1),
        about=(propagation.product_edge,),
    ),
    Observation(
        "random_dense_nets.shift_keeps_inputs_apart",
        band=(-0.1, 0.1),
        measure=mean_in_layer(DEPTH, "shifted:correlation"),
        null=mean_in_layer(DEPTH, "relu:correlation"),
        about=(propagation.shifted_correlation,),
    ),
)

PUBLISHED = (
    Published(
        "largest stretch of a combination of channels by layer 50",
        10.0,
        _largest(DEPTH),
        band=(0.7, 1.4),
        why="said to be about 10, at width 2048",
    ),
)
