"""The tasks by our engine: {task: {way: Way}}."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Case, Inputs
from benchmarks.tasks import PROBES, RESIDUAL, STEPS, TOP, Result, Way, eigenvalues
from deepnet.backend import scalar, to_host
from deepnet.curvature import Batches, Eigenpairs, Quadrature, hessian, lanczos, quadrature
from deepnet.device import to_device, tried, usable_cupy
from deepnet.nets.modes import norm_named
from deepnet.ops.blocks import threads
from deepnet.ops.gpu.graphs import Captured
from deepnet.problem import Problem
from deepnet.training import SGD
from deepnet.training.computed import computed
from deepnet.vectors import Weights, from_vector, to_vector

#: The rate of the training step.
RATE = 1e-6


def prepare(device: str) -> int:
    """Return the number of threads. Raises UsageError where the device cannot be used."""
    tried(device)
    return threads()


def wait(device: str) -> None:
    """Wait until the device has done its work."""
    if device == "gpu":
        usable_cupy().cuda.Device().synchronize()


def exact(case: Case, given: Inputs, device: str) -> np.ndarray:
    """The gradient and the product with the first direction, (2, parameters)."""
    batches = _batches(case, given.double.placed(to_device(device)))
    product = hessian(batches) @ given.directions[:, 0].astype(float)
    return np.stack([to_host(batches.gradient()), product])


def tasks(case: Case, given: Inputs, device: str) -> dict[str, dict[str, Way]]:
    """The tasks: training step (heavy ball), gradient, and curvature on a kept pass.

    On a GPU step and product also have the way "captured", which is a CUDA graph with a single
    launch. The step is then all that a training computes. It also tests whether the weights are
    finite.
    """
    directions, given = to_device(device)(given.directions), given.placed(to_device(device))
    targets = given.targets
    net, batches = case.build(), _batches(case, given)
    problem = batches.problem
    ((_, kept),) = batches
    operator, direction = hessian(batches), from_vector(directions[:, 0], net.shapes)
    columns = directions.astype(float)
    rule = SGD(momentum=0.9)
    moving = {"weights": given.weights, "velocity": rule.start(given.weights)}

    def gradient(weights: Weights) -> Weights:
        return problem.linearise(weights, given.images, targets).grad()

    def step() -> Weights:
        slope = gradient(moving["weights"])
        weights, velocity = rule.step(moving["weights"], moving["velocity"], slope, RATE)
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
        "block": Way(lambda: operator.multiply(columns), _last),
        "eigenpairs": Way(top, _pairs),
        "density": Way(density, _ends),
    }
    by_task = {task: {"": way} for task, way in ways.items()}
    if device == "gpu":
        captured = Captured(lambda v: to_vector(kept.hvp(from_vector(v, net.shapes))))
        way = Way(lambda: captured(directions[:, 0]), lambda vector: Result(to_host(vector)))
        by_task["product"]["captured"] = way
        by_task["step"]["captured"] = Way(_captured_step(problem, rule, given), _vector)
    return by_task


def _captured_step(problem: Problem, rule: SGD, given: Inputs) -> Callable[[], Weights]:
    """The step, which goes on from the end of the last step and returns its gradient."""
    captured = Captured(partial(computed, problem, rule), at_once=True)
    rate = scalar(given.images, RATE)
    at = {"weights": given.weights, "velocity": rule.start(given.weights)}

    def step() -> Weights:
        outputs = captured(at["weights"], at["velocity"], given.images, given.targets, rate)
        _, _, slope, weights, velocity, *_ = outputs
        at.update(weights=weights, velocity=velocity)
        return slope

    return step


def _batches(case: Case, given: Inputs) -> Batches:
    problem = Problem(case.build(), norm_named(case.norm, statistics=given.statistics))
    return Batches(problem, given.weights, [(given.images, given.targets)])


def _last(columns: Any) -> Result:
    return Result(to_host(columns[:, -1]))


def _vector(weights: Weights) -> Result:
    return Result(to_host(to_vector(weights)))


def _pairs(eigenpairs: Eigenpairs) -> Result:
    return eigenvalues(eigenpairs.values, eigenpairs.residuals, eigenpairs.products)


def _ends(density: Quadrature) -> Result:
    nodes = density.rule.nodes
    return Result(np.array([nodes.min(), nodes.max()]), {"products": nodes.size})
