"""Each point with a gradient is a saddle of a scale-invariant loss. The smallest eigenvalue of the
Hessian is drawn against its upper bound (c - sqrt(c^2 + 4 b^2))/2. Here b = |grad|/|W|, and c is
the curvature along the gradient. No random loss (points) lies above the line. In the plane random
losses lie on the line. Losses that are linear in W/|W| (diamonds) lie on the line too. All numbers
are in units of b, so that the length of the weights drops out."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.invariance import draws
from theory import invariance

SOURCE = cite("arora2019", "scale-invariant functions")
SHOWS = (invariance.indefiniteness, invariance.hessian)

SIZES = (2, 3, 6)


def data(scale: Scale) -> dict:
    """Smallest eigenvalues and bounds, for random losses of three sizes and for linear losses."""
    rng = np.random.default_rng(0)
    eigenvalues = {}
    for n in SIZES:
        count = scale.pick(5, 25, 60)
        eigenvalues[f"{n} weights"] = np.array([_pair(rng, n, False) for _ in range(count)])
    eigenvalues["linear"] = np.array([_pair(rng, 4, True) for _ in range(6)])
    return {
        "eigenvalues": eigenvalues,
        "note": "Hessians of random functions of W/|W|, by Cauchy's formula",
    }


def _pair(rng: np.random.Generator, n: int, linear: bool) -> tuple[float, float]:
    loss, norm = draws.random_loss(rng, n), rng.uniform(0.5, 2)
    if linear:
        loss.bend, loss.cubic = 0 * loss.bend, 0 * loss.cubic
    matrix = draws.hessian(loss, norm * loss.u)
    b = np.linalg.norm(complex_gradient(loss, norm * loss.u)) / norm
    values = {"u": loss.u, "norm": norm, "slope": loss.slope, "bend": loss.bend}
    lowest = np.linalg.eigvalsh((matrix + matrix.T) / 2)[0]
    return invariance.indefiniteness(**values)["upper"] / b, lowest / b


def draw(fig: Figure, data: dict) -> None:
    """Draw all pairs under the diagonal."""
    ax = fig.subplots()
    ends = np.array([-5.4, 0.0])
    marks.theory(ax, ends, ends)
    marks.label(ax, (-4.4, -3.6), "bound", marks.THEORY, ha="right")
    styles = (
        ("2 weights", marks.MEASURED, "o", (-5.2, -0.4)),
        ("3 weights", marks.SECOND, "o", (-5.2, -0.8)),
        ("6 weights", marks.THIRD, "o", (-5.2, -1.2)),
        ("linear", marks.THEORY, "D", (-5.2, -1.6)),
    )
    for name, colour, mark, place in styles:
        bound, lowest = data["eigenvalues"][name].T
        marks.measured(ax, bound, lowest, colour=colour, fmt=mark)
        marks.measured(ax, place[0], place[1], colour=colour, fmt=mark)
        marks.label(ax, (place[0] + 0.15, place[1]), name, colour)
    ax.axhline(0, color=marks.QUIET, lw=0.6, zorder=0)
    ax.set(xlabel="upper bound / b", ylabel="smallest eigenvalue / b")
    ax.set(xlim=(-5.5, 0.2), ylim=(-5.8, 0.5))
