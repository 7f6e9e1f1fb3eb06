"""What a step along the gradient of mean output 0 does on the way: the first channels of what batch
norm gives in each layer, and the outputs (densities; means beneath, extremes as ticks; the same
axes everywhere but for the outputs). Above: frozen batch norm before the step; middle: after it;
below: active batch norm after it. Numbers: root mean square of the means of all channels and, in
brackets, their mean standard deviation. Frozen, the means grow from layer to layer, and in the last
layers the deviations too. Active batch norm takes each shift off before it can reach the next
layer. Held fixed above and in the middle: batch norm's means and variances."""

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
    """Of the first seed: channels of each layer, their means and deviations over all channels."""
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
    """A row a state of the net, a column a layer."""
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
