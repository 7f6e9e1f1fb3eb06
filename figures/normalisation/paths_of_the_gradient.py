"""The gradient that batch norm sends back is drawn against the outputs y of a unit, for one batch
of ten examples. Left: squares are the gradient on the direct path. The straight line is the sum of
the paths through the mean and the variance, with its sign turned. It is the least-squares line
through the squares. Right: points are the whole gradient, which is the distance of the squares from
that line. These distances add up to zero and have no slope against y, so that two directions of the
batch pass nothing on. Marks are derivatives of the loss by Cauchy's formula, along the direct path
and along all three paths. Lines and stems are closed forms."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.draws import along, batch_norm, spread
from theory import normalisation

SOURCE = cite("grosse2021", "The computation graph contains a direct path and a statistics path")
SHOWS = (
    normalisation.paths,
    normalisation.jacobian,
    normalisation.gradient_orthogonality,
)

B, GAMMA = 10, 1.0


def data(scale: Scale) -> dict:
    """A batch, a gradient that is correlated with its outputs, and the derivatives of the loss."""
    rng = np.random.default_rng(3)
    y = rng.normal(size=B) + 1
    g = 0.5 * (y - 1) + 0.5 + 1.2 * rng.normal(size=B)
    mean, deviation, axes = y.mean(), spread(y), np.eye(B)
    held = [along(lambda x: np.sum(g * (x - mean)) / deviation, y, axis) for axis in axes]
    whole = [along(lambda x: np.sum(g * batch_norm(x)), y, axis) for axis in axes]
    return {
        "y": y,
        "g": g,
        "direct": np.array(held),
        "all": np.array(whole),
        "note": f"a batch of {B}, gamma = 1, eps = 0",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the squares with their line, and the distances from the line."""
    fig.set_size_inches(5.6, 2.9)
    left, right = fig.subplots(1, 2, sharex=True, sharey=True)
    y, g = data["y"], data["g"]
    parts = normalisation.paths(y=y, g=g, gamma=GAMMA, eps=0)
    order = np.argsort(y)
    statistics = -(parts["mean"] + parts["variance"])
    marks.theory(left, y[order], statistics[order])
    for each in range(B):
        marks.theory(
            left, [y[each]] * 2, [statistics[each], parts["direct"][each]], marks.QUIET, lw=0.8
        )
    marks.measured(left, y, data["direct"], fmt="s", markerfacecolor="white")
    marks.label(left, (0.33, 0.76), "direct path")
    marks.label(left, (1.6, -0.35), "through mean\nand variance,\nsign turned", marks.THEORY)
    left.set(xlabel="output $y_b$ of the unit", ylabel="gradient in $y_b$")
    left.set_title("what arrives, what is taken off", weight="normal")

    total = GAMMA * normalisation.jacobian(y=y, eps=0) @ g
    for each in range(B):
        marks.theory(right, [y[each]] * 2, [0, total[each]], lw=1.0)
    right.axhline(0, color=marks.QUIET, lw=0.7)
    marks.measured(right, y, data["all"])
    sums = normalisation.gradient_orthogonality(y=y, g=g, gamma=GAMMA, eps=0)
    words = f"sum: {sums['ones']:.0f}\nwith $y$: {sums['inputs']:.0f}"
    marks.label(right, (1.2, -0.5), words, marks.THEORY)
    right.set(xlabel="output $y_b$ of the unit")
    right.set_title("what goes on", weight="normal")
