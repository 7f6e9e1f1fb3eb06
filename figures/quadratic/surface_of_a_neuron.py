"""The mean squared error of one linear neuron is a quadratic surface. Left: the loss is drawn along
a line through its minimum. Points are squared residuals averaged example by example. The curve is
the quadratic form (W'RW - 2Q'W + c)/2. The straight line is the tangent, whose slope is from the
gradient RW - Q. The dotted line is the least loss (c - Q'R^+Q)/2. Middle: numerical derivatives of
the averaged residuals at three random points are compared with the closed forms. Dots are the
gradient RW - Q. Squares are the Hessian R, which is equal at all three points. Right: contours are
drawn for two weights and a single example. R is singular, and the minima fill the dashed line.
Descents (points) from four starts each end at the nearest minimum (crosses)."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("whybatchnorm", "E(W)", "J(E) = RW-Q", "RW = Q")
SHOWS = (
    quadratic.form,
    quadratic.gradient,
    quadratic.hessian,
    quadratic.minimum,
    quadratic.solution_set,
)

N, P = 4, 12
STEP = 0.5  # differences of a quadratic are exact at any step
LONE = np.array([[1.0], [0.5]])  # the single example in the right panel, with target 1
STARTS = np.array([[-1.5, -1.0], [-0.6, 1.8], [1.2, -1.8], [1.7, 1.2]])
REACH = 2.2


def _loss(X: np.ndarray, Y: np.ndarray, W: np.ndarray) -> float:
    return float(np.mean([(y - W @ x) ** 2 for x, y in zip(X.T, Y, strict=True)]) / 2)


def _differences(X: np.ndarray, Y: np.ndarray, W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and Hessian of the loss at W from central differences."""
    h = STEP * np.eye(len(W))
    slope = [(_loss(X, Y, W + a) - _loss(X, Y, W - a)) / (2 * STEP) for a in h]
    bend = [
        [
            (
                _loss(X, Y, W + a + b)
                - _loss(X, Y, W + a - b)
                - _loss(X, Y, W - a + b)
                + _loss(X, Y, W - a - b)
            )
            / (2 * STEP) ** 2
            for a in h
        ]
        for b in h
    ]
    return np.array(slope), np.array(bend)


def data(scale: Scale) -> dict:
    """A random data set, its loss along a line, its derivatives, and descents into a valley."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(N, P)), rng.normal(size=P)
    optimum = np.linalg.lstsq(X.T, Y, rcond=None)[0]
    direction = rng.normal(size=N)
    direction /= np.linalg.norm(direction)
    along = np.linspace(-2, 2, 13)
    points = rng.normal(size=(3, N))
    paths = [STARTS]
    for _ in range(12):
        residual = paths[-1] @ LONE - 1
        paths.append(paths[-1] - 0.35 * residual * LONE.T)
    return {
        "X": X,
        "Y": Y,
        "optimum": optimum,
        "direction": direction,
        "along": along,
        "loss": np.array([_loss(X, Y, optimum + t * direction) for t in along]),
        "points": points,
        "derivatives": [_differences(X, Y, W) for W in points],
        "paths": np.array(paths),
        "note": f"left and middle: {P} Gaussian examples of {N} inputs",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw a cut through the surface, its derivatives, and a valley of minima."""
    fig.set_size_inches(6.4, 2.45)
    cut, slopes, valley = fig.subplots(1, 3)
    X, Y = data["X"], data["Y"]

    def at(t: float) -> np.ndarray:
        return data["optimum"] + t * data["direction"]

    fine = np.linspace(-2.1, 2.1, 60)
    marks.theory(cut, fine, [quadratic.form(X=X, Y=Y, W=at(t)) for t in fine])
    marks.measured(cut, data["along"], data["loss"])
    touch, run = 1.2, np.array([-0.9, 0.9])
    slope = data["direction"] @ quadratic.gradient(X=X, Y=Y, W=at(touch)).ravel()
    height = quadratic.form(X=X, Y=Y, W=at(touch))
    marks.theory(cut, touch + run, height + slope * run, marks.SECOND, lw=1)
    floor = quadratic.minimum(X=X, Y=Y)
    cut.axhline(floor, color=marks.THEORY, lw=0.9, ls=":")
    marks.label(cut, (-2.1, floor - 0.04), "least loss", marks.THEORY, va="top", fontsize=7.5)
    marks.label(cut, (1.1, height), "tangent", marks.SECOND, ha="right", va="bottom", fontsize=7.5)
    cut.set(xlabel=r"distance from $W^*$", ylabel="loss $E$", xticks=(-2, 0, 2))
    cut.set(ylim=(0, 2), yticks=(0, 0.5, 1, 1.5, 2))
    cut.set_box_aspect(1)
    cut.set_title("the loss along a line", weight="normal")

    R = quadratic.hessian(X=X)
    for W, (slope, bend) in zip(data["points"], data["derivatives"], strict=True):
        marks.measured(slopes, quadratic.gradient(X=X, Y=Y, W=W).ravel(), slope, markersize=3)
        marks.measured(slopes, R.ravel(), bend.ravel(), colour=marks.SECOND, fmt="s", markersize=3)
    slopes.axline((0, 0), slope=1, color=marks.THEORY, lw=1, zorder=1)
    slopes.set(xlabel="closed form", ylabel="differences of the loss", aspect="equal")
    marks.label(slopes, (0.05, 0.95), "gradient", xycoords="axes fraction", fontsize=7.5)
    marks.label(
        slopes, (0.05, 0.86), "Hessian", marks.SECOND, xycoords="axes fraction", fontsize=7.5
    )
    slopes.set_title("derivatives", weight="normal")

    side = np.linspace(-REACH, REACH, 101)
    a, b = np.meshgrid(side, side)
    loss = (a * LONE[0] + b * LONE[1] - 1) ** 2 / 2
    valley.contour(side, side, loss, (0.1, 0.5, 1.5, 3, 5), colors=marks.QUIET, linewidths=0.6)
    ends = np.array(
        [quadratic.solution_set(X=LONE, Y=[1.0], W=list(W)).ravel() for W in data["paths"][0]]
    )
    valley.axline(ends[0], ends[-1], color=marks.THEORY, ls="--", lw=1)
    for path in data["paths"].transpose(1, 2, 0):
        marks.measured(valley, *path, markersize=2.2, fmt="o-", lw=0.6)
    valley.plot(*ends.T, "x", color=marks.THEORY, markersize=6, zorder=4)
    valley.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(-REACH, REACH), ylim=(-REACH, REACH))
    valley.set(aspect="equal", xticks=(-2, 0, 2), yticks=(-2, 0, 2))
    valley.set_title("one example: a valley", weight="normal")
