"""A layer's block is compared with its Kronecker product, for three inputs and two outputs behind a
ReLU. Left: the block G is the mean of xx' (x) ss'. It is drawn from second differences of the loss
in the weights, which are stacked by columns. Middle: K-FAC's product A (x) S lacks the part of G in
which xx' and ss' vary together. Right: S (x) A is the product for weights that are stacked by rows.
For weights stacked by columns it is a wrong matrix, far from G. The numbers are the Frobenius norm
of the difference from G over the norm of G."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.draws import columns
from sim.quadratic.draws import second_differences
from theory import kronecker

SOURCE = cite("grosse2021", "K-FAC approximation")
SHOWS = (kronecker.block, kronecker.error, kronecker.matrix_product)

N, WIDTH, EXAMPLES = 3, 2, 40


def data(scale: Scale) -> dict:
    """One batch through a ReLU layer with random weights."""
    rng = np.random.default_rng(1)
    X = np.maximum(rng.normal(0.5, 1.0, size=(N, EXAMPLES)), 0)
    gates = rng.normal(size=(WIDTH, N)) @ X > 0
    D = np.array([[1.5], [-1.0]]) * gates

    def loss(W: np.ndarray) -> float:
        return float(np.mean(np.sum(D * (W @ X), axis=0) ** 2) / 2)

    block = second_differences(loss, np.zeros((WIDTH, N)), columns(WIDTH, N))
    return {"X": X, "D": D, "block": block, "note": f"one batch of {EXAMPLES} examples"}


def draw(fig: Figure, data: dict) -> None:
    """Draw three matrices in one scale of colours."""
    fig.set_size_inches(6.4, 2.8)
    X, D = data["X"], data["D"]
    A, S = X @ X.T / EXAMPLES, D @ D.T / EXAMPLES
    units = columns(WIDTH, N)
    product = np.array([kronecker.matrix_product(A=A, S=S, Delta=unit) for unit in units]).T
    by_rows = kronecker.matrix_product.twins["stacked by rows, S (x) A"]
    turned = np.array([by_rows(A=A, S=S, Delta=unit) for unit in units]).T
    size = np.linalg.norm(kronecker.block(X=X, D=D))
    error = np.sqrt(kronecker.error(X=X, D=D)) / size
    panels = (
        (data["block"], "block $G$"),
        (product, rf"$A \otimes S$: {100 * error:.0f} % off"),
        (
            turned,
            rf"$S \otimes A$: {100 * np.linalg.norm(turned - data['block']) / size:.0f} % off",
        ),
    )
    top = np.abs(data["block"]).max()
    for ax, (matrix, title) in zip(fig.subplots(1, 3), panels, strict=True):
        ax.imshow(matrix, cmap="RdBu_r", vmin=-top, vmax=top)
        for edge in range(1, N):
            ax.axhline(WIDTH * edge - 0.5, color=marks.QUIET, lw=0.6)
            ax.axvline(WIDTH * edge - 0.5, color=marks.QUIET, lw=0.6)
        for (row, column), value in np.ndenumerate(matrix):
            colour = "white" if abs(value) > 0.6 * top else "black"
            words = f"{value:.2f}" if round(value, 2) else "0"
            ax.text(column, row, words, ha="center", va="center", fontsize=5.5, color=colour)
        names = [f"$w_{{{k + 1}{j + 1}}}$" for j in range(N) for k in range(WIDTH)]
        ax.set_xticks(range(N * WIDTH), names, fontsize=6.5)
        ax.set_yticks(range(N * WIDTH), names, fontsize=6.5)
        ax.tick_params(length=0)
        ax.set_title(title, weight="normal")
        ax.set_xlabel("weight")
    fig.axes[0].set_ylabel("weight")
