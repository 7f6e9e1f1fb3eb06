"""The figure shows when <g,yhat> is not negative, and when the plain gradient bounds the curvature.
Left: the loss is squared, and its targets are a multiple of the outputs. Minus the gradient points
straight at the minimum everywhere. The line is gamma B - <Y,yhat>, and points are slopes by complex
steps. The dashed line is the source's, which is never negative. Middle: convex losses have their
minimum at batch norm's shift. The line says that gamma <g,yhat> is twice the excess loss, and
points are random quadratic losses. Right: H = lam I. The curvature along the gradient is drawn
against the bound with the plain gradient. The bound holds for |gamma| <= sigma (dots), and need not
hold for gamma = 1.5 sigma (crosses)."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.smoothness.draws import Unit, normalise, outputs
from theory import smoothness

SOURCE = cite("oxford2021", "section 2.2, assumptions")
SHOWS = (
    smoothness.alignment_with_outputs,
    smoothness.alignment_of_convex_loss,
    smoothness.isotropic_curvature_bound,
)

ASKED = np.linspace(-1, 3, 13)
OUTPUTS = np.array([1.0, -1.0])


def data(scale: Scale) -> dict:
    """Slopes along the outputs for many targets, convex losses, and isotropic losses."""
    rng = np.random.default_rng(0)
    hat = normalise(OUTPUTS)
    along = []
    for asked in ASKED:

        def squared(z: np.ndarray, target: np.ndarray = asked * hat) -> complex:
            return sum((z - target) ** 2) / 2

        along.append(complex_gradient(squared, hat) @ hat)
    convex, isotropic = [], []
    for _ in range(scale.pick(5, 30, 60)):
        y, root, gamma = outputs(rng, 5), rng.normal(size=(5, 5)), rng.uniform(-1, 1)
        H, hat = root @ root.T, normalise(y)

        def loss(z: np.ndarray, H: np.ndarray = H) -> complex:
            return sum((H @ (z - 1)) * (z - 1)) / 2

        z = gamma * hat + 1
        slope = complex_gradient(loss, z)
        convex.append((loss(z), gamma * slope @ hat, (y, H, gamma)))
        g = rng.normal(size=5)
        for ratio in (rng.uniform(-1, 1), 1.5):
            unit = Unit(y, g, np.eye(5), ratio * y.std())
            bent = unit.curvature(complex_gradient(unit.loss, y))[0]
            isotropic.append(({"y": y, "g": g, "gamma": unit.gamma, "lam": 1.0}, ratio, bent))
    return {"along": np.array(along), "convex": convex, "isotropic": isotropic}


def draw(fig: Figure, data: dict) -> None:
    """Draw targets, convex losses and isotropic losses."""
    fig.set_size_inches(6.6, 2.6)
    left, middle, right = fig.subplots(1, 3)
    fine = np.linspace(-1, 3, 60)
    hat = normalise(OUTPUTS)
    printed = smoothness.alignment_with_outputs.twins["printed: never negative"]
    for form, mark in ((smoothness.alignment_with_outputs, marks.theory), (printed, marks.printed)):
        values = [form(y=OUTPUTS, Y=a * hat, gamma=1, shift=0)["with the outputs"] for a in fine]
        mark(left, fine, values)
    marks.measured(left, ASKED, data["along"])
    left.axhline(0, color=marks.QUIET, lw=0.6)
    left.set(xlabel=r"target, times $\hat y$", ylabel=r"$\langle g, \hat y\rangle$, $B = 2$")
    marks.label(left, (2.1, 3.4), "printed", marks.PRINTED, ha="center")
    marks.label(left, (1.3, -2.6), "true", marks.THEORY, ha="center")
    left.set_title("squared loss", weight="normal")

    excess, product, _ = zip(*data["convex"], strict=True)
    exact = [
        smoothness.alignment_of_convex_loss(y=y, H=H, gamma=gamma, shift=1)
        for _, _, (y, H, gamma) in data["convex"]
    ]
    order = np.argsort(excess)
    marks.theory(middle, np.array(excess)[order], np.array(exact)[order])
    marks.measured(middle, excess, product, markersize=2.6)
    middle.set(xlabel="excess loss", ylabel=r"$\gamma\langle g, \hat y\rangle$")
    marks.label(middle, (0.05, 0.92), "slope 2", marks.THEORY, xycoords="axes fraction")
    middle.set_title("least at the shift", weight="normal")

    form = smoothness.isotropic_curvature_bound.closed_form.unconditioned  # also |gamma| > sigma
    for values, ratio, bent in data["isotropic"]:
        bound = form(**values)["upper"]
        near = abs(ratio) <= 1
        marks.measured(right, bound, bent, fmt="o" if near else "x", markersize=2.6 if near else 4,
                       colour="black" if near else marks.SECOND)  # fmt: skip
    right.axline((0, 0), slope=1, color=marks.THEORY, lw=1)
    right.set(xlabel="bound", ylabel="curvature along $d$")
    marks.label(right, (0.05, 0.92), r"$\gamma = 1.5\sigma$", marks.SECOND, fontsize=7.5,
                xycoords="axes fraction")  # fmt: skip
    marks.label(right, (0.96, 0.06), r"$|\gamma| \leq \sigma$", xycoords="axes fraction",
                ha="right", fontsize=7.5)  # fmt: skip
    right.set_title("$H = I$", weight="normal")
