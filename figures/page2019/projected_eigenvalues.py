"""The leading eigenvalues of the Hessian are drawn before (open) and after (filled) a span is taken
out. The span is of the gradients of the outputs' means, variances and third moments. A line is the
largest eigenvalue before, which no eigenvalue after can exceed. Crosses are the largest eigenvalue
after the moments of a net with other weights are taken out. Diamonds are the post's own nets,
after. Pluses are the curvatures in the span of the means alone, with batch norm frozen. The dotted
line is the largest curvature outside the span of the means. A gap after the ninth eigenvalue needs
this line to lie below the ninth plus. Bars are residual norms, within which an eigenvalue lies for
certain, or the range over seeds, whichever is longer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.projected_eigenvalues import PRINTED
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, note
from theory import stability

SOURCE = cite("page2019", "restricted to the subspace orthogonal to the 29 dimensional subspace")
EXPERIMENT = "projected_eigenvalues"
SHOWS = (stability.projected_curvature,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Eigenvalues of the three nets before and after, and their spread over seeds."""
    arrays = results[0].arrays
    eigenvalues: dict[str, Any] = {}
    for name in NETS:
        net = {
            what: arrays[f"{name}:{what}"]
            for what in ("eigenvalues", "left", "left_residuals", "elsewhere")
        }
        left = np.array([result.arrays[f"{name}:left"] for result in results])
        net["low"], net["high"] = left.min(0), left.max(0)
        eigenvalues[name] = net
    eigenvalues["means"] = arrays["frozen:in_means"][:-1]  # without the flat direction
    eigenvalues["off_means"] = float(arrays["frozen:off_means"][0])
    eigenvalues["note"] = note(results[0])
    return eigenvalues


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per net, on one logarithmic axis."""
    fig.set_size_inches(6.8, 3.2)
    panels = fig.subplots(1, len(NETS), sharey=True)
    for ax, (name, (words, colour)) in zip(panels, NETS.items(), strict=True):
        net = data[name]
        whole, left = net["eigenvalues"], net["left"]
        ranks = np.arange(1, len(whole) + 1)
        most = stability.projected_curvature(Hess=np.diag(whole), span=np.eye(len(whole))[:, :1])
        marks.theory(ax, (1, len(whole)), [most["upper"]] * 2, colour, lw=0.8)
        marks.measured(ax, ranks, whole, colour=colour, mfc="none")
        spread = np.stack([left - net["low"], net["high"] - left])
        bars = np.maximum(spread, net["left_residuals"])
        ax.errorbar(
            ranks[: len(left)], left, bars, fmt="o", color=colour, ms=3.2, elinewidth=0.8, zorder=3
        )
        theirs = np.array(PRINTED[name][: len(whole)]) / 256
        ax.plot(ranks[: len(theirs)], theirs, "D", ms=3, mfc="none", mec="black", zorder=2)
        ax.plot(1, net["elsewhere"][0], "x", color="black", ms=5, zorder=4)
        ax.set_title(words)
        ax.set(yscale="log", xlabel="rank", xlim=(0.2, len(whole) + 0.8))
        ax.set_xticks([1, *range(5, len(whole) + 1, 5)])
    frozen = panels[list(NETS).index("frozen")]
    frozen.plot(np.arange(1, len(data["means"]) + 1), data["means"], "+", color="black", ms=4)
    frozen.axhline(data["off_means"], color="black", lw=0.7, ls=":")
    place = (len(data["frozen"]["eigenvalues"]), data["off_means"])
    marks.label(frozen, place, "off the means", ha="right", va="top", fontsize=7)
    panels[0].set_ylabel("eigenvalue of the Hessian")
    marks.plain_ticks(panels[0].yaxis)
    _words(panels[0], data["active"])


def _words(ax: Any, net: dict[str, Any]) -> None:
    """Write the meaning of the points where the curves are lowest."""
    for height, marker, fill, text in (
        (0.95, "o", "none", "before"),
        (0.88, "o", None, "moments taken out"),
        (0.81, "x", None, "another net's taken out"),
        (0.74, "D", "none", "the post's, taken out"),
        (0.67, "+", None, "in the means alone"),
    ):
        colour = "black" if marker in "xD+" else marks.THEORY
        ax.plot(0.1, height, marker, ms=3.2, mfc=fill, color=colour, transform=ax.transAxes)
        marks.label(ax, (0.16, height), text, xycoords="axes fraction")
