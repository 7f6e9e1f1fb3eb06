"""Shortcuts let the inputs of random nets merge half as fast, as if the nets were half as deep. The
post left shortcuts aside. In the dense nets here, a shortcut passes by ReLU and the weights after
it. In linear nets, the singular values spread out hardly less with shortcuts: three quarters of the
spread per layer. They spread out clearly less if batch norm on the branch makes each layer change
less of the sums below it.

Batch norm without shortcuts has the plain net's limit of infinite width. At finite width it lessens
the spread, since some channels' variances are then larger than others and batch norm evens them. In
layer 20 the spread is 9, 14 and 16 at width 128, 512 and 1024, and the limit is 20.

In the post's conv net, a shortcut adds the output of a ReLU, which is nowhere negative, to numbers
that are nowhere negative. Both means are added. More of the outputs' mean square is therefore in
their channels' means than without shortcuts, not less.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.finding import Band
from deepnet.experiments.page2019 import random_conv_net, random_dense_nets
from deepnet.experiments.page2019.random_dense_nets import DEPTH, mean_in_layer, relative_squares
from deepnet.experiments.page2019.shared.random_layers import (
    SHOWN,
    Dense,
    Mode,
    conv,
    dense,
    linear,
)
from deepnet.experiments.store import Arrays
from theory import propagation

VERSION = 2
SOURCE = cite("page2019", "the addition of residual connections, left open")
VARIANTS: dict[str, tuple[Mode, bool]] = {
    "plain": ("none", False),
    "normed": ("active", False),
    "shortcuts": ("none", True),
    "both": ("active", True),
}
KINDS = {"relu": Dense(), "linear": Dense(linear, variance=1)}


def configuration(scale: Scale) -> dict[str, Any]:
    """The nets and inputs of ``random_dense_nets`` and of ``random_conv_net``."""
    return random_dense_nets.configuration(scale) | random_conv_net.configuration(scale)


def run(context: Context) -> Arrays:
    """``random_layers.dense`` and ``random_layers.conv`` (of images) for each of VARIANTS.

    The arrays are named "<relu, linear or conv>:<variant>:<measure>".
    """
    images = random_conv_net.inputs(context)["images"]
    arrays: Arrays = {}

    def enter(name: str, compute: Callable[[], Arrays]) -> None:
        measured = context.stage(name.replace(":", "-"), compute)
        arrays.update(
            {
                f"{name}:{quantity}": array
                for quantity, array in measured.items()
                if quantity != "values"
            }
        )

    for variant, (norm, shortcuts) in VARIANTS.items():
        for kind, net in KINDS.items():
            changed = replace(net, norm=norm, shortcuts=shortcuts)
            enter(f"{kind}:{variant}", partial(dense, changed, context))
        enter(f"conv:{variant}", partial(conv, images, context, norm, shortcuts))
    return arrays


def correlations(depth: int) -> np.ndarray:
    """The correlation of two inputs in the outputs of layers 1 to ``depth``, with shortcuts.

    The correlation of the sums starts at 0. One layer's map gives the correlation of the outputs,
    which the layer adds to the sums. ``propagation.shortcut_correlation`` gives the correlation of
    the next sums.
    """
    sums, by_layer = 0.0, [0.0]
    for _ in range(depth - 1):
        by_layer.append(2 * float(propagation.arc_cosine(c=sums)))
        sums = float(propagation.shortcut_correlation(c=sums))
    return np.array(by_layer)


def _off_the_map(variant: str) -> Measure:
    """The correlation of two inputs in layer 10 minus its theoretical value with shortcuts."""

    def measure(arrays: Arrays) -> float:
        return mean_in_layer(10, f"relu:{variant}:correlation")(arrays) - float(
            correlations(10)[-1]
        )

    return measure


def _spread(variant: str, layer: int = DEPTH) -> Measure:
    """The relative variance of the squared singular values of the map up to ``layer``."""
    row = SHOWN.index(layer)
    return lambda arrays: float(relative_squares(arrays[f"linear:{variant}:stretches"])[row].var())


def _spread_over(above: str, below: str) -> Measure:
    """The spread of ``above`` in layer 20 divided by the spread of ``below`` there."""
    return lambda arrays: _spread(above, 20)(arrays) / _spread(below, 20)(arrays)


def _conv_left(above: str, below: str) -> Measure:
    """1 - correlation of two images in the conv net's outputs: ``above`` divided by ``below``."""
    return lambda arrays: float(
        (1 - arrays[f"conv:{above}:correlation"]) / (1 - arrays[f"conv:{below}:correlation"])
    )


def _about_what_relu_makes() -> Band:
    """The band within 0.05 of the correlation after ReLU, for sums without means."""
    merged = float(propagation.classifier_share()["after ReLU"])
    return merged - 0.05, merged + 0.05


def _about_the_claim() -> Band:
    """The band within a quarter of the relative variance with batch norm on the branch."""
    stretches = propagation.shortcut_stretches(depth=DEPTH)
    normed = float(stretches["with batch norm on the branch"])
    return 0.8 * normed, 1.25 * normed


#: - Inputs merge half as fast: as near to the map as in ``random_dense_nets``. Without shortcuts
#:   the correlation in layer 10 is larger by 0.14.
#: - Batch norm keeps inputs apart: with batch norm on the branch the sums have no means. ReLU and
#:   one layer then make the correlation 1/pi.
#: - Stretches hardly milder: 3/4 per layer. In layer 20 the spread is 0.76 times the spread without
#:   shortcuts, and a net of width 512 is off by 0.04.
#: - Batch norm makes stretches milder: with batch norm too, the spread in layer 50 is near the
#:   claim's 7.4, and not near the 37.75 of shortcuts alone.
OBSERVATIONS = (
    Observation(
        "shortcuts.inputs_merge_half_as_fast",
        says="The correlation of two inputs in layer 10 of the net with shortcuts differs by at "
        "most 0.05 from the correlation at infinite width.",
        band=(-0.05, 0.05),
        measure=_off_the_map("shortcuts"),
        null=_off_the_map("plain"),
        about=(propagation.shortcut_correlation,),
        stated="after",
        was=random_dense_nets.ONE_NET,
        why=random_dense_nets.FOUR_NETS,
    ),
    Observation(
        "shortcuts.batch_norm_keeps_inputs_apart",
        says="The correlation of two inputs in layer 50 differs by at most 0.05 from 1/pi in the "
        "net with shortcuts and batch norm on the branch.",
        band=_about_what_relu_makes,
        measure=mean_in_layer(DEPTH, "relu:both:correlation"),
        null=mean_in_layer(DEPTH, "relu:shortcuts:correlation"),
        about=(propagation.classifier_share,),
        stated="after",
        was=random_dense_nets.ONE_NET,
        why=random_dense_nets.FOUR_NETS,
    ),
    Observation(
        "shortcuts.stretches_hardly_milder",
        says="The relative variance of a linear net's squared singular values up to layer 20 is "
        "0.6 to 0.93 times as large with shortcuts as without shortcuts.",
        link="log",
        band=(0.6, 0.93),
        measure=_spread_over("shortcuts", "plain"),
        null=_spread_over("both", "plain"),
        about=(propagation.shortcut_stretches,),
        stated="after",
        was="The quotient of the spreads in layer 50 lies in (0.5, 1).",
        why="In layer 20 a net of width 512 is off by 0.04 alone.",
    ),
    Observation(
        "shortcuts.batch_norm_makes_stretches_milder",
        says="The relative variance of squared singular values up to layer 50 is 0.8 to 1.25 "
        "times the limit, with shortcuts and batch norm on the branch.",
        link="log",
        band=_about_the_claim,
        measure=_spread("both"),
        null=_spread("shortcuts"),
        about=(propagation.shortcut_stretches,),
    ),
    Observation(
        "shortcuts.more_means_in_the_conv_net",
        says="The outputs' correlation for two images is 0.2 to 0.9 times as far from 1 in the "
        "random conv net with shortcuts as without shortcuts.",
        link="log",
        band=(0.2, 0.9),
        measure=_conv_left("shortcuts", "plain"),
        null=_conv_left("normed", "plain"),
    ),
)
