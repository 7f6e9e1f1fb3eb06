"""The power method finds the eigenvalue of largest absolute value. Left: points are Rayleigh
quotients after each product with a matrix of eigenvalues -3, 2 and 1 (grey), from five random
starts. They go to -3. The dashed line is 2, the maximal eigenvalue. Middle: for two eigenvalues of
ratio 0.8 the tangent of the angle shrinks as 0.8^k, and the error of the eigenvalue as the square
of the tangent. Lines are theory and points are measured. Right: points are Ritz values of Lanczos
after each product, for a matrix of nine eigenvalues, of which five are distinct (grey). They lie
inside the spectrum, and after five products they are all five."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.stability.draws import with_spectrum
from sim.stability.eigenvalues import lanczos, power
from theory import stability

SOURCE = cite("page2019", "a vector proportional to the maximal eigenvector")
SHOWS = (stability.power_method, stability.power_method_rate, stability.ritz_values)

EIGENVALUES, DISTINCT = (-3.0, 2.0, 1.0), (-3.0, -1.0, 0.5, 2.0, 4.0)
LAM, RATIO, TANGENT, STEPS = 2.0, 0.8, 1.5, 20


def data(scale: Scale) -> dict:
    """Products with three matrices."""
    rng = np.random.default_rng(1)
    matrix, _ = with_spectrum(rng, EIGENVALUES)
    starts = rng.normal(size=(5, 3))

    def quotient(matrix: np.ndarray, start: np.ndarray, k: int) -> float:
        v = power(matrix, start, k)
        return float(v @ matrix @ v)

    two, axes = with_spectrum(rng, (LAM, RATIO * LAM))
    start = axes @ np.array([1, TANGENT])
    ends = [power(two, start, k) for k in range(0, STEPS + 1, 2)]
    nine, _ = with_spectrum(rng, (*DISTINCT, -1.0, 2.0, 2.0, 0.5))
    start_of_nine = rng.normal(size=9)
    return {
        "matrix": matrix,
        "quotients": [[quotient(matrix, s, k) for k in range(13)] for s in starts],
        "tangents": [abs(v @ axes[:, 1]) / abs(v @ axes[:, 0]) for v in ends],
        "errors": [LAM - v @ two @ v for v in ends],
        "ritz": [lanczos(nine, start_of_nine, k) for k in range(1, 6)],
        "nine": nine,
        "note": "random eigenvectors and starts",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the eigenvalue that is found, the speed, and Lanczos."""
    fig.set_size_inches(6.8, 2.7)
    left, middle, right = fig.subplots(1, 3)
    steps = np.arange(13)
    for each in EIGENVALUES:
        left.axhline(each, color=marks.QUIET, lw=0.6)
    marks.theory(left, steps, np.full(13, stability.power_method(Hess=data["matrix"])))
    maximal = stability.power_method.twins["the maximal eigenvalue, as where all are positive"]
    left.plot(steps, np.full(13, maximal(Hess=data["matrix"])), color=marks.QUIET, ls="--", lw=1)
    for quotients in data["quotients"]:
        left.plot(steps, quotients, color=marks.MEASURED, lw=0.4)
        marks.measured(left, steps, quotients, markersize=2.2)
    marks.label(left, (12, 2.4), "maximal", marks.QUIET, ha="right")
    marks.label(left, (12, -3.4), r"largest $|\lambda|$", marks.THEORY, ha="right")
    left.set(xlabel="products $k$", ylabel="Rayleigh quotient", ylim=(-3.8, 2.9))

    k = np.arange(STEPS + 1)
    forms = [stability.power_method_rate(lam=LAM, ratio=RATIO, tangent=TANGENT, k=i) for i in k]
    marks.theory(middle, k, [form["tangent"] for form in forms])
    marks.theory(middle, k, [form["error"] for form in forms], marks.SECOND)
    marks.measured(middle, k[::2], data["tangents"])
    marks.measured(middle, k[::2], data["errors"], colour=marks.SECOND)
    marks.label(middle, (11, 0.35), "angle", marks.THEORY)
    marks.label(middle, (1, 0.004), "eigenvalue", marks.SECOND)
    middle.set(yscale="log", xlabel="products $k$", ylabel="tangent, error")

    for each in DISTINCT:
        right.axhline(each, color=marks.QUIET, lw=0.6)
    bounds = stability.ritz_values(Hess=data["nine"])
    marks.band(right, (0.6, 5.4), bounds["lower"], bounds["upper"])
    for number, ritz in enumerate(data["ritz"], 1):
        marks.measured(right, np.full(len(ritz), number), ritz)
    right.set(xlabel="Lanczos steps", ylabel="Ritz values", xlim=(0.6, 5.4), ylim=(-3.7, 4.7))
