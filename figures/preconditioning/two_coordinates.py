"""One weight and one bias are drawn in two coordinates, for an input of mean 1.5 and standard
deviation 0.5. Left: contours of the squared loss in the old coordinates are the ellipses of its
Hessian [[Sigma + mu^2, mu], [mu, 1]]. Right: in the standardised coordinates w~ = Sigma^(1/2) w and
b~ = b + mu w they are circles. Points are descents from one start. Black is plain descent at its
best rate, which crosses the valley to and fro. Green is descent in the standardised coordinates at
rate 0.4. There it goes straight to the minimum. In the old coordinates its points are the points of
descent that is preconditioned by RR'."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.preconditioning.draws import Statistics, inputs_with, squared_loss
from theory import preconditioning, quadratic

SOURCE = cite("grosse2021", "W~ = W Sigma^(1/2), b~ = b + Wm")
SHOWS = (
    preconditioning.coordinates,
    preconditioning.standardising,
    preconditioning.layer_hessian,
    preconditioning.step,
)

KNOWN = Statistics(np.array([1.5]), np.array([[0.25]]), np.array([[0.5]]))
START, RATE, STEPS = np.array([2.6, -1.7]), 0.4, 12
LEVELS = (0.02, 0.1, 0.3, 0.7, 1.3)


def data(scale: Scale) -> dict:
    """Twelve steps of either descent, on data whose targets are zero, so that the minimum is 0."""
    X, targets = inputs_with(np.random.default_rng(0), 20, KNOWN), np.zeros((1, 20))
    hessian = preconditioning.layer_hessian(X=X, n=1)
    best = quadratic.optimal_rate(R=hessian)["rate"]
    plain, standard = [START], [KNOWN.to_standard(START, 1)]
    Z = KNOWN.standardised(X)
    for _ in range(STEPS):
        slope = complex_gradient(lambda t: squared_loss(t, X, targets), plain[-1])
        plain.append(plain[-1] - best * slope)
        slope = complex_gradient(lambda t: squared_loss(t, Z, targets), standard[-1])
        standard.append(standard[-1] - RATE * slope)
    return {
        "hessian": hessian,
        "change": preconditioning.coordinates(mu=KNOWN.mu, L=KNOWN.L, n=1),
        "plain": np.array(plain),
        "standard": np.array(standard),
        "note": "20 examples with exactly this mean and deviation",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw ellipses and circles, and both descents in both coordinates."""
    fig.set_size_inches(6.0, 3.0)
    old, new = fig.subplots(1, 2)
    change = data["change"]
    back = np.linalg.inv(change)
    _contours(old, data["hessian"])
    _contours(new, back.T @ data["hessian"] @ back)
    for ax, map_plain, map_standard in ((old, np.eye(2), back), (new, change, np.eye(2))):
        paths = (data["plain"] @ map_plain.T, data["standard"] @ map_standard.T)
        for path, colour, fmt in zip(paths, (marks.MEASURED, marks.SECOND), "os", strict=True):
            across, up = path.T
            marks.measured(ax, across, up, colour=colour, fmt=f"{fmt}-", lw=0.7, markersize=2.6)
        ax.plot(0, 0, "+", color=marks.THEORY, markersize=8, zorder=4)
        ax.set_aspect("equal")
    old.set(xlabel="weight $w$", ylabel="bias $b$", xlim=(-3.3, 3.3), ylim=(-3.3, 3.3))
    new.set(xlabel=r"weight $\tilde w$", ylabel=r"bias $\tilde b$")
    new.set(xlim=(-2.6, 2.6), ylim=(-2.6, 2.6))
    old.set_title("old coordinates", weight="normal")
    new.set_title("standardised", weight="normal")
    marks.label(old, (0.97, 0.95), "plain descent", xycoords="axes fraction", ha="right")
    marks.label(
        old, (0.97, 0.87), "preconditioned", marks.SECOND, xycoords="axes fraction", ha="right"
    )


def _contours(ax: Axes, hessian: np.ndarray) -> None:
    side = np.linspace(-3.4, 3.4, 161)
    grid = np.stack(np.meshgrid(side, side))
    loss = np.einsum("iab,ij,jab->ab", grid, hessian, grid) / 2
    ax.contour(side, side, loss, LEVELS, colors=marks.THEORY, linewidths=0.7)
