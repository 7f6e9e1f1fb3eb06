"""The panels show the conv net before training: ten channels of each of its eight layers, before
ReLU and after the norm, if there is a norm. Without batch norm the classifier's channels are nearly
constant on noise (top) and, less so, on images (middle). Batch norm (bottom) takes the means away
between layers. ReLU and max-pooling bring new means to the classifier, and these means remain. The
numbers are the share of the mean square that is in the channels' means. At the classifier theory
has 0.32 for ReLU alone, and 0.71 with pooling of 2 x 2 independent pixels. The last pooling here is
of 4 x 4 pixels. A layer has one axis in all rows, which reaches three times the largest root mean
square to either side."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.shared.random_layers import CONV_LAYERS
from deepnet.experiments.runner import Result
from figures import channels
from figures.page2019.words import note
from theory import propagation

SOURCE = cite(
    "page2019", "What about a real network? (hist_conv_rand, hist_conv_real, hist_bn_real)"
)
EXPERIMENT = "random_conv_net"
SHOWS = (propagation.classifier_share, propagation.pooled_moments, propagation.between_share)
ROWS = {"noise": "no norm, noise", "images": "no norm, images", "normed": "batch norm, images"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Quantiles of the channels and the shares of their means, layer by layer."""
    arrays, images = results[0].arrays, results[0].facts["configuration"]["images"]
    rows = {name: (arrays[f"{name}:values"], arrays[f"{name}:share"]) for name in ROWS}
    return {"rows": rows, "note": f"{note(results[0])}; a batch of {images}"}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw three rows of eight panels."""
    fig.set_size_inches(7.4, 3.6)
    grid = fig.subplots(3, len(CONV_LAYERS), sharex="col")
    for column, layer in enumerate(CONV_LAYERS):
        squares = [np.mean(values[column] ** 2) for values, _ in data["rows"].values()]
        reach = 3 * float(np.sqrt(max(squares)))
        for ax, (values, shares) in zip(grid[:, column], data["rows"].values(), strict=True):
            channels.densities(ax, values[column], reach)
            ax.set(xlim=(-reach, reach), yticks=[], xticks=[])
            ax.spines["left"].set_visible(False)
            ax.set_title(f"{abs(shares[column]):.2f}", weight="normal", size=7, pad=2)
        grid[2, column].set_xlabel(layer.replace("_extra", "\nextra"), fontsize=7)
    for ax, words in zip(grid[:, 0], ROWS.values(), strict=True):
        ax.set_ylabel(words.replace(", ", ",\n"), fontsize=8)
