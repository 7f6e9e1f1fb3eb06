"""The gradient's share in the space of the Hessian's leading eigenvectors is followed in training.

The gradients are stochastic gradients, their mean, and the gradient over the Hessian's own images.
The covariance of the stochastic gradients is set against this space too. The nets are a net with
batch norm, this net with its batch norm frozen, and the net without. Controls are a random space,
the eigenvectors after the tenth, and gradients for shuffled labels.

Before training the gradient lies in the space without batch norm, and less than half of the
gradient does with it. The source finds that after training hardly any of the gradient lies there
with batch norm. This is not seen at this size. On CIFAR-10 the share with batch norm is less than
the share without, by a quarter. On textures, where batch norm leaves outliers too, the share with
batch norm is three quarters, and the share without is more by 0.03 to 0.06 of the gradient (three
seeds).
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import squared_overlaps
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.observed import gradient_and_outliers as observed
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.covariance import covariance
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from deepnet.experiments.ghorbani2019.shared.protocol import NAMES, Moment
from deepnet.experiments.store import Arrays

VERSION = 3
SOURCE = cite("ghorbani2019", "figure 11")
OBSERVATIONS = observed.OBSERVATIONS
#: The number of gradients whose shares are taken one by one.
SINGLE = 10


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the measures' configuration.

    ``gradients``: the number of stochastic gradients in the covariance.
    """
    return measures.configuration(scale) | {"gradients": scale.pick(12, 50, 500)}


def run(context: Context) -> Arrays:
    """The shares of the gradients and the training loss of each net at each record.

    "records" (records,): the epochs.
    "gradients": the number of gradients in the covariance.
    "<net>:<quantity>" (records, ...): what ``_at_moment`` returns, such as "loss".
    "<net>:fate": whether the net trained, as ``protocol.outcome`` says.

    A gradient is the gradient of the function whose Hessian is taken. Raises UsageError where
    images do not fit.
    """
    config = context.config
    context = prepared(context)
    arrays: Arrays = {
        "records": np.array(config["records"]),
        "gradients": np.array(config["gradients"]),
    }
    for name in NAMES:
        moments = protocol.moments(name, context)
        rows = [
            context.stage(f"{name}-{moment.epoch}", partial(_at_moment, moment, context))
            for moment in moments
        ]
        arrays |= {
            f"{name}:{quantity}": np.array([row[quantity] for row in rows]) for quantity in rows[0]
        }
        arrays[f"{name}:fate"] = np.array(protocol.outcome(moments[0].recipe, context))
    return arrays


def _at_moment(moment: Moment, context: Context) -> Arrays:
    """The shares of gradients in spaces of eigenvectors for one net at one moment.

    "stochastic" (counts, gradients): ``_shares`` of single gradients.
    "mean" and "full" (counts,): ``_shares`` of their mean and of the gradient over the Hessian's
    images.
    "after" (gradients,): the shares in the eigenvectors K + 1 to 2 K.
    "shuffled" (gradients,): the shares of gradients for shuffled labels in the first K.
    "random" (gradients,): the shares in a random space of K dimensions.
    "covariance:<quantity>": what ``covariance`` returns for the first K eigenvectors.
    "covariance:within_after": its "within" for the eigenvectors K + 1 to 2 K.
    "covariance:overlap_by_chance": its "overlap" for the random space.
    """
    net = protocol.net(moment, context)
    pairs = measures.eigenpairs(moment, context)
    vectors = pairs["vectors"].astype(float)
    gradients = measures.stochastic_gradients(net, context, context.config["gradients"])
    shuffled = measures.stochastic_gradients(net, context, SINGLE, shuffled=True)
    full = measures.full_gradient(net, context)
    rng = context.rng("subspace")
    anywhere, _ = np.linalg.qr(rng.normal(size=(len(full), LEADING)))
    single = gradients[:, :SINGLE]
    measured = {
        "stochastic": _shares(single, vectors),
        "mean": _shares(single.mean(1, keepdims=True), vectors)[:, 0],
        "full": _shares(full[:, None], vectors)[:, 0],
        "after": squared_overlaps(single, vectors[:, LEADING : 2 * LEADING]),
        "shuffled": squared_overlaps(shuffled, vectors[:, :LEADING]),
        "random": squared_overlaps(single, anywhere),
        "size": np.array(len(full)),
        "residuals": pairs["residuals"],
        "certain": pairs["certain"],
        "loss": np.array(measures.loss(moment, context)),
    }
    of_space = covariance(gradients, vectors[:, :LEADING])
    of_next = covariance(gradients, vectors[:, LEADING : 2 * LEADING])
    of_chance = covariance(gradients, anywhere)
    measured |= {f"covariance:{quantity}": value for quantity, value in of_space.items()}
    return measured | {
        "covariance:within_after": of_next["within"],
        "covariance:overlap_by_chance": of_chance["overlap"],
    }


def _shares(gradients: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """The share of each gradient in the first K eigenvectors, (counts, m), K from ``COUNTS``."""
    return np.stack([squared_overlaps(gradients, vectors[:, :count]) for count in COUNTS])
