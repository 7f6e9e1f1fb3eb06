"""The panels show which layers move a mean output. The squared norm of the gradient of an output's
mean is shared out between the layers. Bars are output 0, as in the source. Thin lines reach from
the smallest share to the largest over all outputs and seeds. Diamonds are the source's own shares
at width 1. Active batch norm leaves most of the gradient to the classifier. With batch norm frozen,
or without it, the gradient lies in all layers. The source says of the net that is frozen after the
activation that its gradient is "mostly concentrated in the final layer". Its own 42 % does not fit
these words. The last number in a panel is the share of the mean square of the classifier's inputs
that is in the inputs' means. The classifier's part of the gradient comes from these means. For
random nets theory has the share 0.32, and 0.71 with 2 x 2 max-pooling. Here the pooling is 4 x 4.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.gradient_by_layer import LAYERS, THEIRS
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import AFTER, NETS, note
from theory import normalisation, propagation

SOURCE = cite("page2019", "squared norm of the gradients and their distribution between layers")
EXPERIMENT = "gradient_by_layer"
SHOWS = (normalisation.weight_gradient, propagation.classifier_share)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Shares of the layers, totals, and shares of the inputs' means."""
    shares: dict[str, Any] = {}
    for name in (*NETS, *AFTER):
        squared = np.concatenate([result.arrays[f"{name}:mean"] for result in results])
        theirs = np.array(THEIRS[name])
        shares[name] = {
            "shares": squared / squared.sum(1, keepdims=True),
            "total": squared[0].sum(),
            "theirs": theirs / theirs.sum(),
            "their total": theirs.sum(),
            "means": float(results[0].arrays[f"{name}:share_of_means"]),
        }
    shares["width"] = results[0].facts["configuration"]["width"]
    shares["note"] = note(results[0])
    return shares


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per net, one bar per layer."""
    fig.set_size_inches(6.8, 3.2)
    grid = fig.subplots(1, 4, sharey=True)
    places = np.arange(len(LAYERS))
    for ax, (name, (words, colour)) in zip(grid, (NETS | AFTER).items(), strict=True):
        net = data[name]
        ax.barh(places, net["shares"][0], color=colour, height=0.62, alpha=0.75)
        ax.hlines(places, net["shares"].min(0), net["shares"].max(0), color="black", lw=0.8)
        ax.plot(net["theirs"], places, "D", ms=3.6, mfc="white", mec="black", mew=0.8, zorder=4)
        ax.set_title(words.replace(", ", ",\n"), weight="normal", size=8, color=colour)
        text = (
            f"total {net['total']:.2g}\nsource {net['their total']:.2g}\n"
            f"inputs' means\n{net['means']:.2f}"
        )
        marks.label(ax, (0.97, 1.0), text, fontsize=6.5, ha="right", va="center")
        ax.set(xlim=(0, 1), xlabel="share of the layer")
        ax.set_xticks((0, 0.5, 1), ("0", "0.5", "1"))
    at = (data["active"]["theirs"][-1], len(LAYERS) - 1)
    beside: dict[str, Any] = {"xytext": (0, 9), "textcoords": "offset points", "ha": "center"}
    marks.label(grid[0], at, "source", fontsize=6.5, **beside)
    grid[0].set_yticks(places, LAYERS)
    grid[0].set_ylabel("layer")
    grid[0].invert_yaxis()
