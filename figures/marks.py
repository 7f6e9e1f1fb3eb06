"""Draw theory as a line and a measurement as points with error bars, in one style for all
figures."""

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from companion.estimate import Estimate

#: Colours by their meaning. They are safe for colour-blind readers (Okabe and Ito).
THEORY = "#0072B2"
MEASURED = "#000000"
PRINTED = "#D55E00"  # only for a source's print that the companion shows wrong
SECOND = "#009E73"
THIRD = "#CC79A7"
QUIET = "#999999"
#: Colours of a family without an order. The first one is the colour of theory.
SERIES = (THEORY, SECOND, THIRD, "#56B4E9")
#: Colours of a family with an order, such as growing alpha, from pale to dark.
RAMP = ("#9ECAE1", "#6BAED6", "#3182BD", "#08519C", "#08306B")


def theory(ax: Axes, x: Any, y: Any, colour: str = THEORY, **style: Any) -> None:
    """Draw a closed form as a line."""
    ax.plot(x, y, color=colour, **{"zorder": 2, **style})


def band(ax: Axes, x: Any, low: Any, high: Any, colour: str = THEORY, **style: Any) -> None:
    """Draw a pale band between two bounds, or where a finite size blurs a limit."""
    ax.fill_between(x, low, high, **{"color": colour, "alpha": 0.18, "lw": 0, "zorder": 1, **style})


def measured(
    ax: Axes, x: Any, y: Any, stderr: Any = None, colour: str = MEASURED, **style: Any
) -> None:
    """Draw a measurement as points with bars of two standard errors."""
    bars = None if stderr is None else 2 * np.asarray(stderr)
    style = {"yerr": bars, "fmt": "o", "markersize": 3.2, "elinewidth": 0.8, "zorder": 3, **style}
    ax.errorbar(x, y, color=colour, **style)


def bounded(
    ax: Axes, x: Any, y: Any, low: Any, high: Any, colour: str = MEASURED, **style: Any
) -> None:
    """Draw a measurement as points with bars from ``low`` to ``high``."""
    bars = np.maximum([np.subtract(y, low), np.subtract(high, y)], 0)
    measured(ax, x, y, None, colour, yerr=bars, **style)


def other_seed(ax: Axes, x: Any, y: Any, fmt: str, colour: str, **style: Any) -> None:
    """Draw a measurement from another seed, pale and thin, under the first seed's measurement."""
    pale = {"alpha": 0.3, "lw": 0.8, "markersize": 3, "markeredgewidth": 0, "zorder": 1, **style}
    ax.plot(x, y, fmt, color=colour, **pale)


def estimated(
    ax: Axes, x: Any, estimates: Iterable[Estimate], colour: str = MEASURED, **style: Any
) -> None:
    """Draw estimates as points with bars of two standard errors."""
    mean, stderr = np.transpose([(estimate.mean, estimate.stderr) for estimate in estimates])
    measured(ax, x, mean, stderr, colour, **style)


def atom(ax: Axes, x: float, top: float, text: str, colour: str = THEORY, **style: Any) -> None:
    """Draw a point mass as an arrow of height ``top``, with its weight beside the tip."""
    arrow = {"arrowstyle": "-|>", "color": colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (x, top), (x, 0), arrowprops=arrow, zorder=4)
    label(ax, (x, top), text, colour, **{"xytext": (4, -3), "textcoords": "offset points", **style})


def printed(ax: Axes, x: Any, y: Any, **style: Any) -> None:
    """Draw what a source prints as a dashed line in the colour of errata."""
    ax.plot(x, y, **{"color": PRINTED, "linestyle": (0, (4, 2)), "zorder": 2, **style})


def label(ax: Axes, place: Any, text: str, colour: str = "black", **style: Any) -> None:
    """Write a label at ``place`` (x, y) instead of a legend. Lines pass behind it."""
    halo = [withStroke(linewidth=2.5, foreground="white")]
    style = {"fontsize": 8, "ha": "left", "va": "center", "path_effects": halo, **style}
    ax.annotate(text, place, color=colour, **style)


def end_labels(ax: Axes, x: float, ends: Iterable[tuple[float, str, str]]) -> None:
    """Write labels of curves that end at ``x``.

    Each label is (y, text, colour). Labels that are near each other are pushed apart. Call this
    when the limits and scales of the axes are final.
    """
    size = 8.0
    to_points = 72 / ax.figure.dpi
    wanted = sorted((ax.transData.transform((x, y))[1] * to_points, y, *rest) for y, *rest in ends)
    lowest = -np.inf
    for height, y, text, colour in wanted:
        lowest = max(height, lowest + 1.15 * size)
        place = {"xytext": (4, lowest - height), "textcoords": "offset points", "fontsize": size}
        label(ax, (x, y), text, colour, **place)


def legend(
    fig: Figure, entries: Iterable[tuple[str, str]], ncols: int | None = None, joined: bool = False
) -> None:
    """Draw one legend for all panels, with the words and the colour of each entry.

    ``joined`` says whether a line joins the points of an entry, as in the panels.
    """
    chosen = list(entries)
    line, pad = ("-", 0.4) if joined else ("", 0.1)
    handles = [Line2D([], [], color=colour, marker="o", ls=line, ms=4) for _, colour in chosen]
    words = [word for word, _ in chosen]
    columns = ncols or len(words)
    fig.legend(handles, words, loc="outside upper center", ncols=columns, handletextpad=pad)


def plain_ticks(*axes: Axis) -> None:
    """Write the numbers of logarithmic axes as they are spoken: 0.1, 1, 10 and none between."""
    for axis in axes:
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("")


def small_print(fig: Figure, text: str) -> None:
    """Write data set, scale and version in grey under the figure, in as many lines as they need."""
    size, wide = 6, 0.55  # the size in points, and a wide letter in sizes
    lines = wrap(text, int(72 * fig.get_figwidth() / (wide * size)))
    fig.supxlabel("\n".join(lines), fontsize=size, color="#666666", x=0.01, ha="left")
