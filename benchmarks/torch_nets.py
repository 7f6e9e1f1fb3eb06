"""The nets by PyTorch's functions, on NCHW images. They are from the sources and use no engine
code.

The engine is compared with them in tests and in benchmarks. Weights are named as in
``deepnet.nets`` and laid out as PyTorch has them. Dense weights may keep more than two axes. Batch
norm is computed as its mode says, and ``train()`` or ``eval()`` of a tool does not change it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

EPS = 1e-5
Weights = Mapping[str, Any]


@dataclass(frozen=True)
class Layers:
    """The layers of a net with these ``weights`` by name, under a ``norm`` of ``spectrum``."""

    weights: Weights
    norm: str
    constants: Mapping[str, Sequence[Any]]

    def normalise(self, name: str, h: Any) -> Any:
        """Batch norm, and its learnable scale and shift if the layer has them."""
        scale: Any = self.weights.get(f"{name}_scale")
        shift: Any = self.weights.get(f"{name}_shift")
        if self.norm == "none":
            shape = (1, -1, 1, 1)[: h.ndim]
            return h if scale is None else h * scale.reshape(shape) + shift.reshape(shape)
        if self.norm == "frozen":
            mean, variance = self.constants[name]
            return functional.batch_norm(h, mean, variance, scale, shift, eps=EPS)
        return functional.batch_norm(h, None, None, scale, shift, training=True, eps=EPS)

    def conv(self, name: str, h: Any, pad: int = 1, stride: int = 1) -> Any:
        """Convolution."""
        bias = self.weights.get(f"{name}_bias")
        return functional.conv2d(h, self.weights[name], bias, padding=pad, stride=stride)

    def dense(self, name: str, h: Any) -> Any:
        """Dense layer."""
        return functional.linear(h, self.weights[name].flatten(1), self.weights[f"{name}_bias"])

    def hidden(self, name: str, h: Any) -> Any:
        """Norm, then ReLU."""
        return functional.relu(self.normalise(name, h))


def page(layers: Layers, x: Any) -> Any:
    """The batch-norm post's net, with softplus(10 x)/10.

    With the norm "post" batch norm stands after it.
    """
    h, post = x * 2**-0.5, layers.norm == "post"
    pooled = ("layer1", "layer2", "layer3")
    for name in ("prep", *(name + part for name in pooled for part in ("", "_extra"))):
        h = layers.conv(name, h)
        h = h if post else layers.normalise(name, h)
        h = functional.softplus(h, beta=10, threshold=40)  # beyond 4 it is x to rounding
        h = layers.normalise(name, h) if post else h
        if name in pooled:
            h = functional.max_pool2d(h, 2)
    h = layers.conv("classifier", functional.max_pool2d(h, 4), pad=0)
    return h.flatten(1) * (0.125 / 6**0.5)


def lenet(layers: Layers, x: Any) -> Any:
    """LeNet-5 with ReLU."""
    h = x
    for name in ("conv1", "conv2"):
        h = functional.max_pool2d(layers.hidden(name, layers.conv(name, h, pad=0)), 2)
    return _dense_part(layers, h)


def vgg16(layers: Layers, x: Any) -> Any:
    """VGG-16 with ReLU."""
    h = x
    for i in range(1, 14):
        h = layers.hidden(f"conv{i}", layers.conv(f"conv{i}", h))
        if i in (2, 4, 7, 10, 13):
            h = functional.max_pool2d(h, 2)
    return _dense_part(layers, h)


def _dense_part(layers: Layers, h: Any) -> Any:
    h = h.flatten(1)
    for name in ("dense1", "dense2"):
        h = layers.hidden(name, layers.dense(name, h))
    return layers.dense("dense3", h)


def resnet20(layers: Layers, x: Any) -> Any:
    """ResNet-20 with ReLU and shortcuts without weights."""
    h = layers.hidden("conv1", layers.conv("conv1", x))
    for stage in (1, 2, 3):
        for block in (1, 2, 3):
            one, two = (f"stage{stage}_block{block}_conv{i}" for i in (1, 2))
            stride = 2 if stage > 1 and block == 1 else 1
            inner = layers.hidden(one, layers.conv(one, h, stride=stride))
            inner = layers.normalise(two, layers.conv(two, inner))
            if stride == 2:
                pooled = functional.avg_pool2d(h, 2)
                h = torch.cat([pooled, torch.zeros_like(pooled)], 1)
            h = functional.relu(inner + h)
    return layers.dense("dense", h.mean((2, 3)))


NETS = {"page": page, "lenet": lenet, "vgg16": vgg16, "resnet20": resnet20}


class Module(torch.nn.Module):
    """The net named ``net`` as a module, which the Hessian tools take.

    ``statistics`` {layer: (mean, variance)} serve the norm frozen.
    """

    def __init__(self, net: str, norm: str, weights: Weights, statistics: Mapping) -> None:
        super().__init__()
        self._net, self._norm, self._names = NETS[net], norm, tuple(weights)
        self._constants = {
            name: [torch.as_tensor(s) for s in pair] for name, pair in statistics.items()
        }
        for name, weight in weights.items():
            self.register_parameter(name, torch.nn.Parameter(weight))

    def forward(self, x: Any) -> Any:
        """The outputs (n, classes) at the images ``x``."""
        return self.outputs([getattr(self, name) for name in self._names], x)

    def outputs(self, weights: Sequence[Any], x: Any) -> Any:
        """The outputs at other ``weights``, given in order."""
        named = dict(zip(self._names, weights, strict=True))
        return self._net(Layers(named, self._norm, self._constants), x)


class Loss(torch.nn.Module):
    """The mean over examples of cross-entropy + ``smoothing`` times the mean of -log p."""

    reduction = "mean"  # curvlinops asks

    def __init__(self, smoothing: float) -> None:
        super().__init__()
        self.smoothing = smoothing

    def forward(self, outputs: Any, labels: Any) -> Any:
        """The loss at the ``outputs`` (n, classes)."""
        log_p = torch.log_softmax(outputs, 1)
        return functional.nll_loss(log_p, labels) - self.smoothing * log_p.mean()


def outputs_of(net: str, norm: str, recipe: Any) -> Callable[[Sequence[Any]], Any]:
    """The outputs of ``net`` as a function of a list of weights, at the images ``recipe.x``."""
    weights = {name: torch.tensor(weight) for name, weight in recipe.weights.items()}
    module, x = Module(net, norm, weights, recipe.statistics), torch.tensor(recipe.x)
    return lambda parts: module.outputs(parts, x)
