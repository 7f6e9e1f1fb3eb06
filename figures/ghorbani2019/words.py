"""Names of the nets, the records and the setting in figures of residual nets. This is no figure."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepnet.experiments.outcome import Outcome
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.certain import all_certain

NETS = {
    "active": ("batch norm", marks.THEORY),
    "frozen": ("frozen batch norm", marks.SECOND),
    "none": ("no batch norm", marks.THIRD),
}
#: The colour of a neuron's closed forms and of the values of chance in the nets' panels.
THEORY = "#666666"


def note(result: Result) -> str:
    """The setting in small print: data, net, training and images of the measurement."""
    config, data = result.facts["configuration"], result.facts["data"]
    words = f"{data['name']}, {config['train']:,} images; ResNet-{config['depth']}"
    words += f", width {config['width']}, {config['activation']}"
    doubt = "" if all_certain(result.arrays) else "; an eigenvalue may be missing"
    return f"{words}; Hessian of {config['examples']:,} images{doubt}"


def steps(result: Result) -> np.ndarray:
    """The steps at which the records were taken."""
    config = result.facts["configuration"]
    return np.array(config["records"]) * (config["train"] // config["batch"])


def fate(arrays: Arrays, name: str) -> str:
    """The words beside a net that takes no part in comparisons.

    They are empty if the net trained.
    """
    word = Outcome(int(arrays[f"{name}:fate"])).words
    return f" ({word})" if word else ""


def legend(fig: Figure, nets: Iterable[str], arrays: Arrays) -> None:
    """Draw one legend for all panels, with the words and the colour of each net."""
    entries = [(NETS[name][0] + fate(arrays, name), NETS[name][1]) for name in nets]
    marks.legend(fig, entries, joined=True)


def against_steps(ax: Axes, at: np.ndarray) -> None:
    """Set the axis of the training. Its ticks are the records."""
    wide = 0.05 * at[-1]
    ax.set(xlabel="step", xlim=(-wide, at[-1] + wide))
    ax.set_xticks(at)


def against_loss(ax: Axes) -> None:
    """Set the axis of the training loss.

    It falls to the right, so that a training runs to the right.
    """
    ax.set_xlabel("training loss")
    ax.invert_xaxis()
