"""Every mode of a quadratic loss decays at its own pace. Left: points are the size of three
components in one descent at the rate 1/lambda_max. Lines are exp(-k/tau) with the components' time
constants tau. The slowest component takes about kappa steps. A fourth component, the fastest, is
gone after one step. Right: the time constant is drawn against the rate times the eigenvalue. The
line is -1/ln|1 - eta lambda|. The dashed line is the source's 1/(eta lambda). Below 1 it is too
long by between a half and a whole step (the band), and it takes no notice of the growth towards 2.
Points are descents of one mode, followed until the mode has shrunk a thousandfold."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("whybatchnorm", "tj = 1/(eta*lambda_j)")
SHOWS = (
    quadratic.time_constant,
    quadratic.time_constant_bounds,
    quadratic.slowest_mode,
    quadratic.decay,
)

EIGENVALUES = np.array([0.05, 0.12, 0.3, 1.0])
STEPS = 60


def data(scale: Scale) -> dict:
    """One descent of four modes, and single modes followed far down."""
    rng = np.random.default_rng(0)
    U = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    R = (U * EIGENVALUES) @ U.T
    eta = 1 / EIGENVALUES[-1]
    W, sizes = U.sum(axis=1), []  # every component starts at 1
    for _ in range(STEPS + 1):
        sizes.append(np.abs(U.T @ W))
        W = W - eta * (R @ W)
    x = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.3, 1.5, 1.7, 1.8, 1.9])
    return {
        "R": R,
        "eta": eta,
        "sizes": np.array(sizes),
        "x": x,
        "tau": np.array([_steps_per_e_fold(each) for each in x]),
        "note": "left: four inputs with a random orthogonal basis",
    }


def _steps_per_e_fold(x: float) -> float:
    v, steps = 1.0, 0
    while abs(v) > 1e-3:
        v, steps = v - x * v, steps + 1
    return steps / -np.log(abs(v))


def draw(fig: Figure, data: dict) -> None:
    """Draw four decays on their own lines, and the time constant: exact, bounded and printed."""
    fig.set_size_inches(6.0, 3.2)
    left, right = fig.subplots(1, 2)
    fine = np.linspace(0, STEPS, 200)
    slowest = quadratic.slowest_mode(R=data["R"])
    others = [quadratic.time_constant(lam=lam, eta=data["eta"]) for lam in EIGENVALUES[1:-1]]
    texts = (
        ((29, 0.34), rf"slowest: $\tau = {slowest:.1f}$"),
        ((30, 0.03), rf"$\tau = {others[0]:.1f}$"),
        ((12, 0.03), rf"$\tau = {others[1]:.1f}$"),
    )
    sizes, steps = data["sizes"][::4].T, np.arange(STEPS + 1)[::4]
    # the fourth mode, the fastest, is gone after one step
    for mode, (tau, (place, text)) in enumerate(zip((slowest, *others), texts, strict=True)):
        colour = marks.RAMP[-1 - mode]
        marks.theory(left, fine, np.exp(-fine / tau), colour)
        marks.measured(left, steps, sizes[mode], colour=colour)
        marks.label(left, place, text, colour)
    kappa = EIGENVALUES[-1] / EIGENVALUES[0]
    left.set(xlabel="step $k$", ylabel="component $|v_k/v_0|$", yscale="log", ylim=(1e-3, 1.3))
    left.set_title(rf"rate $1/\lambda_{{\max}}$, $\kappa = {kappa:.0f}$", weight="normal")

    below, above = np.linspace(0.05, 0.999, 300), np.linspace(1.001, 1.95, 300)
    bounds = quadratic.time_constant_bounds(lam=1, eta=below)
    marks.band(right, below, bounds["lower"], bounds["upper"])
    for x in (below, above):
        marks.theory(right, x, quadratic.time_constant(lam=1, eta=x))
    both = np.concatenate([below, above])
    marks.printed(
        right, both, quadratic.time_constant.twins["printed: 1/(eta lam)"](lam=1, eta=both)
    )
    marks.measured(right, data["x"], data["tau"])
    marks.label(right, (0.37, 3.7), r"printed $1/\eta\lambda$", marks.PRINTED)
    marks.label(right, (1.63, 3.2), "exact", marks.THEORY, ha="right")
    right.set_title("one mode, all rates", weight="normal")
    right.set(xlabel=r"$\eta\lambda$", ylabel=r"time constant $\tau$, steps")
    right.set(ylim=(0, 12), xlim=(0, 2), xticks=(0, 0.5, 1, 1.5, 2))
