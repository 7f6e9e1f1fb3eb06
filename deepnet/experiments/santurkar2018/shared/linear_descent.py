"""The descent of the deep linear net, with its records of covariate shift and smoothness."""

from typing import Any

import numpy as np

from companion.progress import track
from deepnet import ops
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import (
    directions,
    layers_of,
    shifts,
    slopes,
    smooth,
)
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import deep_linear
from deepnet.problem import Problem
from deepnet.training import SGD
from deepnet.training.train import TrainingStep
from deepnet.watch import of_covariate_shift

#: The source's steps in multiples of the rate. Over the smallest one, beta tends to |Hg|/|g|.
BAND = (0.01, 0.1, 1.0, 10.0, 30.0)


def half_sum(outputs: Any, targets: Any) -> Any:
    """Half the sum over examples and outputs of squared errors."""
    return ops.scale(ops.mean_squared_error(outputs, targets), by=len(targets))


def problem_of(name: protocol.Name, context: Context) -> Problem:
    """The net with the protocol's norm. It has scales and shifts if it has a norm."""
    depth, units = context.config["depth"], context.config["units"]
    net = deep_linear(depth, units, affine=name != "none")
    return Problem(net, protocol.norm(name, context), half_sum)


def descent(name: protocol.Name, rate: float, context: Context) -> Arrays:
    """Train the net ``name`` at ``rate``, and record ``loss`` (steps + 1,), shifts and slopes.

    Slopes along random directions are "random<i>:<quantity>". Inputs and the matrix to learn are
    standard normal, weights follow the law of glorot2010. All is float64 and depends on the seed
    alone.
    """
    config = context.config
    problem, rng = problem_of(name, context), context.rng("examples")
    x = rng.standard_normal((config["examples"], config["units"]))
    targets = x @ rng.standard_normal((config["units"],) * 2).T
    weights = initialise(problem.net, context.rng("weights"), "glorot_uniform", "float64")
    rule, losses, records = SGD(), [], dict[str, list[float]]()
    memory = rule.start(weights)
    progress = f"steps of the deep linear net, {name}, rate {rate:g}"
    for number in track(range(config["steps"]), config["steps"], progress):
        point = problem.linearise(weights, x, targets)
        gradient = point.grad()
        after, memory = rule.step(weights, memory, gradient, rate)
        losses.append(float(point.loss))
        if number % config["every"] == 0:
            computed = weights, point.loss, point.outputs, gradient, after
            step = TrainingStep(number + 1, rate, problem, x, targets, targets, *computed)
            seen = of_covariate_shift(step)
            seen |= smooth(step, BAND, BAND, directions(context, number, config["directions"]))
            for quantity, value in seen.items():
                records.setdefault(quantity, []).append(value)
        weights = after
    losses.append(float(problem.linearise(weights, x, targets).loss))
    arrays = {"loss": np.array(losses)} | shifts(records, layers_of(problem.net))
    arrays |= slopes(records, BAND)
    for i in range(config["directions"]):
        random = slopes(records, BAND, f"random{i}:")
        arrays |= {f"random{i}:{quantity}": array for quantity, array in random.items()}
    return arrays
