"""How fast the moments of each output change with the weights: norms of the gradients of the means,
variances and third central moments over batches, by output. Last panel: how far a step along the
gradient of each mean takes it, to first order, as a share of what the median input lacks to the
class. Constant outputs need 1 (line) from a step as long as they are looked for with: what the
source's step of 1 % of the weights' norm reaches at this width (points) is less than at width 1 in
proportion, so that 1 % needs no more than the width here (dashed). Below: a random step, 1/sqrt(P)
of the points' mean. Where batch norm is active its gradients go through the statistics of the
batch; where it is frozen these are held fixed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
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
    fig.set_size_inches(6.4, 4.8)
    grid = fig.subplots(2, 2, sharex=True)
    nets = NETS | AFTER
    for ax, (moment, words) in zip(grid.flat, MOMENTS.items(), strict=False):
        ax.set_yscale("log")
        ax.set_ylabel(f"norm, gradient of the {words}")
        _points(ax, data, moment)
    last = grid[1, 1]
    last.set_yscale("log")
    last.set_ylabel(f"reach of a {per_cent(data['step'])} step / needed")
    _points(last, data, "reach")
    classes = len(data["active"]["reach"])
    span = (-0.5, classes - 0.5)
    marks.theory(last, span, [1, 1], "black", lw=1)
    marks.theory(last, span, [data["needed"]] * 2, "black", lw=1, ls="--")
    for name, (_, colour) in nets.items():
        marks.theory(last, span, [data[name]["random"]] * 2, colour, lw=1)
    last.set_ylim(top=6)
    marks.label(last, (span[0], 1.9), "half of the inputs go to the class", fontsize=7)
    low = min(data[name]["random"] for name in nets)
    marks.label(last, (span[0], 0.35 * low), "random steps, theory", marks.QUIET, fontsize=7)
    last.set_ylim(bottom=0.15 * low)
    for ax in grid[1]:
        ax.set(xlabel="output", xticks=range(classes))
    for rank, (words, colour) in enumerate(nets.values()):
        place = (0.02, 1.22 - 0.075 * rank)
        marks.label(grid[0, 0], place, words, colour, xycoords="axes fraction")


def _points(ax: Any, data: dict[str, Any], what: str) -> None:
    """A point an output, in the colours of the nets."""
    for name, (_, colour) in (NETS | AFTER).items():
        marks.measured(ax, np.arange(len(data[name][what])), data[name][what], colour=colour)
