"""The way from the end of a run to the weights at a moment is compared with gradients."""

from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.curvature import Batches, hessian, squared_overlaps
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared import low_rate, measures, protocol
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.ghorbani2019.shared.protocol import Moment
from deepnet.experiments.ghorbani2019.shared.tangent import rescaled, tangent
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import NoNorm
from deepnet.vectors import to_vector

#: The number of stochastic gradients.
GRADIENTS = 10
#: The number of random directions, whose cosines say what chance gives.
RANDOM = 50


def way(end: Trained, moment: Moment, context: Context) -> Arrays:
    """Cosines and shares of d, the way from ``end`` to the weights at ``moment``.

    A cosine of a gradient g with d is positive where the step -g goes towards the end. For the
    tangent way, units with batch norm have equal lengths at both ends, and components along their
    weights are removed.

    ``raw`` (gradients,): the cosines of stochastic gradients with d.
    ``cosine`` (gradients,): their cosines with the tangent way.
    ``full``: the cosine of the gradient over the Hessian's images with the tangent way.
    ``chance`` (gradients x ``RANDOM``,): cosines with random tangent directions.
    ``way_shares`` (counts,): the shares of the tangent way in the leading eigenvectors.
    ``shares`` (counts, gradients): the shares of the stochastic gradients.
    ``length``: |d| divided by the length of the weights.
    ``curved``: d'Hd. ``curved_leading``: the part of the ten largest eigenvalues in d'Hd.
    ``excess``: twice the loss here minus twice the loss at the end.
    """
    net = protocol.net(moment, context)
    here = net.state.weights
    layers = () if isinstance(net.problem.norm, NoNorm) else net.problem.net.normed
    raw = _difference(here, end.state.weights)
    d = tangent(_difference(here, rescaled(end.state.weights, here, layers))[:, None], here, layers)
    gradients = measures.stochastic_gradients(net, context, GRADIENTS)
    full = measures.full_gradient(net, context)
    pairs = measures.eigenpairs(moment, context)
    vectors = pairs["vectors"].astype(float)
    rng = context.rng("directions")
    anywhere = tangent(rng.normal(size=(len(full), RANDOM)), here, layers)
    parts = vectors[:, :LEADING].T @ raw
    operator = hessian(measures.batches(net, context))
    loss = measures.loss(moment, context)
    return {
        "raw": cosines(gradients, raw[:, None])[:, 0],
        "cosine": cosines(gradients, d)[:, 0],
        "full": np.array(cosines(full[:, None], d)[0, 0]),
        "chance": cosines(gradients, anywhere).ravel(),
        "way_shares": np.stack([squared_overlaps(d, vectors[:, :k])[0] for k in COUNTS]),
        "shares": np.stack([squared_overlaps(gradients, vectors[:, :k]) for k in COUNTS]),
        "length": np.array(np.linalg.norm(raw) / np.linalg.norm(to_vector(here))),
        "curved": np.array(raw @ (operator @ raw)),
        "curved_leading": np.array(np.sum(pairs["values"][:LEADING] * parts**2)),
        "excess": np.array(2 * (loss - whole(end, context).loss())),
        "size": np.array(len(full)),
        "certain": pairs["certain"],
    }


def at_the_end(last: Moment, context: Context) -> Arrays:
    """{loss, slope}: loss and length of the gradient at the end, over all training images."""
    there = whole(low_rate.end(last, context), context)
    return {
        "loss": np.array(there.loss()),
        "slope": np.array(np.linalg.norm(to_host(there.gradient()))),
    }


def whole(net: Trained, context: Context) -> Batches:
    """The loss of ``net`` over all training images."""
    everything = context.changed(examples=len(context.data.x_train))
    return measures.batches(net, everything, keep=0)


def _difference(here: Any, there: Any) -> np.ndarray:
    return np.asarray(to_vector(here), float) - np.asarray(to_vector(there), float)


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The cosine of each of the k columns of ``one`` with each of the m of ``other``, (k, m)."""
    lengths = np.linalg.norm(one, axis=0)[:, None] * np.linalg.norm(other, axis=0)
    return one.T @ other / lengths
