"""How things are drawn, once: theory is a line, measurement is points with error bars."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

#: Colour-blind safe (Okabe and Ito), by what they stand for.
THEORY = "#0072B2"
MEASURED = "#000000"
PRINTED = "#D55E00"  # what a source prints and the companion shows wrong
SECOND = "#009E73"
QUIET = "#999999"
CYCLE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def theory(ax: Axes, x: Any, y: Any, colour: str = THEORY, **style: Any) -> None:
    """A closed form: a line."""
    ax.plot(x, y, color=colour, zorder=2, **style)


def measured(
    ax: Axes, x: Any, y: Any, stderr: Any = None, colour: str = MEASURED, **style: Any
) -> None:
    """A measurement: points with bars of two standard errors."""
    bars = None if stderr is None else 2 * np.asarray(stderr)
    style = {"fmt": "o", "markersize": 3.2, "elinewidth": 0.8, "zorder": 3, **style}
    ax.errorbar(x, y, yerr=bars, color=colour, **style)


def printed(ax: Axes, x: Any, y: Any, **style: Any) -> None:
    """What a source prints: a dashed line in the colour of errata."""
    ax.plot(x, y, color=PRINTED, linestyle=(0, (4, 2)), zorder=2, **style)


def label(ax: Axes, x: float, y: float, text: str, colour: str = "black", **style: Any) -> None:
    """A direct label at data coordinates, in place of a legend."""
    style = {"fontsize": 8, "ha": "left", "va": "center", **style}
    ax.annotate(text, (x, y), color=colour, **style)


def small_print(fig: Figure, text: str) -> None:
    """Data set, scale and version, in grey under the figure."""
    fig.supxlabel(text, fontsize=6, color="#666666", x=0.01, ha="left")
