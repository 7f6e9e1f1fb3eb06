"""After training, the Gauss-Newton matrix G = J'HJ accounts for the outlying eigenvalues of the
loss's Hessian H. Before training it does not. G is compared with H and with the residual H - G, for
the nets with batch norm, with frozen batch norm and without. If one vector is added to the
classifier's weights of every class, all outputs move alike. Along such directions H itself is zero.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import Batches, gauss_newton, hessian, lanczos
from deepnet.experiments.context import Context
from deepnet.experiments.page2019.observed import gauss_newton as observed
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.protocol import NETS, HalfWay
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.vectors import to_vector

VERSION = 2
SOURCE = cite("page2019", "generalised Gauss-Newton approximation to the Hessian")
OBSERVATIONS = observed.OBSERVATIONS
LAST = "classifier"


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of ``measures.configuration`` and these:

    - ``newton`` is the number of eigenpairs of G, and the number of eigenvectors v of H for v'Gv.
    - ``products_newton`` is the number of products for G. The residual's two ends take half of it.
    - ``beginning`` is the number of eigenvectors of H before training, for half of the products.
    - ``directions`` is the number of random directions of each kind.
    """
    return measures.configuration(scale) | {
        "newton": scale.pick(2, 10, 25),
        "products_newton": scale.pick(6, 30, 200),
        "beginning": scale.pick(1, 4, 8),
        "directions": scale.pick(1, 4, 8),
    }


def run(context: Context) -> Arrays:
    """Compare H, G and H - G for the nets active, frozen and none.

    For each net:
    - ``eigenvalues`` are the leading eigenvalues of H.
    - ``newton`` are the leading eigenvalues of G, ``newton_residuals`` their errors.
    - ``residual`` (2,) holds the largest and the smallest eigenvalue of H - G.
    - ``along`` is v'Gv for each leading eigenvector v of H.
    - ``product:<kind>`` is |H d| for unit directions d: the kinds of ``directions``, and "shift",
      the sum of the gradients of the mean outputs.

    The nets active and none have one more:
    - ``shares_before`` is v'Gv/v'Hv for the leading eigenvectors v of H before training.
    """
    arrays: Arrays = {}
    for name, net in protocol.half_way(NETS, context).items():
        measured = {"eigenvalues": measures.eigenpairs(net)["eigenvalues"]}
        measured |= context.stage(f"newton-{name}", partial(_newton, net))
        measured |= context.stage(f"flat-{name}", partial(_flat, net))
        if name != "frozen":  # before training there is nothing to freeze
            measured |= context.stage(f"before-{name}", partial(_before, net))
        arrays |= {f"{name}:{quantity}": value for quantity, value in measured.items()}
    return arrays


def _newton(of: HalfWay) -> Arrays:
    """Leading eigenvalues of G, the two ends of H - G, and v'Gv along the eigenvectors v of H."""
    config, batches = of.context.config, of.batches()
    G, H, products = gauss_newton(batches), hessian(batches), config["products_newton"]
    rng = of.context.rng("newton")
    top = lanczos(
        of.context.checkpointed(G, batches.weights),
        rng,
        config["newton"],
        products=products,
        watch=_progress(products, f"G, {of.name}"),
    )
    half = products // 2
    residual = of.context.checkpointed(H - G, batches.weights)
    ends = lanczos(residual, rng, 1, 1, products=half, watch=_progress(half, f"H - G, {of.name}"))
    vectors = measures.eigenpairs(of)["vectors"][:, : config["newton"]]
    vectors = vectors.astype(float)
    return {
        "newton": top.values,
        "newton_residuals": top.residuals,
        "residual": ends.values,
        "along": np.sum(vectors * (G @ vectors), axis=0),
    }


def _before(of: HalfWay) -> Arrays:
    """The share v'Gv/v'Hv along the leading eigenvectors v of H at random weights."""
    net, config, rng = of.net, of.context.config, of.context.rng("before training")
    start = replace(net.state, weights=initialise(net.problem.net, rng))
    batches = protocol.batches(replace(net, state=start), of.context)
    half = config["products_newton"] // 2
    progress = _progress(half, f"H before training, {of.name}")
    H = of.context.checkpointed(hessian(batches), batches.weights)
    pairs = lanczos(H, rng, config["beginning"], products=half, watch=progress)
    along = np.sum(pairs.vectors * (gauss_newton(batches) @ pairs.vectors), axis=0)
    return {"shares_before": along / pairs.values}


def _progress(many: int, product: str) -> Any:
    """Progress through ``many`` products with the matrix named ``product``."""
    return partial(track, total=many, what=f"products, {product}")


def _flat(of: HalfWay) -> Arrays:
    """|H d| for each kind of unit directions d: the kinds of ``directions``, and "shift".

    The direction "shift" is the sum over the classes of the gradients of the mean outputs.
    """
    batches, context = of.batches(), of.context
    shift = measures.moments(of)["mean"].sum(0).astype(float)
    kinds = directions(batches, context.rng("directions"), context.config["directions"])
    kinds["shift"] = (shift / np.linalg.norm(shift))[:, None]
    return {
        f"product:{kind}": np.linalg.norm(hessian(batches) @ columns, axis=0)
        for kind, columns in kinds.items()
    }


def directions(batches: Batches, rng: np.random.Generator, many: int) -> dict[str, np.ndarray]:
    """{kind: (n, many)}: ``many`` random unit directions of each kind, one per column.

    - ``anywhere``: a random direction in the space of all weights.
    - ``alike``: one random vector is added to the classifier's weights of every class.
    - ``apart``: the same vector is added to the classifier's weights of the first class alone.
    """
    weights = batches.weights
    size = sum(weight.size for weight in weights.values())
    kinds = {"anywhere": rng.standard_normal((size, many))}
    vectors = rng.standard_normal((many, *weights[LAST].shape[1:]))
    for kind, classes in (("alike", slice(None)), ("apart", slice(1))):
        columns = []
        for vector in vectors:
            moved = {layer: np.zeros(weight.shape) for layer, weight in weights.items()}
            moved[LAST][classes] = vector
            columns.append(to_vector(moved))
        kinds[kind] = np.stack(columns, axis=1)
    return {kind: columns / np.linalg.norm(columns, axis=0) for kind, columns in kinds.items()}
