"""The panels show how fast the moments of each output change with the weights. Points are norms of
the gradients of the means, variances and third central moments over batches, by output. Last panel:
a step along the gradient of a mean brings half of the inputs to its class. The length of that step,
as a share of the weights' norm, is drawn to first order. It is the median input's gap over the norm
of the gradient. Black lines are the source's step of 1 %, and a step 1/width times as long. At
random weights the norm and the gradients grow like the square root of the width, so that the longer
step moves a narrow net's outputs as far. Coloured lines at the top are random steps, which must be
sqrt(P) times as long on average. With active batch norm the gradients go through the statistics of
the batch. With frozen batch norm the statistics are held fixed."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import AFTER, NETS, note, per_cent
from theory import stability

SOURCE = cite("page2019", "gradients of the means, variances and skews of the output channels")
EXPERIMENT = "gradient_by_layer"
SHOWS = (stability.perturbation_gain,)
MOMENTS = {"mean": "mean", "variance": "variance", "third": "third central moment"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The norms of the first seed by moment and output, and the length that a step needs."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    gradients: dict[str, Any] = {
        "steps": (config["step"], config["step"] / float(Fraction(config["width"])))
    }
    for name in (*NETS, *AFTER):
        norms = {m: np.sqrt(arrays[f"{name}:{m}"].sum(1)) for m in MOMENTS}
        needed = arrays[f"{name}:gaps"] / (arrays[f"{name}:norm"] * norms["mean"])
        gain = stability.perturbation_gain(P=int(arrays[f"{name}:parameters"]))
        gradients[name] = norms | {"needed": 100 * needed, "random": 100 * needed.mean() * gain}
    gradients["note"] = note(results[0])
    return gradients


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw four panels, with one point per output."""
    fig.set_size_inches(6.4, 4.6)
    grid = fig.subplots(2, 2, sharex=True)
    classes = len(data["active"]["mean"])
    for ax, (moment, words) in zip(grid.flat, MOMENTS.items(), strict=False):
        _points(ax, data, moment)
        ax.set_title(words, weight="normal")
        ax.set_ylabel("norm of the gradient")
        marks.plain_ticks(ax.yaxis)
    first, last = grid[0, 0], grid[1, 1]
    norms = np.array([data[name][moment] for name in NETS | AFTER for moment in MOMENTS])
    for ax in (first, grid[0, 1], grid[1, 0]):
        ax.set_ylim(0.6 * norms.min(), 30 * norms.max())
    for rank, (words, colour) in enumerate((NETS | AFTER).values()):
        marks.label(first, (0.02, 0.95 - 0.085 * rank), words, colour, xycoords="axes fraction")
    _points(last, data, "needed")
    last.set_title("length of the step to a class", weight="normal")
    last.set_ylabel("% of the weights' norm")
    span = (-0.5, classes - 0.5)
    high = max(data[name]["random"] for name in NETS | AFTER)
    for name, (_, colour) in (NETS | AFTER).items():
        marks.theory(last, span, [data[name]["random"]] * 2, colour, lw=1)
    for step, style in zip(data["steps"], ("-", "--"), strict=True):
        last.axhline(100 * step, color="black", lw=0.8, ls=style)
    short, long = data["steps"]
    least = min(data[name]["needed"].min() for name in NETS | AFTER)
    last.set_ylim(max(0.3 * least, 5 * short), 2000 * high)
    said = ["coloured lines: random steps, theory", f"black: the source's step, {per_cent(short)}"]
    if long > short:
        said.append(f"dashed: 1/width times it, {per_cent(long)}")
    for rank, text in enumerate(said):
        place = (0.02, 0.95 - 0.085 * rank)
        marks.label(last, place, text, fontsize=7, xycoords="axes fraction")
    last.set_yticks([tick for tick in (1, 100, 10_000) if tick > last.get_ylim()[0]])
    marks.plain_ticks(last.yaxis)
    for ax in grid[1]:
        ax.set(xlabel="output", xticks=range(classes))


def _points(ax: Axes, data: dict[str, Any], what: str) -> None:
    """Draw one point per output, in the colours of the nets."""
    ax.set_yscale("log")
    for name, (_, colour) in (NETS | AFTER).items():
        marks.measured(ax, np.arange(len(data[name][what])), data[name][what], colour=colour)
