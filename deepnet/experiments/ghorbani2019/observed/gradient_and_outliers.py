"""What is stated of the arrays of ``gradient_and_outliers``: measures, nulls, observations."""

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.comparison import (
    after_the_start,
    at_equal_loss,
    compared,
)
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
from deepnet.experiments.reasons import FAR_OUTSIDE
from deepnet.experiments.store import Arrays

#: What the nets that are compared have to do with batch norm.
WORDS = {"active": "with", "none": "without"}


def medians(arrays: Arrays, name: str, kind: str = "stochastic") -> np.ndarray:
    """The median over the gradients of the share in the leading space, (records,)."""
    shares = arrays[f"{name}:{kind}"]
    if shares.ndim == 3:
        shares = shares[:, COUNTS.index(LEADING)]
    return np.median(shares, axis=-1)


def _difference(kind: str) -> Measure:
    """The share without batch norm minus the share with it, mean after the start."""

    def measure(arrays: Arrays) -> float:
        none, active = (medians(arrays, name, kind)[1:] for name in ("none", "active"))
        return float((none - active).mean())

    return compared(measure)


def _at_equal_loss(kind: str) -> Measure:
    """The share without batch norm minus the share with it, mean over common losses."""

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
    """The share of the gradient over the Hessian's images, mean after the start."""
    rank = COUNTS.index(LEADING)
    return lambda arrays: float(after_the_start(arrays, name, "full")[:, rank].mean())


def _median(name: str, kind: str) -> Measure:
    """The median share of single gradients, mean over the records after the start."""
    return lambda arrays: float(medians(arrays, name, kind)[1:].mean())


def _within(suffix: str = "") -> Measure:
    """tr(P C)/tr C without batch norm minus tr(P C)/tr C with it, mean after the start."""
    quantity = f"covariance:within{suffix}"
    return compared(lambda a: _mean("none", quantity)(a) - _mean("active", quantity)(a))


def _overlap(suffix: str = "") -> Measure:
    """The mean overlap after the start divided by chance, K/n, the smaller of both nets."""

    def measure(arrays: Arrays) -> float:
        chance = LEADING / float(arrays["none:size"][0])
        quantity = f"covariance:overlap{suffix}"
        return min(_mean(name, quantity)(arrays) for name in protocol.COMPARED) / chance

    return compared(measure)


RANDOM_SPACE = "The null was this difference for a random space of ten dimensions."
#: The share of the stochastic gradient must be larger by a tenth without batch norm. The share of
#: the covariance must be larger by more than a hundredth, which is ten times the share in a random
#: space. The source says "far above" chance, which is taken as tenfold. The nulls of both
#: shares are about the next ten eigenvectors: without batch norm any eigenvectors may hold more.
OBSERVATIONS = (
    Observation(
        "gradient_and_outliers.share_without_more",
        says=(
            "The median share of stochastic gradients in the ten leading eigenvectors is larger by "
            "0.1 or more without batch norm than with it, mean after the start."
        ),
        bounds=(-1, 1),
        band=(0.10, 1.0),
        measure=_difference("stochastic"),
        null=_difference("after"),
        stated="after",
        was=RANDOM_SPACE,
        why=FAR_OUTSIDE,
    ),
    Observation(
        "gradient_and_outliers.share_without_more_at_equal_loss",
        says=(
            "The median share of stochastic gradients in the ten leading eigenvectors is larger by "
            "0.1 or more without batch norm than with it, at equal loss."
        ),
        bounds=(-1, 1),
        band=(0.10, 1.0),
        measure=_at_equal_loss("stochastic"),
        null=_at_equal_loss("after"),
        stated="after",
        was=RANDOM_SPACE,
        why=FAR_OUTSIDE,
    ),
    Observation(
        "gradient_and_outliers.covariance_without_more",
        says=(
            "The ten leading eigenvectors' share of the gradients' covariance is larger by 0.01 or "
            "more without batch norm than with it, mean after the start."
        ),
        bounds=(-1, 1),
        band=(0.01, 1.0),
        measure=_within(),
        null=_within("_after"),
        stated="after",
        was=RANDOM_SPACE,
        why=FAR_OUTSIDE,
    ),
    Observation(
        "gradient_and_outliers.covariance_overlap_over_chance",
        says=(
            "The leading spaces of the Hessian and of the gradients' covariance overlap at least "
            "ten times as much as by chance, with batch norm and without."
        ),
        link="log",
        band=(10.0, np.inf),
        measure=_overlap(),
        null=_overlap("_by_chance"),
    ),
    *(
        Observation(
            f"gradient_and_outliers.full_gradient_{name}",
            says=(
                "The share of the full gradient in the ten leading eigenvectors of the net "
                f"{WORDS[name]} batch norm, mean after the start."
            ),
            link="logit",
            band=None,
            measure=_full(name),
        )
        for name in protocol.COMPARED
    ),
    *(
        Observation(
            f"gradient_and_outliers.{kind}_{name}",
            says=(
                f"The median share of {share} of the net {WORDS[name]} batch norm, mean after the "
                "start."
            ),
            link="logit",
            band=None,
            measure=_median(name, kind),
        )
        for kind, share in (
            ("stochastic", "stochastic gradients in the ten leading eigenvectors"),
            ("after", "stochastic gradients in the eigenvectors 11 to 20"),
            ("shuffled", "gradients for shuffled labels in the ten leading eigenvectors"),
        )
        for name in protocol.COMPARED
    ),
    Observation(
        "gradient_and_outliers.share_without_more_before_training",
        says=(
            "The median share of stochastic gradients in the ten leading eigenvectors without "
            "batch norm minus the median share with it, before training."
        ),
        band=None,
        measure=lambda arrays: float(medians(arrays, "none")[0] - medians(arrays, "active")[0]),
    ),
)
