"""Batch norm moves and scales ten channels of one layer, over the pixels and images of a batch. The
panels are densities before batch norm (left) and after it (right), before any training (top) and in
the middle of training (bottom). Marks beneath are the channels' means, and ticks their smallest and
largest values. Each channel is shifted and scaled to mean 0 and variance 1, and keeps its shape.
The number in a title is the share of the mean square that is in the channels' means."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import channels
from figures.page2019.words import note
from theory import normalisation

SOURCE = cite("page2019", "before and after a batch norm layer (Per channel histograms)")
EXPERIMENT = "batch_norm_layer"
SHOWS = (normalisation.standardisation, normalisation.affine_invariance)
TIMES, SIDES = ("before training", "in training"), ("before", "after")


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Quantiles of the channels, and the shares of their means."""
    arrays = results[0].arrays
    panels = {
        (time, side): (
            arrays[f"{time}:{side}:values"],
            float(arrays[f"{time}:{side}:share"]),
        )
        for time in TIMES
        for side in SIDES
    }
    return {"panels": panels, "note": f"layer2; {note(results[0])}"}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw four panels on one axis. The few values beyond the axis are cut off."""
    fig.set_size_inches(6.2, 3.9)
    grid = fig.subplots(2, 2, sharex=True)
    reach = max(
        float(np.abs(np.quantile(values, (0.005, 0.995))).max())
        for values, _ in data["panels"].values()
    )
    reach = float(np.ceil(reach))
    ticks = (-round(reach / 2), 0, round(reach / 2))
    for ax, ((time, side), (values, share)) in zip(grid.flat, data["panels"].items(), strict=True):
        channels.densities(ax, values, reach)
        ax.set(xlim=(-reach, reach), xticks=ticks, yticks=[])
        ax.spines["left"].set_visible(False)
        title = f"{time}, {side} the norm: {abs(share):.2f}"
        ax.set_title(title, weight="normal", size=8)
    for ax in grid[:, 0]:
        ax.set_ylabel("density")
    for ax in grid[1]:
        ax.set_xlabel("value of a channel")
