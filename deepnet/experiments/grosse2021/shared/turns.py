"""How far the units of a net turn: a hook that records each unit's weights step by step.

A unit's weights w are a row of a dense layer, a filter of a convolution. With r = |w|^2 and g the
gradient in w, a loss that does not see |w| has the gradient |w| g at unit weights, of length
G = |w| |g|. The angle of a step is that between w before it and after.
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
    """A hook that sees each unit of the ``layers`` at the steps 0, ``every``, 2 ``every``, ...

    It adds nothing to a training's records. Its numbers are in ``arrays``.
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
        """The numbers that were seen, as arrays.

        step, rate                  (records,)
        <layer>:r, <layer>:G        (records, units)
        <layer>:angle               (records, units): in radians
        <layer>:along               (records, units): the cosine of weights and gradient
        """
        return {name: np.array(column) for name, column in self._seen.items()}

    def _add(self, name: str, values: np.ndarray) -> None:
        self._seen.setdefault(name, []).append(values)


class Directions:
    """A hook that keeps the directions of the units of the ``layers`` after every step in ``path``.

    Each step has one matrix, whose rows are the units at length one. Shorter rows end in zeros.
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
    """The largest distance between a row of ``one`` and the row of ``other``, step by step."""
    pairs = zip(one, other, strict=True)
    return np.array([np.sqrt(squares(w - v)).max() for w, v in pairs])


def recorded_turns(recipe: Recipe, context: Context, every: int = 1) -> Arrays:
    """What ``Turns`` sees of all layers in the training of ``recipe`` (see ``numbered``).

    loss                 the final loss
    mark                 the number of the training's ``Outcome``
    layer<i>:inputs      the number of a unit's inputs
    """
    turns = Turns(tuple(protocol.problem(recipe, context.data).net.shapes), every)
    ended = protocol.trained(recipe, context, [turns])
    shapes = ended.problem.net.shapes.values()
    sizes = {f"layer{i}:inputs": np.array(fan_in(shape)) for i, shape in enumerate(shapes, 1)}
    sizes |= {name: column[0] for name, column in final_loss.results([ended]).items()}
    return numbered(turns) | sizes


def numbered(turns: Turns) -> Arrays:
    """The arrays of ``turns``, its layers named layer1, layer2, ... "layers" is their number."""
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
    """The ``quantity`` of all units before a batch norm in the run ``name``, (records, units)."""
    *before, _ = layers(arrays, name)
    return np.concatenate([arrays[f"{name}:{layer}:{quantity}"] for layer in before], axis=1)


def outputs(arrays: Arrays, name: str, quantity: str) -> np.ndarray:
    """The ``quantity`` of the output layer's units, (records, units)."""
    return arrays[f"{name}:{layers(arrays, name)[-1]}:{quantity}"]


def rows(weight: Array) -> np.ndarray:
    """The units of a layer's ``weight`` (units, ...) as rows, in float64 on the host."""
    units: np.ndarray = to_host(weight).astype(float)
    return units.reshape(len(units), -1)


def squares(w: np.ndarray) -> np.ndarray:
    """|w|^2 of each row."""
    return np.einsum("ki,ki->k", w, w)


def angles(w: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The angle between each row of ``w`` and the row of ``v``, in radians, exact where small."""
    u = w / np.sqrt(squares(w))[:, None]
    along = np.einsum("ki,ki->k", u, v)
    return np.arctan2(np.sqrt(squares(v - along[:, None] * u)), along)


def cosines(w: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The cosine of the angle between each row of ``w`` and the row of ``v``: 0 for a zero row."""
    lengths = np.sqrt(squares(w) * squares(v))
    return np.einsum("ki,ki->k", w, v) / np.where(lengths > 0, lengths, 1)
