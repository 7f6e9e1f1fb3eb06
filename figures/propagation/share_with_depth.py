"""The variance within channels falls as a power of depth. Left: the share of the mean square that
is left within the channels is drawn. The line is theory. Points are from the mean cosine of two
inputs over nets of width 512, with bars of two standard errors. The share approaches 9 pi^2/(2 l^2)
(dotted) from below. The source has a fixed point (dashed), which means no variance at all from some
depth on. Right: the panel shows why. Near 1 the correlation map closes only a e^(3/2) of the gap e,
with a = 0.300."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.draws import cosines, map_by_angle, two_inputs
from theory import propagation

SOURCE = cite("page2019", "At sufficient depth a fixed point is reached")
SHOWS = (
    propagation.between_share,
    propagation.within_decay,
    propagation.correlation_near_one,
    propagation.correlation_bounds,
)
LAYERS = (1, 2, 3, 5, 10, 20, 50, 100)


def data(scale: Scale) -> dict:
    """Two inputs through many nets, and the correlation map near 1 by quadrature."""
    width, nets = scale.pick(64, 512, 2048), scale.pick(8, 200, 1000)
    rng, shares = np.random.default_rng(0), []
    for layer, (z, w) in enumerate(two_inputs(rng, width, nets), 1):
        if layer in LAYERS:
            shares.append(Estimate.of(1 - cosines(z, w)))
        if layer == LAYERS[-1]:
            break
    gaps = np.geomspace(1e-4, 1, 9)
    rises = np.array([map_by_angle(1 - gap) - (1 - gap) for gap in gaps])
    return {"within": shares, "gaps": gaps, "rises": rises, "note": f"{nets} nets of width {width}"}


def draw(fig: Figure, data: dict) -> None:
    """Draw the decay with depth, and the map near 1."""
    fig.set_size_inches(6.2, 3.0)
    left, right = fig.subplots(1, 2)
    layers = np.arange(1, 201)
    marks.theory(left, layers, 1 - propagation.between_share(depth=layers))
    limit = propagation.within_decay() / layers[6:] ** 2
    marks.theory(left, layers[6:], limit, lw=0.9, ls=":")
    marks.estimated(left, LAYERS, data["within"])
    marks.printed(left, [20, 20], [0.03, 2e-4])
    marks.label(left, (17, 9e-4), "printed:\nfixed point", marks.PRINTED, ha="right")
    marks.label(left, (34, 0.13), r"$9\pi^2/2l^2$", marks.THEORY)
    marks.label(left, (2.2, 0.14), "theory", marks.THEORY)
    left.set(xscale="log", yscale="log", xlabel="layer $l$", ylabel="share within channels")
    left.set(ylim=(2e-4, 2), xticks=(1, 10, 100))

    gaps = np.geomspace(5e-5, 1, 100)
    marks.theory(right, gaps, propagation.correlation_near_one() * gaps**1.5)
    marks.measured(right, data["gaps"], data["rises"])
    marks.theory(right, gaps, gaps / 2, marks.QUIET, lw=0.9)
    marks.label(right, (2e-3, 1e-5), r"$a\,e^{3/2}$", marks.THEORY)
    marks.label(right, (8e-4, 2.5e-3), "half of it", "#666666")
    right.set(xscale="log", yscale="log", xlabel="gap $e = 1 - c$ below")
    right.set(ylabel="closed in one layer", xticks=(1e-4, 1e-2, 1))
    marks.plain_ticks(left.xaxis, left.yaxis, right.xaxis)
