"""What holds exactly of a unit before a batch norm. Left: the angle of each step against
arctan(eta G/|w|^2), G the gradient's length at unit weights, for units of nets with batch norm and
without; the line is equality. Middle: the largest error of each identity over all units and steps,
in float64, with batch norm and in the case that lacks what it needs. Right: the largest distance
between the directions of a net's units and those of the same net with every second unit three times
as long, both trained by K-FAC: it is immune to lengths as long as it is not damped."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.grosse2021.turning_identities import OBSERVATIONS
from deepnet.experiments.grosse2021.turns import hidden
from deepnet.experiments.runner import Result
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
#: The observations by the end of their names, with words for what the null lacks.
ROWS = {
    "orthogonal": ("gradient across weights", "no batch norm"),
    "orthogonal_without_eps": ("the same", "eps, short weights"),
    "account_of_squares": ("sum of squares", "no batch norm"),
    "angle": ("angle", "no batch norm"),
    "angle_at_unit_length": ("angle at unit length", "free length"),
}


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """Angles measured and claimed, errors and their nulls, distances."""
    arrays = results[0].arrays
    rng = np.random.default_rng(0)
    angles = {}
    for name, mode in (("none", "none"), ("batch norm", "active")):
        r, G, angle = (hidden(arrays, name, what) for what in ("r", "G", "angle"))
        moving = np.flatnonzero(G.ravel() > 0)
        some = rng.permutation(moving)[:150]
        eta = float(arrays[f"{name}:rate"][0])
        norm = np.sqrt(r.ravel()[some])
        claimed = invariance.effective_rate(eta=eta, norm=norm, G=G.ravel()[some])["angle"]
        angles[mode] = claimed, angle.ravel()[some]
    errors = {}
    for each in OBSERVATIONS:
        row = each.claim.partition(".")[2]
        if row in ROWS and each.null is not None:
            errors[row] = each.measure(arrays), each.null(arrays)
    kfac = {name: arrays[name] for name in ("undamped", "damped")}
    return {"angles": angles, "errors": errors, "kfac": kfac, "note": note(results[0], "float64")}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """A scatter on the diagonal, errors on a logarithmic axis, distances by step."""
    fig.set_size_inches(7.6, 3.0)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1, 1.15, 1))
    for mode, (claimed, angle) in data["angles"].items():
        words, colour = MODES[mode]
        left.plot(np.degrees(claimed), np.degrees(angle), "o", ms=2.2, color=colour, label=words)
    ends = np.degrees(np.concatenate([claimed for claimed, _ in data["angles"].values()]))
    diagonal = [ends.min(), ends.max()]
    marks.theory(left, diagonal, diagonal, marks.MEASURED, lw=0.8, zorder=1)
    left.set(xscale="log", yscale="log", xlabel=r"$\arctan(\eta G/|w|^2)$ (degrees)")
    left.set_ylabel("angle of a step (degrees)")
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
        found = data["kfac"][name]
        steps = np.arange(1, len(found) + 1)
        marks.measured(right, steps, np.maximum(found, 1e-17), colour=colour)
        place = (steps[-1], float(np.maximum(found, 1e-17)[-1]))
        marks.label(
            right, place, name, colour, xytext=(0, 9), textcoords="offset points", ha="right"
        )
    right.set(yscale="log", xlabel="step", ylabel="distance of directions", ylim=(1e-17, 1e3))
    right.set_xlim(0, len(data["kfac"]["damped"]) + 1)
    right.set_title("K-FAC", weight="normal")
