"""What is stated of the arrays of ``variants``: measures, nulls, observations."""

from math import inf, log, nan

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared.variant_nets import AGAIN
from deepnet.experiments.reasons import SEEN
from deepnet.experiments.store import Arrays


def ranks(arrays: Arrays, name: str) -> np.ndarray:
    """The final losses, (rates,). A run that did not train has the loss of a constant answer."""
    lost = arrays[f"{name}:mark"] > 0
    return np.where(lost, log(float(arrays["classes"])), arrays[f"{name}:loss"])


def best(arrays: Arrays, name: str) -> float:
    """The lowest final loss over the rates."""
    return float(ranks(arrays, name).min())


def between_seeds(arrays: Arrays, name: str) -> np.ndarray:
    """The differences of two seeds' final losses, at the rates at which both train."""
    both = (arrays[f"{name}:mark"] == 0) & (arrays[f"{name} again:mark"] == 0)
    return np.asarray((arrays[f"{name}:loss"] - arrays[f"{name} again:loss"])[both])


def spread(arrays: Arrays) -> float:
    """The root mean square of the differences of two seeds, over variants and rates."""
    differences = np.concatenate([between_seeds(arrays, name) for name in AGAIN])
    return float(np.sqrt(np.mean(differences**2))) if differences.size else nan


def _by_seeds(difference: Measure) -> Measure:
    """The ``difference`` in units of ``spread``."""
    return lambda arrays: difference(arrays) / spread(arrays)


def _above(name: str, *others: str) -> Measure:
    """The best loss of ``name`` minus the largest of the best losses of the ``others``."""
    return lambda arrays: best(arrays, name) - max(best(arrays, other) for other in others)


def _lowered(arrays: Arrays, name: str, by: str) -> np.ndarray:
    """The loss of ``name`` minus the loss of ``by``, (rates,)."""
    return ranks(arrays, name) - ranks(arrays, by)


def _lowered_at_least(name: str, by: str, rates: slice = slice(None)) -> Measure:
    """The loss of ``name`` minus the loss of ``by``, the least over these ``rates``."""
    return lambda arrays: float(_lowered(arrays, name, by)[rates].min())


def _trains(arrays: Arrays, name: str) -> float:
    """1 where the variant trains at the largest rate, else 0."""
    return float(arrays[f"{name}:mark"][-1] == 0)


#: The statements of the source and of the protocol are signs. A sign counts where it is more than
#: twice the difference of two seeds (``spread``). A null takes the same measure of two seeds of one
#: net. The statement that batch norm does not help tanh has as null the logistic net, which batch
#: norm helps at the smallest rate: the logistic net without batch norm does not train there.
#:
#: Two statements were changed after the first runs. That batch norm does not help tanh was a sign
#: alone, without the spread of two seeds. It was stated that batch norm helps the logistic net at
#: each of the rates. At the largest rate it does not: the net without batch norm outgrows the
#: linear part of its units, which batch norm's inputs of variance 1 never leave (see the
#: experiment's docstring). So the statement is about the two smallest rates. The statement about
#: each rate is about a batch norm whose scale begins at 4.
BEYOND = (2, inf)
OF_A_MEAN = "The null was the mean difference of two seeds in units of the spread."
SMALL_MEAN = f"A mean of differences is hardly ever twice their spread. {SEEN}"
SMALL = slice(2)
OBSERVATIONS = (
    Observation(
        "variants.logistic_is_worst_without_batch_norm",
        says=(
            "The best final loss of the logistic net exceeds the best final losses of the tanh and "
            "the ReLU net by twice the seeds' spread, all without batch norm."
        ),
        band=BEYOND,
        measure=_by_seeds(_above("logistic, none", "tanh, none", "none")),
        null=_by_seeds(_above("logistic, none", "logistic, none again")),
        stated="after",
        was=OF_A_MEAN,
        why=SMALL_MEAN,
    ),
    Observation(
        "variants.batch_norm_helps_logistic_at_small_rates",
        says=(
            "Batch norm lowers the final loss of the logistic net by at least twice the seeds' "
            "spread, at each of the two smallest rates."
        ),
        band=BEYOND,
        measure=_by_seeds(_lowered_at_least("logistic, none", by="logistic", rates=SMALL)),
        null=_by_seeds(_lowered_at_least("logistic again", by="logistic", rates=SMALL)),
        stated="after",
        was=f"Batch norm helps the logistic net at each rate. {OF_A_MEAN}",
        why=f"At the largest rate batch norm does not help. {SMALL_MEAN}",
    ),
    Observation(
        "variants.batch_norm_of_scale_four_helps_logistic_at_each_rate",
        says=(
            "Batch norm whose scale begins at 4 lowers the final loss of the logistic net by at "
            "least twice the seeds' spread, at each rate."
        ),
        band=BEYOND,
        measure=_by_seeds(_lowered_at_least("logistic, none", by="logistic, sharp")),
        null=_by_seeds(_lowered_at_least("logistic again", by="logistic")),
        stated="after",
        was=OF_A_MEAN,
        why=(
            "The statement came after the runs, from their failure at the largest rate. "
            f"{SMALL_MEAN}"
        ),
    ),
    Observation(
        "variants.batch_norm_does_not_help_tanh",
        says=(
            "Batch norm does not lower the best final loss of the tanh net by more than twice the "
            "seeds' spread."
        ),
        band=(-2, inf),
        measure=_by_seeds(_above("tanh", "tanh, none")),
        null=_by_seeds(lambda arrays: -_lowered(arrays, "logistic, none", "logistic")[0]),
        stated="after",
        was="The difference lies in (0, inf). The null is the logistic net's difference.",
        why="The commit gives no reason for -2. It knows that the null's net does not train.",
    ),
    Observation(
        "variants.relu_trains_at_the_largest_rate_only_with_batch_norm",
        says=(
            "The ReLU net trains at the largest rate with batch norm, and does not train at this "
            "rate without batch norm."
        ),
        band=(0.5, 1.5),
        measure=lambda arrays: _trains(arrays, "active") - _trains(arrays, "none"),
        null=lambda arrays: _trains(arrays, "active") - _trains(arrays, "active again"),
    ),
    Observation(
        "variants.detached_is_worse_than_active",
        says=(
            "The best final loss with detached batch norm exceeds the best final loss with active "
            "batch norm by at least twice the seeds' spread."
        ),
        band=BEYOND,
        measure=_by_seeds(_above("detached", "active")),
        null=_by_seeds(_above("active again", "active")),
        stated="after",
        was=OF_A_MEAN,
        why=SMALL_MEAN,
    ),
    Observation(
        "variants.loss_of_after_less_before",
        says=(
            "The best final loss with batch norm after the activation minus the best final loss "
            "with batch norm before it."
        ),
        band=None,
        measure=_above("after", "active"),
    ),
    Observation(
        "variants.loss_of_centring_less_active",
        says=(
            "The best final loss with batch centring alone minus the best final loss with batch "
            "norm."
        ),
        band=None,
        measure=_above("centring", "active"),
    ),
    Observation(
        "variants.loss_of_scaling_less_active",
        says=(
            "The best final loss with batch scaling alone minus the best final loss with batch "
            "norm."
        ),
        band=None,
        measure=_above("scaling", "active"),
    ),
    Observation(
        "variants.loss_of_mean_detached",
        says=(
            "The best final loss with the gradient's path through the mean cut minus the best "
            "final loss with active batch norm."
        ),
        band=None,
        measure=_above("mean_detached", "active"),
    ),
    Observation(
        "variants.loss_of_deviation_detached",
        says=(
            "The best final loss with the gradient's path through the deviation cut minus the best "
            "final loss with active batch norm."
        ),
        band=None,
        measure=_above("deviation_detached", "active"),
    ),
    Observation(
        "variants.loss_of_affine_less_active",
        says=(
            "The best final loss with a learnable scale and shift minus the best final loss with "
            "batch norm without them."
        ),
        band=None,
        measure=_above("affine", "active"),
    ),
    Observation(
        "variants.centred_by_hand_less_logistic",
        says=(
            "The best final loss with centred logistic units minus the best final loss with "
            "logistic units, both without batch norm."
        ),
        band=None,
        measure=_above("logistic, centred", "logistic, none"),
    ),
    Observation(
        "variants.logistic_lowered_at_the_largest_rate",
        says=(
            "The fall of the logistic net's final loss by batch norm at the largest rate, in units "
            "of the seeds' spread."
        ),
        band=None,
        measure=_by_seeds(
            _lowered_at_least("logistic, none", by="logistic", rates=slice(-1, None))
        ),
    ),
    Observation(
        "variants.between_seeds",
        says=(
            "The root mean square of the differences between two seeds' final losses, over six "
            "variants and all rates."
        ),
        band=None,
        measure=spread,
    ),
)
