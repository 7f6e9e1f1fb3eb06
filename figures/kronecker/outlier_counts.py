"""The rank of S is the number of large eigenvalues that a mean of the inputs makes. The count is
drawn against the number of examples, for a layer of 25 outputs in a net with M = 3 outputs. Points
are ranks of drawn nets, and lines are theory. Behind an activation every example has its own
Jacobian, and the count grows to the width. In a deep linear net all examples share one Jacobian,
and the printed M (dashed) holds. With softmax the count is M - 1."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.kronecker.outliers import ranks
from theory import kronecker

SOURCE = cite("grosse2021", "as many as M large eigenvalues")
SHOWS = (kronecker.outlier_count,)

WIDTH, OUTPUTS = 25, 3
EXAMPLES = np.arange(1, 13)


def data(scale: Scale) -> dict:
    """One net for every number of examples."""
    rng = np.random.default_rng(0)
    return {
        "ranks": [ranks(rng, WIDTH, int(p), OUTPUTS) for p in EXAMPLES],
        "note": f"one net per point, n = {WIDTH}, M = {OUTPUTS}",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw three counts over the number of examples."""
    ax = fig.subplots()
    theory = [kronecker.outlier_count(n=WIDTH, p=int(p), M=OUTPUTS) for p in EXAMPLES]
    printed = kronecker.outlier_count.twins["printed: M"](n=WIDTH, p=1, M=OUTPUTS)
    rows = (
        ("own Jacobians", marks.THEORY, "o", (5.3, 13), r"own Jacobians, $\\min(n, Mp)$"),
        ("shared Jacobian", marks.SECOND, "s", (8.6, 5), "one shared Jacobian, $M$"),
        ("shared, softmax", marks.THIRD, "^", (8.6, 0.6), "and softmax, $M - 1$"),
    )
    for name, colour, fmt, place, words in rows:
        marks.theory(ax, EXAMPLES, [each[name] for each in theory], colour)
        counts = [each[name] for each in data["ranks"]]
        marks.measured(ax, EXAMPLES, counts, colour=colour, fmt=fmt)
        marks.label(ax, place, words.replace("\\\\", "\\"), colour)
    marks.printed(ax, EXAMPLES, np.full(len(EXAMPLES), printed["own Jacobians"]))
    marks.label(ax, (3.3, 5), "printed: $M$", marks.PRINTED)
    ax.set(xlabel="number of examples $p$", ylabel="large eigenvalues", ylim=(0, 27))
    ax.set(xlim=(0.7, 12.4), xticks=(1, 4, 8, 12))
