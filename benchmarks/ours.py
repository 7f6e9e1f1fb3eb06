"""The tasks by our engine: what to time, each a function that does it once and returns a norm."""

from collections.abc import Callable

import numpy as np

from benchmarks.case import SMOOTHING, Case
from deepnet import ops
from deepnet.nets.norm_mode import Norm
from deepnet.problem import Problem
from deepnet.training import SGD
from deepnet.vectors import to_vector


def tasks(case: Case) -> dict[str, Callable[[], float]]:
    """Training step (heavy ball), gradient, and Hessian product on a kept pass."""
    problem = Problem(case.net, Norm(case.norm, case.statistics))
    kept = problem.linearise(case.weights, case.images, case.targets)
    rule = SGD(momentum=0.9)
    moving = {"weights": case.weights, "velocity": rule.start(case.weights)}

    def size(weights: dict[str, np.ndarray]) -> float:
        return float(np.linalg.norm(to_vector(weights)))

    def step() -> float:
        targets = ops.smoothed(case.labels, 10, SMOOTHING, case.images.dtype)
        slope = problem.linearise(moving["weights"], case.images, targets).grad()
        weights, velocity = rule.step(moving["weights"], moving["velocity"], slope, 1e-6)
        moving.update(weights=weights, velocity=velocity)
        return size(slope)

    return {
        "training step": step,
        "gradient": lambda: size(problem.linearise(case.weights, case.images, case.targets).grad()),
        "Hessian product": lambda: size(kept.hvp(case.direction)),
    }
