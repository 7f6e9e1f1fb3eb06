"""Rates are drawn beyond the quadratic. Left: close to a stationary point a displacement grows by a
factor per step, which is drawn against the learning rate in units of 1/lambda_max. The factor is
below 1 up to the rate 2 where the loss curves upwards in all directions (blue). It is never below 1
where the loss curves downwards in one direction (green). Points are the growth over many steps of
descent on a loss with cubes and fourth powers. Right: descent runs at the largest rate 2/lam
itself. The distance from the minimum is drawn for three losses of one weight. Over two steps a
displacement x becomes x - c x^3 to leading order. The distance falls if c is positive. Points are
descent, and lines are the leading order after k steps, 1/sqrt(1/x^2 + c k)."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.stability.draws import with_spectrum
from theory import stability

SOURCE = cite("page2019", "highest stable learning rate")
SHOWS = (stability.growth_per_step, stability.two_steps_at_the_largest_rate)

KINDS = (((1.0, 0.3), marks.THEORY), ((1.0, -0.1), marks.SECOND))
RATES = np.linspace(0.2, 2.4, 12)
#: Losses of one weight: lam, third derivative, fourth derivative.
LOSSES = ((1.0, 1.0, 0.0), (1.0, 0.0, 0.0), (1.0, 0.0, 0.9))
START = 0.2


def _growth(rng: np.random.Generator, H: np.ndarray, eta: float) -> float:
    """The mean growth per step over the last 20 of 60 steps of descent from very close by."""
    d = 1e-12 * rng.normal(size=len(H))
    for _ in range(40):
        d -= eta * (H @ d + d**2 / 2 + d**3 / 6)
    before = np.linalg.norm(d)
    for _ in range(20):
        d -= eta * (H @ d + d**2 / 2 + d**3 / 6)
    return float((np.linalg.norm(d) / before) ** (1 / 20))


def data(scale: Scale) -> dict:
    """Growths, and three descents at the largest rate."""
    rng = np.random.default_rng(0)
    matrices = [with_spectrum(rng, values)[0] for values, _ in KINDS]
    steps = np.arange(0, 41, 4)
    paths = []
    for lam, third, fourth in LOSSES:
        x, path = START, []
        for step in range(41):
            if step in steps:
                path.append(abs(x))
            x -= 2 / lam * (lam * x + third * x**2 / 2 + fourth * x**3 / 6)
        paths.append(path)
    return {
        "matrices": matrices,
        "growths": [[_growth(rng, H, eta) for eta in RATES] for H in matrices],
        "steps": steps,
        "paths": paths,
        "note": "left: losses of two weights; right: one weight",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the growth against the rate, and the largest rate itself."""
    fig.set_size_inches(6.4, 2.9)
    left, right = fig.subplots(1, 2)
    fine = np.linspace(0.02, 2.5, 200)
    for (_, colour), H, growths in zip(KINDS, data["matrices"], data["growths"], strict=True):
        marks.theory(left, fine, [stability.growth_per_step(Hess=H, eta=x) for x in fine], colour)
        marks.measured(left, RATES, growths, colour=colour)
    left.axhline(1, color=marks.QUIET, lw=0.7)
    marks.label(left, (0.25, 1.28), "one direction curves down", marks.SECOND)
    marks.label(left, (0.5, 0.45), "all curve up", marks.THEORY)
    left.set(
        xlabel=r"learning rate times $\lambda_{\max}$", ylabel="growth a step", ylim=(0.3, 1.6)
    )

    steps = np.arange(41)
    for each, path, colour in zip(LOSSES, data["paths"], marks.SERIES, strict=False):
        c = stability.two_steps_at_the_largest_rate(
            **dict(zip(("lam", "third", "fourth"), each, strict=True))
        )
        marks.theory(right, steps, 1 / np.sqrt(np.maximum(1 / START**2 + c * steps, 1e-9)), colour)
        marks.measured(right, data["steps"], path, colour=colour)
    marks.label(right, (40, 0.128), "$c > 0$", marks.SERIES[0], ha="right")
    marks.label(right, (40, 0.222), "quadratic, $c = 0$", marks.SERIES[1], ha="right")
    marks.label(right, (22, 0.34), "$c < 0$", marks.SERIES[2], ha="right")
    right.set(xlabel="step", ylabel="distance", ylim=(0.06, 0.42))
