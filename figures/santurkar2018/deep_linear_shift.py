"""The panels show the internal covariate shift of the deep linear net, 25 layers of 10 units, by
definition 2.1. Filled points are the larger rate, and open points a tenth of it. Above: the loss is
drawn first. The next panels are of the layer that the source shows. They draw the distance of its
gradients before and after the layers below have made their step, and the cosine of these gradients.
Below: the panels go layer by layer. The first draws the distance at the first step, where both
rates meet equal weights. Lines are the distance of the smaller rate times the quotient of the
rates, which is right for small rates. The next panels draw the distance over the gradient's length,
and the cosine, as medians over steps. The first layer has exactly no shift. At the larger rate the
net without batch norm swings too, and its gradients turn like the gradients with batch norm. At the
smaller rate only the gradients with batch norm turn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.deep_linear import PAIR, RATES
from figures import marks
from figures.santurkar2018.words import NETS, legend
from theory import smoothness

SOURCE = cite("santurkar2018", "definition 2.1", "Fig. 3, Fig. 10: the deep linear network")
EXPERIMENT = "deep_linear"
SHOWS = (smoothness.covariate_shift, smoothness.covariate_shift_rate)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def note(result: Result) -> str:
    """The setting in small print: the net and its generated data."""
    config = result.facts["configuration"]
    return (
        f"generated inputs, {config['examples']:,} examples; {config['depth']} layers of "
        f"{config['units']}, {config['steps']:,} steps of descent on all"
    )


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the training above, and layer by layer below."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 4.6)
    (losses, distance, cosine), (first, relative, cosines) = fig.subplots(2, 3)
    layer = int(arrays["shown"])
    for name in PAIR:
        colour = NETS[name][1]
        for rate in RATES:
            label = f"{name}:{rate}"
            how = style(rate, colour)
            loss = arrays[f"{label}:loss"]
            losses.plot(loss, color=colour, lw=1.1, ls="-" if rate == "rate" else ":")
            shift, turn = (arrays[f"{label}:{what}"] for what in ("shift", "cosine"))
            distance.plot(arrays["step"], shift[:, layer - 1], **how)
            cosine.plot(arrays["step"], turn[:, layer - 1], **how)
            layers = np.arange(1, shift.shape[1] + 1)
            first.plot(layers[1:], shift[0, 1:], **(how | {"ls": ""}))
            typical = np.median(arrays[f"{label}:relative"], axis=0)
            relative.plot(layers[1:], typical[1:], **how)
            cosines.plot(layers, np.median(turn, axis=0), **how)
        small = arrays[f"{name}:small_rate:shift"][0, 1:]
        marks.theory(first, layers[1:], small * arrays["rate"] / arrays["small_rate"], colour, lw=1)
    losses.set(yscale="log", xlabel="step", ylabel="loss")
    losses.yaxis.set_minor_formatter("")
    distance.set(yscale="log", xlabel="step", ylabel=f"$|G' - G|$, layer {layer}")
    cosine.set(xlabel="step", ylabel=f"cosine of $G$ and $G'$, layer {layer}", ylim=(-1.05, 1.05))
    first.set(yscale="log", xlabel="layer", ylabel="$|G' - G|$ at the first step")
    relative.set(yscale="log", xlabel="layer", ylabel="$|G' - G|/|G|$, median")
    cosines.set(xlabel="layer", ylabel="cosine, median", ylim=(-1.05, 1.05))
    for ax in (first, relative):
        nothing(ax)
    legend(fig, PAIR)


def style(rate: str, colour: str) -> dict[str, Any]:
    filled = rate == "rate"
    return {
        "color": colour,
        "marker": "o",
        "ms": 3,
        "lw": 0.6,
        "mfc": colour if filled else "white",
        "ls": "-" if filled else ":",
    }


def nothing(ax: Axes) -> None:
    """Write the closed form's value for the first layer, which a logarithmic axis cannot show."""
    one = {"X": [[1.0]], "Y": [[1.0]], "W_below": [[2.0]], "W_above": [[3.0]], "eta": 0.1}
    none = smoothness.covariate_shift(**one)["first layer"]
    words = f"layer 1: exactly {float(np.max(np.abs(none))):g}"
    ax.set_ylim(bottom=ax.get_ylim()[0] / 4)
    marks.label(ax, (0.97, 0.06), words, xycoords="axes fraction", ha="right", fontsize=7.5)
