"""Gradients grow towards the input where every layer has batch norm. Left: the squared gradient in
a layer's outputs, over the squared gradient at the top, is drawn against the number of layers
between. The networks have ReLU and batches of several sizes. Lines are powers of the closed form
for one layer. Points are means over networks of width 2000. Right: the growth in one layer is drawn
against the batch size, with ReLU and without. In large batches the growth with ReLU is pi/(pi - 1)
= 1.47 (the level on the right), and without ReLU there is no growth. Points are pairs of networks,
combined so that the term of order 1/width drops out, with 2 standard errors."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.depth import factors, squared_gradients
from theory import normalisation

SOURCE = cite("yang2019", "gradient explosion")
SHOWS = (normalisation.explosion_relu, normalisation.explosion_linear)

SHOWN = (8, 16, 64)
LAYERS = 12
SIZES = np.array([6, 8, 12, 16, 32, 64])


def data(scale: Scale) -> dict:
    """Squared gradients layer by layer, and the growth in one layer."""
    rng = np.random.default_rng(0)
    width, draws = scale.pick((100, 2), (2000, 6), (2000, 100))
    deep = []
    for B in SHOWN:
        runs = [squared_gradients(rng, width, B, True, LAYERS + 2) for _ in range(draws)]
        deep.append([Estimate.of(column) for column in np.transpose([r / r[-1] for r in runs])])
    pairs = scale.pick((16, 4), (64, 64), (128, 512))
    growth = [[Estimate.of(factors(rng, B, relu, *pairs)) for B in SIZES] for relu in (True, False)]
    return {"deep": deep, "growth": growth, "note": f"Gaussian weights, left: {draws} networks"}


def draw(fig: Figure, data: dict) -> None:
    """Draw the growth with depth, and the growth in one layer against the batch size."""
    fig.set_size_inches(6.0, 3.1)
    left, right = fig.subplots(1, 2)
    depth = np.arange(LAYERS + 1)
    colours = (marks.RAMP[4], marks.RAMP[2], marks.RAMP[1])
    for B, estimates, colour in zip(SHOWN, data["deep"], colours, strict=True):
        factor = normalisation.explosion_relu(B=B)
        marks.theory(left, depth, factor**depth, colour)
        marks.estimated(left, depth[1:], estimates[-2::-1][:LAYERS], colour)
    marks.label(left, (7.6, 280), "$B = 8$", marks.RAMP[4], ha="right")
    marks.label(left, (9.6, 18), "$B = 64$", marks.RAMP[1])
    marks.label(left, (12.3, 260), "16", marks.RAMP[2])
    left.set(yscale="log", xlabel="layers below the top", ylabel="squared gradient over the top's")
    left.set(xticks=(0, 3, 6, 9, 12), xlim=(-0.5, 13.5))

    fine = np.arange(6, 101)
    words = (("ReLU", (14, 1.9)), ("linear", (10, 1.02)))
    claims = (normalisation.explosion_relu, normalisation.explosion_linear)
    for claim, estimates, (word, place), colour in zip(
        claims, data["growth"], words, (marks.THEORY, marks.SECOND), strict=True
    ):
        marks.theory(right, fine, claim(B=fine), colour)
        marks.estimated(right, SIZES, estimates, colour)
        marks.label(right, place, word, colour)
    large = normalisation.explosion_relu.twins["the large batch's, pi/(pi - 1)"](B=100)
    marks.theory(right, fine[[30, -1]], [large, large], marks.QUIET, lw=0.8)
    marks.label(right, (30, large - 0.1), r"$\pi/(\pi - 1)$", "#666666")
    right.set(xscale="log", xticks=(6, 16, 64), xlabel="batch size $B$", ylim=(0.95, 2.4))
    right.set(ylabel="growth in one layer")
    marks.plain_ticks(right.xaxis)
