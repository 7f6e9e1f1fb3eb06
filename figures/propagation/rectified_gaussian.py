"""ReLU turns variance into mean. Left: the mean and the mean square of a rectified Gaussian of
variance 1 are drawn against its mean m. Lines are theory. Points are numbers that were drawn, with
bars of two standard errors, which are smaller than the points. Right: the mean grows with m at the
slope Phi(m/s), and with the standard deviation s at the slope phi(m/s), which is never zero. Points
are differences between numbers that were drawn."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.draws import relu
from theory import propagation

SOURCE = cite("page2019", "each channel has positive mean")
SHOWS = (propagation.rectified_moments, propagation.rectified_mean_slopes)

MEANS = np.linspace(-2, 2, 9)
STEP = 0.05


def data(scale: Scale) -> dict:
    """Averages of rectified numbers, of their squares, and of their differences."""
    draws = scale.pick(1000, 40_000, 1_000_000)
    x = np.random.default_rng(0).standard_normal(draws)
    averages: dict = {"note": f"{draws} numbers"}

    def enter(name: str, values: list[np.ndarray]) -> None:
        averages[name] = [(np.mean(each), np.std(each) / np.sqrt(draws)) for each in values]

    enter("mean", [relu(x + m) for m in MEANS])
    enter("square", [relu(x + m) ** 2 for m in MEANS])
    enter("in m", [(relu(x + m + STEP) - relu(x + m - STEP)) / (2 * STEP) for m in MEANS])
    wider, narrower = 1 + STEP, 1 - STEP
    enter("in s", [(relu(wider * x + m) - relu(narrower * x + m)) / (2 * STEP) for m in MEANS])
    return averages


def draw(fig: Figure, data: dict) -> None:
    """Draw moments and slopes against the mean."""
    fig.set_size_inches(6.0, 2.8)
    left, right = fig.subplots(1, 2)
    m = np.linspace(-2.2, 2.2, 200)
    moments = propagation.rectified_moments(m=m, v=1)
    slopes = propagation.rectified_mean_slopes(m=m, v=1)
    panels = (
        (left, "mean", moments["mean"], marks.THEORY),
        (left, "square", moments["mean square"], marks.SECOND),
        (right, "in m", slopes["in the mean"], marks.THEORY),
        (right, "in s", slopes["in the deviation"], marks.SECOND),
    )
    for ax, name, line, colour in panels:
        marks.theory(ax, m, line, colour)
        mean, stderr = np.transpose(data[name])
        marks.measured(ax, MEANS, mean, stderr)
    marks.label(left, (1.5, 1.1), "mean", marks.THEORY)
    marks.label(left, (1.2, 3.3), "mean square", marks.SECOND, ha="right")
    marks.label(right, (0.7, 0.87), r"$\Phi$, in $m$", marks.THEORY, ha="right")
    marks.label(right, (1.1, 0.3), r"$\varphi$, in $s$", marks.SECOND)
    left.set(xlabel="mean $m$ before ReLU", ylabel="after ReLU", ylim=(-0.2, 5.4))
    right.set(xlabel="mean $m$ before ReLU", ylabel="slope of the mean after ReLU")
