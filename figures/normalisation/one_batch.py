"""The rows show how batch norm treats a batch of five. From the outputs y of a unit downwards: the
next row is batch norm, of mean 0 and mean square 1, and the row after it is undone by the scale
sigma and the shift. Grey bars reach one standard deviation to either side of the mean. Upwards from
y: the next row is batch norm with eps = 1, whose deviation is less than 1, and the top row is batch
norm of that row, whose deviation is smaller again. Last row: two new examples (open diamonds) are
treated by the frozen statistics, as an affine layer, like the examples of the batch. Lines follow
an example on the closed forms. Points are batch norm, computed from mean and deviations."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.draws import batch_norm, spread
from theory import normalisation

SOURCE = cite("page2019", "What is Batch Norm?")
SHOWS = (
    normalisation.standardisation,
    normalisation.idempotence,
    normalisation.undoing,
    normalisation.frozen_folding,
    normalisation.affine_invariance,
)

Y = np.array([0.3, 1.1, 1.8, 2.9, 4.6])
NEW = np.array([-0.6, 3.8])
EPS = 1.0


def data(scale: Scale) -> dict:
    """The rows, computed by the operation itself."""
    once, short = batch_norm(Y), batch_norm(Y, EPS)
    frozen = (NEW - Y.mean()) / spread(Y)
    return {
        "rows": [batch_norm(short, EPS), short, Y, once, spread(Y) * once + Y.mean()],
        "frozen": frozen,
        "note": "gamma = 1, shift = 0 but in the row that undoes",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw six number lines."""
    fig.set_size_inches(5.6, 3.6)
    ax = fig.subplots()
    standardised = normalisation.affine_invariance(y=Y, gamma=1, shift=0)
    squared = normalisation.standardisation(y=Y, eps=EPS)["squared_length"]
    undo = normalisation.undoing(y=Y, eps=0)
    theory = [
        normalisation.idempotence(y=Y, eps=EPS),
        standardised * np.sqrt(squared / len(Y)),
        Y,
        standardised,
        undo["gamma"] * standardised + undo["shift"],
    ]
    heights = -np.arange(len(theory), dtype=float)
    for each in range(len(Y)):
        marks.theory(ax, [row[each] for row in theory], heights, marks.RAMP[each], lw=0.9)
    for row, height in zip(data["rows"], heights, strict=True):
        marks.measured(ax, row, np.full(len(Y), height))
        mean, deviation = row.mean(), spread(row)
        place = height - 0.2
        marks.theory(ax, [mean - deviation, mean + deviation], [place, place], marks.QUIET, lw=2.5)
    folded = normalisation.frozen_folding(X=[NEW], W=[1], y=Y, gamma=1, shift=0, eps=0)
    last = heights[-1] - 1.2
    for raw, out in zip(NEW, folded, strict=True):
        marks.theory(ax, [raw, out], [last, last], marks.QUIET, lw=0.9)
    marks.measured(ax, data["frozen"], [last] * 2, fmt="D")
    marks.measured(ax, NEW, [last] * 2, fmt="D", markerfacecolor="white")
    words = (r"BN of BN, $\epsilon = 1$", r"BN, $\epsilon = 1$", "$y$", "BN", "BN undone")
    ax.set(yticks=[*heights, last], yticklabels=[*words, "new, frozen"], ylim=(last - 0.4, 0.4))
    ax.set(xlabel="value", ylabel="what was done")
