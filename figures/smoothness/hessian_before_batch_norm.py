"""The Hessian before batch norm has a closed form. Left: the closed form is compared with second
derivatives of the loss. Dots are the Hessian in the outputs of a batch of five. Squares are the
Hessian in the weights of a layer of three inputs, and diamonds the gradient in the weights. Middle:
points are the loss on two lines. Along the way back from the outputs batch norm sees no change
until the outputs cross their mean (flat line). Along the direction of most curvature Taylor's
parabola is dashed. Right: the smallest eigenvalue of the Hessian of random batches is drawn against
its bound (c - sqrt(c^2 + 4b^2))/2. It lies below the bound everywhere, so that every point with a
gradient is a saddle. Crosses are linear losses, which reach the bound."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.smoothness.draws import normalise, units
from theory import smoothness

SOURCE = cite("oxford2021", "eqs. (2), (3)", "eq. (9)", "eq. (10)", "eqs. (12), (13)")
SHOWS = (
    smoothness.hessian,
    smoothness.weight_gradient,
    smoothness.weight_hessian,
    smoothness.taylor,
    smoothness.curvature_of_outputs,
    smoothness.negative_curvature,
)

ALONG = np.linspace(-0.9, 0.9, 13)


def data(scale: Scale) -> dict:
    """A batch with its derivatives, a layer with its derivatives, and many batches."""
    rng = np.random.default_rng(1)
    (unit,) = units(rng, sizes=(5,))
    unit.gamma, unit.cubic = 1.0, None
    X, W = rng.normal(size=(3, 5)), rng.normal(size=3)
    X += np.outer(W, unit.y - X.T @ W) / (W @ W)
    axes = np.eye(3)
    pairs = [[unit.curvature(X.T @ (a + b))[0] for a in axes] for b in axes]
    less = [[unit.curvature(X.T @ (a - b))[0] for a in axes] for b in axes]
    matrix = unit.hessian()[0]
    curvatures, vectors = np.linalg.eigh(matrix)
    u = vectors[:, np.argmax(np.abs(curvatures))]
    batches = units(rng, sizes=(3, 5) * scale.pick(1, 12, 40))
    linear = units(rng, sizes=(3, 5) * scale.pick(1, 3, 5))
    for each in linear:
        hat = normalise(each.y)
        each.g = each.g - each.g.mean() - (each.g @ hat) / len(hat) * hat
        each.H, each.cubic = 0 * each.H, None
    return {
        "unit": unit,
        "hessian": matrix,
        "layer": (X, W),
        "slope": complex_gradient(lambda w: unit.loss(X.T @ w), W),
        "bends": (np.array(pairs) - np.array(less)) / 4,
        "direction": u,
        "along": np.array([unit.loss(unit.y + t * u) for t in ALONG]),
        "back": np.array([unit.loss(unit.y - t * (unit.y - unit.y.mean())) for t in ALONG]),
        "batches": [(each.values, np.linalg.eigvalsh(each.hessian()[0])[0]) for each in batches],
        "linear": [(each.values, np.linalg.eigvalsh(each.hessian()[0])[0]) for each in linear],
        "note": "middle: the unit of five examples of the left panel",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw closed forms against derivatives, the loss on two lines, and smallest eigenvalues."""
    fig.set_size_inches(6.6, 2.6)
    forms, lines, saddle = fig.subplots(1, 3)
    unit, (X, W) = data["unit"], data["layer"]
    K = smoothness.hessian(**unit.values, eps=0)
    layer = {"X": X, "W": W, "g": unit.g, "gamma": unit.gamma, "eps": 0}
    slope = smoothness.weight_gradient(**layer)
    bends = smoothness.weight_hessian(**layer, H=unit.H)["hessian"]
    forms.axline((0, 0), slope=1, color=marks.THEORY, lw=1, zorder=1)
    marks.measured(forms, K.ravel(), data["hessian"].ravel(), markersize=3)
    marks.measured(forms, bends.ravel(), data["bends"].ravel(), colour=marks.SECOND, fmt="s",
                   markersize=3)  # fmt: skip
    marks.measured(forms, slope, data["slope"], colour=marks.THIRD, fmt="D", markersize=3)
    for height, text, colour in ((0.95, "outputs", "black"), (0.87, "weights", marks.SECOND),
                                 (0.79, "gradient", marks.THIRD)):  # fmt: skip
        marks.label(forms, (0.04, height), text, colour, xycoords="axes fraction", fontsize=7.5)
    forms.set(xlabel="closed form", ylabel="derivative of the loss")
    forms.set_title("gradient and Hessian", weight="normal")

    u, fine = data["direction"], np.linspace(-1, 1, 90)
    gradient = smoothness.gradient(y=unit.y, g=unit.g, gamma=unit.gamma, eps=0)
    bend = smoothness.taylor(**unit.values, u=u)
    lines.plot(fine, fine * (gradient @ u) + fine**2 / 2 * bend, color=marks.THEORY, ls="--", lw=1)
    marks.measured(lines, ALONG, data["along"], markersize=2.6)
    marks.measured(lines, ALONG, data["back"], colour=marks.SECOND, markersize=2.6)
    free = smoothness.curvature_of_outputs(**unit.values)["y'Ky"]
    marks.theory(lines, fine, fine**2 / 2 * free, marks.SECOND)
    marks.label(lines, (0.05, 0.9), "Taylor", marks.THEORY, xycoords="axes fraction", fontsize=7.5)
    marks.label(lines, (0.97, 0.04), "along the outputs", marks.SECOND, ha="right",
                xycoords="axes fraction", fontsize=7.5)  # fmt: skip
    lines.set(xlabel="displacement", ylabel="change of the loss", xticks=(-1, 0, 1))
    lines.set_title("along two lines", weight="normal")

    for name, fmt, size in (("batches", "o", 2.6), ("linear", "x", 4.5)):
        bound = [smoothness.negative_curvature(**values)["upper"] for values, _ in data[name]]
        lowest = [value for _, value in data[name]]
        colour = "black" if name == "batches" else marks.SECOND
        marks.measured(saddle, -np.array(bound), -np.array(lowest), fmt=fmt, markersize=size,
                       colour=colour)  # fmt: skip
    saddle.axline((0.01, 0.01), (1, 1), color=marks.THEORY, lw=1)
    saddle.set(xscale="log", yscale="log", xlabel="minus the bound")
    saddle.set(ylabel="minus the smallest eigenvalue")
    marks.label(saddle, (0.95, 0.07), "linear: equal", marks.SECOND, ha="right",
                xycoords="axes fraction", fontsize=7.5)  # fmt: skip
    saddle.set_title("a saddle", weight="normal")
