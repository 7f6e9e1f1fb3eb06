"""Loss, gradient, Hessian and Gauss-Newton products by PyTorch alone, in float64 and flat order.

Written from the definitions, and in none of the engine's code: it is what the engine is compared
with. PyTorch is imported where it is used, for not everybody has it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class Oracle:
    """The mean over examples of cross-entropy + smoothing times the mean over classes of -log p.

    ``outputs(weights)`` are the outputs (n, classes) of a net at a list of tensors.
    """

    def __init__(
        self, outputs: Callable, weights: Sequence[np.ndarray], y: np.ndarray, smoothing: float
    ) -> None:
        import torch

        torch.set_num_threads(1)  # its threads wait by spinning, which a busy machine pays for
        self.torch, self.outputs, self.smoothing = torch, outputs, smoothing
        self.weights = [torch.tensor(np.array(w, float), requires_grad=True) for w in weights]
        self.y = torch.tensor(y)

    def of_outputs(self, z: Any) -> Any:
        log_p = self.torch.log_softmax(z, 1)
        chosen = log_p[self.torch.arange(len(z)), self.y]
        return (-chosen - self.smoothing * log_p.mean(1)).mean()

    def _flat(self, parts: Sequence[Any]) -> np.ndarray:
        return self.torch.cat([part.reshape(-1) for part in parts]).detach().numpy()

    def _split(self, v: np.ndarray) -> list[Any]:
        sizes = [w.numel() for w in self.weights]
        parts = self.torch.tensor(v).split(sizes)
        return [part.reshape(w.shape) for part, w in zip(parts, self.weights, strict=True)]

    def loss(self) -> float:
        return float(self.of_outputs(self.outputs(self.weights)).detach())

    def _slope(self, create_graph: bool) -> Any:
        loss = self.of_outputs(self.outputs(self.weights))
        return self.torch.autograd.grad(loss, self.weights, create_graph=create_graph)

    def gradient(self) -> np.ndarray:
        return self._flat(self._slope(False))

    def hessian(self) -> np.ndarray:
        """Row by row, from one kept graph of the gradient."""
        slope = self.torch.cat([g.reshape(-1) for g in self._slope(True)])
        rows = [
            self._flat(self.torch.autograd.grad(entry, self.weights, retain_graph=True))
            for entry in slope
        ]
        return np.stack(rows)

    def hvp(self, v: np.ndarray) -> np.ndarray:
        slope = self._slope(True)
        along = sum((g * d).sum() for g, d in zip(slope, self._split(v), strict=True))
        return self._flat(self.torch.autograd.grad(along, self.weights))

    def ggn(self, v: np.ndarray) -> np.ndarray:
        """J'HJ v: J v forwards, the loss's Hessian in the outputs, J' backwards."""
        func = self.torch.func
        plain = [w.detach() for w in self.weights]
        z, jv = func.jvp(lambda *ws: self.outputs(ws), tuple(plain), tuple(self._split(v)))
        curved = func.jvp(func.grad(self.of_outputs), (z,), (jv,))[1]
        return self._flat(func.vjp(lambda *ws: self.outputs(ws), *plain)[1](curved))
