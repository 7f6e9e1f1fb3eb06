"""The panels show where the leading eigenvectors of the Hessian point. Above: dark bars are the
share of each eigenvector's squared length that lies in the span of the gradients of the outputs'
means. Pale bars are the share that the variances add, and the palest bars the share that the third
moments add. Below: these shares are multiplied by the eigenvalue, and grey bars are the part
outside the span. Diamonds are all three moments in the post's own nets. Crosses use the moments of
a net with other weights, and show the effect of the data alone. Bars are of the first seed. The
line at the top of a bar reaches from the least to the largest of several seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from companion.references import cite
from deepnet.experiments.page2019.observed.overlaps import MOMENTS, PRINTED, within
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, doubts, note
from theory import stability

SOURCE = cite("page2019", "norm squared overlaps between the eigenvectors and our subspace")
EXPERIMENT = "overlaps"
SHOWS = (stability.random_overlap,)

COLOURS = {"mean": marks.RAMP[3], "variance": marks.RAMP[1], "third": "#C6DBEF"}
OUTSIDE = "#E3E0DA"
HALO = [withStroke(linewidth=2, foreground="white")]
WORDS = {"mean": "means", "variance": "variances", "third": "third moments"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Shares, eigenvalues, overlaps with another net, and the spread of the total over seeds."""
    arrays = results[0].arrays
    overlaps: dict[str, Any] = {}
    for name in NETS:
        overlaps[name] = {moment: arrays[f"{name}:{moment}"] for moment in MOMENTS}
        for what in ("eigenvalues", "elsewhere", "angles", "training_accuracy"):
            overlaps[name][what] = arrays[f"{name}:{what}"]
        totals = np.array([within(result.arrays, name) for result in results])
        overlaps[name]["low"], overlaps[name]["high"] = totals.min(0), totals.max(0)
    P, dim = (int(size) for size in arrays["frozen:span"])
    overlaps["chance"] = float(stability.random_overlap(P=P, dim=dim)["mean"])
    overlaps["note"] = note(results[0]) + doubts(results[0])
    return overlaps


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one column per net, with shares above and shares of the eigenvalue below."""
    fig.set_size_inches(6.8, 4.4)
    grid = fig.subplots(2, len(NETS), sharex=True)
    for (above, below), name in zip(grid.T, NETS, strict=True):
        net = data[name]
        ranks = np.arange(1, len(net["mean"]) + 1)
        _stack(above, ranks, net, np.ones(len(ranks)))
        top = _stack(below, ranks, net, net["eigenvalues"])
        below.bar(ranks, net["eigenvalues"] - top, bottom=top, color=OUTSIDE, width=0.8)
        if np.any(net["high"] > net["low"]):
            above.vlines(ranks, net["low"], net["high"], color="black", lw=0.8)
        theirs = PRINTED[name][: len(ranks)]
        above.plot(np.arange(1, len(theirs) + 1), theirs, "D", ms=3, mfc="white", mec="black")
        above.plot(ranks, net["elsewhere"], "x", ms=3, color="black", mew=0.8, path_effects=HALO)
        above.set_title(NETS[name][0])
        above.set(ylim=(0, 1.02), yticks=(0, 0.5, 1))
        below.set(xlabel="rank", xlim=(0.4, ranks[-1] + 0.6), ylim=(0, None))
        below.set_xticks([1, *range(5, ranks[-1] + 1, 5)])
        _held(below, net["angles"], net["training_accuracy"])
    for ax in grid[0, 1:]:
        ax.set_yticklabels([])
    grid[0, 0].set_ylabel("share of squared length")
    grid[1, 0].set_ylabel("share of eigenvalue")
    _words(grid[1, 1], data["chance"])


def _stack(ax: Axes, ranks: np.ndarray, net: dict[str, Any], sizes: np.ndarray) -> np.ndarray:
    """Draw bars of the moments' shares of ``sizes``, stacked. Returns the tops of the bars."""
    top = np.zeros(len(ranks))
    for moment in MOMENTS:
        heights = net[moment] * sizes
        ax.bar(ranks, heights, bottom=top, color=COLOURS[moment], width=0.8)
        top = top + heights
    return top


def _held(ax: Axes, angles: np.ndarray, accuracy: np.ndarray) -> None:
    """Write how much of the span of the means the eigenvectors hold, and how far the training
    was."""
    *held, last = angles[0]
    rows = (
        f"{float(accuracy):.0%} of the images learnt",
        f"of {len(held)} mean directions {max(held):.2f} to {min(held):.2f},",
        f"of one more {last:.1g} is held",
    )
    for row, text in enumerate(rows):
        place = (0.99, 0.96 - 0.08 * row)
        marks.label(ax, place, text, xycoords="axes fraction", ha="right", fontsize=7)


def _words(ax: Axes, chance: float) -> None:
    """Write the meaning of the colours where falling eigenvalues leave room."""
    words = [(WORDS[moment], COLOURS[moment]) for moment in MOMENTS] + [("outside", OUTSIDE)]
    for row, (text, colour) in enumerate(words):
        height = 0.66 - 0.1 * row
        ax.plot(0.46, height, "s", color=colour, ms=5, transform=ax.transAxes)
        marks.label(ax, (0.51, height), text, xycoords="axes fraction")
    text = f"by chance {chance:.1g}"
    marks.label(ax, (0.445, 0.66 - 0.1 * len(words)), text, xycoords="axes fraction")
