"""The figure shows the outputs of batch norm on Gaussian batches. Left: lines are their density,
and points are histograms of draws. No output exceeds sqrt(B - 1), which is an upright line. In a
batch of three an output is most often at this end. For large batches the density is the Gaussian's.
Middle: the mean fourth power and the mean sixth power of an output are drawn. Points lie on the
lines, which stay below the Gaussian's 3 and 15. Right: a batch estimates a variance of 1. The mean
variance, the mean standard deviation and the mean inverse variance of batches are drawn. Squared
gradients grow by the mean inverse variance. All three means tend to 1."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.noise import outputs
from theory import normalisation

SOURCE = cite(
    "grosse2021", "the statistics are estimated from the current batch, which injects noise"
)
SHOWS = (
    normalisation.output_density,
    normalisation.samuelson,
    normalisation.output_moments,
    normalisation.deviation_moments,
)

SHOWN = (3, 5, 32)
SIZES = np.array([4, 6, 8, 12, 16, 32, 64])
NOISY = SIZES[SIZES > 5]  # of five and fewer the inverse has no variance, and so no error bar


def data(scale: Scale) -> dict:
    """Histograms, powers and deviations of drawn batches."""
    rng = np.random.default_rng(0)
    draws = scale.pick(200, 4000, 100_000)
    histograms = []
    for B in SHOWN:
        ends = np.linspace(-1, 1, 17) * min(np.sqrt(B - 1), 3)
        first = outputs(rng, B, draws)[:, 0]
        share = np.histogram(first, ends)[0] / draws
        error = np.sqrt(share * (1 - share) / draws)
        histograms.append((ends, share / np.diff(ends), error / np.diff(ends)))
    powers = {
        order: [Estimate.of(np.mean(outputs(rng, B, draws) ** (2 * order), axis=1)) for B in SIZES]
        for order in (2, 3)
    }
    variances = {B: rng.normal(size=(draws, B)).var(axis=1) for B in SIZES}
    deviations = {
        "variance": [Estimate.of(variances[B]) for B in SIZES],
        "deviation": [Estimate.of(np.sqrt(variances[B])) for B in SIZES],
        "inverse": [Estimate.of(1 / variances[B]) for B in NOISY],
    }
    return {
        "histograms": histograms,
        "powers": powers,
        "deviations": deviations,
        "note": f"{draws} Gaussian batches a point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw densities, powers and deviations."""
    fig.set_size_inches(6.9, 2.8)
    left, middle, right = fig.subplots(1, 3)
    colours = (marks.RAMP[1], marks.RAMP[2], marks.RAMP[4])
    places = ((1.5, 0.62), (2.1, 0.17), (-3.0, 0.3))
    for B, (ends, height, error), colour, place in zip(
        SHOWN, data["histograms"], colours, places, strict=True
    ):
        edge = normalisation.samuelson(y=np.eye(B)[0])["upper"]
        inside = min(edge, 3.2)
        z = inside * np.sin(np.linspace(-np.pi / 2, np.pi / 2, 201)[1:-1])
        marks.theory(left, z, normalisation.output_density(z=z, B=B), colour)
        marks.measured(
            left, (ends[1:] + ends[:-1]) / 2, height, error, colour, markersize=2, capsize=0
        )
        if edge < 3:
            for side in (-edge, edge):
                marks.theory(left, [side, side], [0, 0.72], colour, lw=0.7, linestyle=":")
        marks.label(left, place, f"$B = {B}$", colour)
    left.set(xlabel="normalised output", ylabel="density", ylim=(0, 0.75), xlim=(-3.3, 3.3))

    fine = np.arange(3, 81)
    for (order, estimates), colour in zip(
        data["powers"].items(), (marks.THEORY, marks.SECOND), strict=True
    ):
        marks.theory(middle, fine, normalisation.output_moments(B=fine, order=order), colour)
        marks.estimated(middle, SIZES, estimates, colour)
        word = ("fourth", "sixth")[order - 2]
        marks.label(middle, (22, (2.2, 8.5)[order - 2]), word, colour)
    middle.set(xscale="log", yscale="log", xticks=(4, 16, 64), yticks=(2, 3, 5, 10, 15))
    middle.set(xlabel="batch size $B$", ylabel="mean power of an output")
    marks.plain_ticks(middle.xaxis, middle.yaxis)

    fine = np.arange(6, 81)
    lines = normalisation.deviation_moments(B=fine)
    words = {"inverse": (9, 1.62), "deviation": (20, 1.045), "variance": (14, 0.87)}
    texts = {"inverse": r"$1/\sigma^2$", "deviation": r"$\sigma$", "variance": r"$\sigma^2$"}
    for (name, place), colour in zip(words.items(), marks.SERIES[:3], strict=True):
        marks.theory(right, fine, lines[name], colour)
        sizes = SIZES[-len(data["deviations"][name]) :]
        shown = sizes > 5
        estimates = [e for e, keep in zip(data["deviations"][name], shown, strict=True) if keep]
        marks.estimated(right, sizes[shown], estimates, colour)
        marks.label(right, place, texts[name], colour)
    right.set(xscale="log", xticks=(8, 16, 64), xlabel="batch size $B$")
    right.set(ylabel="mean, true variance 1", ylim=(0.75, 2.1))
    marks.plain_ticks(right.xaxis)
