"""The largest stable learning rate is drawn against the momentum, in units of 1/lambda_max. Lines
are the closed forms for plain descent, the heavy ball, Nesterov's momentum and steps along an
average of gradients. Points are from bisection: they are the rate at which the iteration's own
matrix, on a random data set, begins to stretch some vector. Momentum raises the limit of the heavy
ball towards 4, lowers Nesterov's limit to 4/3, and raises the limit of averaged gradients without
bound."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import bisect

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("page2019", "highest stable learning rate", "momentum")
SHOWS = (
    quadratic.max_rate,
    quadratic.max_rate_heavy_ball,
    quadratic.max_rate_nesterov,
    quadratic.max_rate_ema,
)

N, P = 6, 30
Step = Callable[[np.ndarray, float, float], np.ndarray]


def _heavy_ball(R: np.ndarray, eta: float, beta: float) -> np.ndarray:
    """The matrix that takes (W(k), W(k-1)) to (W(k+1), W(k)), for a minimum at 0."""
    one = np.eye(len(R))
    return np.block([[(1 + beta) * one - eta * R, -beta * one], [one, 0 * one]])


def _nesterov(R: np.ndarray, eta: float, beta: float) -> np.ndarray:
    """The matrix of ``_heavy_ball`` with the gradient taken at W(k) + beta (W(k) - W(k-1))."""
    one = np.eye(len(R))
    kept = one - eta * R
    return np.block([[(1 + beta) * kept, -beta * kept], [one, 0 * one]])


def _average(R: np.ndarray, eta: float, beta: float) -> np.ndarray:
    """The matrix that takes (W, average gradient) to the next pair."""
    one, fresh = np.eye(len(R)), (1 - beta) * R
    return np.block([[one - eta * fresh, -eta * beta * one], [fresh, beta * one]])


def _plain(R: np.ndarray, eta: float, beta: float) -> np.ndarray:
    return np.eye(len(R)) - eta * R


#: {claim's name: (the iteration, its label, the label's place)}.
KINDS: dict[str, tuple[Step, str, tuple[float, float]]] = {
    "max_rate_ema": (_average, "averaged gradients", (0.66, 13.5)),
    "max_rate_heavy_ball": (_heavy_ball, "heavy ball", (0.72, 4.3)),
    "max_rate": (_plain, "plain", (0.72, 2.3)),
    "max_rate_nesterov": (_nesterov, "Nesterov", (0.72, 1.13)),
}


def data(scale: Scale) -> dict:
    """Largest stable rates by bisection on the spectral radius."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, P))
    R = X @ X.T / P
    top = np.linalg.eigvalsh(R)[-1]
    betas = np.linspace(0.05, 0.95, 10)

    def limit(step: Step, beta: float) -> float:
        def stretch(eta: float) -> float:
            return float(np.abs(np.linalg.eigvals(step(R, eta, beta))).max()) - 1

        return bisect(stretch, 0.5 / top, 200 / top, xtol=1e-9)

    return {
        "R": R,
        "top": top,
        "betas": betas,
        "limits": {name: [limit(kind[0], b) for b in betas] for name, kind in KINDS.items()},
        "note": f"{P} Gaussian examples of {N} inputs",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw four limits on one logarithmic axis."""
    ax = fig.subplots()
    fine, top = np.linspace(0, 0.96, 200)[1:], data["top"]
    for (name, (_, words, place)), colour in zip(KINDS.items(), marks.SERIES, strict=True):
        claim = getattr(quadratic, name)
        plain = claim is quadratic.max_rate
        largest = claim(R=data["R"]) if plain else [claim(R=data["R"], beta=b) for b in fine]
        marks.theory(ax, fine, np.broadcast_to(largest, fine.shape) * top, colour)
        marks.measured(ax, data["betas"], np.array(data["limits"][name]) * top, colour=colour)
        marks.label(ax, place, words, colour, ha="right" if "ema" in name else "left")
    ax.set(xlabel=r"momentum $\beta$", ylabel=r"largest stable rate times $\lambda_{\max}$")
    ax.set(yscale="log", xlim=(0, 1), ylim=(1, 110), yticks=(1, 2, 4, 10, 20, 50, 100))
    marks.plain_ticks(ax.yaxis)
    ax.minorticks_off()
