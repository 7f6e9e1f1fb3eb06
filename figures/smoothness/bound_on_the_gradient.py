"""An identity, not a bound, says what part of the gradient batch norm takes out. Left: the squared
gradient before batch norm is drawn against the share of g that lies along the outputs. It is
divided by (gamma/sigma)^2 times the square of g without its mean. The line is 1 - <g,yhat>^2/(B
|Cg|^2). Points are random batches of 4 and of 16 examples, with slopes by complex steps. The dashed
lines are the printed bound with 1/sqrt(B), which lies below the points and below zero. Middle: with
eps the part along the outputs is not taken out wholly. The line is exact, and points are one batch.
The band reaches from the coefficient 2/B of <g,yhat>^2 to the coefficient 1/B. Right: the mean of g
contributes to |g|^2, for growing batches of entries of mean 1. The line is <1,g>^2/B, and points
are sums before and after centring. The dashed line is <1,g>^2 alone, which grows quadratically."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.smoothness.draws import Unit, normalise, outputs
from theory import smoothness

SOURCE = cite("oxford2021", "eq. (1)")
SHOWS = (
    smoothness.gradient_norm,
    smoothness.gradient,
    smoothness.gradient_norm_with_eps,
    smoothness.gradient_norm_bounds,
    smoothness.energy_of_the_mean,
)

EPS = np.geomspace(0.01, 100, 9)


def _across(g: np.ndarray, hat: np.ndarray) -> np.ndarray:
    """The part of g that has no mean and is orthogonal to the outputs, scaled to length sqrt(B)."""
    left = g - g.mean() - (g @ hat) / len(g) * hat
    return left * np.sqrt(len(g)) / np.linalg.norm(left)


def _square(unit: Unit) -> float:
    return float(np.sum(complex_gradient(unit.loss, unit.y) ** 2))


def data(scale: Scale) -> dict:
    """Random batches, one batch over eps, and growing gradients with a mean."""
    rng = np.random.default_rng(0)
    draws = scale.pick(8, 40, 100)
    clouds = {}
    for B in (4, 16):
        points = []
        for _ in range(draws):
            y, g = outputs(rng, B), rng.normal(size=B)
            g += rng.normal() * normalise(y)
            unit = Unit(y, g, np.zeros((B, B)), 1.5)
            whole = (1.5 / y.std()) ** 2 * np.sum((g - g.mean()) ** 2)
            share = (g @ normalise(y)) ** 2 / B / np.sum((g - g.mean()) ** 2)
            points.append((share, _square(unit) / whole))
        clouds[B] = np.array(points).T
    y = outputs(rng, 6)
    hat = normalise(y)
    g = hat + 0.3 * _across(rng.normal(size=6), hat)
    swept = [_square(Unit(y, g, np.zeros((6, 6)), 1.0, each * y.var())) for each in EPS]
    sizes = np.array([2, 4, 8, 16, 32, 64])
    gradients = [1 + rng.normal(size=B) / 4 for B in sizes]
    lost = [g @ g - np.sum((g - g.mean()) ** 2) for g in gradients]
    return {
        "clouds": clouds,
        "batch": (y, g),
        "swept": np.array(swept),
        "sizes": sizes,
        "gradients": gradients,
        "lost": np.array(lost),
        "note": f"left: {draws} random batches of each size",
    }


def _ratio(form, B: int, share: float) -> float:  # type: ignore[no-untyped-def]
    """A form's squared gradient over the square of g without its mean, at gamma/sigma = 1.

    A share ``share`` of g lies along y.
    """
    y = np.linspace(-1, 1, B)
    hat = normalise(y)
    g = np.sqrt(share) * hat + np.sqrt(1 - share) * _across(y**2 + y**3, hat)
    return float(form(y=y, g=g, gamma=1.0)) * y.var() / np.sum((g - g.mean()) ** 2)


def draw(fig: Figure, data: dict) -> None:
    """Draw the identity with the printed bound, the effect of eps, and the energy of the mean."""
    fig.set_size_inches(6.6, 2.6)
    left, middle, right = fig.subplots(1, 3)
    shares = np.linspace(0, 1, 21)
    marks.theory(left, shares, [_ratio(smoothness.gradient_norm, 4, x) for x in shares])
    printed = smoothness.gradient_norm.twins["printed: 1/sqrt(B) before <g,yhat>^2"]
    for B, marker in ((4, "o"), (16, "s")):
        marks.printed(left, shares, [_ratio(printed, B, x) for x in shares], lw=1.1)
        share, ratio = data["clouds"][B]
        marks.measured(left, share, ratio, fmt=marker, markersize=2.2)
    left.axhline(0, color=marks.QUIET, lw=0.6)
    marks.label(left, (0.5, 0.78), "identity", marks.THEORY)
    marks.label(left, (0.04, -0.6), "printed", marks.PRINTED)
    marks.label(left, (0.98, -1.25), "$B = 4$", marks.PRINTED, ha="right", fontsize=7.5)
    marks.label(left, (0.44, -1.2), "$B = 16$", marks.PRINTED, ha="right", fontsize=7.5)
    left.set(xlabel="share of $g$ along $\\hat y$", ylabel="squared gradient, scaled")
    left.set(ylim=(-1.5, 1.1), xlim=(0, 1))
    left.set_title("random batches", weight="normal")

    y, g = data["batch"]
    fine = np.geomspace(0.008, 120, 60)
    exact = np.array(
        [smoothness.gradient_norm_with_eps(y=y, g=g, gamma=1, eps=e * y.var()) for e in fine]
    )
    bounds = [smoothness.gradient_norm_bounds(y=y, g=g, gamma=1, eps=e * y.var()) for e in fine]
    scale = y.var() * (1 + fine) / (g @ g)
    marks.band(middle, fine, *(scale * [b[side] for b in bounds] for side in ("lower", "upper")))
    marks.theory(middle, fine, scale * exact)
    marks.measured(middle, EPS, data["swept"] * y.var() * (1 + EPS) / (g @ g))
    middle.set(xscale="log", xlabel=r"eps over $\sigma^2$", ylim=(-0.75, 1.1), xlim=(0.008, 120))
    marks.plain_ticks(middle.xaxis)
    middle.set_xticks([0.01, 1, 100])
    marks.label(middle, (0.012, 0.4), "$1/B$", marks.THEORY, fontsize=7.5)
    marks.label(middle, (0.05, -0.5), "$2/B$", marks.THEORY, fontsize=7.5)
    middle.set_title("with eps", weight="normal")

    removed = [smoothness.energy_of_the_mean(g=g) for g in data["gradients"]]
    marks.theory(right, data["sizes"], removed)
    growing = smoothness.energy_of_the_mean.twins["as <1,g>^2 alone, quadratic in B"]
    quadratic = [growing(g=g) for g in data["gradients"]]
    right.plot(data["sizes"], quadratic, color=marks.QUIET, ls="--", lw=1)
    marks.measured(right, data["sizes"], data["lost"])
    right.set(xscale="log", yscale="log", xlabel="batch $B$", ylabel="taken out by the mean")
    right.set(ylim=(0.8, 1e4))
    right.set_xticks([2, 8, 64])
    marks.plain_ticks(right.xaxis)
    marks.label(right, (12, 1.2e3), r"$\langle 1,g\rangle^2$", marks.QUIET, ha="right")
    marks.label(right, (18, 6), r"$\langle 1,g\rangle^2/B$", marks.THEORY, fontsize=7.5)
    right.set_title("energy of the mean", weight="normal")
