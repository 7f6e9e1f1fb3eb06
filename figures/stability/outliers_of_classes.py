"""A classifier's Hessian has about one outlier per class. Left: points are the eigenvalues of
softmax regression of 10 classes at equal probabilities, on 20 inputs with a mean, largest first.
Lines are (1 + |mu|^2)/M, which occurs M - 1 = 9 times, and 1/M. Middle: points are the rank of the
Gauss-Newton matrix of a tanh net, against the number of examples. The line is the largest possible
rank, B(M - 1). The dashed line is one direction per class, B M. Right: the curvature of a tanh
net's loss is measured along random lines, for each example by itself. The sum of the Gauss-Newton
part and the residual is drawn against it (on the line). The Gauss-Newton part alone (grey) is never
negative."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import derivative
from sim.stability.draws import SmallNet, line, one_hot
from sim.stability.gauss_newton import gauss_newton, regression
from theory import stability

SOURCE = cite("page2019", "9 or 10 outlying eigenvalues")
SHOWS = (stability.class_outliers, stability.gauss_newton_rank, stability.curvature_split)

BATCHES, M = (1, 2, 3, 4, 6, 8, 12), 3


def data(scale: Scale) -> dict:
    """A spectrum, ranks and curvatures."""
    rng = np.random.default_rng(0)
    mu = 0.4 + 0.2 * rng.normal(size=20)
    ranks, size = [], 0
    for B in BATCHES:
        net = SmallNet(rng.normal(size=(5, B)), one_hot(rng, M, B), 6)
        size = net.size
        root = gauss_newton(net, net.start(rng))
        ranks.append(int(np.linalg.matrix_rank(root, tol=1e-7 * np.linalg.norm(root, 2))))
    net = SmallNet(rng.normal(size=(3, 12)), one_hot(rng, 4, 12), 5)
    points = []
    for _ in range(scale.pick(1, 4, 10)):
        theta, d = net.start(rng, 0.6), net.start(rng, 0.4)
        moving = line(net.outputs, theta, d)
        z, v, a = (derivative(moving, 1 / 16, order) for order in (0, 1, 2))
        whole = derivative(line(net.losses, theta, d), 1 / 16, 2)
        for b in range(12):
            parts = stability.curvature_split(
                outputs=z[:, b], velocity=v[:, b], acceleration=a[:, b], target=net.target[:, b]
            )
            points.append((parts["gauss_newton"], parts["residual"], whole[b]))
    return {
        "mu": mu,
        "spectrum": regression(rng, mu, 10)[::-1],
        "ranks": ranks,
        "size": size,
        "points": np.array(points),
        "note": "random data and weights",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the outliers, the rank and the split."""
    fig.set_size_inches(6.8, 2.7)
    left, middle, right = fig.subplots(1, 3)
    form = stability.class_outliers(mu=data["mu"], M=10)
    shown = 30
    many = int(form["outliers"])
    marks.theory(left, (0.5, many + 0.5), [form["outlier"]] * 2)
    marks.theory(left, (many + 0.5, shown + 0.5), [form["bulk"]] * 2)
    marks.measured(left, np.arange(1, shown + 1), data["spectrum"][:shown], markersize=1.8)
    marks.label(left, (many + 2, form["outlier"]), "$M - 1 = 9$", marks.THEORY)
    marks.label(left, (18, form["bulk"] + 0.06), "$1/M$", marks.THEORY)
    left.set(xlabel="rank, from the largest", ylabel="eigenvalue", ylim=(0, 1.2 * form["outlier"]))

    batches = np.arange(1, 13)
    marks.theory(
        middle,
        batches,
        [stability.gauss_newton_rank(P=data["size"], B=B, M=M)["upper"] for B in batches],
    )
    every = stability.gauss_newton_rank.twins["one direction per class"]
    middle.plot(
        batches,
        [every(P=data["size"], B=B, M=M)["upper"] for B in batches],
        color=marks.QUIET,
        ls="--",
        lw=1,
    )
    marks.measured(middle, BATCHES, data["ranks"])
    marks.label(middle, (12, 15), "$B(M-1)$", marks.THEORY, ha="right")
    marks.label(middle, (7.0, 26.5), "$BM$", marks.QUIET, ha="right")
    middle.set(
        xlabel="examples $B$", ylabel="rank of Gauss-Newton", ylim=(0, 38), xticks=(0, 4, 8, 12)
    )

    newton, residual, whole = data["points"].T
    ends = np.array([whole.min(), whole.max()])
    marks.theory(right, ends, ends)
    right.plot(whole, newton, "o", color=marks.QUIET, markersize=2.2, zorder=1)
    marks.measured(right, whole, newton + residual, markersize=2.2)
    marks.label(right, (ends[1], 0.42 * ends[1]), "$G + R$", marks.THEORY, ha="right")
    marks.label(right, (ends[0], 0.75 * ends[1]), "$G$ alone", marks.QUIET)
    right.set(xlabel="curvature, measured", ylabel="its parts")
