"""Noise acts after batch norm. Above left: the loss is drawn, as the mean over ten batches. The
grey line is the loss of a guess. Above middle: the accuracy is drawn on training images without
noise, where each batch has its own statistics. Squares at the end are the accuracy with noise. A
cross marks a run that did not train. With the noise and without batch norm the net starts later.
The source says that it never starts. Below: the movement of a unit's mean in one step is drawn at
the input of a layer, on one set of images at all steps, as in the source. It is the median of the
watched units and the mean of ten steps. Above right: the movement is drawn in the unit's own
standard deviations, before the activation and after it, as medians over steps. Larger points are
later layers. The line is the part of the movement of a Gaussian of mean 0 that ReLU leaves. Above
the line the law has changed its width or its shape."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018 import distributional_stability as stability
from deepnet.experiments.santurkar2018.shared.movements import layers_of, movement
from deepnet.experiments.santurkar2018.shared.records import UNITS_RECORDED
from figures import marks
from figures.santurkar2018.words import NETS, crossed, legend, note, smooth
from theory import propagation

SOURCE = cite("santurkar2018", "figures 1(c), 2, 6, 8", "appendix A, algorithm 1")
EXPERIMENT = "distributional_stability"
SHOWS = (propagation.rectified_mean_slopes,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    config = results[0].facts["configuration"]
    words = f"{note(results[0])}, rate {config['rate']:g}, {config['noise_law']} noise"
    return {"runs": [result.arrays for result in results], "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the training above, and the movement below."""
    first, *others = data["runs"]
    layers = layers_of(first)
    fig.set_size_inches(6.8, 4.9)
    panels = fig.subplots(2, 3)
    losses, accuracies, summary = panels[0]
    for name in stability.NETS:
        colour = NETS[name][1]
        for run in others:
            marks.other_seed(losses, *smooth(run[f"{name}:loss"]), "-", colour)
            steps, values = run[f"{name}:step"], run[f"{name}:train"]
            marks.other_seed(accuracies, steps, values, "-", colour)
        losses.plot(*smooth(first[f"{name}:loss"]), color=colour, lw=1.1)
        _accuracy(accuracies, first, name, colour)
    classes = float(first["classes"])
    losses.axhline(np.log(classes), color=marks.QUIET, lw=0.8, zorder=0)
    accuracies.axhline(1 / classes, color=marks.QUIET, lw=0.8, zorder=0)
    losses.set(xlabel="step", ylabel="loss")
    accuracies.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02))
    _summary(summary, first, layers)
    for ax, layer in zip(panels[1], layers, strict=True):
        for name in UNITS_RECORDED:
            moved = np.median(movement(first, name, layer, "after", "mean"), axis=1)
            ax.plot(*smooth(moved), color=NETS[name][1], lw=1.1)
        ax.set(yscale="log", xlabel="step", ylabel="movement of means")
        ax.set_title(f"into layer {layer}", weight="normal")
    low, high = np.transpose([ax.get_ylim() for ax in panels[1]])
    for ax in panels[1]:
        ax.set(ylim=(max(low.min(), 1e-4 * high.max()), high.max()), xlim=losses.get_xlim())
    legend(fig, stability.NETS)


def _accuracy(ax: Axes, run: dict[str, np.ndarray], name: str, colour: str) -> None:
    steps, values = run[f"{name}:step"], run[f"{name}:train"]
    ax.plot(steps, values, "o-", color=colour, ms=3, lw=0.9)
    noisy = run.get(f"{name}:noisy_train")
    if noisy is not None:
        ax.plot(1.06 * steps[-1], noisy, "s", color=colour, ms=3.5, mfc="white")
    crossed(ax, run, name, float(steps[-1]), float(values[-1]), colour)


def _summary(ax: Axes, run: dict[str, np.ndarray], layers: Sequence[int]) -> None:
    """Draw the movement in standard deviations, before the activation across and after it up."""
    for name in UNITS_RECORDED:
        begin = int(run[f"{name}:plateau"])
        for size, layer in enumerate(layers):
            before = movement(run, name, layer, "before", "mean", relative=True)
            deviation = np.sqrt(run[f"{name}:{layer}:before:variance"][:-1])
            after = movement(run, name, layer, "after", "mean")
            after = np.divide(after, deviation, where=deviation > 0, out=np.zeros_like(after))
            if begin < len(before):
                x, y = np.nanmedian(before[begin:]), np.median(after[begin:])
                marks.measured(ax, [x], [y], colour=NETS[name][1], markersize=2.5 + 1.5 * size)
    ax.margins(0.15)
    ax.set(xscale="log", yscale="log")
    ends = np.array(ax.get_xlim())
    slope = propagation.rectified_mean_slopes(m=0.0, v=1.0)["in the mean"]
    marks.theory(ax, ends, slope * ends, marks.MEASURED, lw=1)
    ax.set(xlabel="before activation", ylabel="after activation")
    ax.set_title("in deviations", weight="normal")
