"""The post's conclusions are drawn at other times and rates: half-way through training, at its end,
and after shorter trainings at half and at double the peak rate. Left: points are the Hessian's top
eigenvalue, with bars of the residual norm. Middle: points are the part of the squared gradient of
the first mean output that lies in the last layer. Right: points are the share of the leading
eigenvector that lies in the span of the ten mean outputs' gradients. The line is the share of a
random direction. Pale colours are other seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, note
from theory import stability

SOURCE = cite(
    "page2019", "Networks: the exact maximal learning rates and schedules make no large difference"
)
EXPERIMENT = "schedules"
SHOWS = (stability.random_overlap,)
PANELS = (
    ("top", "top eigenvalue of the Hessian"),
    ("share", "share of the last layer"),
    ("overlap", "overlap with mean gradients"),
)
TICKS = ("half-\nway", "end", "half\nrate", "double\nrate")


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    return {"runs": [result.arrays for result in results], "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per conclusion, one column per setting."""
    fig.set_size_inches(6.8, 3.0)
    panels = fig.subplots(1, 3)
    first, *others = data["runs"]
    panels[0].set_yscale("log")
    for ax, (what, words) in zip(panels, PANELS, strict=True):
        for place, (name, (_, colour)) in enumerate(NETS.items()):
            at = np.arange(len(TICKS)) + 0.2 * (place - 1)
            for run in others:
                marks.other_seed(ax, at, run[f"{name}:{what}"], "o", colour)
            bars = first[f"{name}:residual"] / 2 if what == "top" else None
            marks.measured(ax, at, first[f"{name}:{what}"], bars, colour=colour)
        ax.set_xticks(range(len(TICKS)), TICKS, fontsize=7)
        ax.set(ylabel=words, xlabel="training", ylim=None if what == "top" else (0, 1.02))
    by_chance = stability.random_overlap(P=int(first["parameters"]), dim=10)["mean"]
    marks.theory(panels[2], [-0.4, len(TICKS) - 0.6], [by_chance, by_chance])
    marks.legend(fig, NETS.values())
