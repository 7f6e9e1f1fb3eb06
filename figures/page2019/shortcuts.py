"""The figure shows how shortcuts change random nets. Left: the correlation of two inputs is drawn
in what each layer of a dense ReLU net adds. With shortcuts inputs merge as if the net were half as
deep. With batch norm on the branch too they do not merge. Middle: the spread of the squared
singular values of linear nets (variance over squared mean) is drawn. Shortcuts alone hardly lessen
the spread, and batch norm on the branch lessens it. Right: in the post's conv net, on images, 1 -
correlation of two images is drawn. It is the part of the outputs that is left within the channels.
A shortcut adds one positive mean to another, so that less is left than without shortcuts. Lines are
theory of infinite width. The linear net with batch norm and without shortcuts has the limit of the
plain net, and is farther from it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.random_dense_nets import DEPTH, relative_squares
from deepnet.experiments.page2019.shared.random_layers import SHOWN
from deepnet.experiments.page2019.shortcuts import correlations
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.random_dense_nets import over_nets
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


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Correlations, spreads of singular values, and the part left in the conv net.

    Correlations are in the layers SHOWN, over all nets of all seeds. Spreads and the part left are
    of one net per seed.
    """
    config, runs = results[0].facts["configuration"], [result.arrays for result in results]
    nets: dict[str, Any] = {
        name: {
            "correlation": over_nets(runs, f"relu:{name}:correlation"),
            "spread": np.array(
                [relative_squares(run[f"linear:{name}:stretches"]).var(axis=-1) for run in runs]
            ),
            "left": [1 - float(run[f"conv:{name}:correlation"]) for run in runs],
        }
        for name in NETS
    }
    images = f"{config['images']} images of {results[0].facts['data']['name']}"
    nets["note"] = (
        f"dense: {config['nets']} nets of width {config['dense_width']} a seed, "
        f"{config['inputs']} inputs; conv net: width {config['width']}, {images}"
    )
    return nets


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw correlations, spreads, and the conv net."""
    fig.set_size_inches(7.2, 3.0)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1.2, 1.2, 0.9))
    layers = np.arange(1, DEPTH + 1)
    apart = np.where(layers > 1, propagation.classifier_share()["after ReLU"], 0)
    marks.theory(left, layers, propagation.between_share(depth=layers))
    marks.theory(left, layers, correlations(DEPTH), marks.SECOND)
    marks.theory(left, layers, apart, marks.MEASURED)
    spreads = propagation.shortcut_stretches(depth=layers)
    marks.theory(middle, layers, spreads["without shortcuts"])
    marks.theory(middle, layers, spreads["with shortcuts"], marks.SECOND)
    marks.theory(middle, layers, spreads["with batch norm on the branch"], marks.MEASURED)
    for place, (name, (words, colour)) in enumerate(NETS.items()):
        net = data[name]
        marks.estimated(left, SHOWN, net["correlation"], colour)
        for spread in net["spread"]:
            marks.measured(middle, SHOWN, spread, colour=colour)
        marks.measured(right, [place] * len(net["left"]), net["left"], colour=colour)
        above = (place, 1.3 * max(net["left"]))
        marks.label(right, above, words, colour, ha="center", va="bottom")
    left.set(xlabel="layer", ylabel="correlation of two inputs", ylim=(-0.05, 1.05))
    left.set(xticks=(1, 10, 20, 50), xlim=(0, 1.65 * DEPTH))
    middle.set(xlabel="layer", ylabel="spread of squared singular values")
    middle.set(xscale="log", yscale="log", xlim=(0.9, 9 * DEPTH), ylim=(0.7, 120), xticks=SHOWN)
    middle.tick_params(axis="x", which="minor", bottom=False)
    marks.plain_ticks(middle.xaxis, middle.yaxis)
    ends = [(data[name]["correlation"][-1].mean, *look) for name, look in NETS.items()]
    marks.end_labels(left, DEPTH, ends)
    ends = [(data[name]["spread"][0, -1], *look) for name, look in NETS.items()]
    marks.end_labels(middle, DEPTH, ends)
    every = [value for name in NETS for value in data[name]["left"]]
    right.set(yscale="log", ylim=(min(every) / 2, 4 * max(every)), xlim=(-0.7, 3.7), xticks=[])
    right.set(xlabel="conv net", ylabel="1 - correlation of two images")
    marks.plain_ticks(right.yaxis)
