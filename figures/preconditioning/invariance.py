"""An algorithm makes one step in a network, and one step in a second network that computes the same
function. In the second network affine maps act on the layer's inputs and outputs, and the layers
around it map back. Across: the movement of the outputs in the first network is a closed form. Up:
the movement in the second network is measured, with one point per output and example. Where the
points are on the diagonal, both networks compute one function after the step. K-FAC is invariant to
any maps. The quasi-diagonal step is invariant to maps of single units (dots), but not to maps that
mix units (crosses). Plain descent is invariant to neither."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.preconditioning.invariance import Network, kfac, networks, plain, quasi_diagonal
from theory import preconditioning

SOURCE = cite("grosse2021", "invariant to affine transformations of individual units")
SHOWS = (
    preconditioning.layer_invariance,
    preconditioning.unit_invariance,
    preconditioning.plain_descent,
)
RATE = 0.5


def _plain_before(network: Network) -> np.ndarray:
    values = network.values(statistics=False)
    twin = preconditioning.plain_descent.twins["invariant, as in the old layer"]
    return twin(eta=RATE, **values)


def _natural_before(network: Network, units: bool) -> np.ndarray:
    claim = preconditioning.unit_invariance if units else preconditioning.layer_invariance
    values = network.values(statistics=True)
    # the maps do not enter the closed form
    still = {"T": np.eye(len(network.T)), "Q": np.eye(len(network.Q))}
    return claim(eta=RATE, **(values | still))


def data(scale: Scale) -> dict:
    """Movements of the outputs of a layer of 2 units and 3 inputs, with both kinds of maps."""
    moves: dict = {"note": "a layer of 2 units, 3 inputs, 8 examples; ln cosh loss"}
    for kind, diagonal in (("units", True), ("layer", False)):
        network = networks(np.random.default_rng(1), Scale.TINY, diagonal)[0]
        moves[kind] = {
            "K-FAC": (_natural_before(network, units=False), network.moved(kfac, RATE)[0]),
            "quasi-diagonal": (
                _natural_before(network, units=True),
                network.moved(quasi_diagonal, RATE)[0],
            ),
            "plain descent": (_plain_before(network), network.moved(plain, RATE)[0]),
        }
    return moves


def draw(fig: Figure, data: dict) -> None:
    """Draw three algorithms, with points on the diagonal or off it."""
    fig.set_size_inches(6.4, 2.6)
    axes = fig.subplots(1, 3)
    for ax, algorithm in zip(axes, data["units"], strict=True):
        ends = []
        for kind, fmt, colour in (("layer", "x", marks.THIRD), ("units", "o", marks.MEASURED)):
            across, up = data[kind][algorithm]
            marks.measured(ax, across.ravel(), up.ravel(), colour=colour, fmt=fmt, markersize=3)
            ends += [abs(across).max(), abs(up).max()]
        ax.axline((0, 0), slope=1, color=marks.THEORY, lw=1, zorder=1)
        _square(ax, 1.1 * max(ends))
        ax.set_title(algorithm, weight="normal")
        ax.set_xlabel("move of the outputs")
    axes[0].set_ylabel("in the mapped network")
    marks.label(axes[0], (0.05, 0.95), "maps of units", xycoords="axes fraction")
    marks.label(axes[0], (0.05, 0.85), "maps that mix", marks.THIRD, xycoords="axes fraction")


def _square(ax: Axes, reach: float) -> None:
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.locator_params(nbins=3)
