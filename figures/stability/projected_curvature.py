"""Directions are taken out of a loss, and some curvature is left. The largest curvature of the
Hessian of a tanh net with 3 classes is drawn on the complement of a growing subspace, of up to nine
dimensions. The band reaches from the eigenvalue of the next rank to the largest. The leading
eigenvectors (squares) reach its lower end. The gradients of the moments of the outputs, one per
class (dots), take more curvature than random directions (crosses)."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.stability.draws import SmallNet, one_hot
from theory import stability

SOURCE = cite("page2019", "restricted to the subspace orthogonal to the 29 dimensional subspace")
SHOWS = (stability.projected_curvature,)

M, DIMS = 3, np.arange(1, 10)


def moments(net: SmallNet, theta: np.ndarray) -> np.ndarray:
    """Gradients of means, then of variances and third moments of the outputs, as columns."""
    columns = []
    for power in (1, 2, 3):
        for each in range(M):

            def moment(theta: np.ndarray, power: int = power, each: int = each) -> complex:
                z = net.outputs(theta)[each]
                return complex(np.mean(z if power == 1 else (z - np.mean(z)) ** power))

            columns.append(complex_gradient(moment, theta))
    return np.array(columns).T


def data(scale: Scale) -> dict:
    """One net, partly trained, and its curvature outside three kinds of subspaces."""
    rng = np.random.default_rng(3)
    net = SmallNet(rng.normal(size=(4, 60)) + 0.5, one_hot(rng, M, 60), 6)
    theta = net.start(rng, 0.7)
    for _ in range(scale.pick(50, 300, 300)):
        theta = theta - 0.3 * net.gradient(theta)
    H = net.hessian(theta)
    H = (H + H.T) / 2
    axes = np.linalg.eigh(H)[1][:, ::-1]
    kinds = {
        "leading eigenvectors": axes,
        "gradients of moments": moments(net, theta),
        "random directions": rng.normal(size=H.shape),
    }

    def left(span: np.ndarray) -> float:
        kept = np.linalg.qr(span, mode="complete")[0][:, span.shape[1] :]
        return float(np.linalg.eigvalsh(kept.T @ H @ kept)[-1])

    return {
        "Hess": H,
        "spans": kinds,
        "left": {kind: [left(span[:, :k]) for k in DIMS] for kind, span in kinds.items()},
        "note": f"one tanh net of {net.size} parameters, 60 examples",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw three kinds of subspaces between two bounds."""
    ax = fig.subplots()
    span = data["spans"]["random directions"]
    bounds = [stability.projected_curvature(Hess=data["Hess"], span=span[:, :k]) for k in DIMS]
    low, high = ([bound[side] for bound in bounds] for side in ("lower", "upper"))
    marks.band(ax, DIMS, low, high)
    marks.theory(ax, DIMS, low, lw=1)
    marks.theory(ax, DIMS, high, lw=1)
    styles = {"leading eigenvectors": "s", "gradients of moments": "o", "random directions": "x"}
    for kind, marker in styles.items():
        colour = marks.SECOND if marker == "o" else marks.MEASURED
        marks.measured(ax, DIMS, data["left"][kind], fmt=marker, colour=colour, markersize=4)
    top = high[0]
    marks.label(ax, (9, 1.06 * top), "random directions", ha="right")
    marks.label(ax, (9, 0.44 * top), "gradients of moments", marks.SECOND, ha="right")
    marks.label(ax, (4.9, 0.15 * top), "leading eigenvectors", ha="right")
    ax.set(xlabel="dimensions taken out", ylabel="largest curvature left", ylim=(0, 1.15 * top))
