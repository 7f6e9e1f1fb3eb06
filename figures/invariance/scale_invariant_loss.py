"""A scale-invariant loss does not see the length of the weights. Left: the loss (shades) is
constant along rays from the origin. Its gradient is orthogonal to the weights, and is shorter
further out. Arrows show the gradient downhill. Points are a descent. It can only move away from the
origin, in ever smaller turns. Right: the length of the gradient and the largest entry of the
Hessian are drawn along a ray, in units of their values at |W| = 1. Lines are homogeneity of degree
-1 and -2. Points are derivatives of a random loss of six weights, by complex steps."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.invariance import draws
from sim.invariance.descents import gradient_of, path
from theory import invariance

SOURCE = cite("grosse2021", "homogeneous of degree -1")
SHOWS = (
    invariance.homogeneity,
    invariance.gradient,
    invariance.hessian,
    invariance.radial_curvature,
)

EDGE = 2.4
U = np.array([1.0, 0.0])
PLANE = draws.HomogeneousLoss(U, np.array([0.3, 1.0]), np.diag([0.2, -0.4]), np.zeros(2))


def data(scale: Scale) -> dict:
    """A loss over the plane with a descent on it, and derivatives along a ray in six dimensions."""
    side = np.linspace(-EDGE, EDGE, 120)
    values = np.array([[PLANE(np.array([a, b])) for a in side] for b in side])
    descent = path(gradient_of(PLANE), np.array([0.3, 0.75]), [0.9] * 12)[0]
    loss = draws.random_loss(np.random.default_rng(0), 6)
    lengths = np.geomspace(0.25, 4, 9)
    slopes = [np.linalg.norm(complex_gradient(loss, norm * loss.u)) for norm in lengths]
    bends = [np.abs(draws.hessian(loss, norm * loss.u)).max() for norm in lengths]
    unit = np.linalg.norm(complex_gradient(loss, loss.u))
    unit_bend = np.abs(draws.hessian(loss, loss.u)).max()
    return {
        "side": side,
        "values": values,
        "descent": descent,
        "lengths": lengths,
        "slopes": np.array(slopes) / unit,
        "bends": np.array(bends) / unit_bend,
        "note": "random functions of W/|W|",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the loss over two weights with its gradient, and the two degrees."""
    fig.set_size_inches(6.0, 3.2)
    plane, degrees = fig.subplots(1, 2)
    plane.contourf(data["side"], data["side"], data["values"], 12, cmap="Greys", alpha=0.45)
    turns = np.linspace(0, 2 * np.pi, 17)[:-1]
    for norm in (0.9, 1.9):
        for turn in turns:
            u = np.array([np.cos(turn), np.sin(turn)])
            moved = u - PLANE.u
            slope = PLANE.slope + PLANE.bend @ moved
            arrow = -0.45 * invariance.gradient(u=u, norm=norm, slope=slope)
            end = norm * u + arrow
            style = {"arrowstyle": "-|>", "color": marks.THEORY, "lw": 0.9, "mutation_scale": 6}
            style |= {"shrinkA": 0, "shrinkB": 0}
            plane.annotate("", end, norm * u, arrowprops=style)
    weights = data["descent"]
    plane.plot(*weights.T, color=marks.MEASURED, lw=0.6)
    marks.measured(plane, *weights.T)
    plane.plot(0, 0, "+", color=marks.MEASURED, ms=6)
    plane.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), aspect="equal")
    plane.set(xlabel="$W_1$", ylabel="$W_2$", xticks=(-2, 0, 2), yticks=(-2, 0, 2))
    plane.set_title("gradients across the rays", weight="normal")

    fine = np.geomspace(0.22, 4.5, 50)
    factors = invariance.homogeneity(gamma=fine, degree=0)
    for name, points, colour, words, place in (
        ("gradient", "slopes", marks.THEORY, r"gradient, $1/|W|$", (1.15, 1.6)),
        ("hessian", "bends", marks.SECOND, "Hessian, $1/|W|^2$", (0.5, 9)),
    ):
        marks.theory(degrees, fine, factors[name], colour)
        marks.measured(degrees, data["lengths"], data[points], colour=colour)
        marks.label(degrees, place, words, colour)
    degrees.set(xscale="log", yscale="log", xlabel="$|W|$", ylabel="size over that at $|W| = 1$")
    degrees.set(xticks=(0.25, 0.5, 1, 2, 4), yticks=(0.1, 1, 10))
    degrees.minorticks_off()
    marks.plain_ticks(degrees.xaxis, degrees.yaxis)
    degrees.set_title("along a ray", weight="normal")
