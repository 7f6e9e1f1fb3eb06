"""No rate is too large for long, but a rate that is too large is paid for. Left: the effective rate
after one step is drawn against the effective rate before it, both times the length G of the
gradient. Points are steps on random losses. The line is the bound: the effective rate after a step
is at most 1/(2G). Only a first effective rate of 1/G reaches the bound. Right: the effective rate
is drawn in descents on a Rayleigh quotient of 20 weights, at learning rates from 0.01 to 1000.
After a single step the descent at the largest rate goes on like the descent at the smallest. Green
points are a descent whose weights are brought back to length 1 after every step. Its effective rate
stays eta."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.invariance import draws
from sim.invariance.sphere import turn
from theory import invariance

SOURCE = cite("grosse2021", "surprisingly little control")
SHOWS = (invariance.auto_tuning, invariance.unit_norm)

RATES = (0.01, 0.3, 30.0, 1000.0)
N = 20


def data(scale: Scale) -> dict:
    """Single steps on random losses, and descents on a Rayleigh quotient."""
    rng = np.random.default_rng(0)
    reach = np.geomspace(0.02, 50, 15)
    after = []
    for x in reach:
        loss, norm = draws.random_loss(rng, 5), rng.uniform(0.5, 2)
        G = np.linalg.norm(complex_gradient(loss, loss.u))
        rate, W = x * norm**2 / G, norm * loss.u
        W = W - rate * complex_gradient(loss, W)
        after.append(rate / (W @ W) * G)
    R = np.diag(np.geomspace(0.5, 1.5, N))
    start = draws.unit(rng.normal(size=N))
    count = scale.pick(50, 1000, 10000)
    runs = {rate: _descent(R, start, rate, count, False) for rate in RATES}
    return {
        "reach": reach,
        "after": after,
        "runs": runs,
        "projected": _descent(R, start, 1.0, count, True),
        "note": f"left: five weights; right: {N} weights, eigenvalues 0.5 to 1.5",
    }


def _descent(R: np.ndarray, W: np.ndarray, rate: float, count: int, project: bool) -> np.ndarray:
    """The effective rate of each step of a descent.

    It is measured as the tangent of the turn over the length of the gradient at unit weights.
    """
    rates = []
    for _ in range(count):
        slope = 2 * (R @ W - (W @ R @ W) / (W @ W) * W) / (W @ W)
        after = W - rate * slope
        angle, G = turn(W, after), np.linalg.norm(slope) * np.linalg.norm(W)
        rates.append(np.tan(angle) / G if angle > 1e-8 else np.nan)  # at the minimum no step turns
        W = after / np.linalg.norm(after) if project else after
    return np.array(rates)


def draw(fig: Figure, data: dict) -> None:
    """Draw one step on the left, many steps on the right."""
    fig.set_size_inches(6.0, 3.3)
    left, right = fig.subplots(1, 2)
    bound = invariance.auto_tuning(eta=1, norm=1, G=1)["upper"]
    marks.theory(left, data["reach"], np.full(len(data["reach"]), bound))
    marks.measured(left, data["reach"], data["after"])
    marks.label(left, (0.02, 0.62), "bound 1/2", marks.THEORY)
    left.set(xscale="log", yscale="log", ylim=(0.01, 1))
    left.set(xlabel="$eG$ before the step", ylabel="$eG$ after it")
    marks.plain_ticks(left.xaxis, left.yaxis)
    left.set_title("one step", weight="normal")

    colours = (marks.RAMP[0], marks.RAMP[1], marks.RAMP[2], marks.RAMP[4])
    count = len(data["projected"])
    shown = np.unique(np.geomspace(1, count, 14).astype(int)) - 1
    for rate, colour in zip(RATES, colours, strict=True):
        run = data["runs"][rate][shown]
        marks.measured(right, shown + 1, run, colour=colour)
        right.plot(shown + 1, run, color=colour, lw=0.6)
        last = np.flatnonzero(np.isfinite(run))[-1]
        marks.label(right, (1.4 * count, run[last]), f"{rate:g}", colour)
    constant = invariance.unit_norm(eta=1, G=1)["rate"]
    marks.theory(right, [1, count], [constant, constant], marks.SECOND)
    marks.measured(right, shown + 1, data["projected"][shown], colour=marks.SECOND)
    words = r"$|W|$ reset to 1, $\eta = 1$"
    marks.label(right, (count * 6, 2.6), words, marks.SECOND, ha="right")
    right.set(xscale="log", yscale="log", xlim=(0.8, count * 7))
    right.set(xlabel="step", ylabel="effective rate")
    right.set_title(r"many steps at rates $\eta$", weight="normal")
