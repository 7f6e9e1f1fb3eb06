"""A neuron's rate may be divided by its number of inputs. That does not cure a mean of the inputs.
One neuron has 20 inputs, and a second neuron has the number on the axis. Every input has mean 0.3
and variance 1. Lines are the condition number of the joint loss. With rates over the number of
inputs it is larger than with one rate for all weights. The two lines meet where both neurons have
20 inputs, and there nothing is gained. The dashed line is the value that the remedy would need to
reach. Points are eigenvalues of random data with rates over inputs (squares), with one rate (dots),
and with centred inputs (triangles)."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import quadratic

SOURCE = cite("whybatchnorm", "individual learning rates inversely proportional to N")
SHOWS = (quadratic.rate_over_inputs,)

SMALL, M, V = 20, 0.3, 1.0
LARGE = np.array([20, 100, 200, 300, 400, 500])
EXAMPLES = 1_000_000  # per input, as good as the whole population


def data(scale: Scale) -> dict:
    """Condition numbers of pairs of neurons. Each neuron is fed its own data."""
    rng = np.random.default_rng(0)
    draws = scale.pick(2, 8, 64)

    def extremes(n: int, mean: float) -> np.ndarray:
        drawn = gaussian(rng, n, EXAMPLES * n, mean, V)
        return np.array([drawn.smallest(), drawn.largest()])

    def condition(n: int, mean: float, rates: bool) -> float:
        pair = [extremes(size, mean) / (size if rates else 1) for size in (SMALL, n)]
        low, high = np.transpose(pair)
        return float(high.max() / low.min())

    kinds = {"one rate": (M, False), "over inputs": (M, True), "centred": (0.0, False)}
    return {
        "conditions": {
            name: [Estimate.of(condition(n, *kind) for _ in range(draws)) for n in LARGE]
            for name, kind in kinds.items()
        },
        "note": f"Gaussian inputs, {EXAMPLES:,} examples per input, {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw two lines from one point, and the line that they would need to reach."""
    ax = fig.subplots()
    fine = np.arange(LARGE[0], LARGE[-1] + 1)
    values = {"N_small": SMALL, "N_large": fine, "m": M, "v": V}
    claim = quadratic.rate_over_inputs
    marks.theory(ax, fine, claim(**values)["lower"])
    some = np.linspace(LARGE[0], LARGE[-1], 12).astype(int)  # few, for its matrices are large
    meant = [claim.definition(**{**values, "N_large": int(n)}) for n in some]
    marks.theory(ax, some, np.array(meant), marks.SECOND)
    hoped = claim.twins["the remedy works: (m^2 + v)/v whatever the fan-in"](**values)["lower"]
    marks.printed(ax, fine, np.broadcast_to(hoped, fine.shape))
    kinds = (("one rate", marks.THEORY, "o"), ("over inputs", marks.SECOND, "s"))
    for name, colour, fmt in (*kinds, ("centred", marks.MEASURED, "^")):
        marks.estimated(ax, LARGE, data["conditions"][name], colour, fmt=fmt)
    marks.label(ax, (330, 27), "one rate for all", marks.THEORY)
    marks.label(ax, (300, 47), "rates over the inputs", marks.SECOND, ha="right")
    marks.label(ax, (100, 5), "if the remedy worked", marks.PRINTED)
    marks.label(ax, (500, 5), "centred inputs", ha="right")
    ax.set(xlabel="inputs of the larger neuron, $N$", ylabel=r"condition number $\kappa$")
    ax.set(xlim=(0, 510), ylim=(0, 75))
