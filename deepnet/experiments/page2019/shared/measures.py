"""Measurements that several of the post's panels share: eigenpairs, and gradients of moments.

Both are stored beside the trained nets, under all names and numbers on which they depend.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.scale import Scale
from deepnet.curvature import hessian, lanczos, moment_gradients
from deepnet.experiments.context import Context
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.protocol import Name
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import VERSION_OF_TRAINING, Trained

#: Raised when the same net gives other measurements.
VERSION_OF_MEASURES = 2


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and ``top`` eigenpairs from ``products`` Hessian products."""
    return protocol.configuration(scale) | {
        "top": scale.pick(2, 15, 25),
        "products": scale.pick(6, 60, 200),
    }


def eigenpairs(name: Name, context: Context, start: int = 0, top: int | None = None) -> Arrays:
    """The ``top`` leading eigenpairs of the Hessian of the mean loss of the net ``name``.

    Returns {eigenvalues (k,), vectors (n, k), residuals (k,), products}, by Lanczos over the
    training images from ``start`` on. The k largest eigenvalues are found. k is ``top``, or the
    configuration's ``top`` if it is None. The vectors are float32.
    """
    config = context.config
    wanted = top or config["top"]
    identity = _net(name, config) | {"start": start, "top": wanted, "products": config["products"]}

    def compute() -> Arrays:
        net = protocol.net(name, context)
        batches = protocol.batches(net, context, start)
        pairs = lanczos(
            hessian(batches),
            context.rng("lanczos"),
            wanted,
            products=config["products"],
            watch=partial(track, total=config["products"], what=f"Hessian products, {name}"),
        )
        return {
            "eigenvalues": pairs.values,
            "vectors": pairs.vectors.astype("float32"),
            "residuals": pairs.residuals,
            "products": np.array(pairs.products),
        }

    return context.shared(f"eigenpairs-{name}", compute, **identity)


def leading(net: Trained, context: Context) -> float:
    """The largest eigenvalue alone, to a residual of 1e-2 times itself.

    The residual is larger if ``products`` products do not suffice.
    """
    pairs = lanczos(
        hessian(protocol.batches(net, context)),
        context.rng("lanczos"),
        products=context.config["products"],
        tolerance=1e-2,
    )
    return float(pairs.values[0])


def apart(one: float, other: float) -> float:
    """The larger of two positive numbers divided by the smaller.

    >>> apart(2.0, 8.0), apart(8.0, 2.0)
    (4.0, 4.0)
    """
    return float(max(one / other, other / one))


def moments(name: Name, context: Context) -> Arrays:
    """The gradients of the moments of the net's outputs.

    Returns {mean, variance, third: (classes, n)}, float32.
    """

    def compute() -> Arrays:
        net = protocol.net(name, context)
        batches = protocol.batches(net, context, keep=0)
        by_moment = moment_gradients(batches)
        return {moment: gradients.astype("float32") for moment, gradients in by_moment.items()}

    return context.shared(f"moments-{name}", compute, **_net(name, context.config))


def _net(name: Name, config: Mapping[str, Any]) -> dict[str, Any]:
    """All entries on which a measurement of the net depends, except data and seed."""
    protocol_alone = {entry: config[entry] for entry in protocol.configuration(Scale.TINY)}
    return protocol_alone | {"net": name, "version": [VERSION_OF_TRAINING, VERSION_OF_MEASURES]}
