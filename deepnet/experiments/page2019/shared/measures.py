"""What several of the post's panels read off the same net: eigenpairs, and moments' gradients.

Both are stored beside the trained nets, under all that they depend on.
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
    """The protocol's, and how many eigenpairs from how many products."""
    return protocol.configuration(scale) | {
        "top": scale.pick(2, 15, 25),
        "products": scale.pick(6, 60, 200),
    }


def eigenpairs(name: Name, context: Context, start: int = 0, top: int | None = None) -> Arrays:
    """{eigenvalues (k,), vectors (n, k), residuals (k,), products} of the Hessian of the mean loss.

    The k largest, by Lanczos over training images from ``start`` on; k is ``top`` or the
    configuration's. Vectors are float32.
    """
    config = context.config
    wanted = top or config["top"]

    def compute() -> Arrays:
        batches = protocol.batches(protocol.net(name, context), context, start)
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

    identity = {"start": start, "top": wanted, "products": config["products"]}
    return context.shared(f"eigenpairs-{name}", compute, **_net(name, config), **identity)


def leading(net: Trained, context: Context) -> float:
    """The largest eigenvalue alone, to a hundredth or as well as ``products`` products find it."""
    pairs = lanczos(
        hessian(protocol.batches(net, context)),
        context.rng("lanczos"),
        products=context.config["products"],
        tolerance=1e-2,
    )
    return float(pairs.values[0])


def moments(name: Name, context: Context) -> Arrays:
    """{mean, variance, third: (classes, n)}: gradients of the outputs' moments, float32."""

    def compute() -> Arrays:
        batches = protocol.batches(protocol.net(name, context), context, keep=0)
        by_moment = moment_gradients(batches)
        return {moment: gradients.astype("float32") for moment, gradients in by_moment.items()}

    return context.shared(f"moments-{name}", compute, **_net(name, context.config))


def _net(name: Name, config: Mapping[str, Any]) -> dict[str, Any]:
    """All that a measurement of the net depends on but data and seed."""
    protocol_alone = {entry: config[entry] for entry in protocol.configuration(Scale.TINY)}
    return protocol_alone | {"net": name, "version": [VERSION_OF_TRAINING, VERSION_OF_MEASURES]}
