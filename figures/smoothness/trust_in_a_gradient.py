"""The figure shows how far a gradient can be trusted. Left: the fall of a quadratic loss over a
step of descent is drawn. The line is eta |g|^2 - eta^2 g'Rg/2, and points are losses. Dashed grey
is the fall that the gradient predicts. The green line and squares are the change of the gradient,
eta |Rg|. Middle: the effective beta along the gradient is the change of the gradient over the
length of the step. The green line and squares are the quadratic, whose beta does not depend on the
step. Points are a unit with batch norm, which tends to |Kd|/|d| (blue line) for small steps. Right:
pairs of points are drawn at random in a ball. The change of the loss over their distance lies below
its Lipschitz constant (upper line). The change of the gradient over their distance lies below beta
(lower line)."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.smoothness.functions import with_eigenvalues
from sim.smoothness.hessian import EXAMPLE
from theory import smoothness

SOURCE = cite("rethinking", "gradient predictiveness", "a function is L-Lipschitz")
SHOWS = (
    smoothness.fall_of_the_loss,
    smoothness.gradient_predictiveness,
    smoothness.effective_beta,
    smoothness.effective_beta_of_small_steps,
    smoothness.lipschitz,
    smoothness.beta_smoothness,
)

RATES = np.linspace(0.05, 1.4, 10)
STEPS = np.geomspace(0.003, 1, 11)
RADIUS = 2.0


def data(scale: Scale) -> dict:
    """Steps of descent on a quadratic and on a unit, and random pairs of points."""
    rng = np.random.default_rng(0)
    R, _ = with_eigenvalues(rng, np.array([0.4, 0.8, 1.5]))
    d = np.array([1.0, -0.5, 0.8])
    g = R @ d
    after = [d - rate * g for rate in RATES]
    slope = complex_gradient(EXAMPLE.loss, EXAMPLE.y)
    beta = [
        np.linalg.norm(slope - complex_gradient(EXAMPLE.loss, EXAMPLE.y - step * slope))
        / np.linalg.norm(step * slope)
        for step in STEPS
    ]
    pairs = rng.normal(size=(scale.pick(20, 150, 400), 2, 3))
    pairs *= (
        RADIUS
        * rng.uniform(size=pairs.shape[:2])[..., None] ** (1 / 3)
        / np.linalg.norm(pairs, axis=2, keepdims=True)
    )
    apart = [np.linalg.norm(a - b) for a, b in pairs]
    return {
        "problem": (R, d),
        "fall": np.array([(d @ R @ d - x @ R @ x) / 2 for x in after]),
        "change": np.array([np.linalg.norm(g - R @ x) for x in after]),
        "beta": np.array(beta),
        "pairs": pairs,
        "apart": np.array(apart),
        "loss": np.array([abs(a @ R @ a - b @ R @ b) / 2 for a, b in pairs]) / apart,
        "slope": np.array([np.linalg.norm(R @ a - R @ b) for a, b in pairs]) / apart,
        "note": "eigenvalues 0.4, 0.8, 1.5; a unit of four examples",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw predictions, effective beta, and constants over a ball."""
    fig.set_size_inches(6.6, 2.6)
    left, middle, right = fig.subplots(1, 3)
    R, d = data["problem"]
    g = R @ d
    fine = np.linspace(0.001, 1.5, 60)
    marks.theory(left, fine, [smoothness.fall_of_the_loss(R=R, d=d, eta=rate) for rate in fine])
    change = [smoothness.gradient_predictiveness(R=R, d=d, eta=rate) for rate in fine]
    marks.theory(left, fine, change, marks.SECOND)
    left.plot(fine, fine * (g @ g), color=marks.QUIET, ls="--", lw=1)
    marks.measured(left, RATES, data["fall"])
    marks.measured(left, RATES, data["change"], colour=marks.SECOND, fmt="s", markersize=2.8)
    top = float(g @ g) * 1.5
    left.set(xlabel=r"rate $\eta$", ylim=(0, 1.12 * top), xlim=(0, 1.5), ylabel="over a step")
    marks.label(left, (0.04, 0.94), "predicted fall", "#666666", xycoords="axes fraction",
                fontsize=7.5)  # fmt: skip
    marks.label(left, (0.7, 0.5), "fall of\nthe loss", marks.THEORY, ha="center", fontsize=7.5)
    marks.label(
        left, (1.47, 1.5), "change of the\ngradient", marks.SECOND, ha="right", fontsize=7.5
    )
    left.set_title("one step", weight="normal")

    steps = np.geomspace(0.002, 1.4, 40)
    flat = [smoothness.effective_beta(R=R, d=d, eta=step) for step in steps]
    marks.theory(middle, steps, flat, marks.SECOND)
    quadratic = data["change"] / (RATES * np.linalg.norm(g))
    marks.measured(middle, RATES, quadratic, colour=marks.SECOND, fmt="s", markersize=2.8)
    limit = smoothness.effective_beta_of_small_steps(**EXAMPLE.values)
    marks.theory(middle, (0.002, 1.4), (limit, limit))
    marks.measured(middle, STEPS, data["beta"])
    middle.set(xscale="log", xlabel="step over the gradient", ylabel="effective beta")
    middle.set(ylim=(0, 1.25 * max(limit, data["beta"].max())))
    middle.set_xticks([0.01, 0.1, 1])
    marks.plain_ticks(middle.xaxis)
    marks.label(middle, (0.0025, 1.09 * limit), "batch norm, $|Kd|/|d|$", marks.THEORY,
                fontsize=7.5)  # fmt: skip
    marks.label(middle, (0.0025, flat[0] + 0.06 * limit), "quadratic", marks.SECOND, fontsize=7.5)
    middle.set_title("effective beta", weight="normal")

    a, b = data["pairs"][0]
    bound = smoothness.lipschitz(R=R, V=a, d=b, radius=RADIUS)["upper"] / data["apart"][0]
    beta = smoothness.beta_smoothness(R=R, V=a, d=b)["upper"] / data["apart"][0]
    for values, level, colour, text in (
        (data["loss"], bound, "black", "loss"),
        (data["slope"], beta, marks.SECOND, "gradient"),
    ):
        right.plot(data["apart"], values, ".", color=colour, markersize=2.2)
        right.axhline(level, color=marks.THEORY if text == "loss" else marks.SECOND)
        marks.label(right, (0.03, level + 0.14), text, colour, fontsize=7.5,
                    xycoords=("axes fraction", "data"))  # fmt: skip
    right.set(
        xlabel="distance of two points", ylabel="change over distance", ylim=(0, 1.18 * bound)
    )
    right.set_title("over a ball", weight="normal")
