"""The leading eigenvalues of the loss's Hessian, in the middle of training, of the net with batch
norm, of the same net with its batch norm frozen, and of the net without: batch norm makes them
smaller by an order of magnitude, as long as it is active.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.errors import UsageError
from companion.progress import track
from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.curvature import Batches, hessian, lanczos
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.nets import Recipe, Trained, trained
from deepnet.experiments.store import Arrays
from deepnet.training import evaluate, in_eval

VERSION = 2
SOURCE = cite("page2019", "leading eigenvalues of the Hessian")
SMOOTHING = 0.5
#: Batches whose passes are kept in memory between Hessian products.
KEEP = 2


def configuration(scale: Scale) -> dict[str, Any]:
    """Net, training and spectrum; ``full`` is the post's own.

    All scales stop half-way, where the rate is still high, and the peaks of ``quick`` are the
    post's for its smaller batch, 5.0 and 0.2 times 128/512.
    """
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "width": scale.pick("1/32", "1/8", "1"),
        "epochs": scale.pick(4, 10, 20),
        "stop": scale.pick(2, 5, 10),
        "batch": scale.pick(16, 128, 512),
        "peak_active": scale.pick(1.25, 1.25, 5.0),
        "peak_none": scale.pick(0.05, 0.05, 0.2),
        "examples": scale.pick(32, 512, 20_480),
        "examples_batch": scale.pick(16, 256, 256),
        "top": scale.pick(2, 15, 25),
        "products": scale.pick(6, 60, 200),
    }


def run(config: Mapping[str, Any], context: Context) -> Arrays:
    """For active, frozen and none: eigenvalues, residuals, products; the nets' test accuracy.

    Raises UsageError where there are too few images.
    """
    needed, data = 2 * config["examples"], context.data
    if len(data.x_train) < needed:
        raise UsageError(f"{data.name} has {len(data.x_train)} training images; give {needed}")
    active, none = (_trained(norm, config, context) for norm in ("active", "none"))
    frozen = replace(active, problem=in_eval(active.problem, active.state.statistics))
    nets = {"active": active, "frozen": frozen, "none": none, "frozen_elsewhere": frozen}
    arrays: Arrays = {}
    for name, net in nets.items():
        stage = partial(_spectrum, name, net, config, context)
        found = context.stage(f"spectrum-{name}", stage)
        arrays |= {f"{name}:{what}": array for what, array in found.items()}
    for name, net in (("active", active), ("none", none)):
        score = evaluate(net.problem, net.state, data)
        arrays[f"{name}:test_accuracy"] = np.array(score.accuracy)
        arrays[f"{name}:diverged"] = np.array(net.state.diverged)
        arrays[f"{name}:training_loss"] = np.array(net.state.records["loss"])
    return arrays


def _trained(norm: Literal["active", "none"], config: Mapping[str, Any], at: Context) -> Trained:
    shared = {name: config[name] for name in ("width", "epochs", "stop", "batch")}
    recipe = Recipe(norm=norm, peak=config[f"peak_{norm}"], smoothing=SMOOTHING, **shared)
    return trained(recipe, at)


def _spectrum(name: str, net: Trained, config: Mapping[str, Any], context: Context) -> Arrays:
    """The top eigenpairs over training images as they are; ``frozen_elsewhere`` over others."""
    elsewhere = name == "frozen_elsewhere"
    top = 1 if elsewhere else config["top"]
    data = _batches(context.data, config, config["examples"] if elsewhere else 0)
    pairs = lanczos(
        hessian(Batches(net.problem, net.state.weights, data, KEEP)),
        np.random.default_rng([context.seed, 2**32 + 1]),
        top,
        products=config["products"],
        watch=partial(track, total=config["products"], what=f"Hessian products, {name}"),
    )
    counted = np.array(pairs.products)
    return {"eigenvalues": pairs.values, "residuals": pairs.residuals, "products": counted}


def _batches(data: Dataset, config: Mapping[str, Any], start: int) -> list[tuple[Any, Any]]:
    """Batches of as many training images as the configuration says, from number ``start`` on."""
    size, batches = config["examples_batch"], config["examples"] // config["examples_batch"]
    found = []
    for i in range(batches):
        rows = slice(start + i * size, start + (i + 1) * size)
        x = data.normalised(data.x_train[rows])
        targets = ops.smoothed(data.y_train[rows], data.classes, SMOOTHING, x.dtype)
        found.append((x, targets))
    return found


def _ratio(above: str, below: str) -> Callable[[Arrays], float]:
    """How many times the top eigenvalue of ``below`` that of ``above`` is."""

    def ratio(arrays: Arrays) -> float:
        return float(arrays[f"{above}:eigenvalues"][0] / arrays[f"{below}:eigenvalues"][0])

    return ratio


#: "One to two orders of magnitude", with room below for small nets. The null is the frozen net on
#: other images: what differs by chance alone.
OBSERVATIONS = (
    Observation(
        "leading_eigenvalues.frozen_over_active",
        band=(5, 100),
        measure=_ratio("frozen", "active"),
        null=_ratio("frozen", "frozen_elsewhere"),
    ),
    Observation(
        "leading_eigenvalues.none_over_active",
        band=(5, 100),
        measure=_ratio("none", "active"),
        null=_ratio("frozen", "frozen_elsewhere"),
    ),
)
