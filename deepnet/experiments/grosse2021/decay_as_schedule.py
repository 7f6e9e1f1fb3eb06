"""Weight decay at a constant rate is compared with an exponentially growing rate without decay.

The conv net with batch norm (no eps, float64) is trained both ways on equal batches. Its units go
through equal directions, to rounding. With momentum they do so only from the right first buffer and
with the right root. Without batch norm they do not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.protocol import convolutional, problem, trained
from deepnet.experiments.grosse2021.shared.rules import GrowingRates
from deepnet.experiments.grosse2021.shared.turns import rows, squares
from deepnet.experiments.store import Arrays
from deepnet.training.train import TrainingStep
from theory import invariance

VERSION = 2
SOURCE = cite("grosse2021", "Exponentially increasing LR schedule (Li and Arora, 2020)")
BETA = 0.9
#: The name, the mode of batch norm and the momentum of each pair of runs.
RUNS: tuple[tuple[str, Literal["active", "none"], float], ...] = (
    ("plain", "active", 0.0),
    ("momentum", "active", BETA),
    ("none", "none", 0.0),
)


@dataclass(frozen=True)
class Twin:
    """A run without decay that is compared with the run with decay.

    ``root``: the rate at step k is the constant rate times ``root``^(-2k-1).
    ``buffer``: the first buffer of momentum is this number times the weights.
    """

    root: float
    buffer: float = 0.0


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with 200 steps on batches of 50 at quick.

    ``every``: the number of steps from one comparison to the next.
    """
    return {
        "train": scale.pick(32, 1000, 5000),
        "test": scale.pick(16, 50, 1000),
        "side": scale.pick(16, 16, 32),
        "width": scale.pick("1/32", "1/8", "1/4"),
        "batch": scale.pick(8, 50, 50),
        "epochs": scale.pick(1, 10, 10),
        "every": scale.pick(1, 10, 50),
        "rate": 0.1,
        "decay": 5e-3,
    }


def twins(beta: float, config: Mapping[str, Any]) -> dict[str, Twin]:
    """The twins of a run with momentum ``beta``, by name.

    "exact": the schedule of the claim.
    "no buffer": its root, without the first buffer.
    "naive root": the root 1 - eta decay/(1 - beta), with the buffer that this root would need.

    The last two must fail. Without momentum there is "exact" alone.
    """
    eta, decay = config["rate"], config["decay"]
    if beta == 0:
        first = invariance.exponential_schedule(eta=eta, decay=decay, k=0)["rate"]
        return {"exact": Twin(eta / first)}
    first = invariance.exponential_schedule_with_momentum(eta=eta, beta=beta, decay=decay, k=0)
    root, naive = float(eta / first["rate"]), 1 - eta * decay / (1 - beta)
    return {
        "exact": Twin(root, float(first["buffer"])),
        "no buffer": Twin(root),
        "naive root": Twin(naive, -(1 - naive) / (eta * naive)),
    }


def run(context: Context) -> Arrays:
    """The distances of each run from its twins. The runs are "plain", "momentum" and "none".

    "none" has neither batch norm nor momentum.

    "steps" (records,): the steps at which the runs are compared.
    "<run>:<twin>:distance" (records,): the largest distance of a unit's weights, both at length
    one.
    "<run>:<twin>:lengths" (records, 2): the least and largest length without decay over with decay.
    "<run>:<twin>:loss" (records,): the loss without decay minus the loss with decay.
    "<run>:<twin>:root": the root.
    """
    config = context.config
    context = prepared(context, standardised=False)
    arrays: Arrays = {}
    for name, mode, beta in RUNS:
        compared = context.stage(name, partial(_compared, mode, beta, context))
        arrays |= {f"{name}:{quantity}": column for quantity, column in compared.items()}
    steps = config["epochs"] * (len(context.data.x_train) // config["batch"])
    return arrays | {"steps": np.arange(0, steps, config["every"])}


def _compared(mode: Literal["active", "none"], beta: float, context: Context) -> Arrays:
    decayed = _path(mode, {"beta": beta, "decay": context.config["decay"]}, context)
    arrays: Arrays = {}
    for name, twin in twins(beta, context.config).items():
        rule = {"beta": beta, "root": twin.root, "buffer": twin.buffer}
        grown = _path(mode, rule, context)
        pairs = list(zip(decayed.seen, grown.seen, strict=True))
        arrays |= {
            f"{name}:distance": np.array([_distance(*pair) for pair in pairs]),
            f"{name}:lengths": np.array([_lengths(*pair) for pair in pairs]),
            f"{name}:loss": np.array(grown.losses) - np.array(decayed.losses),
            f"{name}:root": np.array(twin.root),
        }
    return arrays


class _Path:
    """A hook that records the loss and the units of some layers.

    It does so at steps 0, ``every``, 2 ``every``, ... A record has the units of a layer as rows.
    """

    def __init__(self, layers: Sequence[str], every: int) -> None:
        self.layers, self.every, self.steps = layers, every, 0
        self.seen: list[dict[str, np.ndarray]] = []
        self.losses: list[float] = []

    def __call__(self, step: TrainingStep) -> dict[str, float]:
        if self.steps % self.every == 0:
            self.seen.append({name: rows(step.before[name]) for name in self.layers})
            self.losses.append(float(step.loss))
        self.steps += 1
        return {}


def _path(
    mode: Literal["active", "none"],
    rule: Mapping[str, float],
    context: Context,
) -> _Path:
    """The path of a training of the conv net.

    The numbers of the ``rule`` hold for all layers but the last.
    """
    config = context.config
    recipe = convolutional(
        config,
        activation="softplus",
        norm=mode,
        eps=0.0,
        dtype="float64",
        rate=config["rate"],
        epochs=config["epochs"],
    )
    *free, _ = problem(recipe, context.data).net.shapes
    path = _Path(free, config["every"])
    trained(replace(recipe, rule=GrowingRates(layers=free, **rule)), context, [path])
    return path


def _distance(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> float:
    """The largest distance of a unit's weights in ``one`` and in ``other``, both at length one."""

    def apart(w: np.ndarray, v: np.ndarray) -> float:
        difference = w / np.sqrt(squares(w))[:, None] - v / np.sqrt(squares(v))[:, None]
        return float(np.sqrt(squares(difference)).max())

    return max(apart(one[layer], other[layer]) for layer in one)


def _lengths(
    below: Mapping[str, np.ndarray], above: Mapping[str, np.ndarray]
) -> tuple[float, float]:
    """The least and the largest of the lengths in ``above`` divided by the lengths in ``below``."""
    quotients = np.concatenate([np.sqrt(squares(above[n]) / squares(below[n])) for n in below])
    return float(quotients.min()), float(quotients.max())


def farthest(name: str) -> Measure:
    """The largest distance of directions along the whole path; nan where a path ended early."""

    def measure(arrays: Arrays) -> float:
        distances = arrays[f"{name}:distance"]
        return float(distances.max()) if len(distances) == len(arrays["steps"]) else float("nan")

    return measure


#: The bands are rounding, enlarged by 200 steps of training. Each null lacks one thing that the
#: claim needs: batch norm, the first buffer, or the root of the quadratic.
OBSERVATIONS = (
    Observation(
        "decay_as_schedule.same_directions",
        says=(
            "Units of the net with batch norm have equal directions, to 1e-8, with weight decay "
            "and with a growing rate without decay."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=farthest("plain:exact"),
        null=farthest("none:exact"),
        about=(invariance.exponential_schedule,),
    ),
    Observation(
        "decay_as_schedule.same_directions_with_momentum",
        says=(
            "Units of the net with batch norm have equal directions, to 1e-8, with decay and with "
            "a growing rate, momentum and the right first buffer."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=farthest("momentum:exact"),
        null=farthest("momentum:no buffer"),
        about=(invariance.exponential_schedule_with_momentum,),
    ),
    Observation(
        "decay_as_schedule.not_from_the_naive_root",
        says=(
            "Units of the net with batch norm have equal directions, to 1e-8, with decay and with "
            "a rate that grows by the root of the quadratic equation."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=farthest("momentum:exact"),
        null=farthest("momentum:naive root"),
        about=(invariance.exponential_schedule_with_momentum,),
    ),
    Observation(
        "decay_as_schedule.losses",
        says=(
            "The largest difference between the batch losses with weight decay and with the "
            "growing rate, with batch norm and momentum."
        ),
        band=None,
        measure=lambda arrays: float(np.abs(arrays["momentum:exact:loss"]).max()),
        about=(invariance.exponential_schedule_with_momentum,),
    ),
)
