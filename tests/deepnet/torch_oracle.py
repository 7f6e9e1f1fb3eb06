"""Loss, gradient, Hessian and Gauss-Newton products by PyTorch alone, in float64 and flat order.

Written from the definitions, and in none of the engine's code: it is what the engine is compared
with. PyTorch is imported where it is used, for not everybody has it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

LAYERS = ("prep", "layer1", "layer1_extra", "layer2", "layer2_extra", "layer3", "layer3_extra")
EPS = 1e-5


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


def page_outputs(norm: str, statistics: dict, x: np.ndarray, beta: float) -> Callable:
    """The post's net (NCHW) with a norm of the command ``spectrum``, as ``Oracle`` wants it."""
    import torch
    from torch.nn import functional

    inputs = torch.tensor(x) / np.sqrt(2)
    constants = {name: [torch.tensor(s) for s in pair] for name, pair in statistics.items()}

    def activation(h: Any) -> Any:
        return functional.softplus(
            h, beta=beta, threshold=40
        )  # beyond, it is the identity to rounding

    def normalise(name: str, h: Any) -> Any:
        if norm == "none":
            return h
        if norm == "frozen":
            return functional.batch_norm(h, *constants[name], training=False, eps=EPS)
        return functional.batch_norm(h, None, None, training=True, eps=EPS)

    def outputs(weights: Sequence[Any]) -> Any:
        h = inputs
        for name, weight in zip(LAYERS, weights, strict=False):
            h = functional.conv2d(h, weight, padding=1)
            h = normalise(name, activation(h)) if norm == "post" else activation(normalise(name, h))
            if name in ("layer1", "layer2", "layer3"):
                h = functional.max_pool2d(h, 2)
        h = functional.conv2d(functional.max_pool2d(h, 4), weights[-1])
        return h.flatten(1) * (0.125 / np.sqrt(6))

    return outputs
