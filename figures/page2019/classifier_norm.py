"""One batch norm before the classifier is compared with batch norm throughout and with none. Left:
the share of images that are classified rightly is drawn along training. Solid lines are trainings
whose rate rises to the peak of the post's net with batch norm. The dashed line is a training whose
rate rises to the peak of the post's net without batch norm. Right: points are the leading
eigenvalue of each net as trained, the leading eigenvalue with its batch norm frozen, and the
squared gradient of the mean of one output. One batch norm before the classifier holds this gradient
at zero."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import note
from theory import normalisation, quadratic

SOURCE = cite("page2019", "the origin of the instability", "beyond the post")
EXPERIMENT = "classifier_norm"
SHOWS = (normalisation.gradient_orthogonality, quadratic.max_rate)

KINDS = {
    "throughout": ("throughout", marks.THEORY),
    "classifier": ("before the classifier", marks.SECOND),
    "nowhere": ("nowhere", marks.THIRD),
}
RUNS = {"throughout": ("high",), "classifier": ("high",), "nowhere": ("high", "low")}
LOOKED_AT = {"throughout": "high", "classifier": "high", "nowhere": "low"}
#: The number of steps that a point of the left panel averages.
WINDOW = 10


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{kind: {accuracy by run, active, frozen, mean_gradient}}."""
    arrays = results[0].arrays
    curves: dict[str, Any] = {}
    for kind in KINDS:
        curves[kind] = {
            what: float(arrays[f"{kind}:{LOOKED_AT[kind]}:{what}"])
            for what in ("active", "frozen", "mean_gradient")
        }
        curves[kind]["accuracy"] = {
            run: _averaged(arrays[f"{kind}:{run}:accuracy"]) for run in RUNS[kind]
        }
    return curves | {"note": note(results[0])}


def _averaged(steps: np.ndarray) -> np.ndarray:
    """Means over windows of ``WINDOW`` steps. The last window ends at the last step."""
    window = min(WINDOW, len(steps))
    return steps[len(steps) % window :].reshape(-1, window).mean(1)


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the accuracies, then one group of points per quantity."""
    fig.set_size_inches(7.0, 2.9)
    left, right = fig.subplots(1, 2)
    ends = []
    for kind, (words, colour) in KINDS.items():
        for run, curve in data[kind]["accuracy"].items():
            steps = WINDOW * (np.arange(len(curve)) + 0.5)
            left.plot(steps, curve, color=colour, ls="-" if run == "high" else "--")
        ends.append((data[kind]["accuracy"]["high"][-1], words, colour))
    left.set(xlabel="step", ylabel="share right", ylim=(0, 1.02), xlim=(0, 1.6 * steps[-1]))
    marks.end_labels(left, steps[-1], ends)
    places = {"active": 0, "frozen": 1, "mean_gradient": 2}
    floor = 1e-4
    for j, (kind, (_, colour)) in enumerate(KINDS.items()):
        for what, i in places.items():
            if kind == "nowhere" and what == "frozen":
                continue
            value, x = data[kind][what], i + 0.16 * (j - 1)
            marks.measured(right, [x], [max(value, floor)], colour=colour)
            if value < floor:
                marks.label(right, (x, floor), f"  {value:.0e}", colour, va="bottom", fontsize=7)
    right.set_yscale("log")
    names = ("eigenvalue,\nas trained", "eigenvalue,\nfrozen", "gradient of a\nmean, squared")
    right.set_xticks(list(places.values()), names)
    right.set(xlim=(-0.5, 2.6), ylim=(floor / 2, None), xlabel="what is measured", ylabel="size")
    marks.plain_ticks(right.yaxis)
