"""The two parts of a net's Hessian, the rank of the first part, and outliers of softmax
regression."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient, derivative
from sim.evidence import Bounded, Evidence, Exact, Form, Rounded, at
from sim.stability.draws import SmallNet, cross_entropy, line, nets, one_hot, probabilities, sides
from sim.table import simulates
from theory import stability

Generator = np.random.Generator


@simulates(stability.curvature_split, unit="line in a net's parameters")
def curvature_split(rng: Generator, scale: Scale) -> list[Evidence]:
    """Second derivatives of a tanh net's loss, for each example, along random lines.

    They are taken of the whole loss, and of the Gauss-Newton part alone, for which the outputs move
    straight on.
    """
    checks: list[Evidence] = []
    radius = 1 / 16
    for net in nets(rng, ((2, 3, 3, 4), (3, 4, 2, 3))):
        theta, d = net.start(rng, 0.5), net.start(rng, 0.5)

        moving = line(net.outputs, theta, d)
        z, velocity, acceleration = (derivative(moving, radius, order) for order in (0, 1, 2))
        whole = derivative(line(net.losses, theta, d), radius, 2)
        straight = derivative(
            line(partial(cross_entropy, target=net.target), z, velocity), radius, 2
        )
        size = 64 / radius**2 * (1 + np.abs(z).max() + np.abs(acceleration).max()) ** 2
        for b in range(net.X.shape[1]):
            values = {
                "outputs": z[:, b],
                "velocity": velocity[:, b],
                "acceleration": acceleration[:, b],
                "target": net.target[:, b],
            }
            checks.append(Rounded(at("gauss_newton", **values), straight[b], size))
            checks.append(Rounded(at("residual", **values), whole[b] - straight[b], size))
    return checks


def gauss_newton(net: SmallNet, theta: np.ndarray) -> np.ndarray:
    """A square root of the Gauss-Newton matrix. The slopes of the outputs are complex steps."""
    slopes = complex_gradient(net.outputs, theta)
    return curved(slopes, probabilities(net.outputs(theta)))


def curved(slopes: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Slopes of each output at each example, times a root of the curvature in the outputs.

    With s the roots of p, diag(p) - pp' = (diag(s) - ps')(diag(s) - ps')'. The null direction of
    this root is null to rounding, and not only to the root of rounding.
    """
    columns = []
    for b, p in enumerate(chances.T):
        columns.append(slopes[:, :, b] @ (np.diag(np.sqrt(p)) - np.outer(p, np.sqrt(p))))
    return np.concatenate(columns, axis=1)


@simulates(stability.gauss_newton_rank, unit="net")
def gauss_newton_rank(rng: Generator, scale: Scale) -> list[Evidence]:
    """Ranks of Gauss-Newton matrices of three kinds of models.

    The models are nets with more parameters than examples and classes, softmax regression, whose
    flat directions leave less rank, and a model of a single parameter.
    """
    values, ranks = [], []
    sizes = ((4, 6, 3, 2), (3, 5, 4, 5), (3, 8, 2, 7), (5, 4, 10, 1), (2, 0, 3, 9))
    for net in nets(rng, sizes * scale.pick(1, 2, 10)):
        root = gauss_newton(net, net.start(rng))
        floor = 1e-12 * np.linalg.norm(root, 2)
        ranks.append(int(np.linalg.matrix_rank(root, tol=floor)))
        values.append({"P": net.size, "B": net.X.shape[1], "M": len(net.target)})
    few, ranks_of_few = [], []
    for M, B in ((2, 3), (5, 4)):  # a single parameter
        slopes = rng.normal(size=(1, M, B))
        root = curved(slopes, probabilities(rng.normal(size=(M, B))))
        ranks_of_few.append(int(np.linalg.matrix_rank(root)))
        few.append({"P": 1, "B": B, "M": M})
    return [
        Bounded(sides(values), ranks, 1.0, draws=len(values)),
        Bounded(sides(few), ranks_of_few, 1.0, draws=len(few)),
    ]


def regression(rng: Generator, mu: np.ndarray, M: int) -> np.ndarray:
    """Eigenvalues, rising, of the Hessian of softmax regression without biases at weights zero.

    The inputs have the mean ``mu`` and the identity as covariance, both exactly.
    """
    N = len(mu)
    B = 4 * N
    noise = rng.normal(size=(B, N))
    noise = np.linalg.qr(noise - noise.mean(axis=0))[0].T * np.sqrt(B)
    net = SmallNet(mu[:, None] + noise, one_hot(rng, M, B), 0)
    H = net.hessian(np.zeros(net.size)).reshape(M, N + 1, M, N + 1)[:, :N, :, :N]
    return np.linalg.eigvalsh(H.reshape(M * N, M * N))


@simulates(stability.class_outliers, unit="data set")
def class_outliers(rng: Generator, scale: Scale) -> list[Evidence]:
    """All eigenvalues of Hessians of softmax regression, by complex steps of its gradient."""
    checks: list[Evidence] = []
    for N, M in ((5, 4), (3, 2), (6, 10)):
        mu = rng.normal(size=N) + 1
        eigenvalues = regression(rng, mu, M)
        top = eigenvalues[-1]
        size = float(4 * N * M * (1 + mu @ mu))
        checks.append(Rounded(at("outlier", mu=mu, M=M), top, size))
        checks.append(Exact(at("outliers", mu=mu, M=M), int(np.sum(eigenvalues > (1 + 1e-9) / M))))
        checks.append(Exact(at("zeros", mu=mu, M=M), int(np.sum(np.abs(eigenvalues) < 1e-9 / M))))
        others = eigenvalues[(eigenvalues > 1e-9 / M) & (eigenvalues < (1 + 1e-9) / M)]
        checks.append(Rounded(at("bulk", mu=mu, M=M), others, size))

        def whole(form: Form, mu: np.ndarray = mu, M: int = M, N: int = N) -> float:
            """The sum of all eigenvalues, which counts the bulk too."""
            value = form(mu=mu, M=M)
            rest = N * M - value["zeros"] - value["outliers"]
            return float(value["outliers"] * value["outlier"] + rest * value["bulk"])

        checks.append(Rounded(whole, float(eigenvalues.sum()), N * M * size))
    return checks
