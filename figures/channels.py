"""Draw the densities of a net's channels, one panel per layer, as the page's histograms show
them."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import gaussian_kde

from figures import marks

#: The layers that are drawn, and the number of channels that are drawn of each layer.
LAYERS = (1, 2, 5, 10, 20, 50)
CHANNELS = 10
#: The number of places at which a density is computed.
POINTS = 400


def panels(fig: Figure, reach: float, xlabel: str) -> list[Axes]:
    """Two rows of three panels, one panel for each of ``LAYERS``."""
    fig.set_size_inches(6.4, 3.9)
    grid = fig.subplots(2, 3, sharex=True)
    for ax in grid.flat:
        ax.set(xlim=(-reach, reach), yticks=[], xticks=(-int(reach), 0, int(reach)))
        ax.spines["left"].set_visible(False)
    for ax in grid[1]:
        ax.set_xlabel(xlabel)
    for row in grid:
        row[0].set_ylabel("density")
    return list(grid.flat)


def title(ax: Axes, layer: int, words: str) -> None:
    """Write the layer and some ``words`` about the layer above its panel."""
    ax.set_title(f"layer {layer}: {words}" if words else f"layer {layer}", weight="normal", size=8)


def densities(ax: Axes, z: np.ndarray, reach: float) -> None:
    """Draw kernel densities of the first channels.

    Marks beneath show the channels' means. Ticks show their smallest and largest values.
    """
    curves = _curves(z, (-reach, reach))
    top = 1.08 * curves.max()
    _trace(ax, z, curves, (-reach, reach), top)


def together(
    axes: Sequence[Axes],
    sets: Sequence[np.ndarray],
    limits: tuple[float, float],
    chosen: Sequence[int | None] | None = None,
) -> None:
    """Draw the ``densities`` of several ``sets`` of channels, one set per panel, on the same axes.

    ``limits`` are the two ends of the horizontal axis. Ticks are equally high in all panels. An
    arrow and a number tell a mean that lies beyond the limits. ``chosen`` has one channel per set,
    whose curve is filled, or None.
    """
    by_panel = [_curves(z, limits) for z in sets]
    top = 1.08 * max(curves.max() for curves in by_panel)
    for ax, z, curves, channel in zip(
        axes, sets, by_panel, chosen or [None] * len(by_panel), strict=True
    ):
        _trace(ax, z, curves, limits, top)
        if channel is not None:
            x = np.linspace(*limits, POINTS)
            ax.fill_between(x, curves[channel], color=_colours()[channel], alpha=0.35, lw=0)
        ax.set(xlim=limits, yticks=[])
        ax.spines["left"].set_visible(False)
        _beyond(ax, z, limits, top)


def _colours() -> np.ndarray:
    """One colour per channel."""
    return matplotlib.colormaps["viridis"](np.linspace(0, 0.92, CHANNELS))


def _curves(z: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """The densities of the first channels, (channels, POINTS), at equal steps between limits."""
    x = np.linspace(*limits, POINTS)
    values = z[:CHANNELS].astype(float)
    varying = np.ptp(values, axis=1) > 0
    return np.array(
        [
            gaussian_kde(each, bandwidth)(x) if varies else np.zeros(POINTS)
            for each, varies in zip(values, varying, strict=True)
        ]
    )


def _trace(
    ax: Axes, z: np.ndarray, curves: np.ndarray, limits: tuple[float, float], top: float
) -> None:
    """Curves, ticks and marks of the first channels, on an axis up to ``top``."""
    low, high = limits
    for values, curve, colour in zip(z[:CHANNELS].astype(float), curves, _colours(), strict=False):
        ax.plot(np.linspace(low, high, POINTS), curve, color=colour, lw=0.9)
        ax.vlines((values.min(), values.max()), 0, 0.06 * top, color=colour, lw=0.8)
        if low < values.mean() < high:
            ax.plot(values.mean(), -0.07 * top, marker="^", ms=3.2, color=colour, clip_on=False)
    ax.set_ylim(-0.13 * top, top)


def _beyond(ax: Axes, z: np.ndarray, limits: tuple[float, float], top: float) -> None:
    """Write an arrow and a number at the side where a channel's mean is out of the panel."""
    low, high = limits
    means = z[:CHANNELS].astype(float).mean(axis=1)
    for side, far in (("left", means[means <= low]), ("right", means[means >= high])):
        if len(far):
            text = f"← {far.min():.0f}" if side == "left" else f"{far.max():.0f} →"
            place = (low if side == "left" else high, 0.6 * top)
            marks.label(ax, place, text, ha=side, fontsize=7)


def bandwidth(kernel: gaussian_kde) -> float:
    """The width of a kernel by Silverman's rule of thumb.

    The quartiles stand in it for the deviation, so that a few far examples do not blur the others.
    """
    values = kernel.dataset
    quartiles = np.subtract(*np.percentile(values, (75, 25))) / 1.349
    return float(0.9 * min(1.0, quartiles / np.std(values)) * values.size**-0.2)


def pooled(ax: Axes, z: np.ndarray, reach: float) -> None:
    """Draw the density of the values of all channels together."""
    heights, edges = np.histogram(z, bins=60, range=(-reach, reach))
    width = edges[1] - edges[0]
    ax.stairs(heights / (z.size * width), edges, color=marks.MEASURED, lw=0.8)
    ax.set_ylim(0)
