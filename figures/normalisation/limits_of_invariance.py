"""The invariances of batch norm have limits. Left: an output of batch norm is drawn when a unit's
weights are multiplied by gamma, for two values of eps in units of the variance. The upper points
are positive gamma and the lower points negative gamma. The factor gamma acts as eps/gamma^2 in
place of eps. The dashed line is the invariance for eps = 0 and gamma > 0. Middle: a loss behind
batch norm with eps = 0 has at gamma W the gradient of W over gamma, and the Hessian of W over
gamma^2. Steps at one rate therefore move small weights far. Points are ratios of lengths of
derivatives by Cauchy's formula. Right: one of four inputs is multiplied by a factor. Points are the
correlation of the normalised outputs before and after, and the line is its closed form. The dashed
line and open squares are the invariance to a factor that is common to all inputs."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.normalisation.draws import along, batch_norm, spread
from theory import normalisation

SOURCE = cite("grosse2021", "The BN operation is invariant to rescaling")
SHOWS = (
    normalisation.weight_rescaling,
    normalisation.affine_invariance,
    normalisation.homogeneity,
    normalisation.feature_rescaling,
)

N, B = 4, 12
EPS = (1e-5, 1e-2)
SCALES = np.geomspace(1e-4, 10, 11)
FACTORS = np.geomspace(0.1, 10, 9)
LIMIT = {"color": marks.QUIET, "ls": "--", "lw": 1}


def data(scale: Scale) -> dict:
    """Outputs, derivatives and correlations, before and after."""
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(N, B)), rng.normal(size=N)
    W = W / spread(X.T @ W)  # variance 1: eps is in its units
    y, phases = X.T @ W, rng.normal(size=B)

    def loss(x: np.ndarray) -> complex:
        return np.sum(np.sin(phases + batch_norm(x)))

    def length(size: float, order: int) -> float:
        slopes = [along(loss, size * y, row, order=order) for row in X]
        return float(np.linalg.norm(slopes))

    def correlation(factors: np.ndarray) -> float:
        scaled = (factors[:, None] * X).T @ W
        return float(np.mean(batch_norm(scaled) * batch_norm(y)))

    sizes = np.array([0.25, 0.5, 1.0, 2.0, 4.0])
    first = np.eye(N)[0]
    return {
        "X": X,
        "W": W,
        "outputs": [
            [[batch_norm(sign * c * y, eps)[TOP] for c in SCALES] for sign in (1, -1)]
            for eps in EPS
        ],
        "sizes": sizes,
        "ratios": [[length(c, order) / length(1, order) for c in sizes] for order in (1, 2)],
        "one": [correlation(1 + (c - 1) * first) for c in FACTORS],
        "common": [correlation(np.full(N, c)) for c in FACTORS],
        "note": f"{N} Gaussian inputs, a batch of {B}",
    }


#: The example whose output is drawn.
TOP = 1


def draw(fig: Figure, data: dict) -> None:
    """Draw outputs against gamma, derivatives against gamma, and correlation against a factor."""
    fig.set_size_inches(6.9, 2.8)
    left, middle, right = fig.subplots(1, 3)
    fine = np.geomspace(SCALES[0], SCALES[-1], 120)
    layer = {"X": data["X"], "W": data["W"]}
    colours = (marks.RAMP[1], marks.RAMP[4])
    for eps, pair, colour in zip(EPS, data["outputs"], colours, strict=True):
        for sign, points in zip((1, -1), pair, strict=True):
            line = [
                normalisation.weight_rescaling(gamma=sign * c, eps=eps, **layer)[TOP] for c in fine
            ]
            marks.theory(left, fine, line, colour)
            marks.measured(left, SCALES, points, colour=colour)
    exact = normalisation.affine_invariance(y=data["X"].T @ data["W"], gamma=1, shift=0)[TOP]
    left.plot(SCALES[[0, -1]], [exact, exact], **LIMIT)
    left.set(ylim=(-1.5 * abs(exact), 1.5 * abs(exact)))
    words = (
        ((0.97, 0.93), r"$\gamma > 0$", "black"),
        ((0.97, 0.07), r"$\gamma < 0$", "black"),
        ((0.03, 0.93), r"$\epsilon = 0$", marks.QUIET),
        ((0.03, 0.68), r"$10^{-5}$", colours[0]),
        ((0.57, 0.5), r"$\epsilon = 10^{-2}$", colours[1]),
    )
    for place, text, colour in words:
        side = "right" if place[0] > 0.9 else "left"
        marks.label(left, place, text, colour, xycoords="axes fraction", ha=side)
    left.set(xscale="log", xlabel=r"factor $|\gamma|$ of the weights", ylabel="normalised output")

    fine = np.geomspace(0.2, 5, 50)
    lines = normalisation.homogeneity(gamma=fine)
    names = (("gradient", "gradient", (1.15, 1.4)), ("hessian", "Hessian", (0.21, 1.0)))
    for (name, text, spot), points, colour in zip(
        names, data["ratios"], (marks.THEORY, marks.SECOND), strict=True
    ):
        marks.theory(middle, fine, lines[name], colour)
        marks.measured(middle, data["sizes"], points, colour=colour)
        marks.label(middle, spot, text, colour)
    middle.set(xscale="log", yscale="log", xticks=(0.25, 1, 4), yticks=(0.1, 1, 10))
    middle.set(xlabel=r"factor $\gamma$ of the weights", ylabel="size over that at $W$")
    marks.plain_ticks(middle.xaxis, middle.yaxis)

    fine = np.geomspace(FACTORS[0], FACTORS[-1], 80)
    first = np.eye(N)[0]
    line = [normalisation.feature_rescaling(factors=1 + (c - 1) * first, **layer) for c in fine]
    marks.theory(right, fine, line)
    right.plot(FACTORS[[0, -1]], [1, 1], **LIMIT)
    marks.measured(right, FACTORS, data["one"])
    marks.measured(right, FACTORS, data["common"], fmt="s", markerfacecolor="white")
    marks.label(right, (0.32, 0.6), "one input", marks.THEORY)
    marks.label(right, (2.2, 0.965), "all inputs")
    right.set(xscale="log", xticks=(0.1, 1, 10), xlabel="factor of inputs")
    right.set(ylabel="correlation, before and after", ylim=(None, 1.08))
    marks.plain_ticks(right.xaxis)
