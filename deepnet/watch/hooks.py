"""Hooks that a training calls at every step or at every n-th step."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from deepnet.backend import to_host
from deepnet.landscape import Smoothness, smoothness
from deepnet.problem import Problem
from deepnet.training.train import Hook, TrainingStep
from deepnet.vectors import to_vector
from deepnet.watch.activations import activations
from deepnet.watch.covariate_shift import covariate_shift
from deepnet.watch.moments import moments
from deepnet.watch.units import dead, saturated

Array = Any
Weights = dict[str, Array]


def every(count: int, steps: int, hook: Hook, name: str = "watched") -> Hook:
    """A hook that calls another hook at some steps of a training, by the number of the step.

        number = 0, count, 2 count, ...

    It records the number as "<name>:step". The choice depends on the number alone. A training that
    goes on from a stored state therefore records what it would have recorded.

    Args:
        count: The distance between two recorded steps.
        steps: The number of steps per epoch.
        hook: The hook that is called.
        name: The beginning of the name of the recorded step number.

    Returns:
        A hook: a function of a ``TrainingStep`` with {name: number}.

    Raises:
        ValueError: ``count`` or ``steps`` is less than 1.

    Example:
        >>> from types import SimpleNamespace
        >>> hook = every(2, 4, lambda step: {"loss": 0.5})
        >>> [dict(hook(SimpleNamespace(epoch=epoch))) for epoch in (0.25, 0.5)]
        [{'watched:step': 0, 'loss': 0.5}, {}]
    """
    if min(count, steps) < 1:
        raise ValueError(f"every {count} of {steps} steps: give 1 or more")

    def chosen(step: TrainingStep) -> Mapping[str, float]:
        number = round(step.epoch * steps) - 1
        if number % count:
            return {}
        return {f"{name}:step": number, **hook(step)}

    return chosen


def of_activations(problem: Problem, x: Array, channels: Sequence[int] | None = None) -> Hook:
    """A hook that records moments, dead units and saturated units of every layer before the step.

        "<layer>:mean", ":variance", ":skewness", ":kurtosis"    of the values after the activation
        "<layer>:dead"                                           the share of the units
        "<layer>:saturated"                                      the share over units and examples

    See ``moments``, ``dead`` and ``saturated`` for the definitions.

    Args:
        problem: The net, its norm and its loss. The loss does not matter.
        x: The inputs of the batch on which the hook looks, (n, ...).
        channels: The channels whose moments are recorded separately, as "<layer>:mean:<channel>"
            (None: all channels are pooled).

    Returns:
        A hook: a function of a ``TrainingStep`` with {name: number}.

    Reference:
        grosse2021, Preventing dead or saturated units

    Example:
        >>> from types import SimpleNamespace
        >>> from deepnet import ops
        >>> from deepnet.curvature.least_squares import least_squares
        >>> from deepnet.nets.mlp import mlp
        >>> norm = least_squares(np.eye(2), np.ones(2)).problem.norm  # none
        >>> problem = Problem(mlp([2, 2, 1], ops.relu), norm)
        >>> weights = {"dense1": np.diag([1.0, -1.0]), "dense2": np.ones((1, 2))}
        >>> hook = of_activations(problem, np.array([[2.0, 3.0]]))
        >>> record = hook(SimpleNamespace(before=weights))
        >>> record["dense1:mean"], record["dense1:variance"], record["dense1:dead"]
        (1.0, 1.0, 0.5)
    """

    def hook(step: TrainingStep) -> Mapping[str, float]:
        record: dict[str, float] = {}
        for layer, activation in activations(problem, step.before, x).items():
            by_name = vars(moments(activation.after, pooled=channels is None))
            for moment, value in by_name.items():
                if channels is None:
                    record[f"{layer}:{moment}"] = float(value)
                else:
                    record |= {f"{layer}:{moment}:{c}": float(value[c]) for c in channels}
            record[f"{layer}:dead"] = float(dead(activation).mean())
            record[f"{layer}:saturated"] = float(saturated(activation).mean())
        return record

    return hook


def of_covariate_shift(step: TrainingStep) -> dict[str, float]:
    """A hook that records the internal covariate shift of every layer by the step that was made.

        "<layer>:shift"             |G' - G|
        "<layer>:shift:relative"    |G' - G|/|G|
        "<layer>:shift:cosine"      cos(G, G')

    The batch is the batch of the step, and the update is the rule's own. See ``covariate_shift``.

    Args:
        step: The step of training.

    Returns:
        {name: number}.

    Raises:
        ValueError: See ``covariate_shift``.

    Reference:
        santurkar2018, definition 2.1

    Example:
        >>> from types import SimpleNamespace
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> (x, y), w = batches.data[0], batches.weights
        >>> of_covariate_shift(
        ...     SimpleNamespace(problem=batches.problem, before=w, after=w, x=x, targets=y)
        ... )
        {'dense1:shift': 0.0, 'dense1:shift:relative': 0.0, 'dense1:shift:cosine': 1.0}
    """
    shift = covariate_shift(step.problem, step.before, step.after, step.x, step.targets)
    record: dict[str, float] = {}
    for i, layer in enumerate(shift.layers):
        record[f"{layer}:shift"] = float(shift.norm[i])
        record[f"{layer}:shift:relative"] = float(shift.relative[i])
        record[f"{layer}:shift:cosine"] = float(shift.cosine[i])
    return record


def of_smoothness(
    multiples: Sequence[float] = (0.5, 1, 2, 4),
    along: Literal["gradient", "update"] | Callable[[TrainingStep], Weights] = "gradient",
    band: Sequence[float] | None = None,
) -> Hook:
    """A hook that records loss variation, gradient predictiveness and effective beta.

        "loss:<m>", "predictiveness:<m>", "beta:<m>"    for each multiple m
        "variation", "beta", "saturated" (1 or 0)       over the band

    See ``Smoothness`` for the definitions. The loss is the loss of the step's batch. Where the step
    or the gradient is zero there is no line. The losses are then the loss of the step, the
    predictiveness is 0 and beta is nan.

    Args:
        multiples: The numbers m. A step is m times the learning rate along the gradient, or m times
            the update.
        along: The direction of the steps: "gradient" as in santurkar2018, "update" for the rule's
            own step, or a function of the ``TrainingStep`` that returns a direction.
        band: The multiples over which the maximum is taken (None: all multiples).

    Returns:
        A hook: a function of a ``TrainingStep`` with {name: number}.

    Raises:
        ValueError: The band is empty, or a number of the band is not among the multiples.

    Reference:
        santurkar2018, figure 4
        oxford2021, section 2.2, effective beta-smoothness

    Example:
        >>> from types import SimpleNamespace
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([2.0, 2.0]), np.array([1.0, 3.0]))
        >>> (x, y), w = batches.data[0], batches.weights
        >>> g = {"dense1": batches.gradient()[None]}
        >>> step = SimpleNamespace(
        ...     problem=batches.problem, before=w, after=w, x=x, targets=y,
        ...     gradient=g, lr=0.1, loss=10.0,
        ... )
        >>> round(of_smoothness(multiples=(1, 2))(step)["beta"], 9)
        2.0
    """
    chosen = multiples if band is None else band
    if not chosen or not set(chosen) <= set(multiples):
        raise ValueError(f"the band {list(chosen)} is not of the multiples {list(multiples)}")
    index = [list(multiples).index(m) for m in chosen]

    def hook(step: TrainingStep) -> Mapping[str, float]:
        before, update = step.before, along == "update"
        if callable(along):
            direction = along(step)
        else:
            moved = {n: w - step.after[n] for n, w in before.items()}
            direction = moved if update else step.gradient
        steps = [m * (1.0 if update else step.lr) for m in multiples]
        if all(steps) and all(map(_length, (direction, step.gradient))):
            data = [(step.x, step.targets)]
            measured = smoothness(step.problem, before, steps, data, direction)
        else:
            measured = _no_line(steps, float(step.loss))
        columns = {
            "loss": measured.losses,
            "predictiveness": measured.predictiveness,
            "beta": measured.beta,
        }
        record = {
            f"{name}:{m:g}": float(value)
            for name, column in columns.items()
            for m, value in zip(multiples, column, strict=True)
        }
        in_band = measured.among([steps[i] for i in index])
        return record | {
            "variation": in_band.variation,
            "beta": in_band.effective_beta,
            "saturated": float(in_band.saturated),
        }

    return hook


def _no_line(steps: Sequence[float], loss: float) -> Smoothness:
    zero = np.zeros(len(steps))
    return Smoothness(np.array(steps), loss, 0.0, loss + zero, zero, zero + np.nan, zero + np.nan)


def _length(weights: Mapping[str, Any]) -> float:
    return float(np.linalg.norm(to_host(to_vector(dict(weights))).astype(float)))
