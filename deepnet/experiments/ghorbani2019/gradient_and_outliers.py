"""How much of the gradient lies in the space of the Hessian's leading eigenvectors, along training:
of stochastic gradients, of their mean, and of the gradient over the Hessian's own images; and how
the covariance of the stochastic gradients lies to that space. With batch norm, with the same net's
frozen, and without; beside a random space, the eigenvectors after the tenth, and gradients for
shuffled labels.

Before training the gradient lies there without batch norm, and less than half of it with. After it,
that hardly any of it does with batch norm is not seen at this size: of CIFAR-10 it is less than
without, by a quarter; of the textures, where batch norm leaves outliers too, it is three
quarters, and more without by 0.03 to 0.06 of the gradient (three seeds)."""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import squared_overlaps
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.comparison import (
    after_the_start,
    at_equal_loss,
    compared,
)
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.ghorbani2019.shared.protocol import NAMES, Moment
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("ghorbani2019", "figure 11")
#: The number of gradients whose shares are taken one by one.
SINGLE = 10


def configuration(scale: Scale) -> dict[str, Any]:
    """The measures', and of how many stochastic gradients the covariance is."""
    return measures.configuration(scale) | {"gradients": scale.pick(12, 50, 500)}


def run(context: Context) -> Arrays:
    """By net and record, what ``_shares`` and ``covariance`` say; the training loss. Gradients are
    of the function whose Hessian it is. Raises UsageError where images do not fit."""
    config = context.config
    context = protocol.prepared(context)
    arrays: Arrays = {
        "records": np.array(config["records"]),
        "gradients": np.array(config["gradients"]),
    }
    for name in NAMES:
        rows = []
        for epoch in config["records"]:
            moment = protocol.moment(name, epoch, context)
            rows.append(context.stage(f"{name}-{epoch}", partial(_at_moment, moment, context)))
        arrays |= {
            f"{name}:{quantity}": np.array([row[quantity] for row in rows]) for quantity in rows[0]
        }
        arrays[f"{name}:fate"] = np.array(protocol.outcome(moment.recipe, context))
    return arrays


def _at_moment(moment: Moment, context: Context) -> Arrays:
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
        "loss": np.array(measures.loss(moment, context)),
    }
    of_space = covariance(gradients, vectors[:, :LEADING])
    of_chance = covariance(gradients, anywhere)
    measured |= {f"covariance:{quantity}": value for quantity, value in of_space.items()}
    return measured | {f"covariance:{w}_by_chance": of_chance[w] for w in ("within", "overlap")}


def _shares(gradients: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """(counts, m): the shares in the first K eigenvectors for each K of ``COUNTS``."""
    return np.stack([squared_overlaps(gradients, vectors[:, :count]) for count in COUNTS])


def covariance(gradients: np.ndarray, space: np.ndarray) -> Arrays:
    """Of C = mean g g' - gbar gbar', ``gradients`` (n, b), and the orthonormal ``space`` (n, K).

    ``eigenvalues`` (b,) descending and ``uncentred`` those of mean g g', both exact from the b x b
    matrix of inner products; ``leading`` the share of tr C in the K largest, ``within`` the share
    tr(P C)/tr C of the space, ``overlap`` tr(P P_C)/K with C's own K leading eigenvectors.
    """
    b, K = gradients.shape[1], space.shape[1]
    centred = gradients - gradients.mean(1, keepdims=True)
    values, mixed = np.linalg.eigh(centred.T @ centred / b)
    own = centred @ mixed[:, ::-1][:, :K]
    own, _ = np.linalg.qr(own)
    uncentred = np.linalg.eigvalsh(gradients.T @ gradients / b)
    total = values.sum()
    return {
        "eigenvalues": values[::-1],
        "uncentred": uncentred[::-1],
        "leading": np.array(values[::-1][:K].sum() / total),
        "within": np.array(np.sum((space.T @ centred) ** 2) / b / total),
        "overlap": np.array(np.sum((space.T @ own) ** 2) / K),
    }


def medians(arrays: Arrays, name: str, kind: str = "stochastic") -> np.ndarray:
    """The median over gradients of the share in the leading space, at each record."""
    shares = arrays[f"{name}:{kind}"]
    if shares.ndim == 3:
        shares = shares[:, COUNTS.index(LEADING)]
    return np.median(shares, axis=-1)


def _difference(kind: str) -> Measure:
    """None minus batch norm, mean over the records after the start."""

    def measure(arrays: Arrays) -> float:
        none, active = (medians(arrays, name, kind)[1:] for name in ("none", "active"))
        return float((none - active).mean())

    return compared(measure)


def _at_equal_loss(kind: str) -> Measure:
    """None minus batch norm, mean over losses that both pass after the start."""

    def measure(arrays: Arrays) -> float:
        losses = [after_the_start(arrays, name, "loss") for name in ("none", "active")]
        values = [medians(arrays, name, kind)[1:] for name in ("none", "active")]
        common, none, active = at_equal_loss(losses, values)
        return float((none - active).mean()) if len(common) else float("nan")

    return compared(measure)


def _mean(name: str, quantity: str) -> Measure:
    """The mean of ``quantity`` over the records after the start."""
    return lambda arrays: float(after_the_start(arrays, name, quantity).mean())


def _full(name: str) -> Measure:
    """The share of the gradient over the Hessian's images, mean over records after the start."""
    rank = COUNTS.index(LEADING)
    return lambda arrays: float(after_the_start(arrays, name, "full")[:, rank].mean())


def _median(name: str, kind: str) -> Measure:
    """The median share of single gradients, mean over the records after the start."""
    return lambda arrays: float(medians(arrays, name, kind)[1:].mean())


def _within(suffix: str = "") -> Measure:
    """tr(P C)/tr C, none minus batch norm, mean over the records after the start."""
    quantity = f"covariance:within{suffix}"
    return compared(lambda a: _mean("none", quantity)(a) - _mean("active", quantity)(a))


def _overlap(suffix: str = "") -> Measure:
    """The smaller net's mean overlap over what a random space has, K/n."""

    def measure(arrays: Arrays) -> float:
        chance = LEADING / float(arrays["none:size"][0])
        quantity = f"covariance:overlap{suffix}"
        return min(_mean(name, quantity)(arrays) for name in protocol.COMPARED) / chance

    return compared(measure)


#: A tenth more of the stochastic gradient without batch norm. Of the covariance the sign, by more
#: than a hundredth, ten times what a random space holds; "far above" chance is tenfold.
OBSERVATIONS = (
    Observation(
        "gradient_and_outliers.share_without_more",
        band=(0.10, 1.0),
        measure=_difference("stochastic"),
        null=_difference("random"),
    ),
    Observation(
        "gradient_and_outliers.share_without_more_at_equal_loss",
        band=(0.10, 1.0),
        measure=_at_equal_loss("stochastic"),
        null=_difference("random"),
    ),
    Observation(
        "gradient_and_outliers.covariance_without_more",
        band=(0.01, 1.0),
        measure=_within(),
        null=_within("_by_chance"),
    ),
    Observation(
        "gradient_and_outliers.covariance_overlap_over_chance",
        band=(10.0, np.inf),
        measure=_overlap(),
        null=_overlap("_by_chance"),
    ),
    *(
        Observation(
            f"gradient_and_outliers.full_gradient_{name}",
            None,
            _full(name),
        )
        for name in protocol.COMPARED
    ),
    *(
        Observation(
            f"gradient_and_outliers.{kind}_{name}",
            None,
            _median(name, kind),
        )
        for kind in ("stochastic", "after", "shuffled")
        for name in protocol.COMPARED
    ),
    Observation(
        "gradient_and_outliers.share_without_more_before_training",
        None,
        lambda arrays: float(medians(arrays, "none")[0] - medians(arrays, "active")[0]),
    ),
)
