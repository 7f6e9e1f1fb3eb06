"""One covariance has many factors L with LL' = Sigma. Above: the first cloud is the data. The next
three are the data standardised by the symmetric root, by Cholesky's factor and by the eigenvectors.
These three clouds are round and differ by a rotation or reflection, as the five marked examples
show. Below: RR' of one unit is drawn, entry by entry. The line is the closed form in Sigma. Points
are products of the Jacobians of the three changes of parameters."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.preconditioning.draws import Statistics, inputs_with, jacobian
from theory import preconditioning

SOURCE = cite("grosse2021", "Sigma^(1/2)")
SHOWS = (
    preconditioning.any_factor,
    preconditioning.standardising,
    preconditioning.blocks_of_preconditioner,
)

MU = np.array([1.0, 0.5])
SIGMA = np.array([[1.0, 0.6], [0.6, 0.5]])


def _factors() -> dict[str, np.ndarray]:
    values, axes = np.linalg.eigh(SIGMA)
    return {
        "symmetric root": (axes * np.sqrt(values)) @ axes.T,
        "Cholesky": np.linalg.cholesky(SIGMA),
        "eigenvectors": axes * np.sqrt(values),
    }


def data(scale: Scale) -> dict:
    """A cloud, the cloud standardised in three ways, and RR' from each change of parameters."""
    known = {name: Statistics(MU, SIGMA, L) for name, L in _factors().items()}
    X = inputs_with(np.random.default_rng(2), 150, known["Cholesky"])
    changes = {name: jacobian(partial(s.from_standard, n=1), 3) for name, s in known.items()}
    return {
        "clouds": {"data": X} | {name: s.standardised(X) for name, s in known.items()},
        "products": {name: R @ R.T for name, R in changes.items()},
        "note": "150 examples with exactly this mean and covariance",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw four clouds over the nine entries of one matrix."""
    fig.set_size_inches(6.4, 4.0)
    grid = fig.add_gridspec(2, 4, height_ratios=(1.1, 1))
    colours = (marks.THEORY, marks.SECOND, marks.THIRD, marks.SERIES[3], marks.MEASURED)
    for column, (name, cloud) in enumerate(data["clouds"].items()):
        ax = fig.add_subplot(grid[0, column])
        ax.plot(*cloud, ".", color=marks.QUIET, markersize=1.5)
        for example, colour in zip(cloud.T, colours, strict=False):
            ax.plot(*example, "o", color=colour, markersize=4)
        ax.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal", xticks=(-3, 0, 3))
        ax.set(yticks=(-3, 0, 3) if column == 0 else (), xlabel="input 1")
        ax.set_title(name, weight="normal", fontsize=8)
        if column == 0:
            ax.set_ylabel("input 2")
    entries = fig.add_subplot(grid[1, :])
    places = np.arange(9)
    closed = preconditioning.blocks_of_preconditioner(mu=MU, Sigma=SIGMA, n=1).ravel()
    edges = np.arange(10) - 0.5
    marks.theory(entries, edges, np.append(closed, closed[-1]), lw=1, drawstyle="steps-post")
    for shift, (product, fmt) in enumerate(zip(data["products"].values(), "os^", strict=True)):
        numbers = product.ravel()
        marks.measured(entries, places + 0.2 * (shift - 1), numbers, colour=colours[shift], fmt=fmt)
    names = [f"{row}{column}" for row in "123" for column in "123"]
    entries.set(xticks=places, xticklabels=names, xlabel="row and column", ylabel="entry of $RR^T$")
