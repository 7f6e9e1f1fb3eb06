"""Random dense nets of 50 layers with ReLU and He's weights compute an almost constant function,
channel by channel, though all channels together look as they should. Without ReLU no single channel
shows anything unusual, and yet some combinations of channels are stretched tenfold. If ReLU is
shifted and scaled, or followed by batch norm, inputs stay apart.

The theory holds for infinite width. At finite width, the shift and scale does not keep order for
good. Examples whose mean square came out too large explode (propagation.shifted_drift). In time a
channel's variance consists of nothing but these examples. The correlation of two inputs does not
depend on lengths. It stays near zero.
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
    """Sizes of the nets and of their inputs. ``full`` is the post's. Images are not used."""
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "dense_width": scale.pick(32, 512, 2048),
        "depth": DEPTH,
        "inputs": scale.pick(32, 512, 512),
        "nets": scale.pick(2, 4, 4),
    }


def run(context: Context) -> Arrays:
    """``random_layers.dense`` for each of NETS. Its arrays are named "<net>:<measure>"."""
    arrays: Arrays = {"width": np.array(context.config["dense_width"])}
    for name, net in NETS.items():
        measured = context.stage(name, partial(dense, net, context))
        arrays |= {f"{name}:{measure}": array for measure, array in measured.items()}
    return arrays


def mean_in_layer(layer: int, name: str) -> Measure:
    """The mean over the nets drawn of the measure ``name`` in ``layer``."""
    return lambda arrays: float(arrays[name][:, layer - 1].mean())


def _apart(arrays: Arrays) -> float:
    """Null: the larger of the two correlations in layer 50, of the nets "shifted" and "normed"."""
    return max(
        mean_in_layer(DEPTH, f"{name}:correlation")(arrays) for name in ("shifted", "normed")
    )


def _off_the_map(name: str) -> Measure:
    """The correlation of two inputs in layer 10 of the net minus propagation.between_share."""

    def measure(arrays: Arrays) -> float:
        expected = float(propagation.between_share(depth=10))
        return mean_in_layer(10, f"{name}:correlation")(arrays) - expected

    return measure


def _wobble(name: str) -> Measure:
    """How far the mean square in layer 50 is from its expectation, in standard errors.

    Its logarithm is averaged over the nets drawn. The logarithm of half the mean square has the
    expectation -variance/2, which is taken off. propagation.mean_square_moments gives the variance
    for 49 layers, as if the logarithm were Gaussian.
    """

    def measure(arrays: Arrays) -> float:
        moments = propagation.mean_square_moments(n=int(arrays["width"]), depth=DEPTH - 1)
        variance = np.log(moments["rectified"])
        squares = np.log(arrays[f"{name}:square"][:, -1] / 2)
        return float((squares.mean() + variance / 2) / np.sqrt(variance / len(squares)))

    return measure


def relative_squares(stretches: np.ndarray) -> np.ndarray:
    """Squared singular values divided by their mean, layer by layer."""
    squares = stretches**2
    return np.asarray(squares / squares.mean(axis=-1, keepdims=True))


def _spread_of_stretches(arrays: Arrays) -> float:
    """The relative variance of the squared singular values of the map up to layer 50."""
    return float(relative_squares(arrays["linear:stretches"])[-1].var())


def _largest(layer: int) -> Measure:
    """The largest singular value up to ``layer`` divided by the root mean square of all of them."""
    return lambda arrays: float(
        np.sqrt(relative_squares(arrays["linear:stretches"])[SHOWN.index(layer), 0])
    )


def _over_the_edge(layer: int) -> Measure:
    """The largest singular value up to ``layer`` divided by the limit for 50 layers."""
    return lambda arrays: _largest(layer)(arrays) / propagation.product_edge(depth=DEPTH)


ONE_NET = "The measure and the null took one net, with the same band."
FOUR_NETS = "The correlation of one net varies by 0.023. A band is four standard errors."
#: - Almost constant: the correlation map gives 0.987 in layer 50.
#: - By the correlation map: in layer 10 the correlation of one net of width 512 has a standard
#:   deviation of 0.023 (50 other nets). For the mean of four nets this is a quarter of the band.
#: - Pooled: four standard errors.
#: - Stretched unseen: the spread of the squared singular values is 50 in the limit. The null is the
#:   spread of the variances of single channels, 2 depth/width.
#: - Largest stretch: on average it is 0.87 of its limit at width 512, with a standard deviation of
#:   0.07 from net to net. The band takes four of them to either side.
OBSERVATIONS = (
    Observation(
        "random_dense_nets.almost_constant",
        says="The correlation of two inputs is at least 0.95 in layer 50 of the random net with "
        "ReLU.",
        bounds=(-1, 1),
        band=(0.95, 1.0),
        measure=mean_in_layer(DEPTH, "relu:correlation"),
        null=_apart,
        about=(propagation.between_share,),
        stated="after",
        was=ONE_NET,
        why=FOUR_NETS,
    ),
    Observation(
        "random_dense_nets.by_the_correlation_map",
        says="The correlation of two inputs in layer 10 of the random net with ReLU differs by at "
        "most 0.05 from the correlation at infinite width.",
        band=(-0.05, 0.05),
        measure=_off_the_map("relu"),
        null=_off_the_map("normed"),
        about=(propagation.between_share,),
        stated="after",
        was=ONE_NET,
        why=FOUR_NETS,
    ),
    Observation(
        "random_dense_nets.pooled_as_it_should_be",
        says="The logarithm of the mean square in layer 50 of the random net with ReLU is at most "
        "4 standard errors from the expectation.",
        band=(-4, 4),
        measure=_wobble("relu"),
        null=_wobble("halved"),
        about=(propagation.mean_square_moments,),
        stated="after",
        was=ONE_NET,
        why=FOUR_NETS,
    ),
    Observation(
        "random_dense_nets.linear_channels_have_no_means",
        says="The channels' means hold at most 0.02 of the mean square in layer 50 of the random "
        "linear net.",
        band=(-0.02, 0.02),
        measure=mean_in_layer(DEPTH, "linear:share"),
        null=mean_in_layer(DEPTH, "relu:share"),
        stated="after",
        was=ONE_NET,
        why=FOUR_NETS,
    ),
    Observation(
        "random_dense_nets.stretched_unseen",
        says="The squared singular values of the random linear net up to layer 50 have a relative "
        "variance of 25 to 100.",
        link="log",
        band=(25, 100),
        measure=_spread_of_stretches,
        null=mean_in_layer(DEPTH, "linear:spread"),
        about=(propagation.product_moments, propagation.linear_channel_variances),
        stated="after",
        was="The null took one net, with the same band.",
        why=FOUR_NETS,
    ),
    Observation(
        "random_dense_nets.largest_stretch_over_limit",
        says="The largest singular value of the random linear net, over the root mean square, is "
        "0.6 to 1.15 times the limit of infinite width, up to layer 50.",
        link="log",
        band=(0.6, 1.15),
        measure=_over_the_edge(DEPTH),
        null=_over_the_edge(1),
        about=(propagation.product_edge,),
        stated="after",
        was="The largest stretch over its limit lies in (0.6, 1.1).",
        why="The quotient is 0.87 on average, with a standard deviation of 0.07 from net to net.",
    ),
    Observation(
        "random_dense_nets.shift_keeps_inputs_apart",
        says="The correlation of two inputs is at most 0.1 in size in layer 50 of the random net "
        "whose ReLU is shifted and scaled.",
        band=(-0.1, 0.1),
        measure=mean_in_layer(DEPTH, "shifted:correlation"),
        null=mean_in_layer(DEPTH, "relu:correlation"),
        about=(propagation.shifted_correlation,),
        stated="after",
        was=ONE_NET,
        why=FOUR_NETS,
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
