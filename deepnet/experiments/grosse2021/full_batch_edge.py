"""The largest curvature is followed along full-batch descent to the edge of stability.

This is an aside of the lecture. Descent takes all examples at once, with tanh and the square loss.
The largest curvature rises to the threshold that the rate allows, 2/eta, and stays near it. The
loss continues to fall, but not at every step. The curvature of a run with a higher threshold rises
past this level without a stop. With batch norm the largest curvature stays about a fifth above the
threshold. The steps bend with the function, and the largest curvature along a step is 2/eta there
too.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.observed import full_batch_edge as observed
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.edge_settings import SETTINGS, Setting
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.step_curvature import along
from deepnet.experiments.store import Arrays
from deepnet.training import SGD, train
from deepnet.training.train import TrainingStep
from deepnet.watch import Sharpness, every

VERSION = 2
SOURCE = cite("grosse2021", "Gradient descent in neural networks typically occurs at the edge")
OBSERVATIONS = observed.OBSERVATIONS


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with 1,500 steps on 1,000 images at quick.

    ``every``: the number of steps from one record to the next.
    ``products``: the largest number of Hessian products per record.
    ``tolerance``: fewer products are taken once the residual is within this share of the curvature.
    """
    return protocol.configuration(scale) | {
        "train": scale.pick(64, 1000, 5000),
        "steps": scale.pick(4, 1500, 5000),
        "every": scale.pick(2, 50, 50),
        "products": scale.pick(4, 15, 30),
        "tolerance": scale.pick(0.01, 0.01, 1e-3),
    }


def run(context: Context) -> Arrays:
    """The curvature and the loss along each run of ``SETTINGS``, by name.

    "<run>:sharpness", "<run>:residual" (records,): the largest curvature and its residual.
    "<run>:along" (records,): the largest curvature on the segment to the next step.
    "<run>:step" (records,), "<run>:loss" (steps,), "<run>:diverged".

    Raises UsageError where the data have fewer images than the configuration.
    """
    images.require(context.data, context.config["train"])
    context = prepared(context)
    arrays: Arrays = {}
    for name, setting in SETTINGS.items():
        compute = partial(_descended, setting, context)
        records = context.stage("".join(c if c.isalnum() else "-" for c in name), compute)
        arrays |= {f"{name}:{quantity}": column for quantity, column in records.items()}
    return arrays


def _descended(setting: Setting, context: Context) -> Arrays:
    config, data = context.config, context.data
    recipe = protocol.dense(
        config,
        batch=len(data.x_train),
        activation="tanh",
        norm=setting.norm,
        rate=setting.rate,
        epochs=config["steps"],
        rule=SGD(momentum=setting.beta),
    )
    problem = replace(protocol.problem(recipe, data), loss=ops.mean_squared_error)
    training = protocol.training(recipe, context)
    whole = [images.whole(data)]
    sharpness = Sharpness(
        problem,
        whole,
        products=config["products"],
        tolerance=config["tolerance"],
        seed=context.seed,
    )
    count = config["every"]
    hooks = (
        _loss,
        every(count, 1, sharpness),
        every(count, 1, partial(along, problem, whole[0]), "along"),
    )
    *_, state = train(problem, data, training, protocol.start(recipe, context), hooks)
    records = {name: np.array(column) for name, column in state.records.items()}
    return {
        "sharpness": records["sharpness"],
        "residual": records["sharpness:residual"],
        "step": records["watched:step"],
        "along": records["along"],
        "loss": records["loss"],
        "diverged": np.array(state.diverged),
    }


def _loss(step: TrainingStep) -> dict[str, float]:
    return {"loss": float(step.loss)}
