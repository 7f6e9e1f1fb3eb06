"""The panels show the outputs of three nets on one batch, channel by channel, after a step along
each of the ten leading eigenvectors of the loss's Hessian. Curves are densities, marks beneath are
means, and ticks are extreme values. All panels of a row have equal axes. A step of 1 % changes the
outputs, and the number is the share of the squared change that is a shift of channel means. With
frozen batch norm and with none the means move. With active batch norm they hardly move. Softmax
regression has M - 1 outliers, one fewer than classes (left of the line). The source finds that the
step along v10 rescales the outputs instead. That does not stand out in a narrow net. Active batch
norm uses the statistics of this batch, and frozen batch norm constant statistics."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.eigenvector_steps import by_eigenvector, share_of_means
from deepnet.experiments.runner import Result
from figures import channels, marks
from figures.page2019.words import NETS, note, per_cent
from theory import stability

SOURCE = cite("page2019", "perturbing the network parameters by the leading eigenvectors")
EXPERIMENT = "eigenvector_steps"
SHOWS = (stability.class_outliers,)
LIMITS = (-6.0, 9.0)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The outputs (channels, examples) of the first seed, before any step and after each step."""
    arrays = results[0].arrays
    rows = {
        name: {
            "outputs": [
                arrays[f"{name}:outputs"].T,
                *(z.T for z in arrays[f"{name}:outputs_along"][1]),
            ],
            "shares": by_eigenvector(arrays, name, share_of_means, 0),
        }
        for name in NETS
    }
    classes = arrays["active:outputs"].shape[1]
    return {
        "rows": rows,
        "length": arrays["active:lengths"][1],
        "outliers": int(stability.class_outliers(mu=np.ones(1), M=classes)["outliers"]),
        "note": note(results[0]),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one row per net, one column per eigenvector."""
    fig.set_size_inches(7.2, 3.6)
    rows = data["rows"]
    columns = len(rows["active"]["outputs"])
    grid = fig.subplots(len(rows), columns, sharex=True)
    for axes, (name, row) in zip(grid, rows.items(), strict=True):
        channels.together(axes, row["outputs"], LIMITS)
        words, colour = NETS[name]
        axes[0].set_ylabel(words.replace(" batch", "\nbatch"), color=colour)
        high = axes[0].get_ylim()[1]
        for ax, share in zip(axes[1:], row["shares"], strict=True):
            marks.label(ax, (LIMITS[1], 0.9 * high), f"{share:.2f}", ha="right", fontsize=7)
    titles = ["no step", *(f"$v_{{{i}}}$" for i in range(1, columns))]
    titles[1] += f", {per_cent(data['length'])}"
    for ax, title in zip(grid[0], titles, strict=True):
        ax.set_title(title, weight="normal", size=8)
    for ax in grid[-1]:
        ax.set(xlabel="output", xticks=(0,))
    if data["outliers"] < columns - 1:
        for ax in grid[:, data["outliers"] + 1]:
            ax.axvline(LIMITS[0], color="black", lw=1.2)
