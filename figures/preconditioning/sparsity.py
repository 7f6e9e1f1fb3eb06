"""The figure shows which matrix is quasi-diagonal. The left matrix is the preconditioner RR'. The
right matrix is its inverse, the Hessian of the squared loss, for 4 inputs with means and 2 units,
column under column of [Wl bl]. A darker square is a larger number, and white is zero. Above, the
inputs are uncorrelated. RR' is then an arrow of 3N + 1 = 13 numbers per unit. The source says so of
[RR']^-1, which is full and has (N + 1)^2 = 25 numbers per unit. Below, the inputs are correlated
and neither matrix is sparse. The framed corner is printed as 1. It is the identity of the units."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import preconditioning

SOURCE = cite("grosse2021", "'almost' diagonal")
SHOWS = (
    preconditioning.quasi_diagonal,
    preconditioning.blocks_of_preconditioner,
    preconditioning.blocks_of_inverse,
)

MU = np.array([1.0, -0.8, 0.6, 1.2])
DEVIATIONS = np.array([0.7, 0.8, 0.9, 1.0])
CORRELATIONS = 0.4 ** abs(np.subtract.outer(range(4), range(4)))
UNITS = 2


def data(scale: Scale) -> dict:
    """Both matrices, for uncorrelated inputs and for correlated inputs."""
    kinds = {"uncorrelated": np.eye(4), "correlated": CORRELATIONS}
    matrices = {}
    for kind, correlations in kinds.items():
        values = {"mu": MU, "Sigma": correlations * np.outer(DEVIATIONS, DEVIATIONS), "n": UNITS}
        matrices[kind] = {
            "preconditioner": preconditioning.blocks_of_preconditioner(**values),
            "inverse": preconditioning.blocks_of_inverse(**values),
        }
    return {"matrices": matrices, "note": "no randomness"}


def draw(fig: Figure, data: dict) -> None:
    """Draw four matrices as squares."""
    fig.set_size_inches(4.6, 4.9)
    axes = fig.subplots(2, 2)
    counts = preconditioning.quasi_diagonal(mu=MU)
    titles = {"preconditioner": "$RR^T$", "inverse": "$[RR^T]^{-1}$"}
    for row, (kind, matrices) in zip(axes, data["matrices"].items(), strict=True):
        for ax, (name, matrix) in zip(row, matrices.items(), strict=True):
            nonzero = np.count_nonzero(matrix) // UNITS
            known = kind == "uncorrelated"
            assert not known or nonzero == counts[name]
            count = int(counts[name]) if known else nonzero
            _squares(ax, matrix)
            ax.set_title(f"{titles[name]}: {count} a unit", weight="normal")
            if name == "inverse":
                corner = len(matrix) - UNITS - 0.5
                frame = Rectangle((corner, corner), UNITS, UNITS, fill=False, lw=1.5)
                frame.set_edgecolor(marks.PRINTED)
                ax.add_patch(frame)
        row[0].set_ylabel(f"{kind} inputs")
    for ax in axes[1]:
        ax.set_xlabel("weights, then biases")


def _squares(ax: Axes, matrix: np.ndarray) -> None:
    shade = (abs(matrix) / abs(matrix).max()) ** 0.5
    ax.imshow(np.ma.masked_equal(shade, 0), cmap="Blues", vmin=-0.15, vmax=1.1)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(True)
