"""The tasks by our engine: {task: {way: Way}}."""

import numpy as np

from benchmarks.case import Case, Inputs
from benchmarks.tasks import PROBES, RESIDUAL, STEPS, TOP, Result, Way, eigenvalues
from deepnet.curvature import Batches, Eigenpairs, Quadrature, hessian, lanczos, quadrature
from deepnet.nets.norm_mode import Norm
from deepnet.ops.blocks import threads
from deepnet.problem import Problem
from deepnet.training import SGD
from deepnet.vectors import Weights, from_vector, to_vector


def prepare() -> int:
    """The number of threads."""
    return threads()


def exact(case: Case, given: Inputs) -> np.ndarray:
    """The gradient and the product with the first direction, (2, parameters)."""
    batches = _batches(case, given.double)
    return np.stack([batches.gradient(), hessian(batches) @ given.directions[:, 0]])


def tasks(case: Case, given: Inputs) -> dict[str, dict[str, Way]]:
    """Training step (heavy ball), gradient, and curvature on a kept pass."""
    net, batches = case.build(), _batches(case, given)
    problem = batches.problem
    ((_, kept),) = batches
    operator, direction = hessian(batches), from_vector(given.directions[:, 0], net.shapes)
    rule = SGD(momentum=0.9)
    moving = {"weights": given.weights, "velocity": rule.start(given.weights)}

    def gradient(weights: Weights) -> Weights:
        return problem.linearise(weights, given.images, given.targets).grad()

    def step() -> Weights:
        slope = gradient(moving["weights"])
        weights, velocity = rule.step(moving["weights"], moving["velocity"], slope, 1e-6)
        moving.update(weights=weights, velocity=velocity)
        return slope

    def top() -> Eigenpairs:
        return lanczos(operator, np.random.default_rng(0), TOP, tolerance=RESIDUAL)

    def density() -> Quadrature:
        return quadrature(operator, np.random.default_rng(0), PROBES, STEPS)

    ways = {
        "step": Way(step, _vector),
        "gradient": Way(lambda: gradient(given.weights), _vector),
        "product": Way(lambda: kept.hvp(direction), _vector),
        "block": Way(lambda: operator @ given.directions, lambda found: Result(found[:, -1])),
        "eigenpairs": Way(top, _pairs),
        "density": Way(density, _ends),
    }
    return {task: {"": way} for task, way in ways.items()}


def _batches(case: Case, given: Inputs) -> Batches:
    problem = Problem(case.build(), Norm(case.norm, given.statistics))
    return Batches(problem, given.weights, [(given.images, given.targets)])


def _vector(found: Weights) -> Result:
    return Result(to_vector(found))


def _pairs(found: Eigenpairs) -> Result:
    return eigenvalues(found.values, found.residuals, found.products)


def _ends(found: Quadrature) -> Result:
    nodes = found.rule.nodes
    return Result(np.array([nodes.min(), nodes.max()]), {"products": nodes.size})
