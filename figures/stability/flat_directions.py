"""Softmax leaves some directions flat. Left: absolute eigenvalues of the Hessian are drawn for a
tanh net of 8 hidden values and 4 classes. n + 1 = 9 of them are zero to rounding, which is the
line. Middle: the loss of a net of two layers is drawn along the gradient of the sum of all its
outputs, without the slope of the line. Points are the loss. The line is the parabola of its
curvature, s'(diag p - pp')s, and the dashed line is flat, as printed. In the outputs their common
shift is flat (grey). Right: the curvature of the loss of two classes, along a motion of one output,
is drawn against the lead of that output. The line is the closed form p(1 - p). Points are second
derivatives of the loss, and crosses are the curvature by a Hessian product."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient, derivative
from sim.stability.draws import SmallNet, cross_entropy, line, one_hot
from sim.stability.softmax import TwoLayers
from theory import stability

SOURCE = cite("page2019", "exactly flat direction in the direction of the overall shift")
SHOWS = (
    stability.flat_directions,
    stability.common_shift_curvature,
    stability.output_hessian,
    stability.hessian_product,
)

W, HIDDEN = np.array([[1.0], [0.0]]), np.array([1.0])
LEADS = np.linspace(-5, 5, 11)


def data(scale: Scale) -> dict:
    """A spectrum, a line of losses, and second derivatives."""
    rng = np.random.default_rng(0)
    net = SmallNet(rng.normal(size=(5, 100)), one_hot(rng, 4, 100), 8)
    H = net.hessian(net.start(rng, 0.7))
    steps = np.linspace(-0.6, 0.6, 13)

    two, theta = TwoLayers(2, 1), np.concatenate([W.ravel(), HIDDEN])
    along = line(two.loss, theta, complex_gradient(two.total, theta))
    in_outputs = line(partial(cross_entropy, target=np.eye(2)[0]), W @ HIDDEN, np.ones(2))
    start, slope = along(0.0), derivative(along, 0.125)
    curvatures = [
        derivative(
            line(partial(cross_entropy, target=np.zeros(2)), np.array([x, 0]), np.eye(2)[0]),
            0.25,
            2,
        )
        for x in LEADS
    ]
    return {
        "sizes": np.sort(np.abs(np.linalg.eigvalsh((H + H.T) / 2))),
        "steps": steps,
        "rise": np.array([along(t) - start - slope * t for t in steps]),
        "shifted": np.array([in_outputs(t) - start for t in steps]),
        "curvatures": curvatures,
        "note": "left: random weights, 100 examples; middle: W = (1, 0)', h = 1",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw zeros, a parabola that should be flat, and the variance of softmax."""
    fig.set_size_inches(6.8, 2.7)
    left, middle, right = fig.subplots(1, 3)
    sizes = np.maximum(data["sizes"], 1e-18)
    ranks = np.arange(1, len(sizes) + 1)
    flat = stability.flat_directions(n=8, M=4)
    marks.measured(left, ranks, sizes, markersize=1.8)
    left.axvline(flat + 0.5, color=marks.THEORY)
    marks.label(left, (flat + 2.5, 1e-13), "$n + 1 = 9$", marks.THEORY)
    left.set(yscale="log", xlabel="rank, from the smallest", ylabel="|eigenvalue|")
    left.set(ylim=(1e-19, 10), yticks=(1e-18, 1e-12, 1e-6, 1))

    fine = np.linspace(-0.6, 0.6, 50)
    bend = stability.common_shift_curvature(W_out=W, hidden=HIDDEN)
    marks.theory(middle, fine, bend * fine**2 / 2)
    printed = stability.common_shift_curvature.twins["printed: exactly flat"]
    marks.printed(middle, fine, printed(W_out=W, hidden=HIDDEN) * fine)
    marks.measured(middle, data["steps"], data["rise"])
    marks.measured(middle, data["steps"], data["shifted"], colour=marks.QUIET, markersize=2)
    marks.label(middle, (0, 0.033), "parameters", marks.THEORY, ha="center")
    marks.label(middle, (0, -0.006), "printed, and outputs", marks.PRINTED, ha="center")
    middle.set(xlabel="step along the direction", ylabel="loss less its tangent")
    middle.set(ylim=(-0.011, 0.045))

    fine = np.linspace(-6, 6, 80)
    along = [stability.output_hessian(outputs=[x, 0.0], velocity=[1.0, 0.0])["along"] for x in fine]
    marks.theory(right, fine, along)
    products = [stability.hessian_product(outputs=[x, 0.0], velocity=[1.0, 0.0])[0] for x in LEADS]
    marks.measured(right, LEADS, data["curvatures"])
    marks.measured(right, LEADS, products, fmt="x", colour=marks.SECOND, markersize=6)
    marks.label(right, (1.6, 0.21), "$p(1-p)$", marks.THEORY)
    right.set(xlabel="lead of an output", ylabel="curvature", ylim=(0, 0.28))
