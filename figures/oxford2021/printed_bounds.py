"""The source's bounds are evaluated at the last batch norm of trained LeNet (round) and VGG-16
(square), on real outputs and gradients of a batch. A point is one unit, and its height is the left
side minus the right side. A bound is violated above the line and is an equality on it. Left: in
bound (1) the difference is divided by the first term of the right side, and drawn against the
cosine of gradient and outputs. The factor is 1/sqrt(B) as printed, or 1/B. Right: the bounds (10)
and (11) on the curvature along the gradient are drawn. The difference is divided by the sum of the
absolute values of both sides. (11) is printed with the plain gradient in its first term. It fails
where gamma is larger than sigma."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.printed_bounds import of_units, violated
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import NAMES, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "eqs. (1), (10), (11)")
EXPERIMENT = "printed_bounds"
SHOWS = (
    smoothness.gradient_norm,
    smoothness.curvature_along_gradient,
    smoothness.isotropic_curvature_bound,
)
MARKERS = {"lenet": "o", "vgg16": "s"}
#: {left side: ((printed right side, its words), (correct right side, its words))}.
PANELS = {
    "squared": (("printed_1", "(1) as printed"), ("right_1", "(1) with 1/B")),
    "curvature": (("printed_11", "(11) as printed"), ("right_10", "(10)")),
}
ACROSS = {
    "squared": ("alignment", "cosine of the gradient and the outputs"),
    "curvature": ("factor", r"$\gamma/\sigma$"),
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{right side: {net: (where, excess)}}, and the share of units that violate each right side."""
    arrays = results[0].arrays
    bounds: dict[str, Any] = {"note": note(results[0])}
    for left, rights in PANELS.items():
        for right, _ in rights:
            bounds[right] = {
                name: (arrays[f"{name}:{ACROSS[left][0]}"], _excess(arrays, name, left, right))
                for name in NAMES
            }
            flags = [violated(arrays, name, left, right) for name in NAMES]
            bounds[f"{right}:violated"] = float(np.mean(np.concatenate(flags)))
    bounds["aligned"] = float(np.mean(of_units(arrays, "alignment") > 0))
    return bounds


def _excess(arrays: dict[str, np.ndarray], name: str, left: str, right: str) -> np.ndarray:
    one, other = arrays[f"{name}:{left}"], arrays[f"{name}:{right}"]
    over = arrays[f"{name}:plain"] if left == "squared" else np.abs(one) + np.abs(other)
    return (one - other) / over


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per bound."""
    fig.set_size_inches(6.6, 2.9)
    colours = (marks.PRINTED, marks.THEORY)
    for ax, (left, rights) in zip(fig.subplots(1, 2), PANELS.items(), strict=True):
        for (right, words), colour, height in zip(rights, colours, (1.0, 0.91), strict=True):
            for name, (where, excess) in data[right].items():
                marks.measured(ax, where, excess, colour=colour, fmt=MARKERS[name], markersize=2.2)
            words = f"{words}: violated by {100 * data[f'{right}:violated']:.0f} %"
            style = {"xycoords": "axes fraction", "fontsize": 7}
            marks.label(ax, (0.03, height), words, colour, **style)
        ax.axhline(0, color=marks.QUIET, lw=0.8, zorder=0)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.25 * (high - low))
        ax.set(xlabel=ACROSS[left][1], ylabel="left less right side")
        if left == "curvature":
            ax.set_xscale("log")
            log_ticks(ax.xaxis)
