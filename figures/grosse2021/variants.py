"""The figure shows variants of batch norm: the final training loss after a few epochs is drawn
against the rate, for nets that start from the same weights. Left: batch norm stands before ReLU or
after it, or the paths through its statistics are cut. A path is cut where the gradient takes the
mean or the deviation as a constant. Middle: parts of batch norm stand alone, or batch norm has a
learnable scale and shift (ReLU). Right: activation functions are drawn with batch norm (filled) and
without (open). Squares are the logistic function that is centred by hand, without batch norm.
Triangles are the logistic function with batch norm and learnable scales that begin at 4. Crosses at
the top are runs that did not train or were lost. The bar is the root mean square difference between
two seeds of a variant."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.observed.variants import spread
from deepnet.experiments.grosse2021.shared.variant_nets import VARIANTS
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import note
from theory import normalisation

SOURCE = cite(
    "grosse2021", "A Wrinkle", "statistics path", "use tanh instead of logistic activations"
)
EXPERIMENT = "variants"
SHOWS = (normalisation.paths, normalisation.centring_gradient)

ORANGE, SKY = "#E69F00", "#56B4E9"
#: {variant: (words, colour, filled)} of each panel.
Lines = dict[str, tuple[str, str, bool]]
PATHS: Lines = {
    "active": ("before", marks.THEORY, True),
    "after": ("after", SKY, True),
    "detached": ("detached", marks.SECOND, True),
    "mean_detached": ("mean det.", ORANGE, True),
    "deviation_detached": ("dev. det.", "black", True),
    "none": ("none", marks.THIRD, True),
}
PARTS: Lines = {
    "active": ("both", marks.THEORY, True),
    "centring": ("centring", SKY, True),
    "scaling": ("scaling", ORANGE, True),
    "affine": ("learnable", marks.SECOND, True),
}
FUNCTIONS: Lines = {
    "logistic": ("logistic", marks.SECOND, True),
    "logistic, none": ("", marks.SECOND, False),
    "tanh": ("tanh", ORANGE, True),
    "tanh, none": ("", ORANGE, False),
    "active": ("ReLU", marks.THEORY, True),
    "none": ("", marks.THEORY, False),
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The rates, the losses and marks of each variant, and the difference between seeds."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    variants: dict[str, Any] = {
        name: (arrays[f"{name}:loss"], arrays[f"{name}:mark"]) for name in VARIANTS
    }
    variants["rates"], variants["spread"] = arrays["rates"], spread(arrays)
    variants["note"] = note(results[0], f"{config['epochs']} epochs, batch {config['batch']}")
    return variants


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw three panels on the same axes."""
    fig.set_size_inches(7.4, 3.1)
    axes = fig.subplots(1, 3, sharey=True)
    top = _top(data)
    panels = zip(axes, ("place and path", "parts", "activations"), strict=True)
    for (ax, title), lines in zip(panels, (PATHS, PARTS, FUNCTIONS), strict=True):
        _lines(ax, data, lines, top)
        ax.set_title(title, weight="normal")
    for name, fmt in (("logistic, centred", "s"), ("logistic, sharp", "^")):
        loss, mark = data[name]
        style = {"fmt": fmt, "mfc": "none"}
        trained = mark == 0
        marks.measured(axes[2], data["rates"][trained], loss[trained], colour=marks.SECOND, **style)
    axes[0].set_ylabel("final training loss")
    place = (data["rates"][0], 0.45 * min(loss[mark == 0].min() for loss, mark in _all(data)))
    axes[1].errorbar(*place, yerr=data["spread"] / 2, color=marks.QUIET, capsize=2)
    words = {"xytext": (6, 0), "textcoords": "offset points", "fontsize": 7}
    marks.label(axes[1], place, "between seeds", marks.QUIET, **words)


def _all(data: Mapping[str, Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The losses and marks of the variants that train at some rate."""
    return [data[name] for name in VARIANTS if (data[name][1] == 0).any()]


def _top(data: Mapping[str, Any]) -> float:
    """The height of the marks of runs that did not train, above the losses of all others."""
    return float(1.06 * max(loss[mark == 0].max() for loss, mark in _all(data)))


def _lines(ax: Axes, data: Mapping[str, Any], lines: Lines, top: float) -> None:
    rates, ends, lost = data["rates"], [], np.zeros(len(data["rates"]), int)
    ax.set(xscale="log", xlabel="rate", ylim=(0, top * 1.15))
    ax.set_xlim(rates[0] * 0.65, rates[-1] * (rates[-1] / rates[0]) ** 0.5)
    for name, (words, colour, filled) in lines.items():
        loss, mark = data[name]
        trained = mark == 0
        face = colour if filled else "white"
        style = {"fmt": "o-", "lw": 1 if filled else 0.6, "mfc": face}
        marks.measured(ax, rates[trained], loss[trained], colour=colour, **style)
        for place in np.flatnonzero(~trained):
            height = top * (1 + 0.05 * lost[place])
            ax.plot(rates[place], height, "x", color=colour, ms=5, mew=1.2)
            lost[place] += 1
        if words:
            end = loss[-1] if trained[-1] else top * (1 + 0.05 * (lost[-1] - 1))
            ends.append((float(end), words, colour))
    ax.set_xticks(rates)
    marks.plain_ticks(ax.xaxis)
    marks.end_labels(ax, rates[-1], ends)
