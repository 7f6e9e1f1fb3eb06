"""Weight decay is an exponential learning rate schedule in disguise. The curves are the angle
between the weights and their start, in descents on one random loss. Lines are descents with weight
decay at a constant rate. Points lie on the lines. They are descents without decay at rates that
grow exponentially, eta a^(-2k-1). Left: without momentum, a = 1 - eta decay. Right: with momentum
0.8, a is the root of a quadratic, and the first buffer is not zero. Dashed lines are a zero first
buffer and the root a = 1 - eta decay/(1 - beta), which both fail."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import gradient_of, path
from sim.invariance.draws import random_loss
from sim.invariance.sphere import turn
from theory import invariance

SOURCE = cite("grosse2021", "Exponentially increasing LR schedule (Li and Arora, 2020)")
SHOWS = (invariance.exponential_schedule, invariance.exponential_schedule_with_momentum)

ETA, BETA, COUNT = 0.03, 0.8, 40
PLAIN, DECAY = 0.8, 0.35
NAIVE = "the naive root 1 - eta decay/(1 - beta)"
ZERO = "printed: no initial buffer"


def data(scale: Scale) -> dict:
    """Angles of descents with decay, and of descents on schedules without decay."""
    loss = random_loss(np.random.default_rng(2), 6)
    W = loss.u + 0.8 * np.random.default_rng(3).normal(size=6) / np.sqrt(6)
    slope, steps = gradient_of(loss), np.arange(COUNT)
    constant = [ETA] * COUNT
    plain = invariance.exponential_schedule(eta=ETA, decay=PLAIN, k=steps)["rate"]
    angles = {
        "decay": path(slope, W, constant, decay=PLAIN)[0],
        "schedule": path(slope, W, plain)[0],
        "momentum, decay": path(slope, W, constant, BETA, DECAY)[0],
    }
    claim = invariance.exponential_schedule_with_momentum
    forms = {"momentum, schedule": claim} | {name: claim.twins[name] for name in (ZERO, NAIVE)}
    for name, form in forms.items():
        schedule = form(eta=ETA, beta=BETA, decay=DECAY, k=steps)
        buffer = schedule["buffer"] * W
        angles[name] = path(slope, W, schedule["rate"], BETA, buffer=buffer)[0]
    return {
        "angles": {name: [turn(W, each) for each in path_] for name, path_ in angles.items()},
        "rates": plain[-1] / ETA,
        "note": rf"six weights, $\eta$ = {ETA}, decay = {PLAIN} and {DECAY}",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw angles against steps."""
    fig.set_size_inches(6.0, 3.3)
    left, right = fig.subplots(1, 2, sharey=True)
    angles, steps = data["angles"], np.arange(COUNT + 1)
    marks.theory(left, steps, angles["decay"])
    marks.measured(left, steps[::3], angles["schedule"][::3])
    last = f"last rate: {data['rates']:.0f} times $\\eta$"
    marks.label(left, (39, 0.12), last, ha="right")
    marks.theory(right, steps, angles["momentum, decay"])
    for name in (ZERO, NAIVE):
        marks.printed(right, steps, angles[name])
    marks.measured(right, steps[::3], angles["momentum, schedule"][::3])
    marks.label(right, (10, 1.7), "zero first buffer", marks.PRINTED)
    marks.label(right, (13, 1.2), r"$a = 1 - \eta\,\mathrm{decay}/(1 - \beta)$", marks.PRINTED)
    left.set(xlabel="step $k$", ylabel="angle from the start", ylim=(0, 1.8))
    right.set_xlabel("step $k$")
    left.set_title("without momentum", weight="normal")
    right.set_title(r"with momentum, $\beta = 0.8$", weight="normal")
