"""What shortcuts change in random nets. Left: the correlation of two inputs in what each layer of a
dense ReLU net adds; with shortcuts inputs merge as if the net were half as deep, and with batch
norm on the branch as well they do not. Middle: the spread of the squared singular values of linear
nets (variance over squared mean), which shortcuts alone hardly lessen and batch norm on the branch
does. Right: in the post's conv net, on images, what is left within the channels of the outputs: a
shortcut adds one positive mean to another, so that less is left with it than without. Lines: theory
of infinite width; the linear net with batch norm and without shortcuts has the limit of the plain
one, which it is farther from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.page2019.random_dense_nets import relative_squares
from deepnet.experiments.page2019.random_layers import SHOWN
from deepnet.experiments.page2019.shortcuts import correlations
from deepnet.experiments.runner import Result
from figures import marks
from theory import propagation

SOURCE = cite("page2019", "the addition of residual connections, left open")
EXPERIMENT = "shortcuts"
SHOWS = (
    propagation.shortcut_correlation,
    propagation.shortcut_stretches,
    propagation.between_share,
    propagation.classifier_share,
)
NETS = {
    "plain": ("plain", marks.THEORY),
    "shortcuts": ("shortcuts", marks.SECOND),
    "normed": ("batch norm", marks.THIRD),
    "both": ("both", marks.MEASURED),
}


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """Of each seed's nets: correlations and spreads by layer, what is left in the conv net."""
    config, runs = results[0].facts["configuration"], [result.arrays for result in results]
    found: dict[str, Any] = {
        name: {
            "correlation": np.array([run[f"relu:{name}:correlation"] for run in runs]),
            "spread": np.array(
                [relative_squares(run[f"linear:{name}:stretches"]).var(axis=-1) for run in runs]
            ),
            "left": np.array([1 - run[f"conv:{name}:correlation"] for run in runs]),
        }
        for name in NETS
    }
    words = f"dense: width {config['dense_width']}, {config['inputs']} inputs; conv net: "
    images = results[0].facts["data"]["name"]
    found["note"] = f"{words}width {config['width']}, {config['images']} images of {images}"
    return found


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Three panels; other seeds as paler points."""
    fig.set_size_inches(7.2, 3.0)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1.2, 1.2, 0.9))
    depth = data["plain"]["correlation"].shape[1]
    shown = np.array([layer for layer in SHOWN if layer <= depth])
    layers = np.arange(1, depth + 1)
    merged = np.where(layers > 1, propagation.classifier_share()["after ReLU"], 0)
    marks.theory(left, layers, propagation.between_share(depth=layers))
    marks.theory(left, layers, correlations(depth), marks.SECOND)
    marks.theory(left, layers, merged, marks.MEASURED)
    spreads = propagation.shortcut_stretches(depth=layers)
    marks.theory(middle, layers, spreads["without shortcuts"])
    marks.theory(middle, layers, spreads["with shortcuts"], marks.SECOND)
    marks.theory(middle, layers, spreads["with batch norm on the branch"], marks.MEASURED)
    for place, (name, (words, colour)) in enumerate(NETS.items()):
        found = data[name]
        for number in range(len(found["left"])):
            look = {"colour": colour, "alpha": 0.3 if number else 1.0}
            marks.measured(left, shown, found["correlation"][number, shown - 1], **look)
            marks.measured(middle, shown, found["spread"][number], **look)
            marks.measured(right, [place], [found["left"][number]], **look)
        marks.label(
            right, (place, 1.3 * found["left"].max()), words, colour, ha="center", va="bottom"
        )
    left.set(xlabel="layer", ylabel="correlation of two inputs", ylim=(-0.05, 1.05))
    left.set(xticks=(1, 10, 20, 50), xlim=(0, 1.55 * depth))
    middle.set(xlabel="layer", ylabel="spread of squared singular values")
    middle.set(xscale="log", yscale="log", xlim=(0.9, 5 * depth), ylim=(0.7, 120))
    middle.set_xticks((1, 2, 5, 10, 20, 50))
    for ax, what in ((left, "correlation"), (middle, "spread")):
        ends = [
            (float(data[name][what][0, -1]), words, colour)
            for name, (words, colour) in NETS.items()
        ]
        marks.end_labels(ax, depth, ends)
    marks.plain_ticks(middle.xaxis, middle.yaxis)
    lowest = min(data[name]["left"].min() for name in NETS)
    highest = max(data[name]["left"].max() for name in NETS)
    right.set(yscale="log", ylim=(lowest / 2, 4 * highest), xlim=(-0.7, 3.7), xticks=[])
    right.set(xlabel="conv net", ylabel="1 - correlation of two images")
    marks.plain_ticks(right.yaxis)
