"""The source's bounds at the last batch norm of trained LeNet (round) and VGG-16 (square), a point
a unit, on real outputs and gradients of a batch: what is bounded, over the right side. Left: the
squared gradient before batch norm in (1), as printed, with 1/sqrt(B), and with 1/B; right sides
below zero, which bound nothing, at the edge. Right: the curvature along it in (10), and in (11) as
printed, with the plain gradient in the first term. On the line a bound is an equality, above it is
violated."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.oxford2021.printed_bounds import violated
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import NAMES, note
from theory import smoothness

SOURCE = cite("oxford2021", "eqs. (1), (10), (11)")
EXPERIMENT = "printed_bounds"
SHOWS = (
    smoothness.gradient_norm,
    smoothness.curvature_along_gradient,
    smoothness.alignment_with_outputs,
)
MARKERS = {"lenet": "o", "vgg16": "s"}
#: The left side; the right side printed, and the right one with their words.
PANELS = {
    "squared": (("printed_1", "(1) as printed"), ("right_1", "with 1/B")),
    "curvature": (("printed_11", "(11) as printed"), ("right_10", "(10)")),
}
LABELS = {"squared": "squared gradient before batch norm", "curvature": "curvature along it"}


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """{side: {net: (units,)}}, and the shares of violated units."""
    arrays = results[0].arrays
    sides = [side for left, rights in PANELS.items() for side in (left, *dict(rights))]
    found: dict[str, Any] = {
        side: {name: arrays[f"{name}:{side}"] for name in NAMES} for side in sides
    }
    found["alignment"] = {name: arrays[f"{name}:alignment"] for name in NAMES}
    for left, rights in PANELS.items():
        for right, _ in rights:
            flags = [violated(arrays, name, left, right) for name in NAMES]
            found[f"{right}:violated"] = float(np.mean(np.concatenate(flags)))
    return found | {"note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """A panel a bound, and what the sign assumption says."""
    fig.set_size_inches(7.4, 2.9)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1.2, 1.2, 1))
    for ax, (what, rights) in zip((left, middle), PANELS.items(), strict=True):
        _panel(ax, data, what, rights)
    for index, name in enumerate(NAMES):
        values = np.sort(data["alignment"][name])
        share = (np.arange(len(values)) + 0.5) / len(values)
        colour = (marks.MEASURED, marks.QUIET)[index]
        marks.measured(right, values, share, colour=colour, fmt=MARKERS[name], markersize=2.5)
    right.axvline(0, color=marks.QUIET, lw=0.8, ls=":")
    right.set(xlabel=r"$\langle g,\hat y\rangle/|g||\hat y|$", ylabel="share of the units below")


def _panel(ax: Axes, data: dict[str, Any], what: str, rights: Any) -> None:
    """Left sides against right sides, both over the median left side of the net."""
    colours = (marks.PRINTED, marks.THEORY)
    for (right, words), colour, height in zip(rights, colours, (0.95, 0.86), strict=True):
        for name in NAMES:
            size = np.median(np.abs(data[what][name]))
            x, y = data[right][name] / size, data[what][name] / size
            marks.measured(ax, x, y, colour=colour, fmt=MARKERS[name], markersize=2.5)
        words = f"{words}: {100 * data[f'{right}:violated']:.0f} % violated"
        marks.label(ax, (0.03, height), words, colour, xycoords="axes fraction", fontsize=7)
    ax.set_xscale("symlog", linthresh=1e-2)
    ax.set_yscale("symlog", linthresh=1e-2)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * 30)
    line = np.concatenate([-np.geomspace(1e-3, 1e3, 40)[::-1], np.geomspace(1e-3, 1e3, 40)])
    inside = line[(line > max(low, ax.get_xlim()[0])) & (line < high)]
    marks.theory(ax, inside, inside, marks.QUIET, lw=0.8, zorder=0)
    ax.set(xlabel="right side", ylabel=LABELS[what])
