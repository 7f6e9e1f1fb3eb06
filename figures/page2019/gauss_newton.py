"""The Gauss-Newton matrix is compared with the Hessian. Left: points are the leading eigenvalues of
the Hessian, and lines are the leading eigenvalues of the Gauss-Newton matrix. Middle: points are
Gauss-Newton's share of the curvature along each leading eigenvector of the Hessian. The rest is the
residual, which is the curvature of the outputs themselves. Before training (open) most of the
curvature is the residual. Right: the length of the Hessian's product with a direction of length one
is drawn. The first direction is any. The second adds a vector to the classifier's weights of one
class. The third adds the vector to the weights of every class, and is flat to rounding. The last is
the sum of the gradients of all mean outputs. The source says that it is flat, and it is not."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.nets.page import CHANNELS
from figures import marks
from figures.page2019.words import NETS, note
from theory import stability

SOURCE = cite("page2019", "generalised Gauss-Newton approximation to the Hessian")
EXPERIMENT = "gauss_newton"
SHOWS = (
    stability.curvature_split,
    stability.flat_directions,
    stability.common_shift_curvature,
)

#: Kinds of directions. The classifier has no biases, and the layer of ``flat_directions`` has them.
KINDS = {"anywhere": "any", "apart": "one class", "alike": "every class", "shift": "all means"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Spectra, shares and products of the three nets."""
    arrays = results[0].arrays
    spectra: dict[str, Any] = {}
    for name in NETS:
        along, values = arrays[f"{name}:along"], arrays[f"{name}:eigenvalues"]
        spectra[name] = {
            "eigenvalues": values[: len(along)],
            "newton": arrays[f"{name}:newton"],
            "share": along / values[: len(along)],
            "before": arrays.get(f"{name}:shares_before", np.array([])),
        } | {kind: arrays[f"{name}:product:{kind}"] for kind in KINDS}
    width = Fraction(results[0].facts["configuration"]["width"])
    spectra["inputs"] = max(1, round(CHANNELS["layer3_extra"] * width))
    spectra["note"] = note(results[0])
    return spectra


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw spectra, shares and products."""
    fig.set_size_inches(6.8, 3.0)
    left, middle, right = fig.subplots(1, 3)
    for shift, (name, (_, colour)) in zip((-0.12, 0, 0.12), NETS.items(), strict=True):
        net = data[name]
        ranks = np.arange(1, len(net["newton"]) + 1)
        left.plot(ranks, net["newton"], color=colour, lw=1)
        marks.measured(left, ranks, net["eigenvalues"], colour=colour)
        middle.plot(ranks, net["share"], color=colour, lw=0.6, alpha=0.6)
        marks.measured(middle, ranks, net["share"], colour=colour)
        before = net["before"][: len(ranks)]
        middle.plot(ranks[: len(before)], before, "o", ms=3.2, mfc="none", color=colour)
        for place, kind in enumerate(KINDS):
            marks.measured(right, net[kind], np.full(len(net[kind]), place + shift), colour=colour)
    last = len(data["active"]["newton"])
    for ax in (left, middle):
        ax.set(xlabel="rank", xlim=(0.5, last + 0.5))
        ax.set_xticks([1, *range(5, last + 1, 5)])
    left.set(yscale="log", ylabel="eigenvalue")
    left.set_ylim(top=6 * left.get_ylim()[1])  # room for the names
    marks.plain_ticks(left.yaxis)
    middle.set(ylabel="Gauss-Newton's share", ylim=(0, None))
    marks.label(middle, (0.97, 0.1), "open: before training", xycoords="axes fraction", ha="right")
    middle.axhline(1, color=marks.QUIET, lw=0.6)
    right.set(xscale="log", xlabel="length of Hessian product", ylim=(len(KINDS) - 0.5, -0.5))
    right.set_yticks(range(len(KINDS)), KINDS.values())
    right.set_ylabel("direction")
    directions = stability.flat_directions.twins["without the biases"]
    flat = directions(n=data["inputs"], M=2)
    words = f"{flat:g} such directions"
    marks.label(right, (0.97, 0.37), words, xycoords="axes fraction", ha="right", fontsize=7)
    for row, (words, colour) in enumerate(NETS.values()):
        marks.label(
            left, (0.97, 0.97 - 0.07 * row), words, colour, xycoords="axes fraction", ha="right"
        )
