"""The figure shows dead and saturated units. Left: a curve is the share of ReLUs that are zero on
all training images, in the worst layer, epoch by epoch. It is drawn with batch norm and without,
each at the largest rate at which the net trains. Crosses are the net without batch norm at the next
higher rate, at which the net is lost. Middle: the share of saturated units in the worst layer is
drawn, at the largest rate at which each net trains. Right: the largest distance of a unit from zero
over the training images is measured before ReLU, after batch norm if there is one. The curves are
the least and the largest such distance over all units. Batch norm keeps the distance between 1 and
sqrt(n - 1), which are the lines. The numbers beside curves are rates."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import MODES, note
from theory import normalisation

SOURCE = cite("grosse2021", "Preventing dead or saturated units")
EXPERIMENT = "dead_units"
SHOWS = (normalisation.samuelson,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the number of training images."""
    config = results[0].facts["configuration"]
    return {"arrays": results[0].arrays, "n": config["train"], "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the shares and the distances by epoch."""
    fig.set_size_inches(7.4, 3.0)
    left, middle, right = fig.subplots(1, 3)
    arrays = data["arrays"]
    epochs = np.arange(arrays["relu, active:dead"].shape[1])
    rate = {norm: float(arrays[f"relu, {norm}:rates"][1]) for norm in ("active", "none")}
    lost = float(arrays["relu, none:lost"])
    ends = []
    for norm, (words, colour) in ((norm, MODES[norm]) for norm in ("active", "none")):
        share = arrays[f"relu, {norm}:dead"][1].max(1)
        marks.measured(left, epochs, share, colour=colour, fmt="o-", lw=0.6)
        ends.append((share[-1], rf"{words}, {rate[norm]:g}", colour))
    if lost:
        share = arrays["relu, none:lost:dead"].max(1)
        left.plot(epochs, share, "x-", color=MODES["none"][1], ms=5, lw=0.6)
        ends.append((share[-1], f"the same, {lost:g}: lost", MODES["none"][1]))
    left.set(xlabel="epoch", ylabel="dead ReLUs", ylim=(-0.03, 1.05))
    left.set_xlim(0, epochs[-1] * 2.6)
    left.set_xticks(epochs[:: max(1, len(epochs) // 3)])
    marks.end_labels(left, epochs[-1], ends)

    ends = []
    for activation, style in (("tanh", "o-"), ("logistic", "s--")):
        for norm in ("active", "none"):
            name, colour = f"{activation}, {norm}", MODES[norm][1]
            share = arrays[f"{name}:saturated"][1].max(1)
            marks.measured(middle, epochs, share, colour=colour, fmt=style, lw=0.6)
            ends.append((share[-1], f"{activation}, {arrays[f'{name}:rates'][1]:g}", colour))
    middle.set(xlabel="epoch", ylabel="saturated units", ylim=(-0.03, 1.05))
    middle.set_xlim(0, epochs[-1] * 1.9)
    middle.set_xticks(epochs[:: max(1, len(epochs) // 3)])
    marks.end_labels(middle, epochs[-1], ends)

    largest = float(normalisation.samuelson(y=np.arange(float(data["n"]))[:, None])["upper"])
    for level, words in ((1.0, "1"), (largest, r"$\sqrt{n-1}$")):
        right.axhline(level, color=marks.THEORY, lw=1)
        marks.label(
            right,
            (epochs[-1], level),
            words,
            marks.THEORY,
            xytext=(0, 8),
            textcoords="offset points",
            ha="right",
        )
    for norm in ("active", "none"):
        for end in arrays[f"relu, {norm}:reach"][1].T:
            marks.measured(right, epochs, end, colour=MODES[norm][1], fmt="o-", lw=0.6)
    right.set(yscale="log", xlabel="epoch", ylabel="largest |unit| before ReLU")
    right.set_xticks(epochs[:: max(1, len(epochs) // 3)])
    right.set_ylim(0.7, 2 * largest)
    marks.plain_ticks(right.yaxis)
