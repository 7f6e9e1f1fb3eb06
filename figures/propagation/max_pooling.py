"""Max-pooling raises means more than ReLU does. Left: the grey line is the density of a standard
Gaussian. Points are the density of the largest of four values, in 2 x 2 windows of independent
pixels. Upright lines are the mean of the largest value and its mean after ReLU. Right: the share of
the mean square of a classifier's outputs that is in their channels' means is drawn. The
classifier's inputs passed batch norm and ReLU, with max-pooling or without. Lines are theory.
Points are the mean cosine between examples, with bars of two standard errors."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.draws import cosines, relu
from theory import propagation

SOURCE = cite("page2019", "max-pooling layers which also act to increase channel-wise means")
SHOWS = (propagation.max_of_four, propagation.pooled_moments, propagation.classifier_share)
INPUTS = (32, 128, 512)


def data(scale: Scale) -> dict:
    """The largest values of windows, and cosines between pairs of examples."""
    rng, windows = np.random.default_rng(0), scale.pick(2000, 40_000, 1_000_000)
    largest = rng.standard_normal((windows, 4)).max(axis=1)
    draws = scale.pick(20, 400, 4000)
    shares: dict[str, list[Estimate]] = {}
    for name, size in (("after ReLU", 1), ("after ReLU and pooling", 4)):
        shares[name] = []
        for inputs in INPUTS:
            features = relu(rng.standard_normal((2, draws, inputs, size)).max(axis=3))
            shares[name].append(Estimate.of(cosines(*features)))
    return {
        "largest": largest,
        "shares": shares,
        "note": f"{windows} windows; {draws} pairs of examples a point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw densities with means, and shares against the number of the classifier's inputs."""
    fig.set_size_inches(6.2, 3.0)
    left, right = fig.subplots(1, 2, width_ratios=(1.25, 1))
    x = np.linspace(-3.2, 4, 300)
    normal = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    left.plot(x, normal, color=marks.QUIET, lw=1.0)
    edges = np.linspace(-1.5, 4, 23)
    heights, _ = np.histogram(data["largest"], edges)
    widths = np.diff(edges)
    density = heights / (len(data["largest"]) * widths)
    marks.measured(left, (edges[1:] + edges[:-1]) / 2, density)
    means = (
        (propagation.max_of_four(), "largest of 4", marks.THEORY, 0.62),
        (propagation.pooled_moments()["mean"], "rectified", marks.SECOND, 0.7),
    )
    for mean, words, colour, height in means:
        left.axvline(mean, ymax=height / 0.78, color=colour, lw=1.0)
        marks.label(left, (mean + 0.08, height), f"{words}: {mean:.3f}", colour)
    marks.label(left, (-0.7, 0.4), "before", "#666666", ha="right")
    left.set(xlabel="value", ylabel="density", ylim=(0, 0.78))

    theory = propagation.classifier_share()
    for name, colour in (("after ReLU", marks.THEORY), ("after ReLU and pooling", marks.SECOND)):
        right.axhline(theory[name], color=colour, lw=1.4)
        marks.estimated(right, INPUTS, data["shares"][name])
        marks.label(right, (27, theory[name] + 0.1), f"{name}: {theory[name]:.3f}", colour)
    right.set(xscale="log", ylim=(0, 1), xlabel="inputs of the classifier")
    right.set(ylabel="share of the means", xticks=INPUTS, xlim=(24, 700))
    marks.plain_ticks(right.xaxis)
