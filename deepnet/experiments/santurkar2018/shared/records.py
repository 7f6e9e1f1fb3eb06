"""The trainings that the source's experiments read, with the records of all experiments.

Recording does not change a training, so it is run once. A hook's name and the numbers on which the
hook depends enter the name of the stored training.
"""

from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.protocol import Name
from deepnet.experiments.santurkar2018.shared.scores import of_scores
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import smoothness_hook
from deepnet.experiments.santurkar2018.shared.unit_activations import (
    inputs_of,
    of_quantiles,
    of_units,
)
from deepnet.experiments.trained import Trained
from deepnet.training.train import Hook
from deepnet.watch import every

#: Raised when a hook records something else.
VERSION_OF_RECORDS = 2
#: The nets whose units are recorded.
UNITS_RECORDED: tuple[Name, ...] = ("none", "active", "noisy")
PAIR: tuple[Name, ...] = ("none", "active")
#: The number of steps of a training at which the law of an activation is recorded.
LAWS = 6


def recorded(name: Name, rate: float, context: Context) -> Trained:
    """The net ``name`` trained at ``rate``, with the records of ``hooks``."""
    chosen = hooks(name, rate, context)
    called = list(chosen.values())
    return protocol.trained(
        name, rate, context, called, records=list(chosen), version=VERSION_OF_RECORDS
    )


def hooks(name: Name, rate: float, context: Context) -> dict[str, Hook]:
    """The hooks of the training of ``name`` at ``rate``, by name.

    - ``scores`` are recorded before the first step of each epoch.
    - ``units`` and ``quantiles`` belong to the units of activations. They are recorded at the
      source's main rate, for the nets UNITS_RECORDED.
    - ``slopes`` are recorded for the nets PAIR, at the main rate and the small rate, and for the
      norms of other powers at the main rate. Random directions are taken for PAIR at the main rate
      alone.
    """
    config = context.config
    data, own = context.data, protocol.problem(name, context)
    steps = protocol.steps(context)
    by_name = {"scores": every(steps, steps, of_scores(own, data, config["batch"]), "score")}
    if name in UNITS_RECORDED and rate == config["rate"]:
        x = data.normalised(data.x_train[: config["batch"]])
        layers = list(inputs_of(own.net, config["layers"]).values())
        apart = max(1, (steps * config["epochs"] - 1) // (LAWS - 1))
        by_name["units"] = of_units(own.net, layers, x)
        by_name["quantiles"] = every(apart, steps, of_quantiles(own.net, layers, x), "quantiles")
    main = rate == config["rate"]
    if name in PAIR and (main or rate == config["small_rate"]):
        many = config["directions"] if main else 0
        by_name["slopes"] = smoothness_hook(config["every"], steps, context, many)
    if name in protocol.POWERS and main:
        by_name["slopes"] = smoothness_hook(2 * config["every"], steps, context, shift=False)
    return by_name
