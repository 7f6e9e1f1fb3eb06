"""Weights with decay and momentum settle too. Left: the squared length at which they settle is
drawn, as (E|W|^2/E|W|^-2)^(1/2). Right: the turn of a step is drawn, as arccos(E W'W_next/E|W|^2).
Lines are the closed forms, which are exact in any dimension. Points are means over 64 independent
runs of 16 weights, with random gradients that are orthogonal to the weights. Dashed grey lines are
the laws without momentum at the rate eta/(1 - beta). They give the length nearly right and the pace
wrong."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import constant
from theory import invariance

SOURCE = cite("wan2021", "angular update at equilibrium")
SHOWS = (invariance.equilibrium_with_momentum, invariance.equilibrium_angle)

ETA, DECAY = 0.2, 0.1
MOMENTA = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9)


def data(scale: Scale) -> dict:
    """Means over runs with their standard errors."""
    rng = np.random.default_rng(0)
    runs, count = 64, scale.pick(60, 600, 6000)
    lengths, turns = [], []
    for beta in MOMENTA:
        closed = invariance.equilibrium_with_momentum(eta=ETA, beta=beta, decay=DECAY, G=1)
        W = rng.normal(size=(runs, 16)) * np.sqrt(closed["squared norm"]) / 4
        v, slope = 0 * W, constant(rng, 1.0)
        square, inverse, product = np.zeros((3, runs))
        for step in range(2 * count):
            before = W
            v = beta * v + slope(W) + DECAY * W
            W = W - ETA * v
            if step >= count:
                size = (before**2).sum(axis=1)
                square, inverse = square + size, inverse + 1 / size
                product = product + (before * W).sum(axis=1)
        lengths.append(_mean(np.sqrt(square / inverse)))
        turns.append(_mean(np.arccos(product / square)))
    return {
        "lengths": np.array(lengths),
        "turns": np.array(turns),
        "note": rf"$\eta$ = {ETA}, decay = {DECAY}, G = 1",
    }


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def draw(fig: Figure, data: dict) -> None:
    """Draw length and pace against momentum."""
    fig.set_size_inches(6.0, 3.2)
    left, right = fig.subplots(1, 2)
    fine = np.linspace(0.01, 0.93, 100)
    values = {"eta": ETA, "beta": fine, "decay": DECAY, "G": 1}
    claim = invariance.equilibrium_with_momentum
    twin = claim.twins["an effective rate eta/(1 - beta) in both"](**values)
    exact = claim(**values)
    quiet = {"color": marks.QUIET, "ls": (0, (4, 2)), "lw": 1.2, "zorder": 1}
    left.plot(fine, twin["squared norm"], **quiet)
    marks.theory(left, fine, exact["squared norm"])
    marks.measured(left, MOMENTA, *data["lengths"].T)
    left.set(xlabel=r"momentum $\beta$", ylabel="settled $|W|^2$", ylim=(0, None))
    left.set_title("length", weight="normal")
    right.plot(fine, np.arccos(twin["cosine"]), **quiet)
    marks.theory(right, fine, np.arccos(exact["cosine"]))
    marks.measured(right, MOMENTA, *data["turns"].T)
    marks.label(right, (0.62, 0.42), r"rate $\eta/(1-\beta)$", marks.QUIET, ha="right")
    marks.label(right, (0.5, 0.1), "with momentum", marks.THEORY, ha="center")
    right.set(xlabel=r"momentum $\beta$", ylabel="turn of a step", ylim=(0, 0.75))
    right.set_title("pace", weight="normal")
