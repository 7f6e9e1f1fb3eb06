"""The post's three conclusions about a net, each as one number that takes few Hessian products.

- ``top`` is the largest eigenvalue of the Hessian of the mean loss.
- ``share`` is the part of the squared gradient of mean output 0 that lies in the last layer.
- ``overlap`` is the part of the leading eigenvector's square that lies in the span of the means'
  gradients.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from deepnet.backend import array_module, to_host
from deepnet.curvature import Batches, hessian, lanczos, span, squared_overlaps
from deepnet.experiments.context import Context
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.measures import VERSION_OF_MEASURES
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import VERSION_OF_TRAINING, Trained
from deepnet.vectors import from_vector, to_vector


def conclusions(net: Trained, context: Context, frozen: bool = False, start: int = 0) -> Arrays:
    """{top, residual, share, overlap} of the trained ``net``, with batch norm ``frozen`` or not.

    The configuration's ``examples`` training images from ``start`` on are used, with at most
    ``products`` Hessian products. The top eigenvalue is within ``residual`` of an eigenvalue.
    """

    def compute() -> Arrays:
        batches = protocol.batches(net.frozen if frozen else net, context, start)
        products = context.config["products"]
        H = context.checkpointed(hessian(batches), batches.weights)
        pair = lanczos(H, context.rng("lanczos"), products=products)
        means = mean_gradients(batches)
        first = from_vector(means[0] ** 2, batches.problem.net.shapes)
        return {
            "top": pair.values[0],
            "residual": pair.residuals[0],
            "share": np.sum(first["classifier"]) / np.sum(means[0] ** 2),
            "overlap": squared_overlaps(pair.vectors, span({"means": means}).basis)[0],
        }

    sizes = {name: context.config[name] for name in ("examples", "examples_batch", "products")}
    version = [VERSION_OF_TRAINING, VERSION_OF_MEASURES]
    identity = {
        "recipe": asdict(net.recipe),
        "frozen": frozen,
        "start": start,
        "version": version,
        **sizes,
    }
    return context.shared("conclusions", compute, **identity)


def mean_gradients(batches: Batches) -> np.ndarray:
    """(channels, n): the gradient of the mean of each output channel."""
    gradients: Any = 0
    for share, part in batches:
        xp = array_module(part.outputs)
        rows, channels = part.outputs.shape
        ones = xp.eye(channels, dtype=part.outputs.dtype)[:, None, :] / rows
        pulled = [part.vjp(xp.broadcast_to(one, (rows, channels))) for one in ones]
        gradients = gradients + share * np.stack(
            [to_host(to_vector(gradient)).astype(float) for gradient in pulled]
        )
    return np.asarray(gradients)
