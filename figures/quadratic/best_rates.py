"""The best fixed learning rate is 2/(lambda_max + lambda_min), not 1/lambda_max. Left: in the long
run the distance to the minimum shrinks by a factor per step. The factor is drawn against the
learning rate, for 20 eigenvalues between lambda_max/20 and lambda_max. The thick line is plain
descent, max |1 - eta lambda|. Points are the heavy ball with its best momentum, from the roots of
its recursion. Diamonds are the claimed best rate and factor of each method. The dashed line is the
source's rate 1/lambda_max. The thin line is plain descent with all eigenvalues equal, where one
step at 1/lambda_max arrives. Right: the number of steps for a factor e is drawn against the
condition number kappa. Lines are each method at its best rate. The dashed line is plain descent at
the source's rate. Points are measured over the second half of long descents."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("whybatchnorm", "optimal step size eta=1/lambda_max")
SHOWS = (
    quadratic.optimal_rate,
    quadratic.optimal_heavy_ball,
    quadratic.isotropic_one_step,
    quadratic.slowest_mode,
    quadratic.decay,
)

KAPPA, MODES = 20.0, 20
KAPPAS = np.array([2.0, 5, 10, 20, 50, 100, 200])
PERIODS = 20  # length of a descent in kappas. A longer one would underflow


def _diagonal(kappa: float) -> np.ndarray:
    return np.diag(np.geomspace(1 / kappa, 1, MODES))


def _long_run_factor(lam: np.ndarray, eta: float, beta: float) -> float:
    """The largest |root| of the heavy ball's recursion over its modes."""
    recursions = [[1, -(1 + beta - eta * each), beta] for each in lam]
    return float(max(np.abs(np.roots(each)).max() for each in recursions))


def _measured_factor(lam: np.ndarray, eta: float, beta: float, steps: int) -> float:
    """The mean factor per step over the last half of a descent from equal components."""
    now, before, sizes = np.ones_like(lam), np.ones_like(lam), []
    for _ in range(steps):
        now, before = now - eta * lam * now + beta * (now - before), now
        sizes.append(np.linalg.norm(now))
    half = steps // 2
    return float((sizes[-1] / sizes[half - 1]) ** (1 / (steps - half)))


def data(scale: Scale) -> dict:
    """Long descents for growing condition numbers, at the best rates and at the source's rate."""
    factors: dict[str, list[float]] = {"plain": [], "printed": [], "ball": []}
    for kappa in KAPPAS:
        R, lam = _diagonal(kappa), np.diag(_diagonal(kappa))
        plain, ball = quadratic.optimal_rate(R=R), quadratic.optimal_heavy_ball(R=R)
        choices = {
            "plain": (plain["rate"], 0.0, int(PERIODS * kappa)),
            "printed": (1.0, 0.0, int(PERIODS * kappa)),
            "ball": (ball["rate"], ball["momentum"], int(PERIODS * 4 * np.sqrt(kappa))),
        }
        for name, choice in choices.items():
            factors[name].append(_measured_factor(lam, *choice))
    lam = np.diag(_diagonal(KAPPA))
    momentum = quadratic.optimal_heavy_ball(R=_diagonal(KAPPA))["momentum"]
    rates = np.linspace(0.1, 3.1, 31)
    return {
        "rates": rates,
        "ball": np.array([_long_run_factor(lam, eta, momentum) for eta in rates]),
        "factors": {name: np.array(values) for name, values in factors.items()},
        "note": f"{MODES} eigenvalues, evenly spaced in logarithm, equal components at the start",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the factor against the rate, and the steps against the condition number."""
    fig.set_size_inches(6.2, 3.1)
    left, right = fig.subplots(1, 2)
    eta = np.linspace(0.001, 2.15, 400)
    R, lam = _diagonal(KAPPA), np.diag(_diagonal(KAPPA))
    plain, ball = quadratic.optimal_rate(R=R), quadratic.optimal_heavy_ball(R=R)
    factor = np.abs(quadratic.decay(lam=lam[:, None], eta=eta, k=1)).max(axis=0)
    marks.theory(left, eta, factor)
    marks.theory(left, eta, np.abs(quadratic.decay(lam=1, eta=eta, k=1)), marks.QUIET, lw=0.9)
    marks.measured(left, data["rates"], data["ball"], colour=marks.SECOND, markersize=2.6)
    equal = quadratic.isotropic_one_step(R=np.eye(MODES))
    left.plot(1, equal, "D", color=marks.QUIET, markersize=4, clip_on=False, zorder=4)
    for best, colour in ((plain, marks.THEORY), (ball, marks.SECOND)):
        left.plot(best["rate"], best["contraction"], "D", color=colour, markersize=5, zorder=4)
    marks.printed(left, (1, 1), (0, 1))
    marks.label(left, (0.94, 0.72), "printed\n$1/\\lambda_{\\max}$", marks.PRINTED, ha="right")
    marks.label(left, (1.4, 0.985), "plain", marks.THEORY)
    marks.label(left, (2.35, 0.57), "heavy ball", marks.SECOND)
    marks.label(left, (1.4, 0.3), "equal eigenvalues", "#666666")
    left.set(xlabel=r"rate times $\lambda_{\max}$", ylabel="factor a step")
    left.set(ylim=(0, 1.05), xlim=(0, 3.2))
    left.set_title(rf"$\kappa = {KAPPA:.0f}$", weight="normal")

    fine = np.geomspace(1.5, 250, 60)
    lines = {
        "plain": [quadratic.optimal_rate(R=_diagonal(each))["contraction"] for each in fine],
        "ball": [quadratic.optimal_heavy_ball(R=_diagonal(each))["contraction"] for each in fine],
    }
    for name, colour in (("plain", marks.THEORY), ("ball", marks.SECOND)):
        marks.theory(right, fine, -1 / np.log(lines[name]), colour)
        marks.measured(right, KAPPAS, -1 / np.log(data["factors"][name]), colour=colour)
    marks.printed(right, fine, [quadratic.slowest_mode(R=_diagonal(each)) for each in fine])
    marks.measured(right, KAPPAS, -1 / np.log(data["factors"]["printed"]), colour=marks.PRINTED)
    marks.label(right, (14, 40), "printed rate", marks.PRINTED, ha="right")
    marks.label(right, (60, 14), "plain", marks.THEORY)
    marks.label(right, (50, 1.9), "heavy ball", marks.SECOND)
    right.set(xscale="log", yscale="log", xlabel=r"condition number $\kappa$")
    right.set(ylabel="steps for a factor $e$", xticks=(2, 10, 100), yticks=(1, 10, 100))
    marks.plain_ticks(right.xaxis, right.yaxis)
    right.set_title("each at its own rate", weight="normal")
