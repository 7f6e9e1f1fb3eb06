"""A hook records step by step how far the units of a net turn.

A unit's weights w are a row of a dense layer or a filter of a convolution. Let r = |w|^2, and let g
be the gradient in w. A loss that does not see |w| has the gradient |w| g at unit weights, of length
G = |w| |g|. The angle of a step is the angle between w before the step and w after it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.protocol import Recipe
from deepnet.experiments.store import Arrays
from deepnet.nets.net import fan_in
from deepnet.training.train import TrainingStep

Array = Any


class Turns:
    """A hook that records the units of the ``layers`` at steps 0, ``every``, 2 ``every``, ... .

    It adds nothing to a training's records. ``arrays`` has its own records.
    """

    def __init__(self, layers: Sequence[str], every: int = 1) -> None:
        self.layers, self.every = tuple(layers), every
        self._steps = 0
        self._seen: dict[str, list[np.ndarray]] = {}

    def __call__(self, step: TrainingStep) -> Mapping[str, float]:
        if self._steps % self.every == 0:
            self._add("step", np.array(self._steps))
            self._add("rate", np.array(step.lr))
            for layer in self.layers:
                before, after, gradient = (
                    rows(weights[layer]) for weights in (step.before, step.after, step.gradient)
                )
                r = squares(before)
                self._add(f"{layer}:r", r)
                self._add(f"{layer}:G", np.sqrt(r * squares(gradient)))
                self._add(f"{layer}:angle", angles(before, after))
                self._add(f"{layer}:along", cosines(before, gradient))
        self._steps += 1
        return {}

    @property
    def arrays(self) -> Arrays:
        """The records of the steps and of each unit.

        "step" and "rate" (records,): the number of the step and its rate.
        "<layer>:r", "<layer>:G" (records, units): |w|^2 and |w| |g|.
        "<layer>:angle" (records, units): the angle of the step in radians.
        "<layer>:along" (records, units): the cosine of weights and gradient.
        """
        return {name: np.array(column) for name, column in self._seen.items()}

    def _add(self, name: str, values: np.ndarray) -> None:
        self._seen.setdefault(name, []).append(values)


class Directions:
    """A hook that records the units of the ``layers`` after every step, at length one.

    ``path`` has one matrix per step with the units as rows. Rows of shorter units end with zeros.
    """

    def __init__(self, layers: Sequence[str]) -> None:
        self.layers = tuple(layers)
        self.path: list[np.ndarray] = []

    def __call__(self, step: TrainingStep) -> Mapping[str, float]:
        units = [rows(step.after[layer]) for layer in self.layers]
        longest = max(w.shape[1] for w in units)
        stacked = np.concatenate([np.pad(w, ((0, 0), (0, longest - w.shape[1]))) for w in units])
        self.path.append(stacked / np.sqrt(squares(stacked))[:, None])
        return {}


def apart(one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> np.ndarray:
    """The largest distance between a row of ``one`` and its row in ``other``, (steps,)."""
    pairs = zip(one, other, strict=True)
    return np.array([np.sqrt(squares(w - v)).max() for w, v in pairs])


def recorded_turns(recipe: Recipe, context: Context, every: int = 1) -> Arrays:
    """The records of ``Turns`` for all layers in the training of ``recipe``, and its outcome.

    "<layer>:<quantity>": the records, with layers named as in ``numbered``.
    "<layer>:inputs": the number of inputs of a unit.
    "loss" and "mark": the final loss, and the number of an ``Outcome``.
    """
    turns = Turns(tuple(protocol.problem(recipe, context.data).net.shapes), every)
    ended = protocol.trained(recipe, context, [turns])
    shapes = ended.problem.net.shapes.values()
    sizes = {f"layer{i}:inputs": np.array(fan_in(shape)) for i, shape in enumerate(shapes, 1)}
    sizes |= {name: column[0] for name, column in final_loss.results([ended]).items()}
    return numbered(turns) | sizes


def numbered(turns: Turns) -> Arrays:
    """The arrays of ``turns`` with its layers named layer1, layer2, ...

    "layers" is the number of layers.
    """
    numbers = {layer: f"layer{i}" for i, layer in enumerate(turns.layers, 1)}
    by_number = {"layers": np.array(len(numbers))}
    for name, column in turns.arrays.items():
        layer, colon, quantity = name.partition(":")
        by_number[f"{numbers.get(layer, layer)}{colon}{quantity}"] = column
    return by_number


def layers(arrays: Arrays, name: str) -> list[str]:
    """The layers of the run ``name``, the output layer last."""
    return [f"layer{i + 1}" for i in range(int(arrays[f"{name}:layers"]))]


def hidden(arrays: Arrays, name: str, quantity: str) -> np.ndarray:
    """``quantity`` of all units but the output layer's in the run ``name``, (records, units)."""
    *before, _ = layers(arrays, name)
    return np.concatenate([arrays[f"{name}:{layer}:{quantity}"] for layer in before], axis=1)


def outputs(arrays: Arrays, name: str, quantity: str) -> np.ndarray:
    """``quantity`` of the output layer's units in the run ``name``, (records, units)."""
    return arrays[f"{name}:{layers(arrays, name)[-1]}:{quantity}"]


def rows(weight: Array) -> np.ndarray:
    """The units of a layer's ``weight`` (units, ...) as rows, in float64 on the host."""
    units: np.ndarray = to_host(weight).astype(float)
    return units.reshape(len(units), -1)


def squares(w: np.ndarray) -> np.ndarray:
    """|w|^2 of each row."""
    return np.einsum("ki,ki->k", w, w)


def angles(w: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The angle between each row of ``w`` and the row of ``v`` beside it, in radians.

    Small angles are exact to rounding.
    """
    u = w / np.sqrt(squares(w))[:, None]
    along = np.einsum("ki,ki->k", u, v)
    return np.arctan2(np.sqrt(squares(v - along[:, None] * u)), along)


def cosines(w: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The cosine of each row of ``w`` with the row of ``v`` beside it; 0 where one is zero."""
    lengths = np.sqrt(squares(w) * squares(v))
    return np.einsum("ki,ki->k", w, v) / np.where(lengths > 0, lengths, 1)
