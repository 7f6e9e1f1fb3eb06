"""One unit gives values to its activation, and the panels show their law at six steps of training.
Each law is drawn to one height. Rows are nets, and columns are the layers that the unit leads to.
The dot is the mean, and the bar is one standard deviation. Without batch norm a unit's law wanders
and widens. Batch norm holds the mean and the deviation where its learnt shift and scale put them.
It does not hold the shape. Noise makes the law jump. Right: the mean after the activation is drawn
against the mean before it, both in standard deviations before it, for all watched units and steps.
The line is the effect of ReLU on a Gaussian."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.shared.movements import layers_of
from deepnet.experiments.santurkar2018.shared.records import UNITS_RECORDED
from figures import marks
from figures.santurkar2018.words import NETS, note
from theory import propagation

SOURCE = cite("santurkar2018", "figures 1(c), 2")
EXPERIMENT = "distributional_stability"
SHOWS = (propagation.rectified_moments,)
BINS, POINTS = 28, 4000


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"run": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw laws by net and layer, and on the right the effect of ReLU."""
    run = data["run"]
    layers = layers_of(run)
    fig.set_size_inches(6.8, 6.0)
    panels = fig.subplots(len(UNITS_RECORDED), len(layers) + 1)
    for row, name in zip(panels, UNITS_RECORDED, strict=True):
        for ax, layer in zip(row, layers, strict=False):
            _ridges(ax, run, name, layer)
            if name == UNITS_RECORDED[0]:
                ax.set_title(f"into layer {layer}", weight="normal")
        row[0].set_ylabel(f"{NETS[name][0]}\nstep")
        _rectified(row[-1], run, name, layers)
    low, high = np.transpose([ax.get_xlim() for ax in panels[:, -1]])
    at = np.linspace(low.min(), high.max(), 60)
    line = [propagation.rectified_moments(m=m, v=1.0)["mean"] for m in at.tolist()]
    for ax in panels[:, -1]:
        marks.theory(ax, at, line, marks.MEASURED, lw=0.8, zorder=3)
        ax.set(xlim=(at[0], at[-1]), xlabel="mean before", ylabel="mean after")
    for ax in panels[-1, :-1]:
        ax.set_xlabel("before activation")


def _ridges(ax: Axes, run: dict[str, np.ndarray], name: str, layer: int) -> None:
    """Draw the law at each step. The first step is at the top."""
    steps = run[f"{name}:law_step"].astype(int)
    quantiles = run[f"{name}:{layer}:quantiles"]
    prefix, colour = f"{name}:{layer}:before", NETS[name][1]
    low, high = quantiles.min(), quantiles.max()
    for place, (step, law) in enumerate(zip(steps, quantiles, strict=True)):
        base = len(steps) - 1 - place
        x, height = _density(run["levels"], law)
        ax.fill_between(x, base, base + 0.85 * height, color=colour, alpha=0.35, lw=0.5)
        mean = run[f"{prefix}:mean"][step, 0]
        deviation = np.sqrt(run[f"{prefix}:variance"][step, 0])
        marks.measured(
            ax, [mean], [base], xerr=[deviation], colour=marks.MEASURED, markersize=2.4, capsize=0
        )
        low, high = min(low, mean - deviation), max(high, mean + deviation)
    room = 0.05 * (high - low)
    ax.set(xlim=(low - room, high + room), ylim=(-0.4, len(steps)))
    ax.set_yticks(range(len(steps)), [f"{step}" for step in steps[::-1]])


def _density(levels: np.ndarray, law: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The density from its quantiles, over its own range. Its largest value is 1."""
    drawn = np.interp(np.linspace(levels[0], levels[-1], POINTS), levels, law)
    counts, edges = np.histogram(drawn, BINS)
    return (edges[1:] + edges[:-1]) / 2, counts / counts.max()


def _rectified(ax: Axes, run: dict[str, np.ndarray], name: str, layers: Sequence[int]) -> None:
    """Draw means before and after the activation, in standard deviations before it."""
    every = max(1, len(run[f"{name}:loss"]) // 30)
    for layer in layers:
        deviation = np.sqrt(run[f"{name}:{layer}:before:variance"][::every])
        seen = deviation > 0
        x, y = (
            run[f"{name}:{layer}:{side}:mean"][::every][seen] / deviation[seen]
            for side in ("before", "after")
        )
        ax.plot(x, y, ".", color=NETS[name][1], ms=1.5, alpha=0.5, zorder=1)
