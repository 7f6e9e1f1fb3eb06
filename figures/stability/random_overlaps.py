"""The figure shows what chance does among many parameters. Left: the probability is drawn that a
random vector of 4 million parameters has more than a given share of its squared length in a given
subspace of 10 dimensions. The line is the beta law. Points are shares of draws with bars of two
standard errors. The dotted line is the 10^-5 of the source, and 1.7 10^-5 of all draws lie beyond
it. Middle: mean and standard deviation of the overlap are drawn against P. Right: a step along the
gradient of an output's mean moves this mean further than random steps of equal length. The ratio of
the two movements is drawn for tanh nets of growing width, with the root mean square over random
steps. The line is root P."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import TINY
from sim.stability.draws import SmallNet, one_hot
from sim.stability.overlaps import large_overlaps, overlaps
from theory import stability

SOURCE = cite("page2019", "a norm squared component of less than 10^-5")
SHOWS = (stability.overlap_tail, stability.random_overlap, stability.perturbation_gain)

P, DIM = 4_000_000, 10
SIZES = (20, 50, 150, 500)


def _gain(rng: np.random.Generator, width: int) -> tuple[int, float]:
    """The number of parameters and the gain of one net, over random directions."""
    net = SmallNet(rng.normal(size=(3, 16)) + 0.5, one_hot(rng, 4, 16), width)
    theta = net.start(rng)

    def slope(u: np.ndarray) -> float:
        return float(np.mean(net.outputs(theta + 1j * TINY * u)[0]).imag / TINY)

    gradient = np.array([slope(axis) for axis in np.eye(net.size)])
    directions = rng.normal(size=(4000, net.size))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    moved = directions @ gradient
    along = slope(gradient / np.linalg.norm(gradient))
    return net.size, along / float(np.sqrt(np.mean(moved**2)))


def data(scale: Scale) -> dict:
    """Draws of overlaps, and nets."""
    rng = np.random.default_rng(0)
    draws = scale.pick(20_000, 1_000_000, 20_000_000)
    samples = large_overlaps(rng, P, DIM, draws)
    levels = np.array([1, 2, 3, 4, 5, 6, 7, 8]) * 1e-6
    beyond = np.array([np.mean(samples > level) for level in levels])
    small = scale.pick(400, 4000, 20_000)
    by_size = [overlaps(rng, size, DIM, small) for size in SIZES]
    return {
        "levels": levels,
        "beyond": beyond,
        "stderr": np.sqrt(beyond * (1 - beyond) / draws),
        "means": [each.mean() for each in by_size],
        "spreads": [each.std() for each in by_size],
        "gains": np.array([_gain(rng, width) for width in (1, 3, 8, 24)]),
        "note": f"left: {draws:,} draws; middle: {small} vectors a point; right: 4000 directions",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the tail, the moments and the gain."""
    fig.set_size_inches(6.8, 2.7)
    left, middle, right = fig.subplots(1, 3)
    fine = np.linspace(1e-7, 1.1e-5, 200)
    tail = [stability.overlap_tail(P=P, dim=DIM, overlap=x) for x in fine]
    marks.theory(left, fine * 1e6, tail)
    seen = data["beyond"] > 0
    marks.measured(
        left, data["levels"][seen] * 1e6, data["beyond"][seen], np.minimum(
            data["stderr"], data["beyond"] / 2.5)[seen]
    )  # fmt: skip
    left.axvline(10, color=marks.QUIET, lw=0.8, ls=":")
    marks.label(left, (9.6, 0.3), "$10^{-5}$", marks.QUIET, ha="right")
    left.set(yscale="log", xlabel=r"overlap, in $10^{-6}$", ylabel="probability of more")
    left.set(ylim=(3e-6, 2), xlim=(0, 11))

    sizes = np.unique(np.round(np.geomspace(12, 800, 60)))
    laws = [stability.random_overlap(P=size, dim=DIM) for size in sizes]
    marks.theory(middle, sizes, [law["mean"] for law in laws])
    marks.theory(middle, sizes, [np.sqrt(law["variance"]) for law in laws], marks.SECOND)
    marks.measured(middle, SIZES, data["means"])
    marks.measured(middle, SIZES, data["spreads"], colour=marks.SECOND)
    marks.label(middle, (60, 0.3), "mean", marks.THEORY)
    marks.label(middle, (14, 0.022), "standard\ndeviation", marks.SECOND, fontsize=7.5)
    middle.set(xscale="log", yscale="log", xlabel="parameters $P$", ylabel="overlap")
    middle.set_xticks([20, 100, 500])
    marks.plain_ticks(middle.xaxis, middle.yaxis)
    middle.set_yticks([0.01, 0.1, 1])

    params, gains = data["gains"].T
    fine = np.unique(np.round(np.geomspace(params[0], params[-1], 50)))
    marks.theory(right, fine, [stability.perturbation_gain(P=each) for each in fine])
    marks.measured(right, params, gains)
    right.set(xscale="log", yscale="log", xlabel="parameters $P$", ylabel="gain of the gradient")
    right.set_xticks([20, 50, 100, 200])
    right.set_yticks([4, 8, 16])
    marks.plain_ticks(right.xaxis, right.yaxis)
    marks.label(right, (20, 11), r"$\sqrt{P}$", marks.THEORY)
