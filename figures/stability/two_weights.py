"""Descent makes two weights alike. The loss is (ab - 1)^2/2, and descent begins where gradient flow
would end too curved for the rate. Left: points are the path in the plane. The grey curve is the
minima, ab = 1. The diamond is the end of gradient flow, which keeps a^2 - b^2. Right: points are
the a^2 - b^2 that is left at every step. The line is the product of the factors 1 - eta^2 (ab -
1)^2."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.stability.two_weights import descend
from theory import stability

SOURCE = cite("page2019", "beyond which gradients and losses grow exponentially with time")
SHOWS = (stability.imbalance,)

START, ETA, STEPS = (2.35, 0.5), 0.4, 25


def data(scale: Scale) -> dict:
    """The path of one descent."""
    path = [START]
    for _ in range(STEPS):
        path.append(descend(*path[-1], ETA, 1))
    return {"path": np.array(path), "note": f"one descent, eta = {ETA}"}


def draw(fig: Figure, data: dict) -> None:
    """Draw the path, and its imbalance."""
    fig.set_size_inches(6.0, 2.8)
    left, right = fig.subplots(1, 2)
    a, b = data["path"].T
    fine = np.linspace(1, 3, 200)
    left.plot(fine, 1 / fine, color=marks.QUIET, lw=2.5)
    kept = START[0] ** 2 - START[1] ** 2
    end = np.sqrt((kept + np.sqrt(kept**2 + 4)) / 2)
    left.plot(a, b, color=marks.MEASURED, lw=0.5)
    marks.measured(left, a, b)
    left.plot(end, 1 / end, "D", color=marks.SECOND, zorder=4)
    marks.label(left, (1.22, 0.93), "minima", marks.QUIET)
    marks.label(left, (START[0] + 0.05, START[1] + 0.01), "start")
    marks.label(left, (end + 0.05, 0.345), "flow ends", marks.SECOND)
    left.set(xlabel="$a$", ylabel="$b$", xlim=(1.0, 2.75), ylim=(0.1, 1.1))

    steps = np.arange(len(a))
    line = [kept]
    for x, y in data["path"][:-1]:
        line.append(line[-1] * stability.imbalance(a=x, b=y, eta=ETA) / (x * x - y * y))
    marks.theory(right, steps, line)
    marks.measured(right, steps, a**2 - b**2)
    right.axhline(kept, color=marks.SECOND, lw=1)
    marks.label(right, (STEPS, kept + 0.2), "flow keeps it", marks.SECOND, ha="right")
    right.set(xlabel="step", ylabel="$a^2 - b^2$", ylim=(3, kept + 0.7))
