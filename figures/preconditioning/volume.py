"""A mean of the inputs changes the shape of the loss's valley and keeps its volume. Left: a curve
is where the squared loss of one weight and one bias exceeds the least loss by 1/2. The input has
variance 1/2 and mean 0, 1 or 2. The curves are ellipses of the Hessian [RR']^-1, which are thinner
and longer for a larger mean and have equal area. Right: the area is drawn against the mean. The
line is pi/sqrt(det Sigma). The dashed line has Sigma + mu^2 for Sigma. Points come from losses at
random points of a square, with two standard errors."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.preconditioning.draws import Statistics, inputs_with
from theory import preconditioning

SOURCE = cite("grosse2021", "[RR']^-1")
SHOWS = (preconditioning.determinant, preconditioning.blocks_of_inverse)

SIGMA, MEANS = np.array([[0.5]]), (0.0, 0.5, 1.0, 1.5, 2.0)
REACH = 4.0


def data(scale: Scale) -> dict:
    """The share of random parameters whose loss is below 1/2, as an area, on data with targets
    zero."""
    rng = np.random.default_rng(0)
    draws = scale.pick(2_000, 200_000, 1_000_000)

    def area(mean: float) -> Estimate:
        known = Statistics(np.array([mean]), SIGMA, np.sqrt(SIGMA))
        X = inputs_with(rng, 10, known)
        weights, biases = rng.uniform(-REACH, REACH, (2, draws))
        losses = np.mean((np.outer(weights, X[0]) + biases[:, None]) ** 2, axis=1) / 2
        return Estimate.of((2 * REACH) ** 2 * (losses < 0.5))

    return {"areas": [area(mean) for mean in MEANS], "note": f"{draws:,} random points a mean"}


def draw(fig: Figure, data: dict) -> None:
    """Draw ellipses, and their area."""
    fig.set_size_inches(6.0, 2.9)
    shapes, areas = fig.subplots(1, 2)
    turn = np.linspace(0, 2 * np.pi, 300)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    for mean, colour in zip((0, 1, 2), (marks.THEORY, marks.SECOND, marks.THIRD), strict=True):
        hessian = preconditioning.blocks_of_inverse(mu=[mean], Sigma=SIGMA, n=1)
        across, up = np.linalg.solve(np.linalg.cholesky(hessian).T, circle)
        marks.theory(shapes, across, up, colour)
    for place, mean, colour in (
        ((-1.4, -0.9), 0, marks.THEORY),
        ((-1.5, 1.5), 1, marks.SECOND),
        ((-1.6, 2.7), 2, marks.THIRD),
    ):
        marks.label(shapes, place, rf"$\mu = {mean}$", colour, ha="right")
    shapes.set(xlabel="weight $w$", ylabel="bias $b$", xlim=(-3.4, 3.4), ylim=(-3.4, 3.4))
    shapes.set(aspect="equal")
    fine = np.linspace(0, 2.1, 60)
    claim = preconditioning.determinant
    wrong = claim.twins["det(Sigma + mu mu')^n"]
    closed = [claim(mu=[x], Sigma=SIGMA, n=1) for x in fine]
    printed = [wrong(mu=[x], Sigma=SIGMA, n=1) for x in fine]
    marks.theory(areas, fine, np.pi / np.sqrt(closed))
    areas.plot(fine, np.pi / np.sqrt(printed), color=marks.QUIET, ls="--", lw=1)
    marks.estimated(areas, MEANS, data["areas"])
    marks.label(areas, (0.05, 5.1), r"$\pi/\sqrt{\det\Sigma}$", marks.THEORY)
    marks.label(areas, (0.9, 2.9), r"with $\Sigma + \mu\mu^T$", marks.QUIET)
    areas.set(xlabel=r"mean $\mu$", ylabel="area", ylim=(0, 5.5), xlim=(-0.1, 2.1))
