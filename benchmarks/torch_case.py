"""A case in the form of PyTorch and its tools: a module, a loss, a batch, and products on a
graph."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch

from benchmarks.case import SMOOTHING, Case, Inputs
from benchmarks.torch_nets import Loss, Module
from deepnet.ops.gpu.precision import precision
from deepnet.vectors import to_pytorch

Tensors = Sequence[Any]
LAYOUTS = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}


class TorchCase:
    """The net of a case as a module, with its loss and its batch.

    Images and kernels are in a ``layout``, on a ``device`` of PyTorch.
    """

    def __init__(self, case: Case, given: Inputs, layout: str, device: str = "cpu") -> None:
        self.layout, self.device = layout, device
        weights = {name: self._weight(name, w) for name, w in given.weights.items()}
        statistics = {
            name: [self._tensor(each) for each in pair] for name, pair in given.statistics.items()
        }
        self.module = Module(case.net, case.norm, weights, statistics)
        self.outputs: Callable[..., Any] = self.module.outputs
        self.weights = list(self.module.parameters())
        self.criterion = Loss(SMOOTHING)
        self.images = self._tensor(given.images.transpose(0, 3, 1, 2))
        self.labels = self._tensor(given.labels)
        self.directions = self._tensor(given.directions)

    def _weight(self, name: str, weight: np.ndarray) -> Any:
        flat = name.startswith("dense") and weight.ndim == 4  # LeNet's first dense layer
        weight = to_pytorch(weight)
        return self._tensor(weight.reshape(len(weight), -1) if flat else weight)

    def _tensor(self, array: np.ndarray) -> Any:
        tensor = torch.tensor(array, device=self.device)
        return tensor.contiguous(memory_format=LAYOUTS[self.layout]) if tensor.ndim == 4 else tensor

    def compile(self) -> None:
        """Compile the net when it is next computed."""
        self.outputs = torch.compile(self.module.outputs)

    def loss(self, weights: Tensors) -> Any:
        """The mean loss, in bfloat16 on a GPU where that precision is asked for."""
        halved = self.device == "cuda" and precision() == "bf16"
        with torch.autocast("cuda", torch.bfloat16) if halved else nullcontext():
            outputs = self.outputs(weights, self.images)
        return self.criterion(outputs.to(self.images.dtype), self.labels)

    def gradient(self, graph: bool = False) -> Tensors:
        """The gradient of the loss. With ``graph`` it can be differentiated."""
        loss = self.loss(self.weights)
        return torch.autograd.grad(loss, self.weights, create_graph=graph)

    def split(self, vectors: Any) -> Tensors:
        """A vector in flat order, or the rows of a matrix, split by weights."""
        lead, sizes = vectors.shape[:-1], [w.numel() for w in self.weights]
        parts = zip(vectors.split(sizes, -1), self.weights, strict=True)
        return [part.reshape(*lead, *w.shape) for part, w in parts]


class Kept:
    """Hessian products on a graph of the gradient.

    The graph is built at the first product and kept.
    """

    def __init__(self, problem: TorchCase) -> None:
        self.problem = problem
        self._gradient: Tensors = ()

    def __call__(self, v: Tensors, rows: bool = False) -> Tensors:
        """H v. With ``rows`` the products with all the rows of v at once."""
        if not self._gradient:
            self._gradient = self.problem.gradient(graph=True)
        return torch.autograd.grad(
            self._gradient, self.problem.weights, v, retain_graph=True, is_grads_batched=rows
        )

    def times(self, v: np.ndarray) -> np.ndarray:
        """H v in flat order."""
        like = self.problem.directions
        vector = torch.tensor(v.ravel(), dtype=like.dtype, device=like.device)
        return flat(self(self.problem.split(vector)))


def flat(parts: Tensors) -> np.ndarray:
    """Parts by weights as a vector in flat order."""
    vector: np.ndarray = torch.cat([part.reshape(-1) for part in parts]).detach().cpu().numpy()
    return vector
