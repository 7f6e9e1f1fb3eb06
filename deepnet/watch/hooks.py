"""Hooks that a training calls at its steps: activations at a fixed batch, every so many steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepnet.problem import Problem
from deepnet.training.train import Hook, Step
from deepnet.watch.activations import activations
from deepnet.watch.moments import moments
from deepnet.watch.units import dead, saturated

Array = Any


def every(count: int, steps: int, hook: Hook, name: str = "watched") -> Hook:
    """``hook`` at steps 0, ``count``, 2 ``count``, ... of a training of ``steps`` an epoch.

    The number of the step is recorded as "<name>:step". It depends on the step alone, so that a
    training that is taken up again records what it would have. Raises ValueError unless both are
    positive.
    """
    if min(count, steps) < 1:
        raise ValueError(f"every {count} of {steps} steps: give 1 or more")

    def chosen(step: Step) -> Mapping[str, float]:
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

    def watch(step: Step) -> Mapping[str, float]:
        record: dict[str, float] = {}
        for layer, seen in activations(problem, step.at.weights, x).items():
            found = vars(moments(seen.after, pooled=channels is None))
            for moment, value in found.items():
                if channels is None:
                    record[f"{layer}:{moment}"] = float(value)
                else:
                    record |= {f"{layer}:{moment}:{c}": float(value[c]) for c in channels}
            record[f"{layer}:dead"] = float(dead(seen).mean())
            record[f"{layer}:saturated"] = float(saturated(seen).mean())
        return record

    return watch
