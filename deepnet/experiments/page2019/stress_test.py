"""Batch norm trains at learning rates at least 20 times as large as the net without it, and frozen
batch norm does not. On textures they are hundreds of times as large. The rates grow without end for
three ReLU nets: with batch norm, without it, and with batch norm frozen at the start. So stability
comes from statistics that follow the weights. The lengths of the weights show how. They grow with
the rate, and so the effective rate does not grow. The source's net without batch norm ends in nan.
At small scale its outputs become constant before that.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from companion.errors import UsageError
from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.by_epoch import by_epoch
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.outcome import by_best_epoch
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.nets import Recipe, trained
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.training import SGD, State, Training, beginning, piecewise_linear, train
from theory import invariance

VERSION = 2
SOURCE = cite("page2019", "The learning rate is increased exponentially over time as a stress test")
NETS = ("active", "frozen", "none")


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's net, and the learning rates.

    The rate is ``first`` 2^(x/``doubling``) at the whole epochs x, and linear between them.
    ``quick`` has a quarter of the source's batch, so that a quarter of the source's rates
    corresponds to them. To save time, it starts at twice the corresponding first rate and doubles
    the rate in every epoch. It goes on far beyond 7, which corresponds to the source's last rate.
    The net with batch norm is not lost at that rate.
    """
    shared = ("train", "test", "width", "batch")
    return {name: protocol.configuration(scale)[name] for name in shared} | {
        "epochs": scale.pick(2, 17, 25),
        "first": scale.pick(0.0025, 0.0025, 0.005),
        "doubling": scale.pick(1, 1, 2),
    }


def rates(config: Mapping[str, Any]) -> np.ndarray:
    """The rate at the beginning of the first epoch, and the rate at the end of each epoch."""
    epochs = np.arange(config["epochs"] + 1)
    return config["first"] * 2.0 ** (epochs / config["doubling"])


def run(context: Context) -> Arrays:
    """Train the nets active, frozen and none until each is lost or all epochs are done.

    For each net:
    - ``rate`` (epochs,) is the rate at the end of the epoch.
    - ``accuracy`` (epochs,) is the mean over the batches of the epoch, each before its own step.
    - ``squares`` (epochs, layers) is |W|^2 of each layer with a batch norm.
    - ``squares_before`` (layers,) is |W|^2 before training.

    Raises UsageError if a net does not last an epoch.
    """
    config = context.config
    arrays = {"batch": np.array(config["batch"]), "classes": np.array(context.data.classes)}
    for name in NETS:
        net = untrained(name, context)
        states = list(_epochs(name, net, context))
        last = states[-1]
        if last.epoch == 0:
            raise UsageError(
                f"the net {name!r} does not last an epoch at rates from {config['first']:g} on; "
                "give a smaller first"
            )
        arrays |= {
            f"{name}:rate": rates(config)[1 : last.epoch + 1],
            f"{name}:accuracy": by_epoch(last, "accuracy"),
            f"{name}:squares": np.array([_squares(net, state) for state in states[: last.epoch]]),
            f"{name}:squares_before": _squares(net, net.state),
        }
    return arrays


def untrained(name: str, context: Context) -> Trained:
    """The ReLU net ``name`` with random weights. "frozen" has their statistics."""
    recipe = Recipe(
        norm="none" if name == "none" else "active",
        width=context.config["width"],
        schedule=((0.0, 0.0),),
        epochs=0,
        batch=context.config["batch"],
        activation="relu",
        smoothing=0.0,
    )
    net = trained(recipe, context)
    return net.frozen if name == "frozen" else net


def _epochs(name: str, net: Trained, context: Context) -> Iterator[State]:
    """The state after each epoch, until all epochs are done or the net is lost."""
    config = context.config
    training = Training(
        epochs=config["epochs"],
        batch=config["batch"],
        seed=context.seed,
        schedule=piecewise_linear(*enumerate(rates(config).tolist())),
        rule=SGD(momentum=0.9, nesterov=True, decay=1e-4),
    )
    state = beginning(net.state.weights, training)
    for epoch in range(training.epochs):
        later = partial(_epoch_later, net, context, training, state)
        state = State.from_arrays(context.stage(f"{name}-{epoch}", later))
        yield state
        if state.diverged or by_best_epoch(by_epoch(state, "accuracy"), context.data.classes):
            return


def _epoch_later(net: Trained, context: Context, training: Training, state: State) -> Arrays:
    return next(train(net.problem, context.data, training, state)).to_arrays()


def _squares(net: Trained, state: State) -> np.ndarray:
    return np.array([np.sum(np.square(state.weights[layer])) for layer in net.problem.net.normed])


def limit(arrays: Arrays, name: str) -> float:
    """The largest rate at which ``name`` trains.

    It trains if its accuracy is at least half as far above guessing as its best accuracy.
    """
    above = np.maximum(0, arrays[f"{name}:accuracy"] - 1 / arrays["classes"])
    return float(arrays[f"{name}:rate"][above >= above.max() / 2].max())


def best_rate(arrays: Arrays, name: str) -> float:
    """The rate at the end of the epoch with the highest accuracy."""
    return float(arrays[f"{name}:rate"][arrays[f"{name}:accuracy"].argmax()])


def _over_none(rate: Callable[[Arrays, str], float], above: str) -> Measure:
    """The ``rate`` of ``above`` divided by the ``rate`` of the net without batch norm."""
    return lambda arrays: rate(arrays, above) / rate(arrays, "none")


def growth(arrays: Arrays, name: str) -> float:
    """|W|^2 at the largest rate (``limit``) divided by |W|^2 before training.

    The result is the median over the layers.
    """
    epoch = int(np.flatnonzero(arrays[f"{name}:rate"] == limit(arrays, name))[0])
    return float(np.median(arrays[f"{name}:squares"][epoch] / arrays[f"{name}:squares_before"]))


OUTCOME = "The commit that states the band also tells the outcome of the runs."
#: The source's own run has at least 90 for the first observation and 8 for the second. Its net with
#: batch norm is not lost at the end. Weights turn with the effective rate rate/|W|^2. They have to
#: grow, or the effective rate would be too large (invariance.auto_tuning). The null is the net with
#: batch norm frozen.
OBSERVATIONS = (
    Observation(
        "stress_test.largest_rate_over_none",
        says="The largest learning rate at which the net trains is at least 20 times as large "
        "with batch norm as without batch norm.",
        link="log",
        band=(20, np.inf),
        measure=_over_none(limit, "active"),
        null=_over_none(limit, "frozen"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "stress_test.best_rate_over_none",
        says="The learning rate at the highest accuracy is at least 4 times as large with batch "
        "norm as without batch norm.",
        link="log",
        band=(4, np.inf),
        measure=_over_none(best_rate, "active"),
        null=_over_none(best_rate, "frozen"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "stress_test.growth_of_the_weights",
        says="The squared length of a layer's weights grows at least fourfold up to the largest "
        "learning rate at which the net with batch norm trains.",
        link="log",
        band=(4, np.inf),
        measure=lambda arrays: growth(arrays, "active"),
        null=lambda arrays: growth(arrays, "frozen"),
        about=(invariance.auto_tuning,),
        stated="after",
        why=OUTCOME,
    ),
)

FASTER = "here the rate doubles in fewer steps, so that each net has learnt less by then"


def _best(name: str) -> Measure:
    return lambda arrays: float(arrays[f"{name}:accuracy"].max())


def _for_512(rate: Callable[[Arrays, str], float], name: str) -> Measure:
    """The ``rate`` of ``name`` for a batch of 512, if rates are in proportion to the batch."""
    return lambda arrays: rate(arrays, name) * 512 / float(arrays["batch"])


def _last_rate(arrays: Arrays, name: str) -> float:
    return float(arrays[f"{name}:rate"][-1])


def _accuracy_at_29(arrays: Arrays) -> float:
    rate, accuracy = np.log(arrays["active:rate"]), arrays["active:accuracy"]
    return float(np.interp(np.log(28.9631 * arrays["batch"] / 512), rate, accuracy))


#: Rates are given for a batch of 512.
PUBLISHED = (
    Published("best accuracy, batch norm", 0.853415, _best("active"), why=FASTER, compared="odds"),
    Published("best accuracy, none", 0.658928, _best("none"), why=FASTER, compared="odds"),
    Published("rate of the best, batch norm", 0.905097, _for_512(best_rate, "active"), why=FASTER),
    Published("rate of the best, none", 0.113137, _for_512(best_rate, "none"), why=FASTER),
    Published("last rate, none", 0.32, _for_512(_last_rate, "none"), why=FASTER),
    Published("accuracy at 29, batch norm", 0.558956, _accuracy_at_29, compared="odds"),
)
