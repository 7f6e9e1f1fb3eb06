"""The panels show the internal covariate shift of VGG by definition 2.1, at the main rate (filled)
and at a tenth of it (open). Above: the first panel is the loss, as the mean over ten batches. A
cross ends a run that did not train and takes no part in medians. The next panels are of one layer,
step by step. They draw the distance of its gradients before and after the layers below have made
their step, and the cosine of these gradients. Shaded steps are the plateau of the net without batch
norm at the main rate, where its outputs hardly depend on its inputs. Below: the panels go layer by
layer. They draw medians over the steps off the plateau, of the distance, of the distance over the
gradient's length, and of the cosine. The first layer has exactly no shift."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.internal_covariate_shift import RATES
from deepnet.experiments.santurkar2018.shared.records import PAIR
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import compared
from figures import marks
from figures.santurkar2018.deep_linear_shift import nothing, style
from figures.santurkar2018.words import NETS, crossed, legend, note, smooth
from theory import smoothness

SOURCE = cite("santurkar2018", "definition 2.1", "figure 3, VGG")
EXPERIMENT = "internal_covariate_shift"
SHOWS = (smoothness.covariate_shift,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the training above, and layer by layer below."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 4.6)
    (losses, distance, cosine), (lengths, relative, cosines) = fig.subplots(2, 3)
    layer = int(arrays["shown"])
    for name in PAIR:
        colour = NETS[name][1]
        for rate in RATES:
            label, how = f"{name}:{rate}", style(rate, colour)
            at, loss = smooth(arrays[f"{label}:loss"])
            losses.plot(at, loss, color=colour, lw=1.1, ls="-" if rate == "rate" else ":")
            crossed(losses, arrays, label, at[-1], loss[-1], colour)
            step = arrays[f"{label}:step"]
            distance.plot(step, arrays[f"{label}:shift"][:, layer - 1], **how)
            cosine.plot(step, arrays[f"{label}:cosine"][:, layer - 1], **how)
            for ax, what in ((lengths, "shift"), (relative, "relative"), (cosines, "cosine")):
                _by_layer(ax, arrays, label, what, how)
    flat = arrays["none:rate:step"][arrays["none:rate:plateau"]]
    for ax in (distance, cosine):
        ax.axvspan(0, flat.max(initial=0), color=marks.QUIET, alpha=0.15, lw=0, zorder=0)
        ax.set_xlim(0, len(arrays["none:rate:loss"]))
    losses.set(xlabel="step", ylabel="loss")
    distance.set(yscale="log", xlabel="step", ylabel=f"$|G' - G|$, layer {layer}")
    cosine.set(xlabel="step", ylabel=f"cosine of $G$ and $G'$, layer {layer}", ylim=(-1.05, 1.05))
    lengths.set(yscale="log", xlabel="layer", ylabel="$|G' - G|$, median")
    relative.set(yscale="log", xlabel="layer", ylabel="$|G' - G|/|G|$, median")
    cosines.set(xlabel="layer", ylabel="cosine, median", ylim=(None, 1.05))
    for ax in (lengths, relative):
        nothing(ax)
    last = arrays["none:rate:shift"].shape[1]
    for ax in (lengths, relative, cosines):
        ax.set_xticks([1, *range(3, last + 1, 2)])
    legend(fig, PAIR)


def _by_layer(
    ax: Axes, arrays: dict[str, np.ndarray], label: str, what: str, how: dict[str, Any]
) -> None:
    """Draw medians over the compared steps, if there are any.

    The zeros of the first layer are left out.
    """
    values = arrays[f"{label}:{what}"][compared(arrays, label)]
    layers = np.arange(1, values.shape[1] + 1)
    if len(values):
        first = 0 if what == "cosine" else 1
        ax.plot(layers[first:], np.median(values, axis=0)[first:], **how)
