"""The figure shows the hidden decay of the learning rate. Above: the squared length of the weights
of the median unit before a batch norm is divided by its value at the start. Above left: descent is
drawn at three rates. Lines are the growth at the constant gradient of the first step, a lower
bound. Above right: other rules are drawn. The points of Adam are of the first layer, and Adam's
line is the growth under signs. Below: descent is drawn at rate 1. Below left: the rate at which
units turn, eta/|w|^2, is drawn. Points are the medians of the layers, and bands are the range of
their units. The line is the output layer, whose weights have no free length. Below right: the angle
of a step is averaged over units and some steps. The output layer's rate stays high, but its units
do not turn more than the units of hidden layers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.rate_decay import RATES, RULES
from deepnet.experiments.grosse2021.shared.turns import hidden, layers
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.grosse2021.curves import means, spread, whole_numbers
from figures.grosse2021.words import note
from theory import invariance

SOURCE = cite("grosse2021", "Different algorithms can have different decay schedules")
EXPERIMENT = "rate_decay"
SHOWS = (invariance.norm_growth, invariance.sign_growth, invariance.effective_rate)
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10)
COLOURS = dict(zip((f"{rate:g}" for rate in RATES), marks.RAMP[1::1][:3], strict=True))
RULE_COLOURS = {
    "heavy ball": marks.MEASURED,
    "Adam, 0.01": marks.THEORY,
    "Adam": "#56B4E9",
    "K-FAC": marks.THIRD,
    "damped K-FAC": marks.SECOND,
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    config = results[0].facts["configuration"]
    return {"arrays": results[0].arrays, "note": note(results[0], f"{config['epochs']} epochs")}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the growth under descent and under other rules, then effective rates and angles."""
    fig.set_size_inches(6.6, 5.6)
    (descent, rules), (rates, angles) = fig.subplots(2, 2)
    arrays = data["arrays"]
    _descent(descent, arrays)
    _rules(rules, arrays)
    _rates(rates, arrays)
    _angles(angles, arrays)
    for ax in (descent, rates, angles):
        low, high = ax.get_ylim()
        ax.set_yticks([tick for tick in TICKS if low <= tick <= high])
        marks.plain_ticks(ax.yaxis)


def growth(arrays: Arrays, name: str, layer: str | None = None) -> np.ndarray:
    """|w|^2 of the median unit divided by its value at the start, (records,)."""
    r = hidden(arrays, name, "r") if layer is None else arrays[f"{name}:{layer}:r"]
    return np.median(r / r[0], axis=1)


def _descent(ax: Axes, arrays: Arrays) -> None:
    ends = []
    for name, colour in COLOURS.items():
        steps, lengths = arrays[f"{name}:step"], growth(arrays, name)
        shown = spread(steps)
        r, G = (float(np.median(hidden(arrays, name, what)[0])) for what in "rG")
        fine = whole_numbers(steps[shown[0]], steps[-1])
        claimed = invariance.norm_growth(eta=float(name), norm=r**0.5, G=G, k=fine)["lower"] / r
        marks.theory(ax, fine, claimed, colour, lw=1)
        marks.measured(ax, steps[shown], lengths[shown], colour=colour)
        ends.append((lengths[shown[-1]], rf"$\eta$ = {name}", colour))
    last = float(arrays["1:step"][-1])
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel="$|w|^2$ over that of the start")
    ax.set_xlim(right=last * 4)
    marks.end_labels(ax, last, ends)
    ax.set_title("descent", weight="normal")


def _rules(ax: Axes, arrays: Arrays) -> None:
    ends = []
    first = "layer1"
    for name, colour in RULE_COLOURS.items():
        adam = name.startswith("Adam")
        steps = arrays[f"{name}:step"]
        lengths = growth(arrays, name, first if adam else None)
        shown = spread(steps)
        if adam:
            r = float(np.median(arrays[f"{name}:{first}:r"][0]))
            inputs = int(arrays[f"{name}:{first}:inputs"])
            fine = whole_numbers(steps[shown[0]], steps[-1])
            rule = {"eta": RULES[name][1], "norm": r**0.5, "N": inputs}
            claimed = np.array([invariance.sign_growth(**rule, k=k)["squared norm"] for k in fine])
            marks.theory(ax, fine, claimed / r, colour, lw=1)
        marks.measured(ax, steps[shown], lengths[shown], colour=colour)
        words = f"Adam, $\\eta$ = {RULES[name][1]:g}" if adam else name
        ends.append((lengths[shown[-1]], words, colour))
    last = float(arrays["Adam:step"][-1])
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel="$|w|^2$ over that of the start")
    ax.set_xlim(right=last * 12)
    marks.end_labels(ax, last, ends)
    ax.set_title("other rules", weight="normal")


def _rates(ax: Axes, arrays: Arrays) -> None:
    ends = []
    *before, _ = layers(arrays, "1")
    steps = arrays["1:step"]
    shown = spread(steps, 10)
    for layer, colour in zip(before, marks.RAMP[1:], strict=False):
        norms = np.sqrt(arrays[f"1:{layer}:r"][shown])
        effective = invariance.effective_rate(eta=1.0, norm=norms, G=1.0)["rate"]
        middle = np.median(effective, axis=1)
        ax.fill_between(
            steps[shown], effective.min(1), effective.max(1), color=colour, alpha=0.2, lw=0
        )
        marks.measured(ax, steps[shown], middle, colour=colour, fmt="o-", lw=0.6)
        ends.append((middle[-1], f"layer {layer[-1]}", colour))
    ax.axhline(1.0, color=marks.MEASURED, lw=1)
    marks.label(ax, (steps[shown[0]], 1.1), "output layer", va="bottom")
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel=r"rate of turning $\eta/|w|^2$")
    ax.set(xlim=(None, steps[-1] * 4), ylim=(None, 1.6))
    marks.end_labels(ax, steps[-1], ends)
    ax.set_title(r"rates, $\eta$ = 1", weight="normal")


def _angles(ax: Axes, arrays: Arrays) -> None:
    ends = []
    *before, last = layers(arrays, "1")
    steps = means(arrays["1:step"])
    for layer, colour in zip([*before, last], [*marks.RAMP[1:4], marks.MEASURED], strict=False):
        final = layer == last
        angles = np.degrees(means(arrays[f"1:{layer}:angle"].mean(1)))
        shade = marks.MEASURED if final else colour
        marks.measured(ax, steps, angles, colour=shade, fmt="o-", lw=0.6)
        ends.append((angles[-1], "output" if final else f"layer {layer[-1]}", shade))
    ax.set(yscale="log", xlabel="step", ylabel="angle of a step (degrees)")
    ax.set_xlim(0, steps[-1] * 1.3)
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= steps[-1] * 1.1])
    marks.end_labels(ax, steps[-1], ends)
    ax.set_title(r"angles, $\eta$ = 1", weight="normal")
