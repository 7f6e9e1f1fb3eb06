"""Densities of a net's channels, one panel a layer: what the page's histograms show."""

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import gaussian_kde

from figures import marks

#: The layers that are drawn, and how many channels of each.
LAYERS = (1, 2, 5, 10, 20, 50)
CHANNELS = 10


def panels(fig: Figure, reach: float, xlabel: str) -> list[Axes]:
    """Two rows of three panels, one for each of ``LAYERS``."""
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
    """The layer, and what is said of it."""
    ax.set_title(f"layer {layer}: {words}" if words else f"layer {layer}", weight="normal", size=8)


def densities(ax: Axes, z: np.ndarray, reach: float) -> None:
    """Kernel densities of the first channels; their means are marked beneath, their smallest and
    largest values by ticks."""
    x = np.linspace(-reach, reach, 400)
    colours = matplotlib.colormaps["viridis"](np.linspace(0, 0.92, CHANNELS))
    curves = []
    for values, colour in zip(z[:CHANNELS].astype(float), colours, strict=False):
        curve = gaussian_kde(values, bandwidth)(x) if np.ptp(values) > 0 else np.zeros_like(x)
        ax.plot(x, curve, color=colour, lw=0.9)
        curves.append(curve.max())
    top = 1.08 * max(curves)
    for values, colour in zip(z[:CHANNELS].astype(float), colours, strict=False):
        ax.vlines((values.min(), values.max()), 0, 0.06 * top, color=colour, lw=0.8)
        if abs(values.mean()) < reach:
            ax.plot(values.mean(), -0.07 * top, marker="^", ms=3.2, color=colour, clip_on=False)
    ax.set_ylim(-0.13 * top, top)


def bandwidth(kernel: gaussian_kde) -> float:
    """Silverman's rule of thumb, by the quartiles: a few far examples do not blur the others."""
    values = kernel.dataset
    quartiles = np.subtract(*np.percentile(values, (75, 25))) / 1.349
    return float(0.9 * min(1.0, quartiles / np.std(values)) * values.size**-0.2)


def pooled(ax: Axes, z: np.ndarray, reach: float) -> None:
    """The density of all channels' values together, on that of a Gaussian of variance 2."""
    heights, edges = np.histogram(z, bins=60, range=(-reach, reach))
    width = edges[1] - edges[0]
    ax.stairs(heights / (z.size * width), edges, color=marks.MEASURED, lw=0.8)
    ax.set_ylim(0)
