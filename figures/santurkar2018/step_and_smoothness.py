"""The figure shows how the measures depend on the step. Left and middle: the change of the gradient
is drawn against the step along it, in units of the rate, with one curve per recorded step of the
training. Thick curves are the median without the plateau. Right: beta is the change of the gradient
over the length of the step. Beta times the rate is drawn, as a median over steps. The curves are
batch norm at the main rate (filled) and at a tenth of it (open), and the net without batch norm at
the main rate. The dashed line is the ceiling of a gradient that vanishes, one over the step. The
solid line is 2, the edge of stability. If beta came from the net alone, the two curves of batch
norm would be ten times apart. With batch norm beta is larger over small steps, and smaller only
over the longest."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.shared.records import PAIR
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import compared
from figures import marks
from figures.santurkar2018.words import NETS, note
from theory import smoothness, stability

SOURCE = cite("santurkar2018", "figure 11")
EXPERIMENT = "loss_smoothness"
SHOWS = (smoothness.gradient_predictiveness, stability.edge_of_stability)
CURVES = (("active", "rate", "o-"), ("active", "small_rate", "o:"), ("none", "rate", "o-"))


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the predictiveness of two nets, and beta times the rate."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 2.7)
    *nets, product = fig.subplots(1, 3)
    multiples = arrays["multiples"]
    for ax, name in zip(nets, PAIR[::-1], strict=True):
        _curves(ax, arrays, f"{name}:rate", NETS[name][1])
        ax.set_title(NETS[name][0], weight="normal")
    low, high = np.transpose([ax.get_ylim() for ax in nets])
    for ax in nets:
        ax.set(ylim=(low.min(), high.max()), xlabel="step, in rates", ylabel="change of gradient")
    for net, rate, how in CURVES:
        label, colour = f"{net}:{rate}", NETS[net][1]
        values = arrays[f"{label}:beta"][compared(arrays, label)] * arrays[rate]
        if len(values):
            filled = colour if rate == "rate" else "white"
            middle = np.median(values, axis=0)
            product.plot(multiples, middle, how, color=colour, mfc=filled, ms=3.5, lw=0.9)
    ceiling = np.geomspace(multiples[1], multiples[-1], 30)
    product.plot(ceiling, 1 / ceiling, color=marks.QUIET, lw=1, ls=(0, (4, 4)), zorder=1)
    edge = float(stability.edge_of_stability(eta=float(arrays["rate"])) * arrays["rate"])
    product.axhline(edge, color=marks.MEASURED, lw=0.9, zorder=1)
    product.set_title("both; open: rate/10", weight="normal")
    product.set(xscale="log", yscale="log", xlabel="step, in rates", ylabel="beta times the rate")
    marks.plain_ticks(product.xaxis, product.yaxis)


def _curves(ax: Axes, arrays: Any, label: str, colour: str) -> None:
    """Draw one curve per recorded step, and their median."""
    values = arrays[f"{label}:predictiveness"]
    for number, curve in enumerate(values):
        alpha = 0.15 + 0.35 * number / len(values)
        ax.plot(arrays["multiples"], curve, color=colour, alpha=alpha, lw=0.6)
    chosen = values[compared(arrays, label)]
    if len(chosen):
        ax.plot(arrays["multiples"], np.median(chosen, axis=0), color=colour, lw=2)
    ax.set(xscale="log", yscale="log")
    marks.plain_ticks(ax.xaxis, ax.yaxis)
