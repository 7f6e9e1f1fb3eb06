"""The number of images in batch norm's statistics is varied, by groups and by batches.

First, one batch of 128 is normalised in smaller and smaller groups. The noise of their statistics
raises the training loss. Second, the batches themselves are small. In a batch of two images a
standardised unit says only which image has more, and the hidden layers have no gradient at all. In
small batches a net with batch norm learns less than a net without batch norm. On textures this is
so at 32 images, too.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Active, recording
from theory import normalisation

VERSION = 2
SOURCE = cite("grosse2021", "Stochastic regularization effect caused by noisy estimates")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, and the sizes of groups and batches.

    ``whole``: the batch that is cut into ``groups``, for ``group_epochs`` epochs.
    ``batches``: the batches, for ``batch_epochs`` epochs at the rate 0.1 sqrt(batch/100).
    ``orders``: the number of orders of the images in the null.
    """
    return protocol.configuration(scale) | {
        "whole": scale.pick(16, 128, 128),
        "groups": scale.pick([16, 4, 2], [128, 32, 8, 4, 2], [128, 32, 8, 4, 2]),
        "batches": scale.pick([2, 16], [2, 4, 8, 32], [2, 4, 8, 32]),
        "group_epochs": scale.pick(1, 10, 10),
        "batch_epochs": scale.pick(1, 3, 3),
        "orders": scale.pick(2, 5, 5),
        "rate": 0.1,
    }


def run(context: Context) -> Arrays:
    """The outcomes for each size of group and each size of batch.

    "groups" and "batches": the sizes.
    "groups:loss" (groups,): the final loss.
    "groups:test_loss" and "groups:accuracy": on test images, with the training images' statistics.
    "orders:loss" (orders,): the final loss of whole batches in several orders.
    "<active or none>:loss" (batches,): the final loss.
    "<active or none>:mark" (batches,): the number of the ``Outcome``.
    The mark is 0 if the run trained.
    "gradient" (batches,): |hidden layers' first gradient|/|output layer's|, batch norm without eps.
    """
    context = prepared(context)
    stages = {
        "groups": partial(_groups, context),
        "orders": partial(_orders, context),
        "active": partial(_batches, "active", context),
        "none": partial(_batches, "none", context),
    }
    arrays: Arrays = {name: np.array(context.config[name]) for name in ("groups", "batches")}
    for name, compute in stages.items():
        measured = context.stage(name, compute)
        arrays |= {f"{name}:{quantity}": column for quantity, column in measured.items()}
    hidden = [_hidden_gradient(batch, context) for batch in context.config["batches"]]
    return arrays | {"gradient": np.array(hidden)}


def _grouped(group: int, context: Context) -> Trained:
    config = context.config
    recipe = protocol.dense(
        config,
        batch=config["whole"],
        norm="ghost",
        group=group,
        rate=config["rate"],
        epochs=config["group_epochs"],
    )
    return protocol.trained(recipe, context, ())


def _groups(context: Context) -> Arrays:
    """The outcome of each group. Test images have the statistics of all training images."""
    runs = [_grouped(group, context) for group in context.config["groups"]]
    tests = [_test(run, context.data) for run in runs]
    return final_loss.results(runs) | {
        "test_loss": np.array([loss for loss, _ in tests]),
        "accuracy": np.array([accuracy for _, accuracy in tests]),
    }


def _test(run: Trained, data: Dataset) -> tuple[float, float]:
    """The loss and the accuracy on the test images."""
    whole, seen = recording(Active(run.problem.norm.eps))
    run.problem.with_norm(whole).outputs(run.state.weights, images.whole(data)[0])
    fixed = run.problem.with_norm(whole.frozen(seen))
    x, targets = images.whole(data, "test")
    outputs = fixed.outputs(run.state.weights, x)
    hits = outputs.argmax(-1) == data.y_test
    return float(run.problem.loss(outputs, targets)), float(hits.mean())


def _orders(context: Context) -> Arrays:
    """The final losses from one start, with the images in other orders."""
    config = context.config
    recipe = protocol.dense(
        config, batch=config["whole"], rate=config["rate"], epochs=config["group_epochs"]
    )
    start = protocol.start(recipe, context)
    several = [
        protocol.trained(recipe, replace(context, seed=context.seed + 1000 * i), (), start)
        for i in range(1, config["orders"] + 1)
    ]
    return {"loss": np.array([run.loss for run in several])}


def _batches(norm: Any, context: Context) -> Arrays:
    config = context.config
    runs = []
    for batch in config["batches"]:
        recipe = protocol.dense(
            config,
            batch=batch,
            norm=norm,
            rate=config["rate"] * (batch / 100) ** 0.5,
            epochs=config["batch_epochs"],
        )
        runs.append(protocol.trained(recipe, context, ()))
    return final_loss.results(runs)


def _hidden_gradient(batch: int, context: Context) -> float:
    """|hidden layers' gradient|/|output layer's gradient| on the first ``batch`` images."""
    recipe = protocol.dense(context.config, eps=0.0, dtype="float64")
    weights = protocol.weights(recipe, context)
    x, targets = images.whole(context.data, dtype="float64")
    problem = protocol.problem(recipe, context.data)
    gradient = problem.linearise(weights, x[:batch], targets[:batch]).grad()
    *hidden, last = (float(np.linalg.norm(to_host(g))) for g in gradient.values())
    return float(np.linalg.norm(hidden)) / last


def least_rise(name: str) -> Measure:
    """The least difference between a loss and the loss before it, above 0 where all rise."""
    return lambda arrays: float(np.diff(arrays[f"{name}:loss"]).min())


def _over_none(*batches: int) -> Measure:
    """The loss with batch norm minus the loss without, the least over these ``batches``."""

    def measure(arrays: Arrays) -> float:
        excess = arrays["active:loss"] - arrays["none:loss"]
        return float(excess[np.isin(arrays["batches"], batches)].min(initial=np.inf))

    return measure


def _best_group(arrays: Arrays) -> float:
    """The group with the lowest test loss."""
    return float(arrays["groups"][np.argmin(arrays["groups:test_loss"])])


def _most_accurate_group(arrays: Arrays) -> float:
    return float(arrays["groups"][np.argmax(arrays["groups:accuracy"])])


def _gradient_of(batch: int) -> Measure:
    return lambda arrays: float(arrays["gradient"][list(arrays["batches"]).index(batch)])


#: The nulls: whole batches in other orders, a batch that is no longer small, a batch larger than
#: two.
OBSERVATIONS = (
    Observation(
        "small_batches.loss_rises_as_groups_shrink",
        says=(
            "The final training loss of the net with batch norm is larger for each smaller size of "
            "the groups that share statistics."
        ),
        band=(0, np.inf),
        measure=least_rise("groups"),
        null=least_rise("orders"),
    ),
    Observation(
        "small_batches.group_of_the_lowest_test_loss",
        says="The size of the groups with the lowest test loss of the net with batch norm.",
        band=None,
        measure=_best_group,
    ),
    Observation(
        "small_batches.group_of_the_highest_test_accuracy",
        says="The size of the groups with the highest test accuracy of the net with batch norm.",
        band=None,
        measure=_most_accurate_group,
    ),
    Observation(
        "small_batches.worse_than_none_at_2_and_4",
        says=(
            "The final loss of the net with batch norm is at least 0.2 above the final loss of the "
            "net without batch norm, in batches of two and of four."
        ),
        band=(0.2, np.inf),
        measure=_over_none(2, 4),
        null=_over_none(32),
    ),
    Observation(
        "small_batches.no_hidden_gradient_of_two",
        says=(
            "The gradient of the hidden layers with batch norm is at most 1e-10 of the output "
            "layer's gradient, on a batch of two images."
        ),
        exact=True,
        band=(0, 1e-10),
        measure=_gradient_of(2),
        null=lambda arrays: float(arrays["gradient"][-1]),
        about=(normalisation.jacobian_rank,),
    ),
)
