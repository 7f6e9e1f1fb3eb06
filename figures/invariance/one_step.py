"""The figure shows how far a step turns the weights. Left: the angle of a step at a fixed learning
rate eta is drawn against the length of the weights. The line is arctan(e G), where e = eta/|W|^2 is
the effective rate. The dashed line has eta/|W|, which the transcribed source labels 'effective LR'.
Points are steps on a random loss. Right: the new weights leave the unit sphere unless they are
brought back. Their distance from the sphere lies between two bounds (shaded). Points are steps with
random gradients that are orthogonal to the weights."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.invariance import draws
from sim.invariance.descents import tangent
from sim.invariance.sphere import turn
from theory import invariance

SOURCE = cite("grosse2021", "Approximating the update to w-hat")
SHOWS = (invariance.effective_rate, invariance.step_on_sphere, invariance.first_order_error)

ETA = 0.5


def data(scale: Scale) -> dict:
    """Angles of steps on one loss at many lengths, and steps of many sizes on the sphere."""
    rng = np.random.default_rng(0)
    loss = draws.random_loss(rng, 6)
    loss.slope /= np.linalg.norm(complex_gradient(loss, loss.u))  # G = 1
    lengths = np.geomspace(0.25, 4, 12)
    angles = [
        turn(norm * loss.u, norm * loss.u - ETA * complex_gradient(loss, norm * loss.u))
        for norm in lengths
    ]
    reach = np.linspace(0.1, 2.4, 12)
    u = draws.unit(rng.normal(size=6))
    gaps = []
    for x in reach:
        near = u - x * tangent(rng, u)
        gaps.append(np.linalg.norm(near - draws.unit(near)))
    return {
        "lengths": lengths,
        "angles": angles,
        "reach": reach,
        "gaps": gaps,
        "note": rf"six weights, G = 1; left: $\eta$ = {ETA}",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the angle against the length, and the error against the size of the step."""
    fig.set_size_inches(6.0, 3.2)
    left, right = fig.subplots(1, 2)
    fine = np.geomspace(0.22, 4.5, 100)
    values = {"eta": ETA, "norm": fine, "G": 1}
    marks.theory(left, fine, invariance.effective_rate(**values)["angle"])
    twin = invariance.effective_rate.twins["as transcribed: eta/|W|"]
    marks.printed(left, fine, twin(**values)["angle"])
    marks.measured(left, data["lengths"], data["angles"])
    marks.label(left, (1.5, 0.55), r"transcribed: $\eta/|W|$", marks.PRINTED)
    marks.label(left, (0.9, 0.06), r"$\eta/|W|^2$", marks.THEORY)
    left.set(xscale="log", yscale="log", xlabel="$|W|$", ylabel="angle of a step")
    left.set(xticks=(0.25, 0.5, 1, 2, 4), yticks=(0.03, 0.1, 0.3, 1))
    left.minorticks_off()
    marks.plain_ticks(left.xaxis, left.yaxis)
    left.set_title("longer weights turn less", weight="normal")

    fine = np.linspace(0.001, 2.5, 100)
    bounds = invariance.first_order_error(eta=fine, norm=1, G=1)
    marks.band(right, fine, bounds["lower"], bounds["upper"])
    for side in ("lower", "upper"):
        marks.theory(right, fine, bounds[side], lw=0.8)
    marks.measured(right, data["reach"], data["gaps"])
    marks.label(right, (1.55, 1.75), "$x^2/2$", marks.THEORY, ha="right")
    marks.label(right, (1.4, 0.17), "$x^2/2 - x^4/8$", marks.THEORY, ha="center")
    right.set(xlabel="$x = eG$", ylabel="distance from the sphere", ylim=(0, 2.6), xlim=(0, 2.5))
    right.set_title("the approximate step", weight="normal")
