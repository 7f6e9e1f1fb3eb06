"""All eigenvalues of the Hessian of softmax regression at zero weights are drawn against the length
of the inputs' mean. There the M = 5 classes are equally probable. Points are Hessians of the
cross-entropy by complex steps. Lines are (1 + |mu|^2)/M, which occurs M - 1 times, 1/M, which
occurs (N - 1)(M - 1) times, and 0, which occurs N times. One mean makes M - 1 outliers, one less
than there are classes."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import columns, examples
from sim.kronecker.outliers import gradient
from theory import kronecker

SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis")
SHOWS = (kronecker.softmax_regression, kronecker.outlier_count)

N, CLASSES, STEP = 4, 5, 1e-30
LENGTHS = np.linspace(0, 3, 7)


def data(scale: Scale) -> dict:
    """The eigenvalues of the Hessian at every length of the mean."""
    rng = np.random.default_rng(0)
    direction = rng.normal(size=N)
    direction /= np.linalg.norm(direction)
    eigenvalues = []
    for length in LENGTHS:
        X = examples(rng, length * direction)
        labels = rng.integers(0, CLASSES, size=(X.shape[1],))
        units = columns(CLASSES, N)
        rows = [gradient(1j * STEP * unit, X, labels).imag / STEP for unit in units]
        eigenvalues.append(np.linalg.eigvalsh([row.T.ravel() for row in rows]))
    return {
        "direction": direction,
        "eigenvalues": np.array(eigenvalues),
        "note": f"{N} inputs of covariance I, {CLASSES} classes",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the eigenvalues over |mu|, with copies of one value beside each other."""
    ax = fig.subplots()
    fine = np.linspace(0, 3.1, 80)
    levels = [
        kronecker.softmax_regression(mu=length * data["direction"], M=CLASSES) for length in fine
    ]
    for rank in (-1, N, 0):  # one line per distinct value
        marks.theory(ax, fine, [level[rank] for level in levels])
    copies = {"top": CLASSES - 1, "middle": (N - 1) * (CLASSES - 1), "none": N}
    for length, eigenvalues in zip(LENGTHS, data["eigenvalues"], strict=True):
        ends = np.cumsum([copies["none"], copies["middle"]])
        for values in np.split(eigenvalues, ends):
            shift = 0.012 * (np.arange(len(values)) - (len(values) - 1) / 2)
            marks.measured(ax, length + shift, values, markersize=2)
    marks.label(ax, (1.5, 1.0), r"$(1 + |\mu|^2)/M$, $M - 1 = 4$ times", marks.THEORY, ha="right")
    marks.label(ax, (1.75, 0.32), "$1/M$, $(N-1)(M-1) = 12$ times", marks.THEORY)
    marks.label(ax, (1.75, 0.1), "0, $N = 4$ times", marks.THEORY)
    ax.set(xlabel=r"length of the mean, $|\mu|$", ylabel="eigenvalue of the Hessian")
    ax.set(xlim=(-0.12, 3.15))
