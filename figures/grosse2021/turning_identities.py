"""The figure shows identities that hold exactly for a unit before a batch norm. Left: the growth of
each unit's |w|^2 is drawn against the sum of the squares of all its steps, with batch norm and
without. The line is equality. Open points are units that became shorter. Middle: points are the
largest error of each identity over all units and steps, in float64 with batch norm. Crosses are the
error in a case that lacks a condition of the identity. Right: two copies of a net are trained by
K-FAC. In one copy every second unit is three times as long. Points are the largest distance between
the directions of the two copies' units. K-FAC is immune to lengths as long as it is not damped."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.observed.turning_identities import OBSERVATIONS, account
from deepnet.experiments.grosse2021.shared.turns import hidden
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.grosse2021.words import MODES, note
from theory import invariance

SOURCE = cite("grosse2021", "apply the Pythagorean Theorem")
EXPERIMENT = "turning_identities"
SHOWS = (
    invariance.effective_rate,
    invariance.energy_identity,
    invariance.unit_norm,
    invariance.kfac_immunity,
    invariance.damped_kfac,
)
RUNS = {"none": "none", "batch norm": "active"}
#: {end of an observation's name: (its words, the condition that its null lacks)}.
ROWS = {
    "orthogonal": ("orthogonal", "no batch norm"),
    "orthogonal_without_eps": ("the same", "eps, short weights"),
    "account_of_squares": ("sum of squares", "no batch norm"),
    "angle": ("angle", "no batch norm"),
    "angle_at_unit_length": ("angle at unit length", "free length"),
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The growth and the claimed growth, the errors with their nulls, and the distances."""
    arrays = results[0].arrays
    grown = {mode: _growth(arrays, name) for name, mode in RUNS.items()}
    errors = {}
    for each in OBSERVATIONS:
        row = each.name.partition(".")[2]
        if row in ROWS and each.null is not None:
            errors[row] = each.measure(arrays), each.null(arrays)
    kfac = {name: arrays[name] for name in ("undamped", "damped")}
    return {"grown": grown, "errors": errors, "kfac": kfac, "note": note(results[0], "float64")}


def _growth(arrays: Arrays, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The claim's sum of squares, and the growth of |w|^2, both (units,)."""
    r = hidden(arrays, name, "r")
    grown = r[-1] - r[0]
    return grown / account(arrays, name), grown


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw a scatter on the diagonal, errors on a logarithmic axis, and distances by step."""
    fig.set_size_inches(7.6, 3.0)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1, 1.15, 1))
    for mode, (claimed, grown) in data["grown"].items():
        words, colour = MODES[mode]
        for chosen, face in ((grown > 0, colour), (grown <= 0, "white")):
            left.plot(claimed[chosen], abs(grown[chosen]), "o", ms=3, color=colour, mfc=face)
        left.plot([], [], "o", ms=3, color=colour, label=words)
    ends = np.concatenate([claimed for claimed, _ in data["grown"].values()])
    diagonal = [ends.min(), ends.max()]
    marks.theory(left, diagonal, diagonal, marks.MEASURED, lw=0.8)
    left.set(xscale="log", yscale="log", xlabel=r"$\eta^2\,\sum |g|^2$", ylabel="growth of $|w|^2$")
    left.legend(loc="upper left", handletextpad=0.1, borderpad=0)

    for line, (row, (held, broken)) in enumerate(data["errors"].items()):
        y = len(ROWS) - line
        words, lacks = ROWS[row]
        middle.plot(held, y, "o", ms=4, color=marks.THEORY)
        middle.plot(broken, y, "x", ms=5, color=marks.THIRD)
        marks.label(middle, (3e-17, y + 0.32), words, marks.THEORY, fontsize=7.5)
        marks.label(middle, (1e3, y + 0.32), lacks, marks.THIRD, fontsize=7.5, ha="right")
    middle.set(xscale="log", xlim=(1e-17, 1e4), ylim=(0.6, len(ROWS) + 0.8), yticks=[])
    middle.set(xlabel="largest error", ylabel="identity")

    for name, colour in (("undamped", marks.THEORY), ("damped", marks.THIRD)):
        distance = data["kfac"][name]
        steps = np.arange(1, len(distance) + 1)
        marks.measured(right, steps, np.maximum(distance, 1e-17), colour=colour)
        place = (steps[-1], float(np.maximum(distance, 1e-17)[-1]))
        marks.label(
            right, place, name, colour, xytext=(0, 9), textcoords="offset points", ha="right"
        )
    right.set(yscale="log", xlabel="step", ylabel="distance of directions", ylim=(1e-17, 1e3))
    right.set_xlim(0, len(data["kfac"]["damped"]) + 1)
    right.set_title("K-FAC", weight="normal")
