"""The figure shows the largest gradient in the weights over inputs of a given norm. Left: the
outputs are held fixed. Lines are the squared gradient without batch norm and with it, which is
radius^2 times the squared gradient in the outputs. Crosses are inputs that were built to reach it.
Dots are random inputs that give equal outputs. The dashed line is the printed bound with 1/sqrt(m).
Middle: with free outputs there is no maximum. Inputs keep the norm 1 while the outputs shrink by a
factor s. The line is the maximum at fixed outputs, 9/s^2 here, and points are gradients by complex
steps. The dashed line is the printed maximum at s = 1/2. Right: a gradient in the outputs becomes a
gradient in the weights. Its square is multiplied by a number between the extreme eigenvalues of X'X
(lines). Points are random gradients, for five inputs and the number of examples on the axis. Beyond
five examples the lower end is zero."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.smoothness.draws import Unit, outputs, weight_gradient
from sim.smoothness.worst_weights import feasible, maximiser
from theory import smoothness

SOURCE = cite("oxford2021", "eqs. (4), (5)", "eqs. (6), (7), (8)")
SHOWS = (
    smoothness.largest_plain_gradient,
    smoothness.largest_weight_gradient,
    smoothness.weight_gradient_bounds,
)

RADII = np.array([1.0, 1.4, 2.0, 2.8, 4.0])
SHARES = np.array([0.5, 0.2, 0.1, 0.05, 0.02, 0.01])
ACROSS = np.array([1.0, 1.0, -2.0])
SIZES = (2, 3, 4, 5, 6, 8)


def data(scale: Scale) -> dict:
    """Built inputs and random inputs, shrinking outputs, and random gradients."""
    rng = np.random.default_rng(2)
    y, g = outputs(rng, 6), rng.normal(size=6)
    unit = Unit(y, g, np.zeros((6, 6)), 1.0)
    slopes = {"plain": g, "normed": complex_gradient(unit.loss, y)}
    built: dict[str, list] = {}
    cloud: dict[str, list] = {}
    for name, slope in slopes.items():
        built[name], cloud[name] = [], []
        for radius in RADII:
            W = rng.normal(size=3)
            W *= 1.5 * np.linalg.norm(y) / np.linalg.norm(W)
            weights, X = maximiser(y, W, slope, radius, rng.normal(size=3))
            built[name].append(np.sum((X @ slope) ** 2))
            others = feasible(rng, y, weights, radius, scale.pick(3, 12, 40))
            cloud[name].append([np.sum((other @ slope) ** 2) for other in others])
    shrunk = []
    for share in SHARES:
        X = np.array([share * np.array([1.0, -1.0, 0.0]), ACROSS / 6**0.5])
        lone = Unit(X[0], ACROSS, np.zeros((3, 3)), 1.0)
        slope = weight_gradient(lone, X, np.array([1.0, 0.0]))
        shrunk.append(slope @ slope)
    stretched = []
    for B in SIZES:
        X = rng.normal(size=(5, B))
        gradients = rng.normal(size=(scale.pick(5, 40, 100), B))
        stretched.append((X, gradients, np.sum((gradients @ X.T) ** 2, axis=1)))
    return {
        "batch": (y, g),
        "built": built,
        "cloud": cloud,
        "shrunk": np.array(shrunk),
        "stretched": stretched,
        "note": "left: six examples, three inputs",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw fixed outputs, free outputs, and the bounds of the chain rule."""
    fig.set_size_inches(6.6, 2.6)
    pinned, free, chain = fig.subplots(1, 3)
    y, g = data["batch"]
    radii = np.geomspace(0.95, 4.3, 30)
    plain = [smoothness.largest_plain_gradient(g=g, radius=r) for r in radii]
    normed = [smoothness.largest_weight_gradient(y=y, g=g, gamma=1, radius=r) for r in radii]
    marks.theory(pinned, radii, plain, marks.SECOND)
    marks.theory(pinned, radii, normed)
    printed = smoothness.largest_weight_gradient.twins["printed: 1/sqrt(B) before <g,yhat>^2"]
    marks.printed(pinned, radii, [printed(y=y, g=g, gamma=1, radius=r) for r in radii])
    for name, colour in (("plain", marks.SECOND), ("normed", marks.THEORY)):
        marks.measured(pinned, RADII, data["built"][name], fmt="x", markersize=5)
        for radius, lengths in zip(RADII, data["cloud"][name], strict=True):
            pinned.plot(np.full(len(lengths), radius), lengths, ".", color=colour, markersize=2)
    pinned.set(xscale="log", yscale="log", xlabel="bound on the norm of $X$")
    pinned.set(ylabel="largest squared gradient")
    pinned.set_xticks([1, 2, 4])
    marks.plain_ticks(pinned.xaxis)
    marks.label(pinned, (0.05, 0.95), "plain", marks.SECOND, xycoords="axes fraction", fontsize=7.5)
    marks.label(pinned, (0.05, 0.86), "batch norm", marks.THEORY, xycoords="axes fraction",
                fontsize=7.5)  # fmt: skip
    marks.label(pinned, (0.96, 0.05), "printed", marks.PRINTED, ha="right", fontsize=7.5,
                xycoords="axes fraction")  # fmt: skip
    pinned.set_title("outputs fixed", weight="normal")

    fine = np.geomspace(0.008, 0.6, 40)
    top = [
        smoothness.largest_weight_gradient(y=s * np.array([1, -1, 0]), g=ACROSS, gamma=1, radius=1)
        for s in fine
    ]
    marks.theory(free, fine, top)
    marks.measured(free, SHARES, data["shrunk"])
    marks.printed(free, (0.008, 0.6), 2 * (np.interp(0.5, fine, top),))
    free.set(xscale="log", yscale="log", xlabel="size of the outputs $s$")
    free.set_xticks([0.01, 0.1])
    marks.plain_ticks(free.xaxis)
    marks.label(free, (0.0085, 70), "printed maximum", marks.PRINTED, fontsize=7.5)
    free.set_title("outputs free", weight="normal")

    for place, (X, gradients, stretched) in enumerate(data["stretched"]):
        squares = np.sum(gradients**2, axis=1)
        chain.plot(np.full(len(squares), place), stretched / squares, ".", color="black",
                   markersize=2, zorder=3)  # fmt: skip
        bounds = smoothness.weight_gradient_bounds(X=X, g=gradients[0])
        for side in ("lower", "upper"):
            level = bounds[side] / squares[0]
            chain.plot((place - 0.3, place + 0.3), (level, level), color=marks.THEORY, zorder=2)
    chain.set_xticks(range(len(SIZES)), [str(B) for B in SIZES])
    chain.set(xlabel="examples $B$", ylabel=r"$|Xg|^2/|g|^2$")
    chain.set_title("from outputs to weights", weight="normal")
