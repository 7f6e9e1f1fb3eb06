"""Training goes on after batch norm has been frozen. Left: the share of images that are classified
rightly in each batch is drawn, at the rate at which the training stood. The net that was frozen
before the activation gets lost at once. Middle: at a smaller rate, the leading eigenvalue is drawn
epoch by epoch. It stays large where batch norm was frozen. Right: the means of the frozen layers'
inputs drift from the constants at which they were frozen. Their squared distance, in units of their
variance, is drawn. It grows, but in these epochs to less than a hundredth."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import note
from theory import quadratic

SOURCE = cite("page2019", "batch norm after the activation", "beyond the post")
EXPERIMENT = "after_freezing"
SHOWS = (quadratic.max_rate,)

NETS = {
    "active": ("active", marks.THEORY),
    "active_after": ("active, after", "#56B4E9"),
    "frozen": ("frozen", marks.SECOND),
    "frozen_after": ("frozen, after", marks.THIRD),
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{net: accuracy by step, eigenvalue and drift by epoch}, and the two rates."""
    arrays = results[0].arrays
    curves: dict[str, Any] = {
        net: {
            "accuracy": arrays[f"{net}:own:accuracy"],
            "eigenvalue": arrays[f"{net}:small:eigenvalue"],
            "drift": arrays[f"{net}:small:drift"],
        }
        for net in NETS
    }
    rates = {name: float(arrays[f"rate:{name}"]) for name in ("own", "small")}
    return curves | {"rates": rates, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the accuracy, the eigenvalue and the drift."""
    fig.set_size_inches(7.4, 2.9)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1, 1, 1.35))
    for net, (_, colour) in NETS.items():
        accuracy = data[net]["accuracy"]
        left.plot(np.arange(1, len(accuracy) + 1), accuracy, color=colour, lw=1)
        epochs = np.arange(len(data[net]["eigenvalue"]))
        style = {"fmt": "o-", "lw": 1}
        marks.measured(middle, epochs, data[net]["eigenvalue"], colour=colour, **style)
        marks.measured(right, epochs, data[net]["drift"], colour=colour, **style)
    allowed = float(quadratic.max_rate_nesterov(R=[[1.0]], beta=0.9)) / data["rates"]["small"]
    middle.axhline(allowed, color=marks.QUIET, lw=0.8, ls=":")
    steps = max(len(data[net]["accuracy"]) for net in NETS)
    left.set(xlabel="step", ylabel="share right", ylim=(0, 1.02), xlim=(0, steps + 1))
    left.set_title(f"rate {data['rates']['own']:.3g}")
    for ax, words in ((middle, "leading eigenvalue"), (right, "drift of the means")):
        ax.set_yscale("log")
        ax.set(xlabel="epochs after freezing", ylabel=words)
        ax.set_xticks(epochs)
        ax.set_title(f"rate {data['rates']['small']:.3g}")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        marks.plain_ticks(ax.yaxis)
    marks.label(middle, (0, allowed), "rate's limit", marks.QUIET, va="bottom", fontsize=7)
    right.set_xlim(-0.15, 1.75 * epochs[-1])
    ends = [(data[net]["drift"][-1], words, colour) for net, (words, colour) in NETS.items()]
    marks.end_labels(right, epochs[-1], ends)
