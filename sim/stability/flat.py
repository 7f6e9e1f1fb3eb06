"""Softmax leaves the loss of a net flat in some directions."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient, derivative
from sim.evidence import Evidence, Exact, Rounded, at
from sim.stability.draws import SmallNet, line, nets
from sim.stability.softmax import TwoLayers, magnitude
from sim.table import simulates
from theory import stability

Generator = np.random.Generator


def flat_count(net: SmallNet, theta: np.ndarray) -> int:
    """The dimension of the kernel of the last layer's part of the Hessian."""
    values = np.linalg.eigvalsh(net.hessian(theta)[-net.last :, -net.last :])
    return int(np.sum(np.abs(values) <= 1e-12 * np.abs(values).max()))


@simulates(stability.flat_directions, unit="net")
def flat_directions(rng: Generator, scale: Scale) -> list[Evidence]:
    """Zero eigenvalues of the last layer's Hessian at random parameters, and a product H d.

    d adds one vector to every row of that layer, in the parameters of the whole net.
    """
    checks: list[Evidence] = []
    for net in nets(rng, ((3, 4, 3, 40), (2, 6, 2, 60), (4, 0, 5, 40))):
        theta, M = net.start(rng, 0.7), len(net.target)
        n = net.width or len(net.X)
        checks.append(Exact(at(n=n, M=M), flat_count(net, theta)))
        # The flat directions themselves: their curvature and slope are nought beside all others.
        H = net.hessian(theta)
        still = 0
        for added in np.eye(n + 1):
            d = np.zeros(net.size)
            d[-net.last :] = np.tile(added, M)
            still += np.linalg.norm(H @ d) <= 1e-13 * np.linalg.norm(H) * np.linalg.norm(d)
        checks.append(Exact(at(n=n, M=M), still))
    return checks


@simulates(stability.common_shift_curvature, unit="layer")
def common_shift_curvature(rng: Generator, scale: Scale) -> list[Evidence]:
    """The second derivative of the loss along the gradient of the sum of all outputs.

    The gradient is found by complex steps.
    """
    checks: list[Evidence] = []
    for M, n in ((2, 1), (3, 4), (5, 2)):
        W, h = rng.normal(size=(M, n)) / n, rng.normal(size=n)
        net = TwoLayers(M, n)
        theta = np.concatenate([W.ravel(), h])
        d = complex_gradient(net.total, theta)
        radius = 0.25 / (1 + float(np.linalg.norm(d)))
        curvature = derivative(line(net.loss, theta, d), radius, 2)
        size = magnitude(net.outputs(theta)) * 4 / radius**2
        checks.append(Rounded(at(W_out=W, hidden=h), curvature, size))
    return checks
