"""Names of the nets and the setting in figures of the source's experiments. This is no figure."""

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepnet.experiments.runner import Result
from figures import marks

#: The nets with their colours.
NETS = {
    "active": ("batch norm", marks.THEORY),
    "noisy": ("noisy batch norm", marks.SECOND),
    "none": ("no batch norm", marks.THIRD),
    "none_noisy": ("noise, no batch norm", "#56B4E9"),
    "l1": ("L1", marks.SECOND),
    "l2": ("L2", "#56B4E9"),
    "linf": ("L-infinity", marks.MEASURED),
    "centred_l1": ("L1 of deviations", marks.SECOND),
    "centred_l2": ("L2 of deviations", "#56B4E9"),
    "centred_linf": ("L-infinity of deviations", marks.MEASURED),
}
#: A curve of single steps is drawn as means over this number of steps.
STEPS = 10
FORMS = {"vgg_a": "VGG-A", "vgg16": "VGG-16"}


def note(result: Result) -> str:
    """The setting in small print: data, net and training."""
    config, data = result.facts["configuration"], result.facts["data"]
    words = f"{data['name']}, {config['train']:,} images"
    if "form" in config:
        words += f"; {FORMS[config['form']]}, width {config['width']}"
    if "epochs" in config:
        words += f", {config['epochs']} epochs of batches of {config['batch']}"
    return words


def legend(fig: Figure, names: Iterable[str], ncols: int | None = None) -> None:
    """Draw one legend for all panels, with the words and the colour of each net."""
    marks.legend(fig, [NETS[name] for name in names], ncols)


def crossed(
    ax: Axes, arrays: Mapping[str, np.ndarray], label: str, x: float, y: float, colour: str
) -> None:
    """Draw a cross where a run ends that did not train.

    Such a run takes no part in comparisons.
    """
    if arrays[f"{label}:mark"]:
        ax.plot(x, y, "x", color=colour, ms=8, mew=1.5, zorder=4, clip_on=False)


def smooth(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middles of groups of STEPS steps, and the means over these groups.

    Where there are few steps, each step is a group.
    """
    count = STEPS if len(values) >= 2 * STEPS else 1
    whole = len(values) // count * count
    at = np.arange(len(values))[:whole].reshape(-1, count).mean(1)
    means: np.ndarray = values[:whole].reshape(-1, count).mean(1)
    return at, means
