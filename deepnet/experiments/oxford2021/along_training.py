"""LeNet and VGG-16 are trained by Adam, with batch norm and without, at two learning rates.

The first is the source's rate. The second is the largest rate at which both nets of a pair train.
The experiment records the losses, the variation of the loss along the batch's gradient and along
Adam's own update, and the effective beta.

At the source's rate it depends on the draw whether VGG-16 without batch norm trains. On textures it
guessed in one run and reached an accuracy of 0.40 in another. For the LeNet it depends on the draw,
too, which net's loss varies more: without batch norm the variation was 2.0 times as large in one
run and 0.6 times in another. Which net has the larger effective beta depends on the net, the
direction and the length of the steps.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.oxford2021.shared import protocol
from deepnet.experiments.oxford2021.shared.protocol import KINDS, NAMES, WORDS
from deepnet.experiments.oxford2021.shared.records import MULTIPLES, beta, variation
from deepnet.experiments.reasons import NEVER_WITH_MEASURE
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.training.verdict import first_below_guessing

VERSION = 4
SOURCE = cite("oxford2021", "figure 1")
ALONG = ("gradient", "update")
WAYS = {"gradient": "the gradient", "update": "Adam's update"}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the protocol's trainings."""
    return protocol.configuration(scale)


def run(context: Context) -> Arrays:
    """The records of each net without batch norm and with it, at the source's and the joint rate.

    The keys are ``<net>:<none or active>:<source or joint>:<quantity>``. The quantities are:

    ``loss`` and ``accuracy`` (steps,): on the batches.
    ``last_loss`` and ``last_accuracy``: their means over the last epoch.
    ``trained``: whether the net trained.
    ``steps`` (records,): the recorded steps.
    ``small`` (records,): the effective beta for steps of a hundredth of the rate.
    ``plateau`` (records,): whether the loss is still at ln(classes), the loss of guessing.
    ``<gradient or update>:losses`` (records, multiples): the losses in this direction.
    ``<gradient or update>:beta`` and ``:saturated`` (records,): the effective beta in this
    direction.

    The rates are ``<net>:rate:<source or joint>``.
    """
    arrays: Arrays = {"classes": np.array(context.data.classes)}
    for name in NAMES:
        for which in ("source", "joint"):
            arrays[f"{name}:rate:{which}"] = np.array(protocol.rate_of(which, name, context))
            for kind in KINDS:
                net = protocol.net(name, kind, which, context)
                records = _records(net, len(context.data.x_train) // context.config["batch"])
                left = first_below_guessing(records["loss"], context.data.classes)
                flat = records["steps"] < (np.inf if left is None else left)
                records["plateau"] = flat & context.config["judged"]
                arrays |= {
                    f"{name}:{kind}:{which}:{quantity}": a for quantity, a in records.items()
                }
    return arrays


def _records(net: Trained, epoch: int) -> Arrays:
    records = {name: np.array(column) for name, column in net.state.records.items()}
    columns = {
        "trained": np.array(not net.outcome),
        "loss": records["loss"],
        "accuracy": records["accuracy"],
        "last_accuracy": records["accuracy"][-epoch:].mean(),
        "last_loss": records["loss"][-epoch:].mean(),
        "steps": records["watched:step"],
        "small": records["small:beta"],
    }
    for along in ALONG:
        losses = [records[f"{along}:loss:{multiple:g}"] for multiple in MULTIPLES]
        columns[f"{along}:losses"] = np.stack(losses, axis=1)
        columns[f"{along}:beta"] = records[f"{along}:beta"]
        columns[f"{along}:saturated"] = records[f"{along}:saturated"].astype(bool)
    return columns


def _over(name: str, number: Callable[[Arrays, str], float]) -> Measure:
    """``number`` of the net without batch norm divided by the number with it, at the joint rate.

    The measure is nan where one of the two nets did not train.
    """

    def measure(arrays: Arrays) -> float:
        pair = [f"{name}:{kind}:joint" for kind in KINDS]
        if not all(arrays[f"{net}:trained"] for net in pair):
            return float("nan")
        none, active = (number(arrays, net) for net in pair)
        return none / active

    return measure


def _largest_variation(arrays: Arrays, net: str, along: str) -> float:
    return float(variation(arrays, net, along).max())


def _median_beta(arrays: Arrays, net: str, along: str) -> float:
    betas = beta(arrays, net, along)
    return float(np.median(betas)) if len(betas) else float("nan")


def _median_small(arrays: Arrays, net: str) -> float:
    betas = arrays[f"{net}:small"][~arrays[f"{net}:plateau"]]
    return float(np.median(betas)) if len(betas) else float("nan")


def _last(name: str, kind: str, quantity: str = "accuracy") -> Measure:
    """The mean of ``quantity`` over the batches of the last epoch, at the source's rate."""
    return lambda arrays: float(arrays[f"{name}:{kind}:source:last_{quantity}"])


def _from_chance(kind: str) -> Measure:
    """The distance of VGG-16's last loss from ln(classes), the loss of a constant answer."""
    loss = _last("vgg16", kind, "loss")
    return lambda arrays: abs(loss(arrays) - float(np.log(arrays["classes"])))


def _worse_lenet(arrays: Arrays) -> float:
    """The smaller last accuracy of the two LeNets, at the source's rate."""
    return min(_last("lenet", kind)(arrays) for kind in KINDS)


def _early_over_late(arrays: Arrays) -> float:
    """Null: LeNet's largest variation without batch norm, first half of the records over second.

    It is nan where the net did not train or has fewer than two records.
    """
    net = "lenet:none:joint"
    values = variation(arrays, net, "gradient")
    half = len(values) // 2
    if not arrays[f"{net}:trained"] or not half:
        return float("nan")
    return float(values[:half].max() / values[half:].max())


def _reports() -> tuple[Observation, ...]:
    """Quotients of the net without batch norm over the net with it, at the joint rate.

    No sign was stated for them before the first run.
    """
    observations = []
    for name in NAMES:
        for along in ALONG:
            way = f"along {WAYS[along]}"
            if (name, along) != ("lenet", "gradient"):
                number = partial(_largest_variation, along=along)
                statement = f"variation_{name}_along_{along}"
                says = f"largest variation of {WORDS[name]}'s loss {way}"
                observations.append(_report(statement, says, _over(name, number)))
            number = partial(_median_beta, along=along)
            statement = f"effective_beta_{name}_along_{along}"
            says = f"median effective beta of {WORDS[name]} {way}"
            observations.append(_report(statement, says, _over(name, number)))
        says = f"median effective beta of {WORDS[name]} over a hundredth of the rate"
        statement = f"beta_of_small_steps_{name}"
        observations.append(_report(statement, says, _over(name, _median_small)))
    return tuple(observations)


def _report(statement: str, says: str, measure: Measure) -> Observation:
    return Observation(
        f"along_training.{statement}",
        says=f"The {says} without batch norm divided by this number with batch norm, at the joint "
        "rate.",
        link="log",
        band=None,
        measure=measure,
    )


OUTCOME = "The commit that states the band also tells the outcome of the runs."
#: Accuracies are means over the batches of the last epoch. The null of a net that does not train is
#: the net with batch norm. The null of nets that train is the net that does not train. The null of
#: the quotient compares the net without batch norm with itself, early in training over late. The
#: net with batch norm learns faster. Where the variation falls along a training, this alone makes
#: the quotient exceed 1.
OBSERVATIONS = (
    Observation(
        "along_training.vgg16_without_batch_norm_guesses",
        says="VGG-16 without batch norm has a training accuracy of 0.087 to 0.113 over the last "
        "epoch, at the source's rate.",
        link="logit",
        band=(0.087, 0.113),
        measure=_last("vgg16", "none"),
        null=_last("vgg16", "active"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "along_training.its_loss_is_that_of_guessing",
        says="The mean loss of VGG-16 without batch norm over the last epoch is within 0.02 of the "
        "loss of guessing, at the source's rate.",
        bounds=(0, np.inf),
        band=(0, 0.02),
        measure=_from_chance("none"),
        null=_from_chance("active"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "along_training.vgg16_with_batch_norm_trains",
        says="VGG-16 with batch norm has a training accuracy of at least 0.2 over the last epoch, "
        "at the source's rate.",
        link="logit",
        band=(0.2, 1),
        measure=_last("vgg16", "active"),
        null=_last("vgg16", "none"),
    ),
    Observation(
        "along_training.both_lenets_train",
        says="LeNet has a training accuracy of at least 0.25 over the last epoch, with batch norm "
        "and without batch norm, at the source's rate.",
        link="logit",
        band=(0.25, 1),
        measure=_worse_lenet,
        null=_last("vgg16", "none"),
    ),
    Observation(
        "along_training.largest_variation_lenet",
        says="The largest variation of LeNet's loss along the gradient is at least as large "
        "without batch norm as with batch norm, at the joint rate.",
        link="log",
        band=(1, np.inf),
        measure=_over("lenet", partial(_largest_variation, along="gradient")),
        null=_early_over_late,
        stated="after",
        was="The null was the inverse quotient.",
        why=NEVER_WITH_MEASURE,
    ),
    *_reports(),
)
