"""The figure shows how LeNet's filter-normalised surfaces bend. Above: at each grid point the
smaller principal curvature of the slice is divided by the absolute value of the larger. Blue is
convex. At dark red the slice bends down as far as up. Below: the dots of the map are the points,
and point 0 is the centre. Circles are the largest eigenvalue of the Hessian of the whole loss and
the absolute value of the smallest (open), both by Lanczos. Squares are the slice's largest
curvature along directions of length 1. The slice sees next to nothing of the extreme eigenvalues.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import MODES, colours, empty, note, square
from theory import smoothness

SOURCE = cite("oxford2021", "section 1.2, principal curvatures")
EXPERIMENT = "principal_curvatures"
SHOWS = (smoothness.beta_smoothness,)
#: {curvature below the maps: how its points are drawn}.
STYLES: dict[str, dict[str, Any]] = {
    "largest eigenvalue": {"color": marks.MEASURED, "marker": "o"},
    "size of the smallest": {"color": marks.MEASURED, "marker": "o", "mfc": "white"},
    "the slice's largest curvature": {"color": marks.QUIET, "marker": "s"},
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{mode: its arrays}. The value is None for a net that did not train."""
    arrays = results[0].arrays
    curvatures: dict[str, Any] = {
        "at": arrays["at"][1:-1], "places": arrays["places"], "note": note(results[0]),
    }  # fmt: skip
    names = ("smaller", "larger", "largest", "smallest", "lengths")
    for mode in MODES:
        trained = arrays[f"{mode}:trained"]
        curvatures[mode] = {name: arrays[f"{mode}:{name}"] for name in names} if trained else None
    return curvatures


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw maps above and eigenvalues below."""
    fig.set_size_inches(6.8, 4.4)
    axes = fig.subplots(2, 4, width_ratios=(1, 1, 1, 0.05), height_ratios=(1.25, 1))
    drawn = None
    for column, (mode, (name, _)) in enumerate(MODES.items()):
        above, below = axes[:, column]
        above.set_title(name, fontsize=8)
        above.set_xlabel("first direction")
        if data[mode] is None:
            empty(above)
        else:
            ratio = data[mode]["smaller"] / np.abs(data[mode]["larger"])
            style = {"cmap": "RdBu", "vmin": -1, "vmax": 1, "rasterized": True}
            drawn = above.pcolormesh(data["at"], data["at"], ratio.T, **style)
            above.plot(*data["places"].T, "o", color="black", ms=2.5)
            square(above)
            _extremes(below, data[mode], data["at"], data["places"])
        below.set_xlabel("point")
    axes[0, 0].set_ylabel("second direction")
    axes[1, 0].set_ylabel("curvature")
    axes[1, 3].set_axis_off()
    _one_axis(list(axes[1, :3]))
    handles = [Line2D([], [], ls="", ms=4, **style) for style in STYLES.values()]
    fig.legend(handles, list(STYLES), loc="outside upper center", ncols=3, handletextpad=0.1)
    colours(fig, axes[0, 3], drawn, (-1, 0, 1), "smaller over larger")


def _extremes(ax: Axes, curvatures: dict[str, Any], at: np.ndarray, places: np.ndarray) -> None:
    points = np.arange(len(places))
    i, j = (np.abs(at[:, None] - places[:, axis]).argmin(0) for axis in (0, 1))
    slice_ = curvatures["larger"][i, j] / curvatures["lengths"].max() ** 2
    values = (curvatures["largest"], np.abs(curvatures["smallest"]), slice_)
    for curvature, style in zip(values, STYLES.values(), strict=True):
        ax.plot(points, curvature, ls="", ms=3.5, **style)
    ax.set_xticks(points if len(points) < 10 else [])


def _one_axis(axes: list[Axes]) -> None:
    """Give all panels one logarithmic axis."""
    shown = np.concatenate([line.get_ydata() for ax in axes for line in ax.lines] or [[0.1, 1]])
    shown = shown[shown > 0]
    for ax in axes:
        ax.set(yscale="log", ylim=(shown.min() / 2, shown.max() * 2))
        ax.tick_params(labelleft=ax is axes[0])
    marks.plain_ticks(*(ax.yaxis for ax in axes))
