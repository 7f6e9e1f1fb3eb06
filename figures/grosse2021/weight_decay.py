"""Weight decay shortens the weights before a batch norm, and steps lengthen them. The two cancel at
some length. Left is descent, and right is descent with momentum 0.9. Points are the
root-mean-square angle by which the units of each layer turn in a step, averaged over some steps,
with strong decay, weak decay and no decay. Lines are the angle at equilibrium, which no gradient
changes. Pale lines are the output layer. The claim does not bind it, since its weights have no free
length. Pale points are other seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.shared.turns import layers
from deepnet.experiments.grosse2021.weight_decay import SETTINGS, rms
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.grosse2021.curves import means
from figures.grosse2021.words import note
from theory import invariance

SOURCE = cite("grosse2021", "Use weight decay")
EXPERIMENT = "weight_decay"
SHOWS = (invariance.equilibrium_angle, invariance.equilibrium_with_momentum)
PANELS = {
    "descent": {"strong": marks.THEORY, "weak": marks.SECOND, "none": marks.MEASURED},
    "momentum": {"strong, momentum": marks.THEORY, "weak, momentum": marks.SECOND},
}
MARKERS = "os^v"


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the arrays of every later seed."""
    config = results[0].facts["configuration"]
    first, *others = (result.arrays for result in results)
    words = note(results[0], f"{config['epochs']} epochs")
    return {"arrays": first, "others": others, "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw angles against steps, one panel per rule."""
    fig.set_size_inches(6.8, 3.2)
    for ax, (title, runs) in zip(fig.subplots(1, 2), PANELS.items(), strict=True):
        _panel(ax, data["arrays"], data["others"], runs)
        ax.set_title(title, weight="normal")


def _panel(ax: Axes, arrays: Arrays, others: Sequence[Arrays], runs: dict[str, str]) -> None:
    ends = []
    for name, colour in runs.items():
        setting = SETTINGS[name]
        *before, last = layers(arrays, name)
        steps = means(arrays[f"{name}:step"])
        for layer, marker in zip(before, MARKERS, strict=False):
            for other in others:
                marks.other_seed(ax, steps, _angles(other, name, layer), marker, colour)
            angles = _angles(arrays, name, layer)
            marks.measured(ax, steps, angles, colour=colour, fmt=marker)
        ax.plot(steps, _angles(arrays, name, last), color=colour, alpha=0.35, lw=0.8)
        if setting.decay:
            angle = float(np.degrees(setting.angle))
            ax.plot([0, steps[-1] * 1.04], [angle, angle], color=colour, lw=1.2)
            ends.append((angle, f"decay {setting.decay:g}", colour))
        else:
            ends.append((angles[-1], "no decay", colour))
    ax.set(yscale="log", xlabel="step", ylabel="angle of a step (degrees)")
    ax.set_xlim(0, steps[-1] * 1.5)
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= steps[-1] * 1.1])
    low, high = ax.get_ylim()
    ax.set_yticks([tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10) if low <= tick <= high])
    marks.plain_ticks(ax.yaxis)
    marks.end_labels(ax, steps[-1] * 1.06, ends)


def _angles(arrays: Arrays, name: str, layer: str) -> np.ndarray:
    """The root mean square of the angles over units and some steps, in degrees."""
    return np.degrees(np.sqrt(means(rms(arrays, name, layer, "angle") ** 2)))
