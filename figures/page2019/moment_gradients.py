"""How fast the moments of each output change with the weights: norms of the gradients of the means,
variances and third central moments over batches, by output. Last panel, what constant outputs need:
how far a step of 1 % of the weights' norm along the gradient of each mean moves it, to first order,
as a share of what the median input lacks to the class. Both the norm and the gradient grow like the
square root of the width, so that a narrow net's step is to be 1/width times as long for the effect
of the source's; it then gets half of the inputs where the points lie above the dashed line. At the
bottom random steps, 1/sqrt(P) of the points' mean. Where batch norm is active the gradients go
through the statistics of the batch; where it is frozen these are held fixed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.page2019.steps import stretched
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import AFTER, NETS, note, per_cent
from theory import stability

SOURCE = cite("page2019", "gradients of the means, variances and skews of the output channels")
EXPERIMENT = "gradient_by_layer"
SHOWS = (stability.perturbation_gain,)
MOMENTS = {"mean": "mean", "variance": "variance", "third": "third central moment"}


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """Of the first seed: norms by moment and output, and how far a step goes."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    found: dict[str, Any] = {"step": config["step"], "needed": config["step"] / stretched(config)}
    for name in (*NETS, *AFTER):
        norms = {m: np.sqrt(arrays[f"{name}:{m}"].sum(1)) for m in MOMENTS}
        shift = config["step"] * arrays[f"{name}:norm"] * norms["mean"]
        gain = stability.perturbation_gain(P=int(arrays[f"{name}:parameters"]))
        reach = shift / arrays[f"{name}:gaps"]
        found[name] = norms | {"reach": reach, "random": reach.mean() / gain}
    found["note"] = note(results[0])
    return found


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Four panels, a point an output."""
    fig.set_size_inches(6.4, 4.6)
    grid = fig.subplots(2, 2, sharex=True)
    classes = len(data["active"]["reach"])
    for ax, (moment, words) in zip(grid.flat, MOMENTS.items(), strict=False):
        _points(ax, data, moment)
        ax.set_title(words, weight="normal")
        ax.set_ylabel("norm of the gradient")
        marks.plain_ticks(ax.yaxis)
    first, last = grid[0, 0], grid[1, 1]
    norms = np.array([data[name][moment] for name in NETS | AFTER for moment in MOMENTS])
    for ax in (first, grid[0, 1], grid[1, 0]):
        ax.set_ylim(0.6 * norms.min(), 2.5 * norms.max())
    for rank, (words, colour) in enumerate((NETS | AFTER).values()):
        marks.label(first, (0.02, 0.95 - 0.085 * rank), words, colour, xycoords="axes fraction")
    _points(last, data, "reach")
    last.set_title(f"reach of a step of {per_cent(data['step'])} / needed", weight="normal")
    last.set_ylabel("share of what is needed")
    span = (-0.5, classes - 0.5)
    marks.theory(last, span, [1, 1], "black", lw=1)
    marks.theory(last, span, [data["needed"]] * 2, "black", lw=1, ls="--")
    for name, (_, colour) in (NETS | AFTER).items():
        marks.theory(last, span, [data[name]["random"]] * 2, colour, lw=1)
    low = min(data[name]["random"] for name in NETS | AFTER)
    last.set_ylim(0.08 * low, 8)
    marks.label(last, (span[0], 2.2), "needed, half of the inputs go to the class", fontsize=7)
    marks.label(last, (span[0], 0.35 * low), "random steps (theory)", marks.QUIET, fontsize=7)
    if data["needed"] < 1:
        text = f"a step 1/width = {1 / data['needed']:g} times as long needs this"
        marks.label(last, (span[0], 0.24 * data["needed"]), text, fontsize=7)
    for ax in grid[1]:
        ax.set(xlabel="output", xticks=range(classes))


def _points(ax: Axes, data: dict[str, Any], what: str) -> None:
    """A point an output, in the colours of the nets."""
    ax.set_yscale("log")
    for name, (_, colour) in (NETS | AFTER).items():
        marks.measured(ax, np.arange(len(data[name][what])), data[name][what], colour=colour)
