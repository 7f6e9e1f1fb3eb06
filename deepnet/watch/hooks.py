"""Hooks that a training calls at its steps, at all or every so many of them."""

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
    """``hook`` at steps 0, ``count``, 2 ``count``, ... of a training of ``steps`` per epoch.

    The number of the step is recorded as "<name>:step". It depends on the step alone, so that a
    training that is taken up again records what it would have. Raises ValueError unless both are
    positive.
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
    """Moments, dead and saturated units of every layer on the batch ``x``, before the step.

    Recorded as "<layer>:mean", ":variance", ":skewness", ":kurtosis" (of what leaves the
    activation, all channels pooled), ":dead" (share of the units) and ":saturated" (share of units
    and examples); with ``channels`` the moments are those of each, "<layer>:mean:<channel>".
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
    """Internal covariate shift of every layer by the rule's own step, on the step's batch.

    Recorded as "<layer>:shift", ":shift:relative" and ":shift:cosine"; see ``covariate_shift``.
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
    """Loss variation, gradient predictiveness and effective beta on the step's batch.

    The steps are the ``multiples`` m of the rate ``along`` the gradient, as in santurkar2018, or
    along what a function of the step returns, or of the rule's own update. Recorded as "loss:<m>",
    "predictiveness:<m>", "beta:<m>", and over those m in the ``band``, or all, "variation", "beta"
    and "saturated" (1 or 0); see ``smoothness``. Where the step or the gradient is zero there is no
    line: losses do not vary, the gradient does not change, beta is nan. Raises ValueError where the
    band has others than the ``multiples``.
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
