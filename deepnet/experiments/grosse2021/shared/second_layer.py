"""The block of a trained mlp's second layer is taken from the net without its first layer.

The net begins at the outputs of the first layer, on one batch in float64. Only the second layer's
batch norm is varied. Differences then show what batch norm does to the curvature, at equal weights
and inputs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet import ops
from deepnet.backend import to_host
from deepnet.curvature import Batches, Eigenpairs, exact_block, repeated
from deepnet.curvature.exact_block import Gram
from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.activations import ACTIVATIONS
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.nets.layer import Layer, normed_of, shapes_of
from deepnet.nets.modes import Frozen, Mode, Noisy, NoNorm, Norm, Wrapper, norm_named, recording
from deepnet.nets.net import Net
from deepnet.nets.noise import Noise
from deepnet.problem import Problem
from deepnet.training import State
from deepnet.watch.activations import activations

LAYER = "dense2"


@dataclass(frozen=True)
class Here(Wrapper):
    """The ``norm`` of the second layer, and the norm ``behind`` for the layers behind it."""

    behind: Norm

    def __call__(
        self, layer: str, x: Any, scale: Any = None, shift: Any = None, moments: Any = None
    ) -> Any:
        """See ``Norm``."""
        norm = self.norm if layer == LAYER else self.behind
        return norm(layer, x, scale, shift, moments)


@dataclass(frozen=True)
class SecondLayer:
    """The net from its second layer on.

    ``a`` (n, N): the outputs of the first layer, which are the inputs of this net.
    ``statistics``: batch norm's mean and variance per layer on these images. A net without batch
    norm has an entry for the second layer alone, as if it had batch norm there.
    ``normed``: whether the net was trained with batch norm. If so, batch norm in the layers behind
    is frozen at the ``statistics``.
    ``noise`` and ``step``: the noise of the net, at this step.
    """

    net: Net
    weights: dict[str, np.ndarray]
    a: np.ndarray
    targets: np.ndarray
    statistics: Mapping[str, Any]
    normed: bool
    noise: Noise | None = None
    step: int = 0

    def with_norm(self, norm: Norm, loss: Any = ops.softmax_cross_entropy) -> Batches:
        """The ``loss`` with this ``norm`` in the second layer, with the noise of the step."""
        behind = Frozen(self.statistics) if self.normed else NoNorm()
        here = Here(self._noisy(norm), self._noisy(behind))
        return Batches(Problem(self.net, here, loss), self.weights, [(self.a, self.targets)])

    def _noisy(self, norm: Norm) -> Norm:
        return norm if self.noise is None else Noisy(norm, self.noise, self.step)

    def mode(self, mode: Mode) -> Batches:
        """The loss with batch norm in this mode. Frozen batch norm has the ``statistics``."""
        return self.with_norm(norm_named(mode, statistics=self.statistics))


def second_layer(
    recipe: protocol.Recipe, state: State, data: Dataset, examples: int, step: int = 0
) -> SecondLayer:
    """The recipe's net in the ``state``, on the first ``examples`` training images.

    ``step``: the step whose noise the net has, if it has noise.
    """
    x, targets = (to_host(part[:examples]) for part in images.whole(data, dtype="float64"))
    weights = {name: to_host(w).astype(float) for name, w in state.weights.items()}
    problem = protocol.problem(recipe, data)
    norm, seen = recording(problem.norm.at(step))
    by_layer = activations(problem.with_norm(norm), weights, x)
    a = by_layer["dense1"].after
    if recipe.norm == "none":
        s = a @ weights[LAYER].T
        seen[LAYER] = (s.mean(0), s.var(0))
    rest = {name: w for name, w in weights.items() if name != "dense1"}
    normed = recipe.norm != "none"
    net = _behind(recipe, data.classes)
    return SecondLayer(net, rest, a, targets, seen, normed, recipe.noise, step)


def _behind(recipe: protocol.Recipe, classes: int) -> Net:
    """The mlp without its first layer. The remaining layers keep their names."""
    function = ACTIVATIONS[recipe.activation]
    hidden = [
        Layer(name=f"dense{i}", shape=(after, before), activation=function, norm="pre")
        for i, (before, after) in enumerate(pairwise(recipe.hidden), 2)
    ]
    last = Layer(name=f"dense{len(recipe.hidden) + 1}", shape=(classes, recipe.hidden[-1]))

    def forward(weights: Mapping[str, Any], x: Any, norm: Norm) -> Any:
        h = x
        for layer in hidden:
            h = layer(weights, h, norm)
        return last(weights, h, norm)

    return Net("mlp", shapes_of([*hidden, last]), normed_of(hidden), forward)


def leading(block: LinearOperator, many: int, rng: np.random.Generator) -> tuple[Eigenpairs, bool]:
    """The ``many`` largest eigenvalues of the block, and whether none is missing for certain.

    Each occurs as often as in the block, with a relative residual of 1e-8 at most.
    """
    return repeated(block, rng, many, tolerance=1e-8)


def block(batches: Batches) -> Gram:
    """The exact block of the Gauss-Newton matrix."""
    return exact_block(batches, LAYER)


def matrices(pairs: Eigenpairs, columns: int) -> np.ndarray:
    """The eigenvectors as matrices V (pairs, units, inputs)."""
    return pairs.vectors.T.reshape(len(pairs.values), -1, columns)


def alignments(pairs: Eigenpairs, mean: np.ndarray) -> np.ndarray:
    """|V m|^2/|m|^2 of each eigenvector V.

    It is 1 for V = v m', and about 1/inputs for a vector that knows nothing of m.
    """
    V = matrices(pairs, len(mean))
    return np.asarray(np.sum((V @ mean) ** 2, axis=1) / np.sum(mean**2))


def outliers(alignment: np.ndarray) -> int:
    """The number of eigenvectors with more than half of their square along the mean."""
    return int(np.sum(alignment > 0.5))
