"""Batch norm may divide by other norms. Left: the root of the mean power of |z|, for a normal
number z, is drawn against the order of the power. A learnable scale of this size gives outputs of
variance 1. For order 1 it is sqrt(2/pi). Middle: the mean largest |z| of a batch is drawn.
Normalising by it divides by ever more as the batch grows. Right: points are the gradient that the
orders 1, 2 and 6 send back for one batch of nine. Lines are the gradient's closed form and join the
examples in the order of y. For every order the gradient adds up to zero and has no product with y.
Points on the left and in the middle are means of draws with 2 standard errors. Points on the right
are derivatives by Cauchy's formula."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import derivative
from theory import normalisation

SOURCE = cite("rethinking", "other transformation schemes")
SHOWS = (
    normalisation.power_norm,
    normalisation.power_norm_gradient,
    normalisation.largest_deviation,
)

POWERS = np.array([1, 2, 3, 4, 6, 8])
SIZES = np.array([2, 4, 8, 16, 32, 64, 128])
SHOWN = (1, 2, 6)
B = 9


def data(scale: Scale) -> dict:
    """Roots of mean powers, largest deviations, and derivatives of a loss."""
    rng = np.random.default_rng(4)
    draws = scale.pick(100, 3000, 100_000)
    numbers = np.abs(rng.normal(size=40 * draws))
    powers = [Estimate.of(numbers**order) for order in POWERS]
    largest = [Estimate.of(np.abs(rng.normal(size=(draws, size))).max(axis=1)) for size in SIZES]
    y = np.array([-2.2, -1.4, -0.9, -0.4, 0.3, 0.7, 1.1, 1.5, 2.6])
    g = rng.normal(size=B)
    signs = np.sign(y - y.mean())

    def slope(order: int, axis: np.ndarray) -> float:
        def loss(z: complex) -> complex:
            deviations = y + z * axis - np.mean(y + z * axis)
            size = np.mean((signs * deviations) ** order) ** (1 / order)
            return np.sum(g * deviations) / size

        return float(derivative(loss, np.abs(y - y.mean()).min() / 16))

    slopes = [[slope(order, axis) for axis in np.eye(B)] for order in SHOWN]
    note = f"{draws} draws a point (left: 40 times as many)"
    return {"powers": powers, "largest": largest, "y": y, "g": g, "slopes": slopes, "note": note}


def draw(fig: Figure, data: dict) -> None:
    """Draw factors, largest deviations and gradients."""
    fig.set_size_inches(6.9, 2.8)
    left, middle, right = fig.subplots(1, 3)
    fine = np.arange(1, 10)
    marks.theory(left, fine, normalisation.power_norm(order=fine), lw=0.9)
    mean, stderr = np.transpose([(power.mean, power.stderr) for power in data["powers"]])
    roots = mean ** (1 / POWERS)
    marks.measured(left, POWERS, roots, roots / POWERS * stderr / mean)
    left.set(xlabel="order", ylabel=r"$(\mathrm{E}|z|^\mathrm{order})^{1/\mathrm{order}}$")
    left.set(xticks=(1, 2, 4, 6, 8), ylim=(0.7, 2))
    first = normalisation.power_norm(order=1)
    marks.label(left, (1.5, first), r"$\sqrt{2/\pi}$", marks.THEORY)

    grid = np.unique(np.geomspace(2, 160, 24).astype(int))
    marks.theory(middle, grid, [normalisation.largest_deviation(B=size) for size in grid])
    marks.estimated(middle, SIZES, data["largest"])
    middle.set(xscale="log", xticks=(2, 8, 32, 128), xlabel="batch size $B$")
    middle.set(ylabel="mean largest $|z|$ of a batch")
    marks.plain_ticks(middle.xaxis)

    y, g = data["y"], data["g"]
    colours = (marks.SECOND, marks.THEORY, marks.THIRD)
    for row, (order, slopes, colour) in enumerate(zip(SHOWN, data["slopes"], colours, strict=True)):
        marks.theory(
            right, y, normalisation.power_norm_gradient(y=y, g=g, order=order), colour, lw=0.9
        )
        marks.measured(right, y, slopes, colour=colour)
        place = (0.05 + 0.33 * row, 0.96)
        marks.label(right, place, f"order {order}", colour, xycoords="axes fraction")
    right.axhline(0, color=marks.QUIET, lw=0.7)
    low, high = right.get_ylim()
    right.set(ylim=(low, high + 0.15 * (high - low)))
    right.set(xlabel="output $y_b$ of the unit", ylabel="gradient in $y_b$")
