"""How the figures of residual nets name the nets, the records and the setting; no figure itself."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepnet.experiments.outcome import Outcome
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks

NETS = {
    "active": ("batch norm", marks.THEORY),
    "frozen": ("frozen batch norm", marks.SECOND),
    "none": ("no batch norm", marks.THIRD),
}
#: Closed forms in the nets' panels: the quadratic loss of a neuron, and what chance gives.
THEORY = "#666666"


def note(result: Result) -> str:
    """The setting in small print: data, net, training and images of the measurement."""
    config, data = result.facts["configuration"], result.facts["data"]
    words = f"{data['name']}, {config['train']:,} images; ResNet-{config['depth']}"
    words += f", width {config['width']}, {config['activation']}"
    return f"{words}; Hessian of {config['examples']:,} images"


def steps(result: Result) -> np.ndarray:
    """The records in steps."""
    config = result.facts["configuration"]
    return np.array(config["records"]) * (config["train"] // config["batch"])


def fate(arrays: Arrays, name: str) -> str:
    """What to write beside a net that takes no part in comparisons: nothing if it trained."""
    word = Outcome(int(arrays[f"{name}:fate"])).words
    return f" ({word})" if word else ""


def legend(fig: Figure, nets: Iterable[str], arrays: Arrays) -> None:
    """Above all panels, which share them: the words and the colour of each net."""
    entries = [(NETS[name][0] + fate(arrays, name), NETS[name][1]) for name in nets]
    marks.legend(fig, entries, joined=True)


def against_steps(ax: Axes, at: np.ndarray) -> None:
    """The axis of the training: its records are its ticks."""
    wide = 0.05 * at[-1]
    ax.set(xlabel="step", xlim=(-wide, at[-1] + wide))
    ax.set_xticks(at)


def against_loss(ax: Axes) -> None:
    """The axis of what has been learnt: a training runs to the right."""
    ax.set_xlabel("training loss")
    ax.invert_xaxis()
