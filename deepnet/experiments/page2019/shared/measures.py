"""Measurements that several of the post's panels share: eigenpairs, and gradients of moments.

Both are stored beside the trained nets, under all names and numbers on which they depend.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from companion.progress import track
from companion.scale import Scale
from deepnet.curvature import hessian, lanczos, moment_gradients, repeated
from deepnet.experiments.context import Context
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.protocol import HalfWay
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import VERSION_OF_TRAINING, Trained

#: Raised when the same net gives other measurements.
VERSION_OF_MEASURES = 3
#: What all statements about the scale ``laptop`` share: how and why they came after data.
ON_A_LAPTOP: Mapping[str, Any] = MappingProxyType(
    {
        "stated": "after",
        "why": "The seeds 0 to 2 were seen. The band was committed before the seeds 3 to 5 ran.",
        "real": True,
        "seen": (0, 1, 2),
    }
)
#: What the null of statements on leading eigenvalues was before it was ``apart``.
OTHER_IMAGES = "The null was the frozen net's quotient with itself on other images."


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and ``top`` eigenpairs from ``products`` Hessian products."""
    return protocol.configuration(scale) | {
        "top": scale.pick(2, 15, 25),
        "products": scale.pick(6, 100, 300, laptop=150),
    }


def eigenpairs(of: HalfWay, top: int | None = None, elsewhere: bool = False) -> Arrays:
    """The ``top`` leading eigenpairs of the Hessian of the mean loss of a net.

    Returns {eigenvalues (k,), vectors (n, k), residuals (k,), products, certain}, by Lanczos over
    the configuration's ``examples``, or over as many images ``elsewhere``: the next training
    images. The k largest eigenvalues are found, each as often as it occurs. k is ``top``, or the
    configuration's ``top`` if it is None. ``certain`` says whether the search ended by itself, so
    that none is missing. The vectors are float32.
    """
    config = of.context.config
    start = config["examples"] if elsewhere else 0
    wanted, products = top or config["top"], config["products"]
    identity = _identity(of) | {"start": start, "top": wanted, "products": products}

    def compute() -> Arrays:
        batches = of.batches(start)
        pairs, certain = repeated(
            of.context.checkpointed(hessian(batches), batches.weights),
            of.context.rng("lanczos"),
            wanted,
            products=products,
            watch=partial(track, total=products, what=f"Hessian products, {of.name}"),
        )
        return {
            "eigenvalues": pairs.values,
            "vectors": pairs.vectors.astype("float32"),
            "residuals": pairs.residuals,
            "products": np.array(pairs.products),
            "certain": np.array(certain),
        }

    return of.context.shared(f"eigenpairs-{of.name}", compute, **identity)


def leading(net: Trained, context: Context) -> float:
    """The largest eigenvalue alone, to a residual of 1e-2 times itself.

    The residual is larger if ``products`` products do not suffice.
    """
    batches = protocol.batches(net, context)
    pairs = lanczos(
        context.checkpointed(hessian(batches), batches.weights),
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


def moments(of: HalfWay) -> Arrays:
    """The gradients of the moments of the net's outputs.

    Returns {mean, variance, third: (classes, n)}, float32.
    """

    def compute() -> Arrays:
        by_moment = moment_gradients(of.batches(keep=0))
        return {moment: gradients.astype("float32") for moment, gradients in by_moment.items()}

    return of.context.shared(f"moments-{of.name}", compute, **_identity(of))


def _identity(of: HalfWay) -> dict[str, Any]:
    """All entries on which a measurement of the net depends, except data and seed."""
    entries = protocol.configuration(Scale.TINY)
    protocol_alone = {entry: of.context.config[entry] for entry in entries}
    return protocol_alone | {"net": of.name, "version": [VERSION_OF_TRAINING, VERSION_OF_MEASURES]}
