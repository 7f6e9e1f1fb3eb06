"""The error of K-FAC, divided by its bound, is drawn against the number of examples in a batch.
Points are the Frobenius norm of the block minus the product, added up entry by entry. Lines are the
Hilbert-Schmidt covariance of xx' and ss'. The derivatives s are independent of the inputs in one
case, and |x_1| times noise in the second case. The bound is the product of the standard deviations
of xx' and ss', so that the ratio is their correlation. For two examples it is always 1. For many
examples it falls as the root of their number where s is independent, and stays where s depends on
the inputs."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import blocks, mean_block
from theory import kronecker

SOURCE = cite("grosse2021", "K-FAC approximation")
SHOWS = (kronecker.error, kronecker.error_bound)

N, WIDTH = 4, 3
SIZES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512)
DEPENDENCE = (0, 1)  # powers of |x_1| in s


def data(scale: Scale) -> dict:
    """The first p of 512 examples, with independent derivatives and with dependent derivatives."""
    rng = np.random.default_rng(4)
    X, noise = rng.normal(size=(N, SIZES[-1])), rng.choice((-1.0, 1.0), size=(WIDTH, SIZES[-1]))
    batches = {
        power: [(X[:, :p], noise[:, :p] * abs(X[0, :p]) ** power) for p in SIZES]
        for power in DEPENDENCE
    }
    return {
        "batches": batches,
        "missed": {c: [missed(*batch) for batch in each] for c, each in batches.items()},
        "note": f"first p of {SIZES[-1]} Gaussian examples of {N} inputs, {WIDTH} outputs",
    }


def missed(X: np.ndarray, D: np.ndarray) -> float:
    """The Frobenius norm of the block minus the product."""
    p = X.shape[1]
    return float(np.linalg.norm(mean_block(X, D) - blocks(X @ X.T / p, D @ D.T / p)))


def draw(fig: Figure, data: dict) -> None:
    """Draw the error over its bound, and the bound."""
    ax = fig.subplots()
    colours = dict(zip(DEPENDENCE, (marks.SECOND, marks.THEORY), strict=True))
    for power, batches in data["batches"].items():
        bounds = [kronecker.error_bound(X=X, D=D)["upper"] for X, D in batches]
        errors = np.sqrt([kronecker.error(X=X, D=D) for X, D in batches])
        marks.theory(ax, SIZES, errors / bounds, colours[power])
        ratio = np.divide(data["missed"][power], bounds)
        marks.measured(ax, SIZES, ratio, colour=colours[power])
        name = "dependent" if power else "independent"
        marks.label(ax, (600, ratio[-1]), name, colours[power])
    ax.axhline(1, color=marks.THEORY, lw=0.8, ls=":")
    marks.label(ax, (500, 1.12), "bound", marks.THEORY, ha="right")
    ax.set(xscale="log", yscale="log", xlabel="number of examples $p$", ylim=(None, 1.3))
    ax.set(ylabel=r"$|G - A \otimes S|$ over its bound", xlim=(1.7, 2000))
    ax.set(xticks=(2, 10, 100), yticks=(0.1, 1))
    marks.plain_ticks(ax.xaxis, ax.yaxis)
