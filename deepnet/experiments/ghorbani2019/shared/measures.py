"""Measurements of a net at a moment of its training are taken once, stored, and read by panels."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.curvature import Batches, Quadrature, batch_gradients, hessian, quadrature, repeated
from deepnet.curvature.gauss_rule import GaussRule
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.protocol import Moment
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import KEEP, VERSION_OF_TRAINING, Trained

#: Raised when the same net gives other measurements.
VERSION_OF_MEASURES = 3
#: The names under which a quadrature is stored.
QUADRATURE = ("nodes", "weights", "half_nodes", "half_weights", "size", "multiplicity")
#: The number of leading eigenpairs, and the numbers of them into which gradients are projected.
TOP = 20
COUNTS = (1, 2, 5, 10, 20)
#: The number that is compared: the number of classes of the paper's images.
LEADING = 10


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, and the number of ``products`` for the eigenpairs."""
    return protocol.configuration(scale) | {"products": scale.pick(22, 100, 300)}


def batches(net: Trained, context: Context, size: int | None = None, keep: int = KEEP) -> Batches:
    """The loss of ``net`` over the Hessian's images, the first ones, in batches of ``size``."""
    parts = images.in_turn(context.config["examples"], size or context.config["examples_batch"])
    return net.batches([images.batch(context.data, rows) for rows in parts], keep)


def eigenpairs(
    moment: Moment,
    context: Context,
    top: int = TOP,
    size: int | None = None,
) -> Arrays:
    """The largest algebraic eigenvalues of the Hessian with their vectors and residuals.

    The result is {values (k,), vectors (n, k) in float32, residuals (k,), products, certain}. Each
    eigenvalue is listed as often as it occurs. ``certain`` says whether none is missing. The
    Hessian is the Hessian of the mean loss over its images, in batches of ``size``.
    """
    config = context.config
    size = size or config["examples_batch"]

    def compute() -> Arrays:
        net = protocol.net(moment, context)
        pairs, certain = repeated(
            context.checkpointed(hessian(batches(net, context, size)), net.state.weights),
            context.rng("lanczos"),
            top,
            products=config["products"],
            watch=partial(
                track, total=config["products"], what=f"Hessian products, {_label(moment)}"
            ),
        )
        return {
            "values": pairs.values,
            "vectors": pairs.vectors.astype("float32"),
            "residuals": pairs.residuals,
            "products": np.array(pairs.products),
            "certain": np.array(certain),
        }

    return context.shared(
        "leading",
        compute,
        **_identity(moment, config),
        top=top,
        size=size,
        products=config["products"],
    )


def spectrum(moment: Moment, context: Context) -> Quadrature:
    """The quadrature of the Hessian from ``probes`` probes of ``steps`` steps each."""
    config = context.config

    def compute() -> Arrays:
        net = protocol.net(moment, context)
        total = config["probes"] * config["steps"]
        estimate = quadrature(
            context.checkpointed(hessian(batches(net, context)), net.state.weights),
            context.rng("probes"),
            config["probes"],
            config["steps"],
            watch=partial(track, total=total, what=f"density, {_label(moment)}"),
        )
        return to_arrays(estimate)

    sizes = {name: config[name] for name in ("probes", "steps")}
    return from_arrays(context.shared("spectrum", compute, **_identity(moment, config), **sizes))


def to_arrays(estimate: Quadrature) -> Arrays:
    """The arrays of a quadrature, as they are stored."""
    return {
        "nodes": estimate.rule.nodes,
        "weights": estimate.rule.weights,
        "half_nodes": estimate.half.nodes,
        "half_weights": estimate.half.weights,
        "size": np.array(estimate.size),
        "multiplicity": estimate.multiplicity,
    }


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Quadrature:
    """The quadrature of ``to_arrays``."""
    return Quadrature(
        GaussRule(arrays["nodes"], arrays["weights"]),
        GaussRule(arrays["half_nodes"], arrays["half_weights"]),
        int(arrays["size"]),
        arrays["multiplicity"],
    )


def loss(moment: Moment, context: Context) -> float:
    """The mean loss over all training images, in batches of the Hessian's size.

    This is the function whose Hessian is taken. Only the number of images differs.
    """
    config = context.config

    def compute() -> Arrays:
        net, data, total = protocol.net(moment, context), context.data, 0.0
        for rows in images.in_turn(len(data.x_train), config["examples_batch"]):
            x, targets = images.batch(data, rows)
            outputs: Any = net.problem.outputs(net.state.weights, x)
            total += float(net.problem.loss(outputs, targets)) * len(x)
        return {"loss": np.array(total / len(data.x_train))}

    return float(context.shared("loss", compute, **_identity(moment, config))["loss"])


def stochastic_gradients(
    net: Trained,
    context: Context,
    many: int,
    shuffled: bool = False,
) -> np.ndarray:
    """Gradients of batches of the training's size, (n, many).

    The batches contain none of the Hessian's images. As long as there are images, they share none
    with each other. ``shuffled`` permutes the labels of all batches together.
    """
    data, size = context.data, context.config["batch"]
    rng = context.rng("batches")
    others = np.arange(context.config["examples"], len(data.x_train))
    rows_by_batch: list[np.ndarray] = []
    while len(rows_by_batch) < many:
        drawn = rng.permutation(others)
        rows_by_batch += np.split(drawn[: len(drawn) // size * size], len(drawn) // size)
    chosen = rows_by_batch[:many]
    labels = np.concatenate([to_host(data.y_train)[rows] for rows in chosen])
    if shuffled:
        labels = rng.permutation(labels)
    parts = np.split(labels, many)
    pairs = zip(chosen, parts, strict=True)
    drawn_batches = [images.with_labels(data, rows, part) for rows, part in pairs]
    return batch_gradients(net.problem, net.state.weights, drawn_batches)


def full_gradient(net: Trained, context: Context) -> np.ndarray:
    """The gradient over the Hessian's images, (n,)."""
    gradient = batches(net, context, keep=0).gradient()
    return np.asarray(to_host(gradient))


def _label(moment: Moment) -> str:
    mode = "frozen" if moment.frozen else moment.recipe.norm
    return f"{mode}, epoch {moment.epoch}"


def _identity(moment: Moment, config: Mapping[str, Any]) -> dict[str, Any]:
    """All that a measurement at a moment depends on, without data and seed."""
    return {
        "moment": asdict(moment),
        "examples": [config["examples"], config["examples_batch"]],
        "version": [VERSION_OF_TRAINING, VERSION_OF_MEASURES],
    }
