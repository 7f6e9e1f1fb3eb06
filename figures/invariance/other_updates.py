"""Other updates have hidden schedules of their own. Left: the mean squared length of 30 weights is
drawn under updates by fair signs. It grows linearly (the line is the closed form, points are 2,000
runs), and not like a root (dashed grey). Right: the effective rate of a natural-gradient step is
drawn against the length of the weights. Without damping the rate does not depend on the length
(open circles on the flat line). With damping (points) the rate falls as 1/|W|^2 once damping |W|^2
exceeds the Fisher eigenvalue. The dashed line is a damped rate that would be immune to the length.
"""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.draws import random_loss
from sim.invariance.other_updates import gradients
from theory import invariance

SOURCE = cite("grosse2021", "K-FAC is invariant to affine transformations")
SHOWS = (invariance.sign_growth, invariance.kfac_immunity, invariance.damped_kfac)

N, ETA, COUNT = 30, 0.05, 40
DAMPING = 0.1


def data(scale: Scale) -> dict:
    """Squared lengths under random signs, and natural-gradient steps at many lengths."""
    rng = np.random.default_rng(0)
    runs = scale.pick(100, 2000, 20000)
    W = rng.normal(size=(runs, N))
    W /= np.linalg.norm(W, axis=1, keepdims=True)
    squares = [(W**2).sum(axis=1)]
    for _ in range(COUNT):
        W = W - ETA * rng.choice([-1.0, 1.0], size=W.shape)
        squares.append((W**2).sum(axis=1))
    trials = np.array(squares)
    # two examples with the gradients a + b and a - b at u: a is an eigenvector of F, of value 1
    losses = [random_loss(rng, 5) for _ in range(2)]
    u, a, b = np.linalg.qr(rng.normal(size=(5, 3)))[0].T
    for loss, slope in zip(losses, (a + b, a - b), strict=True):
        loss.u, loss.slope = u, slope
    lengths = np.geomspace(0.1, 100, 10)
    bare, damped = [], []
    for norm in lengths:
        D = gradients(losses, norm * u)
        F, g = D @ D.T / 2, D.mean(axis=1)
        step = np.linalg.lstsq(D.T, np.ones(2), rcond=1e-10)[0]  # the pseudo-inverse of F, times g
        bare.append(np.linalg.norm(step) / norm)
        damped.append(np.linalg.norm(np.linalg.solve(F + DAMPING * np.eye(5), g)) / norm)
    return {
        "mean": trials.mean(axis=1),
        "stderr": trials.std(axis=1, ddof=1) / np.sqrt(runs),
        "lengths": lengths,
        "bare": bare,
        "damped": damped,
        "D": gradients(losses, u),
        "note": rf"left: $\eta$ = {ETA}; right: F's eigenvalue 1, damping {DAMPING}, $\eta$ = 1",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the length under signs, and the effective rate of the natural gradient."""
    fig.set_size_inches(6.0, 3.3)
    left, right = fig.subplots(1, 2)
    steps = np.arange(COUNT + 1)
    values = {"N": N, "eta": ETA, "norm": 1, "k": steps}
    marks.theory(left, steps, invariance.sign_growth(**values)["squared norm"])
    root = invariance.sign_growth.twins["as descent does, like a root"](**values)
    left.plot(steps, root["squared norm"], color=marks.QUIET, ls=(0, (4, 2)), lw=1.2)
    marks.measured(left, steps[::4], data["mean"][::4], data["stderr"][::4])
    marks.label(left, (34, 1.9), "a root", marks.QUIET, va="top")
    left.set(xlabel="step $k$", ylabel=r"mean $|W|^2$", ylim=(0.8, None))
    left.set_title("signs of gradients", weight="normal")

    fine = np.geomspace(0.08, 120, 100)
    flat = [
        np.linalg.norm(invariance.kfac_immunity(X=data["D"], norm=float(norm))) / norm
        for norm in data["lengths"]
    ]
    marks.theory(right, data["lengths"], flat, marks.SECOND)
    marks.measured(
        right, data["lengths"], data["bare"], colour=marks.SECOND, mfc="white", markersize=5
    )
    here = {"eta": 1, "norm": fine, "lam": 1, "damping": DAMPING}
    marks.theory(right, fine, invariance.damped_kfac(**here))
    immune = invariance.damped_kfac.twins["immune, as without damping"](**here)
    right.plot(fine, np.broadcast_to(immune, fine.shape), color=marks.QUIET, ls=(0, (4, 2)), lw=1.2)
    marks.measured(right, data["lengths"], data["damped"])
    marks.label(right, (12, 2.0), "undamped", marks.SECOND)
    marks.label(right, (12, 0.45), "immune", marks.QUIET)
    marks.label(right, (4.5, 0.03), "damped", marks.THEORY, ha="right")
    right.set(xscale="log", yscale="log", xlabel="$|W|$", ylabel="effective rate")
    right.set(ylim=(5e-4, 4))
    right.set_title("natural gradient", weight="normal")
