"""Training ends at the edge of stability. Left: small nets are trained with all examples at a fixed
rate. Their largest curvature grows to the level that the rate just allows, and stays there. Points
are medians over nets, with the quartiles as bars. Lines are 2/eta and, with the heavy ball, 2(1 +
beta)/eta. Right: for two weights a and b with the loss (ab - 1)^2/2 the bound 2/eta is proved.
Points are the curvature at which descent ends, from many starts, against the curvature at which
gradient flow ends. The line is the curvature of flow, cut off at 2/eta. Where flow ends above
2/eta, descent ends below 2/eta, at about the same distance."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.stability.training import Nets
from sim.stability.two_weights import descend
from theory import stability

SOURCE = cite(
    "page2019", "the highest stable learning rate is determined by the largest eigenvalue"
)
SHOWS = (
    stability.edge_of_stability,
    stability.edge_with_momentum,
    stability.sharpness_found,
    stability.sharpness_of_flow,
)

ETA, RUNS, PAIR_ETA = 0.4, ((0.0, marks.THEORY, "o"), (0.5, marks.SECOND, "s")), 0.2


def data(scale: Scale) -> dict:
    """Curvatures of nets while they train, and curvatures at the ends of descents of two
    weights."""
    rng = np.random.default_rng(0)
    count, steps = scale.pick(4, 32, 128), scale.pick(50, 200, 200)
    drawn = Nets.draw(rng, count)
    curves = {}
    for beta, _, _ in RUNS:
        nets, sharpness = drawn, [drawn.sharpness()]
        for _ in range(20):
            nets = nets.train(ETA, beta, steps)
            sharpness.append(nets.sharpness())
        curves[beta] = np.percentile(sharpness, (25, 50, 75), axis=1)
    flows = np.linspace(2.05, 11.2, scale.pick(6, 24, 60))
    ends = []
    for flow in flows:
        a = np.sqrt((flow + np.sqrt(flow**2 - 4)) / 2)
        b = 1 / a + 0.02 * rng.uniform(0.5, 1) / a
        a, b = descend(a, b, PAIR_ETA, 20_000)
        ends.append(a * a + b * b)
    return {
        "steps": steps * np.arange(21),
        "curves": curves,
        "flows": flows,
        "ends": np.array(ends),
        "note": f"left: {count} tanh nets, 20 examples each, eta = {ETA}; right: eta = {PAIR_ETA}",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the curvature over steps, and the curvature at the end against the curvature of flow."""
    fig.set_size_inches(6.4, 2.9)
    left, right = fig.subplots(1, 2)
    for beta, colour, marker in RUNS:
        low, middle, high = data["curves"][beta]
        level = (
            stability.edge_with_momentum(eta=ETA, beta=beta)
            if beta
            else stability.edge_of_stability(eta=ETA)
        )
        left.axhline(level, color=colour)
        bars = np.array([middle - low, high - middle])
        left.errorbar(
            data["steps"], middle, yerr=bars, fmt=marker, color=colour, markersize=3, elinewidth=0.7
        )
    end = data["steps"][-1]
    marks.label(left, (end, 5.6), r"$2/\eta$", marks.THEORY, ha="right")
    marks.label(left, (end, 8.1), r"$2(1+\beta)/\eta$, $\beta = 0.5$", marks.SECOND, ha="right")
    left.set(xlabel="step", ylabel="largest curvature", ylim=(0, 9))
    left.set_title("nets", weight="normal")

    fine = np.linspace(2, 11.3, 200)
    bounds = []
    for flow in fine:
        a = np.sqrt((flow + np.sqrt(flow**2 - 4)) / 2)
        bounds.append(stability.sharpness_found(a=a, b=1 / a, eta=PAIR_ETA)["upper"])
    flows = [
        stability.sharpness_of_flow(a=np.sqrt((f + np.sqrt(f * f - 4)) / 2),
                                    b=np.sqrt((f - np.sqrt(f * f - 4)) / 2))
        for f in fine
    ]  # fmt: skip
    marks.theory(right, fine, flows, marks.QUIET, lw=1)
    marks.theory(right, fine, bounds)
    marks.measured(right, data["flows"], data["ends"])
    marks.label(right, (2.4, 8.7), r"no more than $2/\eta$", marks.THEORY)
    marks.label(right, (9.9, 11.1), "gradient flow", marks.QUIET, ha="right")
    right.set(xlabel="largest curvature that flow finds", ylabel="that descent finds")
    right.set(xlim=(2, 11.4), ylim=(0, 12))
    right.set_title("two weights", weight="normal")
