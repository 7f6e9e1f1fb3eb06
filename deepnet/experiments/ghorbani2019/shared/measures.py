"""What several panels read off a net at a moment of its training, each measured once and stored."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.curvature import Batches, Quadrature, batch_gradients, hessian, lanczos, quadrature
from deepnet.curvature.quadrature import GaussRule
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.protocol import Moment
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import KEEP, VERSION_OF_TRAINING, Trained

#: Raised when the same net gives other measurements.
VERSION_OF_MEASURES = 2
#: The number of leading eigenpairs, and the numbers of them in which gradients are projected.
TOP = 20
COUNTS = (1, 2, 5, 10, 20)
#: The number that is compared: the paper's images have ten classes.
LEADING = 10


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's entries, and the number of ``products`` that eigenpairs may take."""
    return protocol.configuration(scale) | {"products": scale.pick(22, 60, 200)}


def batches(net: Trained, context: Context, size: int | None = None, keep: int = KEEP) -> Batches:
    """The loss of ``net`` over the first images, those of the Hessian, in batches of ``size``."""
    parts = images.in_turn(context.config["examples"], size or context.config["examples_batch"])
    return net.batches([images.batch(context.data, rows) for rows in parts], keep)


def eigenpairs(
    moment: Moment,
    context: Context,
    top: int = TOP,
    size: int | None = None,
) -> Arrays:
    """The largest algebraic eigenvalues of the Hessian of the mean loss.

    The loss is over the Hessian's images, in batches of ``size``.

    values, residuals  (k,)
    vectors            (n, k), float32
    products           the number of products taken
    """
    config = context.config
    size = size or config["examples_batch"]

    def compute() -> Arrays:
        net = protocol.net(moment, context)
        pairs = lanczos(
            hessian(batches(net, context, size)),
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
    """The quadrature of the Hessian from ``probes`` probes of ``steps`` steps."""
    config = context.config

    def compute() -> Arrays:
        net = protocol.net(moment, context)
        total = config["probes"] * config["steps"]
        estimate = quadrature(
            hessian(batches(net, context)),
            context.rng("probes"),
            config["probes"],
            config["steps"],
            watch=partial(track, total=total, what=f"density, {_label(moment)}"),
        )
        return to_arrays(estimate)

    sizes = {name: config[name] for name in ("probes", "steps")}
    return from_arrays(context.shared("spectrum", compute, **_identity(moment, config), **sizes))


def to_arrays(estimate: Quadrature) -> Arrays:
    """A quadrature as arrays."""
    return {
        "nodes": estimate.rule.nodes,
        "weights": estimate.rule.weights,
        "half_nodes": estimate.half.nodes,
        "half_weights": estimate.half.weights,
        "size": np.array(estimate.size),
    }


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Quadrature:
    """The quadrature of ``to_arrays``."""
    return Quadrature(
        GaussRule(arrays["nodes"], arrays["weights"]),
        GaussRule(arrays["half_nodes"], arrays["half_weights"]),
        int(arrays["size"]),
    )


def loss(moment: Moment, context: Context) -> float:
    """The mean loss over all training images, in batches of the Hessian's size.

    It is the function whose Hessian is taken, with more images.
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
    """(n, many): gradients of batches of the training's size that do not meet the Hessian's images.

    The first batches do not meet each other, as long as there are images. Where they are
    ``shuffled``, the labels are of other images of the same batches.
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
    """(n,): the gradient over the very images of the Hessian."""
    gradient = batches(net, context, keep=0).gradient()
    return np.asarray(to_host(gradient))


def _label(moment: Moment) -> str:
    mode = "frozen" if moment.frozen else moment.recipe.norm
    return f"{mode}, epoch {moment.epoch}"


def _identity(moment: Moment, config: Mapping[str, Any]) -> dict[str, Any]:
    """All that a measurement at a moment depends on but data and seed."""
    return {
        "moment": asdict(moment),
        "examples": [config["examples"], config["examples_batch"]],
        "version": [VERSION_OF_TRAINING, VERSION_OF_MEASURES],
    }
