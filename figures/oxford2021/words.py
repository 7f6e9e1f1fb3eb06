"""Names of nets and modes, and the drawing of maps, in figures of landscapes. This is no figure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from deepnet.experiments.oxford2021.shared.landscapes import CEILING, clipped
from deepnet.experiments.runner import Result
from figures import marks

NAMES = {"lenet": "LeNet", "vgg16": "VGG-16"}
#: Nets along a training, with their words and colours.
NETS = {"none": ("no batch norm", marks.THIRD), "active": ("batch norm", marks.THEORY)}
#: The statistics of batch norm on a surface or on a line, with their words and colours.
MODES = {
    "none": ("no batch norm", marks.THIRD),
    "running": ("constants of the centre", marks.SECOND),
    "batch": ("the batch's own", marks.THEORY),
}
NOT_TRAINED = "did not train"


def note(result: Result) -> str:
    """The setting in small print: data, training and images."""
    config, data = result.facts["configuration"], result.facts["data"]
    words = (
        f"{data['name']}, {config['train']:,} images; VGG-16 at width {config['vgg_width']}; "
        f"{config['lenet_epochs']} and {config['vgg_epochs']} epochs"
    )
    if "images" in config:
        words += f"; measured on {config['images']:,} images"
    return words


def surface(ax: Axes, at: np.ndarray, loss: np.ndarray, scale: Normalize, levels: Any) -> Any:
    """Draw a map of the ``loss`` and return its colours.

    The first index of ``loss`` goes along the first direction, which is drawn across. Points whose
    loss was clipped are hatched.
    """
    values = clipped(loss).T
    drawn = ax.pcolormesh(at, at, values, norm=scale, cmap="viridis", rasterized=True)
    inside = [level for level in levels if values.min() < level < values.max()]
    if inside:
        ax.contour(at, at, values, levels=inside, colors="white", linewidths=0.5)
    beyond = values == CEILING
    if beyond.any():
        ax.contourf(at, at, beyond, levels=[0.5, 1.5], colors="none", hatches=["////"])
    square(ax)
    return drawn


def empty(ax: Axes, words: str = NOT_TRAINED) -> None:
    """Draw a grey panel with ``words`` for a net whose surface is not compared."""
    ax.set_facecolor("#DDDDDD")
    ax.set(xlim=(-1, 1), ylim=(-1, 1))
    marks.label(ax, (0.5, 0.5), words, "#555555", ha="center", xycoords="axes fraction")
    square(ax)


def colours(fig: Figure, cax: Axes, drawn: Any, levels: Sequence[float], words: str) -> None:
    """Draw the colour axis of maps, with a tick at each level.

    Nothing is drawn if ``drawn`` is None, which says that there is no map.
    """
    if drawn is None:
        cax.set_axis_off()
        return
    low, high = drawn.get_clim()
    bar = fig.colorbar(drawn, cax=cax, ticks=[level for level in levels if low <= level <= high])
    bar.ax.minorticks_off()
    bar.ax.yaxis.set_major_formatter("{x:g}")
    cax.set(ylabel=words, xlabel=" ")


def log_ticks(*axes: Axis) -> None:
    """Write the numbers of logarithmic axes as they are spoken.

    An axis of a short range also has ticks at 2 and 5.
    """
    for axis in axes:
        axis.axes.autoscale_view()
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 60 * low else (1,)))
    marks.plain_ticks(*axes)


def from_to(centre: float, highest: float) -> str:
    """A surface's loss at its centre and at its highest point."""
    high = f"{highest:.3g}" if highest < 1000 else f"{highest:,.0f}"
    return f"{centre:.2g} to {high}"


def square(ax: Axes) -> None:
    """Set the range of the grid, with few ticks."""
    ax.set_aspect("equal")
    ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])


def shared_scales(losses: Sequence[np.ndarray]) -> tuple[float, float]:
    """The least and the largest loss of several surfaces, clipped.

    Of no surface they are 0.1 and 1.
    """
    if not losses:
        return 0.1, 1.0
    every = np.concatenate([clipped(each).ravel() for each in losses])
    return float(every.min()), float(every.max())
