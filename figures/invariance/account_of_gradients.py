"""The length of the weights keeps the account of all gradients. The growth of |W|^2 since the start
is drawn against the number of steps, in descents on one random loss with momentum and without.
Points are the growth of the weights themselves. Lines are eta^2 times the sum of the squared
lengths of the gradients so far. With momentum the buffers stand for the gradients, each buffer with
its weight. Dotted lines leave out the products of different buffers."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import gradient_of, path
from sim.invariance.draws import random_loss
from theory import invariance

SOURCE = cite("grosse2021", "apply the Pythagorean Theorem")
SHOWS = (invariance.energy_identity, invariance.energy_identity_with_momentum)

ETA = 0.1
MOMENTA = (0.0, 0.5, 0.9)


def data(scale: Scale) -> dict:
    """Three descents from one start."""
    loss = random_loss(np.random.default_rng(1), 6)
    count = scale.pick(10, 40, 200)
    runs = {}
    for beta in MOMENTA:
        weights, buffers = path(gradient_of(loss), loss.u, [ETA] * count, beta)
        squares = (weights**2).sum(axis=1)
        runs[beta] = (squares - squares[0], np.linalg.norm(buffers, axis=1))
    return {"runs": runs, "note": rf"six weights, $\eta$ = {ETA}, zero first buffer"}


def draw(fig: Figure, data: dict) -> None:
    """Draw the accounts against steps."""
    ax = fig.subplots()
    for (beta, (growth, lengths)), colour in zip(data["runs"].items(), marks.SERIES, strict=False):
        steps = np.arange(1, len(lengths) + 1)
        if beta:
            claim, values = invariance.energy_identity_with_momentum, {"eta": ETA, "beta": beta}
            twin = claim.twins["without the products of buffers"]
            bare = [twin(**values, lengths=lengths[:k]) for k in steps]
            ax.plot(steps, bare, color=colour, lw=1, ls=":")
        else:
            claim, values = invariance.energy_identity, {"eta": ETA}
        marks.theory(ax, steps, [claim(**values, lengths=lengths[:k]) for k in steps], colour)
        marks.measured(ax, steps[::3], growth[1::3], colour=colour)
        marks.label(ax, (steps[-1] * 1.02, growth[-1]), rf"$\beta = {beta:g}$", colour)
    ax.set(xlabel="step $k$", ylabel=r"growth of $|W|^2$", xlim=(0, 1.2 * steps[-1]), yscale="log")
