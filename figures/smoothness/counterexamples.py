"""Three printed bounds on the curvature fail. Left: a loss has the Hessian uu', with u at an angle
to the gradient d. The line is the largest curvature along the gradient in the weights over inputs
of norm 1, which is ((1 + |cos|)/2)^2. Points are the best inputs of rank one by search. The dashed
line is the printed cos^2. Middle: a linear loss behind batch norm is drawn in the plane of d and
the outputs. Inputs of norm 1 take d anywhere into the circle (small points are random inputs).
Shading is the curvature v'Kv of the image v. It is zero at d, where the source has the maximum (the
cross, with an arrow uphill), and largest at 60 degrees (diamond). Right: the Hessian is hh', with h
at an angle to the direction where it is orthogonal to g, for four examples and gamma < sigma. The
line is the curvature along the gradient, and points are second derivatives. The dashed line is the
bound with the plain gradient, which lies below the curvature at the shaded angles. The bound needs
an H that preserves the relative norms of the two gradients. A positive semidefinite H need not do
so."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.smoothness.draws import Unit, normalise
from sim.smoothness.worst_inputs import largest, random_inputs
from theory import smoothness

SOURCE = cite("oxford2021", "eq. (11)", "eqs. (14), (16)")
SHOWS = (
    smoothness.largest_convex_curvature,
    smoothness.ball_of_gradients,
    smoothness.largest_linear_curvature,
    smoothness.slope_at_isotropic_inputs,
    smoothness.curvature_along_gradient,
)

LINEAR = (np.array([1.0, -1.0, 0.0]), np.array([1.0, 1.0, -2.0]))  # outputs and gradient
Y, G = 2 * np.array([1.0, -1.0, 1.0, -1.0]), np.array([2.0, 2.0, 0.0, 0.0])
ANGLES = np.linspace(0, np.pi, 13)
TURNS = np.radians(np.linspace(-30, 30, 13))


def _turned(angle: float) -> np.ndarray:
    """The Hessian hh' with h at ``angle`` between (0, 0, 1, 1) and (1, 1, 0, 0)."""
    h = np.repeat([np.sin(angle), np.cos(angle)], 2)
    return np.outer(h, h)


def data(scale: Scale) -> dict:
    """Searches over inputs, images of random inputs, and second derivatives."""
    rng = np.random.default_rng(0)
    d = np.array([1.0, 0.0])
    best = []
    for angle in ANGLES:
        u = np.array([np.cos(angle), np.sin(angle)])
        turned = u + (1e-9 * np.array([0, 1.0]) if abs(u[1]) < 1e-9 else 0)

        def value(X: np.ndarray, u: np.ndarray = u) -> float:
            return float((u @ (X.T @ (X @ d))) ** 2)

        best.append(largest(value, d, turned, 1.0))
    images = [X.T @ (X @ d) for X in random_inputs(rng, 2, 1.0, scale.pick(20, 150, 400))]
    bends = []
    for angle in TURNS:
        unit = Unit(Y, G, _turned(angle), 1.0)
        bends.append(unit.curvature(complex_gradient(unit.loss, Y))[0])
    return {"best": np.array(best), "images": np.array(images), "bends": np.array(bends)}


def draw(fig: Figure, data: dict) -> None:
    """Draw equation (14) twice, then equation (11)."""
    fig.set_size_inches(6.6, 2.6)
    left, middle, right = fig.subplots(1, 3)
    fine = np.linspace(0, np.pi, 90)
    units = np.array([np.cos(fine), np.sin(fine)]).T
    unit_vectors = [u / np.linalg.norm(u) for u in units]
    d = (1.0, 0.0)
    printed = smoothness.largest_convex_curvature.twins["printed: radius^4 d'Kd"]
    for form, mark in (
        (smoothness.largest_convex_curvature, marks.theory),
        (printed, marks.printed),
    ):
        mark(left, np.degrees(fine), [form(u=u, g=d, radius=1) for u in unit_vectors])
    marks.measured(left, np.degrees(ANGLES), data["best"])
    marks.label(left, (126, 0.1), "printed", marks.PRINTED, fontsize=7.5)
    marks.label(left, (90, 0.62), "true", marks.THEORY, ha="center")
    left.set(xlabel="angle of $u$ to $d$, degrees", ylabel="largest curvature, $r = 1$")
    left.set(xticks=(0, 90, 180), ylim=(-0.02, 1.05))
    left.set_title("eq. (14), $K = uu'$", weight="normal")

    y, g = LINEAR
    slope = smoothness.gradient(y=y, g=g, gamma=1, eps=0)
    K = smoothness.hessian(y=y, g=g, H=np.zeros((3, 3)), gamma=1, eps=0)
    size = np.linalg.norm(slope)
    e, f = slope / size, normalise(y) / np.sqrt(3)
    side = np.linspace(-0.75, 1.1, 120)
    a, b = np.meshgrid(side, side)
    v = size * (a[..., None] * e + b[..., None] * f)
    value = np.einsum("...i,ij,...j", v, K, v)
    inside = (a - 0.5) ** 2 + b**2 <= 0.25
    top = smoothness.largest_linear_curvature(y=y, g=g, gamma=1, radius=1)
    levels = np.linspace(-1, 1, 11) * top
    middle.contourf(a, b, np.where(inside, value, np.nan), levels, cmap="RdBu_r", alpha=0.6)
    turn = np.linspace(0, 2 * np.pi, 200)
    marks.theory(middle, 0.5 + 0.5 * np.cos(turn), 0.5 * np.sin(turn))
    middle.plot(*data["images"].T, ".", color="black", markersize=1.6, zorder=3)
    middle.plot(1, 0, "x", color=marks.PRINTED, markersize=7, mew=2, zorder=5, clip_on=False)
    rate = smoothness.slope_at_isotropic_inputs(y=y, g=g, H=np.zeros((3, 3)), gamma=1, radius=1)
    arrow = {"arrowstyle": "-|>", "color": marks.PRINTED, "shrinkA": 0, "shrinkB": 0}
    uphill = -0.3 * np.sign(rate)
    middle.annotate("", (1.06, uphill), (1.06, 0), arrowprops=arrow, annotation_clip=False)
    middle.plot(0.75, -(3**0.5) / 4, "D", color=marks.THEORY, markersize=5, zorder=5)
    marks.label(middle, (0.55, 0.66), "0 as printed at $d$", marks.PRINTED, ha="center",
                fontsize=7.5)  # fmt: skip
    marks.label(middle, (0.66, -0.62), f"largest, {top:.1f}", marks.THEORY, ha="center",
                fontsize=7.5)  # fmt: skip
    middle.set(xlabel="along $d$, over $|d|$", ylabel=r"along $\hat y$", aspect="equal")
    middle.set(xlim=(-0.1, 1.15), ylim=(-0.75, 0.75), xticks=(0, 0.5, 1), yticks=(-0.5, 0, 0.5))
    middle.set_title("eq. (16), linear loss", weight="normal")

    values = {"y": Y, "g": G, "gamma": 1.0}
    turns = np.radians(np.linspace(-30, 30, 90))
    exact = np.array([smoothness.curvature_along_gradient(**values, H=_turned(x)) for x in turns])
    plain = smoothness.curvature_along_gradient.twins[
        "printed: with the plain gradient in the first term"
    ]
    bound = np.array([plain(**values, H=_turned(x)) for x in turns])
    marks.theory(right, np.degrees(turns), exact)
    marks.printed(right, np.degrees(turns), bound)
    marks.measured(right, np.degrees(TURNS), data["bends"])
    right.fill_between(
        np.degrees(turns), bound, exact, where=exact > bound, color=marks.PRINTED, alpha=0.25, lw=0
    )
    marks.label(right, (-12, 0.52), "true", marks.THEORY, ha="center")
    marks.label(right, (19, 0.62), "plain", marks.PRINTED, ha="right", fontsize=7.5)
    right.set(xlabel="angle of $h$, degrees", ylabel="curvature along $d$")
    right.set(xticks=(-30, 0, 30), ylim=(-0.03, 1.05))
    right.set_title("eq. (11), $H = hh'$", weight="normal")
