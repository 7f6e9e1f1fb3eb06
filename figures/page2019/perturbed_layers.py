"""A step along the gradient of mean output 0 changes all layers. The panels show the first channels
of batch norm's output in each layer, and the outputs of the net. Curves are densities, marks
beneath are means, and ticks are extreme values. All layers share their axes, and the outputs have
their own. Above: batch norm is frozen and no step is made. Middle: batch norm is frozen, after the
step. Below: batch norm is active, after the step. The numbers are the root mean square of the means
of all channels and, in brackets, their mean standard deviation. With frozen batch norm the means
grow from layer to layer, and in the last layers the deviations grow too. Active batch norm takes
each shift off before it reaches the next layer. Above and in the middle, batch norm's means and
variances are held fixed."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.nets.page import CHANNELS
from figures import channels, marks
from figures.page2019.words import note, per_cent
from theory import normalisation

SOURCE = cite("page2019", "channel distributions throughout the network after perturbation")
EXPERIMENT = "perturbations"
SHOWS = (normalisation.input_invariance,)
LIMITS = (-4.0, 7.0)
LAYERS = (*CHANNELS, "classifier")
ROWS = {
    "frozen,\nno step": "frozen:nothing",
    "frozen,\nafter {}": "frozen:along",
    "active,\nafter {}": "active:along",
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The channels of each layer in the first seed, with means and deviations over all channels."""
    arrays = results[0].arrays
    rows = {
        words.format(per_cent(arrays["drawn"][1])): {
            "channels": [arrays[f"{name}:{layer}"] for layer in LAYERS],
            "means": arrays[f"{name}:means"],
            "deviations": arrays[f"{name}:deviations"],
        }
        for words, name in ROWS.items()
    }
    return {"rows": rows, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one row per state of the net, one column per layer."""
    fig.set_size_inches(7.0, 3.7)
    rows = data["rows"]
    grid = fig.subplots(len(rows), len(LAYERS), sharex=True)
    for columns in (slice(-1), slice(-1, None)):
        sets = [z for row in rows.values() for z in row["channels"][columns]]
        channels.together(list(grid[:, columns].flat), sets, LIMITS)
    for axes, (words, row) in zip(grid, rows.items(), strict=True):
        axes[0].set_ylabel(words)
        for ax, mean, deviation in zip(axes, row["means"], row["deviations"], strict=True):
            place = (LIMITS[1], 0.9 * ax.get_ylim()[1])
            marks.label(ax, place, f"{mean:.2f} ({deviation:.2f})", ha="right", fontsize=6.5)
    for ax, layer in zip(grid[0], LAYERS, strict=True):
        ax.set_title(layer.replace("_", "\n"), weight="normal", size=8)
    for ax in grid[-1]:
        ax.set(xlabel="value", xticks=(0, 5))
