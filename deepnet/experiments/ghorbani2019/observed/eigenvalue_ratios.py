"""What is stated of the arrays of ``eigenvalue_ratios``: measures, nulls, observations."""

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.comparison import after_the_start, at_equal_loss
from deepnet.experiments.store import Arrays

#: The ranks K of the eigenvalue by which the largest is divided.
RANKS = (2, 9, 10, 11, 20)


def ratios(arrays: Arrays, name: str, rank: int = measures.LEADING) -> np.ndarray:
    """lambda_1/lambda_K at each record; nan where lambda_K is not positive."""
    values = arrays[f"{name}:values"]
    last = np.where(values[:, rank - 1] > 0, values[:, rank - 1], np.nan)
    return values[:, 0] / last


def outliers(arrays: Arrays, name: str) -> np.ndarray:
    """The number of eigenvalues above twice the eigenvalue of rank ``edge``, (records,)."""
    values = arrays[f"{name}:values"]
    return (values > 2 * values[:, arrays["edge"] - 1][:, None]).sum(1)


def quotients(arrays: Arrays, above: str, below: str, rank: int = measures.LEADING) -> np.ndarray:
    """The ratio of ``above`` divided by the ratio of ``below`` at each record after the start.

    The result is (nan,) where one of the two nets did not train.
    """
    if arrays[f"{above}:fate"] or arrays[f"{below}:fate"]:
        return np.array([np.nan])
    after = len(arrays["records"]) - 1
    return ratios(arrays, above, rank)[-after:] / ratios(arrays, below, rank)[-after:]


def _smallest(above: str, below: str, rank: int = measures.LEADING) -> Measure:
    """The smallest of the ``quotients`` over the records."""
    return lambda arrays: float(quotients(arrays, above, below, rank).min())


def _at_equal_loss(above: str, below: str) -> Measure:
    """The smallest quotient at losses that both nets pass after the start; nan without any."""

    def measure(arrays: Arrays) -> float:
        if arrays[f"{above}:fate"] or arrays[f"{below}:fate"]:
            return float("nan")
        names = (above, below)
        losses = [after_the_start(arrays, name, "loss") for name in names]
        common, one, other = at_equal_loss(losses, [ratios(arrays, name)[1:] for name in names])
        return float((one / other).min()) if len(common) else float("nan")

    return measure


def _of_chance(arrays: Arrays) -> float:
    """Null: ``_smallest`` of a net and itself from another seed.

    Either of the two may come first. The measure is the largest value over both orders and both
    nets.
    """
    by_net = [quotients(arrays, name, f"{name}_again") for name in protocol.COMPARED]
    return float(max(ratio.min() for both in by_net for ratio in (both, 1 / both)))


def _range_of_chance(arrays: Arrays) -> float:
    """The largest quotient of a net and itself from another seed at one record, in either order."""
    by_net = [quotients(arrays, name, f"{name}_again") for name in protocol.COMPARED]
    both = np.concatenate([np.maximum(ratio, 1 / ratio) for ratio in by_net])
    return float(both.max())


def _more_outliers(arrays: Arrays) -> float:
    """The number of outliers without batch norm minus the number with it, mean after the start."""
    return float((outliers(arrays, "none") - outliers(arrays, "active"))[1:].mean())


def _small_batches(arrays: Arrays) -> float:
    """The last ratio with batch norm for batches of the training's size, over the usual ratio."""
    values = arrays["small_batches:values"]
    small = values[0] / values[measures.LEADING - 1]
    return float(small / ratios(arrays, "active")[-1])


ONE_RECORD = "The null is the largest quotient of two seeds at one record."
TWO_SEEDS = "Two seeds differ at one record by a factor of up to 2 or 3."
#: The source says "far smaller" with batch norm. The measure takes K = 10 and the ranks beside it,
#: and the least favourable record after the start. The null compares a net with itself from another
#: seed. One record alone says less: there two seeds of a net differ by a factor of up to 2 or 3
#: (``range_of_chance``).
OBSERVATIONS = (
    *(
        Observation(
            f"eigenvalue_ratios.none_over_active_{rank}",
            says=(
                f"The ratio of the Hessian's first to its {rank}th eigenvalue is at least 2.5 "
                "times as large without batch norm as with it, at each record after the start."
            ),
            link="log",
            band=(2.5, np.inf),
            measure=_smallest("none", "active", rank),
            null=_of_chance,
            stated="after",
            was=ONE_RECORD,
            why=TWO_SEEDS,
        )
        for rank in (10, 9, 11)
    ),
    Observation(
        "eigenvalue_ratios.none_over_active_at_equal_loss",
        says=(
            "The ratio of the Hessian's first to its tenth eigenvalue is at least 2.5 times as "
            "large without batch norm as with it, at equal training loss."
        ),
        link="log",
        band=(2.5, np.inf),
        measure=_at_equal_loss("none", "active"),
        null=_of_chance,
        stated="after",
        was=ONE_RECORD,
        why=TWO_SEEDS,
    ),
    Observation(
        "eigenvalue_ratios.range_of_chance",
        says=(
            "The largest factor between the ratios lambda_1/lambda_10 of two seeds of one net at "
            "one record after the start."
        ),
        link="log",
        band=None,
        measure=_range_of_chance,
    ),
    Observation(
        "eigenvalue_ratios.none_over_active_at_equal_rate",
        says=(
            "The smallest quotient of lambda_1/lambda_10 without batch norm and lambda_1/lambda_10 "
            "with batch norm after the start, at an equal rate."
        ),
        link="log",
        band=None,
        measure=_smallest("none", "equal_rate"),
    ),
    Observation(
        "eigenvalue_ratios.frozen_over_active",
        says=(
            "The smallest quotient of lambda_1/lambda_10 with batch norm frozen and "
            "lambda_1/lambda_10 with batch norm active, after the start."
        ),
        link="log",
        band=None,
        measure=lambda arrays: float(quotients(arrays, "frozen", "active").min()),
    ),
    Observation(
        "eigenvalue_ratios.none_over_active_before_training",
        says=(
            "The quotient of lambda_1/lambda_10 without batch norm and lambda_1/lambda_10 with "
            "batch norm, before training."
        ),
        link="log",
        band=None,
        measure=lambda arrays: float(ratios(arrays, "none")[0] / ratios(arrays, "active")[0]),
    ),
    Observation(
        "eigenvalue_ratios.outliers_more_without",
        says=(
            "The number of outlying eigenvalues without batch norm minus the number with batch "
            "norm, mean over the records after the start."
        ),
        band=None,
        measure=_more_outliers,
    ),
    Observation(
        "eigenvalue_ratios.small_batches_over_usual",
        says=(
            "The ratio lambda_1/lambda_10 with batch norm in batches of the training's size "
            "divided by the ratio in the Hessian's own batches."
        ),
        link="log",
        band=None,
        measure=_small_batches,
    ),
)
