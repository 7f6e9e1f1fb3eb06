"""The panels show the smoothness of the deep linear net's loss. Above: steps go along the gradient,
from a hundredth of the larger rate to thirty times it. The first panel is the range of the losses,
from the smallest to the largest. The second is the range of the gradient's change. The third is the
largest effective beta, which is the change of the gradient over the length of the step. Below left:
beta over a hundredth of a step is filled at the larger rate, and open at a tenth of it. Lines are 2
over each rate, the edge of stability. With batch norm beta is what the rate allows, so that the
flat line is a property of the rate and not of the net. Beta swings about the line from step to
step, as descent swings between the sides of a valley that are not equally curved. Below middle: the
loss variation along random directions as long as the gradient is drawn, at the larger rate. Below
right: beta over a hundredth of a step is drawn for the norms of other powers, at the larger rate.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.deep_linear import NETS as NORMED
from deepnet.experiments.santurkar2018.deep_linear import PAIR, RATES
from figures import marks
from figures.santurkar2018.deep_linear_shift import note
from figures.santurkar2018.words import NETS, legend
from theory import smoothness, stability

SOURCE = cite("santurkar2018", "Fig. 3, Fig. 10: the deep linear network")
EXPERIMENT = "deep_linear"
SHOWS = (
    stability.edge_of_stability,
    smoothness.gradient_predictiveness,
    smoothness.effective_beta,
    smoothness.fall_of_the_loss,
)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the three measures above, then the edge, random directions and other norms below."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 4.8)
    (losses, change, beta), (edge, random, norms) = fig.subplots(2, 3)
    step = arrays["step"]
    for name in PAIR:
        colour = NETS[name][1]
        for ax, what in ((losses, "losses"), (change, "predictiveness")):
            values = arrays[f"{name}:rate:{what}"]
            marks.band(ax, step, values.min(1), values.max(1), colour, alpha=0.3)
            ax.plot(step, values.max(1), color=colour, lw=0.8)
        beta.plot(step, arrays[f"{name}:rate:largest_beta"], "o-", color=colour, ms=3, lw=0.6)
        for rate in RATES:
            filled = colour if rate == "rate" else "white"
            values = arrays[f"{name}:{rate}:beta"][:, 0]
            edge.plot(step, values, "o-", color=colour, mfc=filled, ms=3, lw=0.5)
        ways = [array for key, array in arrays.items() if _random(key, name)]
        random.plot(step, np.median(ways, axis=0), "o-", color=colour, ms=3, lw=0.6)
    for rate in RATES:
        _allowed(edge, float(arrays[rate]))
    for name in NORMED[1:]:
        values = arrays[f"{name}:rate:beta"][:, 0]
        norms.plot(step[: len(values)], values, "o-", color=NETS[name][1], ms=3, lw=0.6)
    norms.axhline(stability.edge_of_stability(eta=float(arrays["rate"])), color="k", lw=0.9)
    losses.set_ylabel("loss over the steps")
    change.set_ylabel("change of the gradient")
    beta.set_ylabel("largest effective beta")
    edge.set_ylabel("beta over 0.01 of a step")
    random.set_ylabel("variation, random direction")
    norms.set_ylabel("beta over 0.01 of a step")
    longest = max(len(arrays[f"{name}:rate:beta"]) for name in NORMED[2:])
    norms.set_xlim(-0.05 * step[longest - 1], 1.08 * step[longest - 1])
    for ax in (losses, change, beta, edge, random, norms):
        ax.set(yscale="log", xlabel="step")
        ax.yaxis.set_minor_formatter("")
    edge.set_ylim(top=3 * edge.get_ylim()[1])  # room for the words
    legend(fig, (*PAIR, *NORMED[2:]))


def _random(name: str, net: str) -> bool:
    return name.startswith(f"{net}:rate:random") and name.endswith(":variation")


def _allowed(ax: Axes, rate: float) -> None:
    """Draw the largest curvature at which descent at ``rate`` is stable."""
    edge = float(stability.edge_of_stability(eta=rate))
    ax.axhline(edge, color=marks.MEASURED, lw=0.9, zorder=1)
    words = f"2/rate, rate {rate:g}"
    style: dict[str, Any] = {
        "textcoords": "offset points",
        "xytext": (0, 7),
        "va": "bottom",
        "ha": "right",
    }
    place = ("axes fraction", "data")
    marks.label(ax, (0.98, edge), words, xycoords=place, fontsize=7, **style)
