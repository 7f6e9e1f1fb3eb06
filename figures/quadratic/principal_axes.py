"""The loss of two weights has principal axes. Left: contours of the excess loss for R =
[[2,1],[1,2]] are drawn around its minimum W*, with the eigenvectors of R. One contour and one point
on it are marked. Middle: the contours are drawn in the coordinates V, and the number is the height
of the marked point. The eigenvectors are the columns of U. The right V = U'(W - W*) takes the
marked contour to a contour, and the point keeps its height. The printed V = U(W - W*), dashed, does
not. Right: the curvature u'Ru is drawn against the angle of the direction u. Points are second
differences of the loss. The curvature stays between the two eigenvalues and reaches them on the
axes."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("whybatchnorm", "V = U(W-W*)")
SHOWS = (
    quadratic.rotation,
    quadratic.diagonal_energy,
    quadratic.directional_curvature,
    quadratic.curvature_bounds,
)

R = np.array([[2.0, 1.0], [1.0, 2.0]])
U = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)  # columns: eigenvectors for 1 and 3
POINT = np.array([1.0, 1.0])
REACH, STEP = 3.2, 1e-3
LEVELS = (0.5, 1.5, 3, 6, 10)


def data(scale: Scale) -> dict:
    """Excess losses on a grid, and second differences of the loss along directions."""
    angles = np.radians(np.arange(0, 181, 15))
    directions = np.stack([np.cos(angles), np.sin(angles)])
    ends = STEP * directions  # the loss is 0 in the middle, and equal at both ends
    side = np.linspace(-REACH, REACH, 121)
    grid = np.stack(np.meshgrid(side, side))
    diagonal = quadratic.diagonal_energy(R=R, U=U, V=[0, 0])["hessian"]
    return {
        "side": side,
        "excess": np.einsum("iab,ij,jab->ab", grid, R, grid) / 2,
        "rotated": np.einsum("iab,ij,jab->ab", grid, diagonal, grid) / 2,
        "angles": angles,
        "curvature": np.einsum("ia,ij,ja->a", ends, R, ends) / STEP**2,
        "note": "no randomness",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw contours before and after the rotation, and the curvature in all directions."""
    fig.set_size_inches(6.4, 2.45)
    before, after, bends = fig.subplots(1, 3)
    height = quadratic.rotation(R=R, U=U, d=POINT)
    turn = np.linspace(0, 2 * np.pi, 300)
    eigenvalues = np.diag(U.T @ R @ U)
    axes = np.sqrt(2 * height / eigenvalues)[:, None] * np.stack([np.cos(turn), np.sin(turn)])
    contour = U @ axes  # {W - W*: excess loss = height}

    for ax, values in ((before, data["excess"]), (after, data["rotated"])):
        ax.contour(data["side"], data["side"], values, LEVELS, colors=marks.QUIET, linewidths=0.6)
        ax.set(aspect="equal", xticks=(-2, 0, 2), yticks=(-2, 0, 2))
    marks.theory(before, *contour)
    marks.measured(before, *POINT)
    for number, (lam, vector) in enumerate(zip(eigenvalues, U.T, strict=True), 1):
        tip = 2.3 * vector
        before.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "->", "lw": 1})
        marks.label(
            before,
            1.22 * tip,
            rf"$u_{number}$, $\lambda = {lam:.0f}$",
            ha="center",
            fontsize=7.5,
        )
    before.set(xlabel="$w_1 - w_1^*$", ylabel="$w_2 - w_2^*$")
    before.set_title("loss over the weights", weight="normal")

    marks.theory(after, *(U.T @ contour))
    marks.measured(after, *(U.T @ POINT))
    marks.printed(after, *(U @ contour))
    after.plot(*(U @ POINT), "s", color=marks.PRINTED, markersize=4)
    for spot, value in (
        (U.T @ POINT, height),
        (U @ POINT, quadratic.rotation.twins["printed: V = U(W - W*)"](R=R, U=U, d=POINT)),
    ):
        marks.label(after, spot, f"{value:.0f}", xytext=(4, 5), textcoords="offset points")
    marks.label(after, (-2.9, 2.8), "$U'(W-W^*)$", marks.THEORY)
    marks.label(after, (-2.9, -2.7), "printed: $U(W-W^*)$", marks.PRINTED)
    after.set(xlabel="$v_1$", ylabel="$v_2$")
    after.set_title("on the principal axes", weight="normal")

    fine = np.radians(np.linspace(0, 180, 91))
    curvature = [
        quadratic.directional_curvature(R=R, u=np.array([np.cos(a), np.sin(a)])) for a in fine
    ]
    marks.theory(bends, np.degrees(fine), curvature)
    marks.measured(bends, np.degrees(data["angles"]), data["curvature"])
    bounds = quadratic.curvature_bounds(R=R, u=[1, 0])
    for side, name, place in (("lower", "min", "top"), ("upper", "max", "bottom")):
        bends.axhline(bounds[side], color=marks.THEORY, lw=0.8, ls=":")
        marks.label(bends, (90, bounds[side]), rf"$\lambda_{{\{name}}}$", marks.THEORY, va=place)
    bends.set(xlabel="angle of $u$, degrees", ylabel="curvature $u'Ru$")
    bends.set(xticks=(0, 45, 90, 135, 180), ylim=(0.6, 3.4), yticks=(1, 2, 3))
    bends.set_box_aspect(1)
    bends.set_title("curvature", weight="normal")
