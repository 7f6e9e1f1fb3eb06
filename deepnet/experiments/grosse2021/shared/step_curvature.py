"""The curvature of the loss along a step of descent, as a record of a training."""

import numpy as np

from deepnet.experiments.images import Batch
from deepnet.problem import Problem
from deepnet.training.train import TrainingStep
from deepnet.vectors import to_vector


def along(problem: Problem, whole: Batch, step: TrainingStep) -> dict[str, float]:
    """The largest of d'Hd/|d|^2 at the beginning, the middle and the end of the step d."""
    before, after = step.before, step.after
    d = {name: after[name] - w for name, w in before.items()}
    curvatures = []
    for share in (0.0, 0.5, 1.0):
        point = {name: w + np.float32(share) * d[name] for name, w in before.items()}
        product = problem.linearise(point, *whole).hvp(d)
        curvatures.append(float(to_vector(product) @ to_vector(d)))
    return {"along": max(curvatures) / float(to_vector(d) @ to_vector(d))}
