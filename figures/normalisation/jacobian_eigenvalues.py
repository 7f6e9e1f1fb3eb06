"""For small eps the Jacobian of batch norm passes nothing on in two directions of a batch. Left:
its eigenvalues for a batch of eight are drawn against eps, both in units of the batch's variance.
One eigenvalue belongs to the six directions across the outputs and 1, another to the direction
along the outputs. The eigenvalue along 1 is zero and is not drawn. For small eps the eigenvalue
along the outputs falls in proportion to eps: two of eight directions pass nothing. Lines are closed
forms. Points are eigenvalues of the matrix of derivatives by Cauchy's formula. Right: the singular
values at eps = 0, times sigma, are drawn for batches of several sizes. All are 1 except two zeros,
so that a batch of two passes no gradient. The number above is the closed form of the rank."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.draws import jacobian, spread
from theory import normalisation

SOURCE = cite("oxford2021", "section 2.1, eq. (1)")
SHOWS = (normalisation.jacobian_eigenvalues, normalisation.jacobian_rank, normalisation.jacobian)

B = 8
EPS = np.array([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0])
SIZES = (2, 3, 4, 6, 8, 12)


def data(scale: Scale) -> dict:
    """Eigenvalues against eps, and singular values against the size of the batch."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=B)
    y = y / spread(y)  # variance 1: eps is in its units
    spectra = [np.linalg.eigvalsh(jacobian(y, eps)) for eps in EPS]
    batches = [rng.normal(size=size) for size in SIZES]
    singular = [np.linalg.svd(spread(each) * jacobian(each))[1] for each in batches]
    return {
        "y": y,
        "spectra": np.array(spectra),
        "batches": batches,
        "singular": singular,
        "note": "Gaussian batches",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw eigenvalues against eps, and singular values against B."""
    fig.set_size_inches(5.8, 2.9)
    left, right = fig.subplots(1, 2)
    fine = np.geomspace(EPS[0], EPS[-1], 200)
    lines = [normalisation.jacobian_eigenvalues(y=data["y"], eps=eps) for eps in fine]
    for name, colour in (("across", marks.THEORY), ("along", marks.SECOND)):
        marks.theory(left, fine, [line[name] for line in lines], colour)
    # ascending: the zero along 1, the eigenvalue along y, then the six across both
    marks.measured(left, EPS, data["spectra"][:, 1], colour=marks.SECOND)
    marks.measured(left, EPS, data["spectra"][:, -1], colour=marks.THEORY)
    marks.label(left, (2e-5, 2.6), r"$1/s$, all across", marks.THEORY)
    marks.label(left, (3e-3, 4e-4), r"$\epsilon/s^3$, along $y$", marks.SECOND)
    left.set(xscale="log", yscale="log", ylim=(3e-6, 12))
    left.set(xlabel=r"$\epsilon/\sigma^2$", ylabel=r"eigenvalue, units of $1/\sigma$")

    for size, y, singular in zip(SIZES, data["batches"], data["singular"], strict=True):
        place = size + 0.09 * (np.arange(size) - (size - 1) / 2)
        marks.measured(right, place, singular, markersize=2.4)
        passed = normalisation.jacobian_rank(y=y)
        marks.label(right, (size, 1.22), f"{passed:.0f}", marks.THEORY, ha="center")
    marks.label(right, (1.2, 1.38), "rank", marks.THEORY)
    marks.theory(right, [1.3, 12.9], [1, 1])
    marks.theory(right, [1.3, 12.9], [0, 0])
    right.set(ylim=(-0.12, 1.5), xlim=(1, 13), xticks=SIZES, yticks=(0, 0.5, 1))
    right.set(xlabel="examples in the batch, $B$", ylabel=r"singular value, units of $1/\sigma$")
