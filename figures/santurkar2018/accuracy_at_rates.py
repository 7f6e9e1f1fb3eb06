"""The accuracy of VGG is drawn against the step, with batch norm and without, at two constant rates
or more. Dots are training images, where each batch has its own statistics. Open circles at the end
are test images, with statistics of the training set. Dashed lines are the net without batch norm
from He's initial weights instead of Glorot's. Grey lines are a guess. A cross ends a run that did
not train or was lost. Right: the panel shows why Glorot's weights start on a plateau without batch
norm. Points are the mean square of each activation's outputs before training. Lines are the theory
for weights of that variance, layer by layer. The theory leaves out max-pooling, which lifts some
points above the lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.santurkar2018.words import NETS, crossed, legend, note
from theory import propagation

SOURCE = cite("santurkar2018", "figure 1(a), (b)", "figure 3, left")
EXPERIMENT = "accuracy_at_rates"
SHOWS = (propagation.he_initialisation,)
#: {law: (its words, its colour, the words' offset from the line in points, their alignment)}.
LAWS = {
    "he": ("He", "#56B4E9", (4, -9), "left"),
    "glorot": ("Glorot", marks.THIRD, (-6, -8), "right"),
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    return {"runs": [result.arrays for result in results], "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per rate, and the mean squares at the start."""
    rates = data["runs"][0]["rates"]
    fig.set_size_inches(2.2 * (len(rates) + 1) + 0.2, 2.8)
    *panels, squares = fig.subplots(1, len(rates) + 1)
    for ax, rate in zip(panels, rates, strict=True):
        for run in data["runs"][::-1]:
            faint = run is not data["runs"][0]
            for name in ("none", "active"):
                _curve(ax, run, f"{name}:{rate:g}", NETS[name][1], faint)
            _curve(ax, run, f"none_he:{rate:g}", NETS["none"][1], faint, ls="--", mfc="white")
        ax.axhline(1 / float(run["classes"]), color=marks.QUIET, lw=0.8, zorder=0)
        ax.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02))
        ax.set_title(f"rate {rate:g}", weight="normal")
    _squares(squares, data["runs"][0])
    legend(fig, ("active", "none"))


def _curve(
    ax: Axes, run: dict[str, np.ndarray], label: str, colour: str, faint: bool, **style: Any
) -> None:
    """Draw the training accuracy, and at the end the accuracy on test images."""
    steps, values = run[f"{label}:step"], run[f"{label}:train"]
    if faint:
        marks.other_seed(ax, steps, values, "-", colour)
        return
    ax.plot(steps, values, color=colour, **{"marker": "o", "ms": 3, "lw": 0.9, "ls": "-", **style})
    if not run[f"{label}:mark"]:
        ax.plot(1.05 * steps[-1], run[f"{label}:test"][-1], "o", color=colour, mfc="white", ms=4)
    crossed(ax, run, label, float(steps[-1]), float(values[-1]), colour)


def _squares(ax: Axes, run: dict[str, np.ndarray]) -> None:
    """Draw the mean squares of both laws by layer.

    Points are measured. Lines are He's rule with the variance that the law has.
    """
    share, first = run["plain_share"], float(run["he:squares"][0])
    layers = np.arange(len(share) + 1)
    for name, (word, colour, beside, end) in LAWS.items():
        kept = share if name == "glorot" else np.ones_like(share)
        expected = [first]
        for factor in kept:
            after = propagation.he_initialisation(q=float(expected[-1] * factor))
            expected.append(after["mean square after"])
        marks.theory(ax, layers, expected, colour)
        marks.measured(ax, layers, run[f"{name}:squares"], colour=colour)
        style = {"textcoords": "offset points", "xytext": beside, "ha": end}
        marks.label(ax, (layers[4], expected[4]), word, colour, **style)
    ax.set(yscale="log", xlabel="layer", ylabel="mean square before training")
    ax.set_xticks(layers[::2])
