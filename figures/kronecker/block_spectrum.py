"""The levels are the eigenvalues of a layer's block in a deep linear net with three outputs, for
eight inputs of covariance I. Points are the Hessian of the squared loss, and lines are theory.
Centred inputs leave the three eigenvalues of S, each eight times. A mean of length 6 lifts one copy
of each eigenvalue by the factor nu = |mu|^2 + 1. With a bias this mean lifts one copy a little
further, and lowers another copy by the inverse factor. The product of the two factors is 1, and the
block is worse conditioned by a factor of about nu. The dashed line is the source's largest
eigenvalue, with a bias and without."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import examples
from theory import kronecker

SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis")
SHOWS = (
    kronecker.uncentred,
    kronecker.bias,
    kronecker.product_eigenvalues,
    kronecker.deep_linear,
)

N, LENGTH = 8, 6.0
#: The number of the net's outputs, and the number of the layer's outputs.
OUTPUTS, WIDTH = 3, 5


def data(scale: Scale) -> dict:
    """Blocks of examples that have exactly the stated mean and covariance."""
    rng = np.random.default_rng(0)
    J = np.diag([1.0, 0.55, 0.3]) @ np.linalg.qr(rng.normal(size=(WIDTH, OUTPUTS)))[0].T
    mu = rng.normal(size=N)
    mu *= LENGTH / np.linalg.norm(mu)
    centred, biased = examples(rng, 0 * mu), examples(rng, mu)
    inputs = (centred, biased, np.vstack([biased, np.ones(biased.shape[1])]))
    blocks = [np.kron(X @ X.T / X.shape[1], J.T @ J) for X in inputs]
    return {
        "mu": mu,
        "S": J @ J.T,  # it has the eigenvalues of S that are not zero
        "eigenvalues": [
            np.linalg.eigvalsh(block)[-len(X) * OUTPUTS :]
            for block, X in zip(blocks, inputs, strict=True)
        ],
        "note": f"{N} inputs, mean and covariance of the examples exact",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw three columns of levels."""
    ax = fig.subplots()
    mu, S = data["mu"], data["S"]
    own = kronecker.uncentred(mu=[0.0], S=S)
    ends = kronecker.bias(mu=mu)
    levels = [
        kronecker.uncentred(mu=0 * mu, S=S),
        kronecker.uncentred(mu=mu, S=S),
        np.sort([*ends["smallest"] * own, *np.tile(own, N - 1), *ends["largest"] * own]),
    ]
    for place, (level, eigenvalues) in enumerate(zip(levels, data["eigenvalues"], strict=True)):
        ends_of_levels = np.flatnonzero(np.diff(np.log(level)) > 1e-6) + 1
        copies = np.split(np.sort(eigenvalues), ends_of_levels)
        for value, dots in zip(np.unique(np.round(level, 12)), copies, strict=True):
            marks.theory(ax, (place - 0.3, place + 0.3), (value, value), lw=1)
            spread = 0.07 * (np.arange(len(dots)) - (len(dots) - 1) / 2)
            marks.measured(ax, place + spread, dots, markersize=2.4)
    twin = kronecker.bias.twins["printed: |mu|^2 + 1, all others 1"]
    nu = twin(mu=mu)["largest"]
    marks.printed(ax, (0.6, 2.4), (nu * own[-1], nu * own[-1]))
    for place, top, words in (
        (0, own[0] / 2.4, r"$\lambda_i(S)$, $N$ times each"),
        (1, own[0] / 2.4, r"$\lambda_i(S)$, $N - 1$ times each"),
        (1, 2.2 * nu, r"$\nu\,\lambda_i(S)$"),
        (2, 2.2 * nu, r"$\lambda_+\lambda_i(S)$"),
        (2, own[0] / nu / 2.6, r"$\lambda_+^{-1}\lambda_i(S)$"),
    ):
        marks.label(ax, (place, top), words, marks.THEORY, ha="center")
    marks.label(ax, (0.58, nu * own[-1]), r"printed, $\nu$", marks.PRINTED, ha="right")
    ax.set(xticks=(0, 1, 2), xlim=(-0.5, 2.5), yscale="log", ylim=(own[0] / nu / 5, 5 * nu))
    ax.set_xticklabels(("centred", r"mean, $|\mu| = 6$", "mean and a bias"))
    ax.set(ylabel="eigenvalue of the block", xlabel="inputs of the layer")
