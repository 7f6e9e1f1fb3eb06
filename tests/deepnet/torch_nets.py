"""LeNet, VGG-16 and ResNet-20 (NCHW) by PyTorch's functions, as ``Oracle`` wants them."""

from collections.abc import Callable, Sequence
from typing import Any

EPS = 1e-5


def outputs_of(net: str, norm: str, names: Sequence[str], statistics: dict, x: Any) -> Callable:
    """The outputs of ``net`` with ReLU; ``norm`` is that of the command ``spectrum``."""
    import torch
    from torch.nn import functional

    inputs = torch.tensor(x)
    constants = {name: [torch.tensor(s) for s in pair] for name, pair in statistics.items()}

    def outputs(parts: Sequence[Any]) -> Any:
        w = dict(zip(names, parts, strict=True))

        def normalise(name: str, h: Any) -> Any:
            scale, shift = w[f"{name}_scale"], w[f"{name}_shift"]
            if norm == "none":
                shape = (1, -1, 1, 1)[: h.ndim]
                return h * scale.reshape(shape) + shift.reshape(shape)
            if norm == "frozen":
                mean, variance = constants[name]
                return functional.batch_norm(h, mean, variance, scale, shift, eps=EPS)
            return functional.batch_norm(h, None, None, scale, shift, training=True, eps=EPS)

        def conv(name: str, h: Any, pad: int = 1, stride: int = 1) -> Any:
            bias = w.get(f"{name}_bias")
            h = functional.conv2d(h, w[name], bias, padding=pad, stride=stride)
            return normalise(name, h)

        def dense(name: str, h: Any) -> Any:
            h = functional.linear(h, w[name], w[f"{name}_bias"])
            return functional.relu(normalise(name, h)) if f"{name}_scale" in w else h

        def lenet() -> Any:
            h = inputs
            for name in ("conv1", "conv2"):
                h = functional.max_pool2d(functional.relu(conv(name, h, pad=0)), 2)
            return dense("dense3", dense("dense2", dense("dense1", h.flatten(1))))

        def vgg16() -> Any:
            h = inputs
            for i in range(1, 14):
                h = functional.relu(conv(f"conv{i}", h))
                if i in (2, 4, 7, 10, 13):
                    h = functional.max_pool2d(h, 2)
            return dense("dense3", dense("dense2", dense("dense1", h.flatten(1))))

        def resnet20() -> Any:
            h = functional.relu(conv("conv1", inputs))
            for stage in (1, 2, 3):
                for block in (1, 2, 3):
                    name, stride = (
                        f"stage{stage}_block{block}",
                        2 if stage > 1 and block == 1 else 1,
                    )
                    inner = functional.relu(conv(f"{name}_conv1", h, stride=stride))
                    inner = conv(f"{name}_conv2", inner)
                    if stride == 2:
                        pooled = functional.avg_pool2d(h, 2)
                        h = torch.cat([pooled, torch.zeros_like(pooled)], 1)
                    h = functional.relu(inner + h)
            return dense("dense", h.mean((2, 3)))

        return {"lenet": lenet, "vgg16": vgg16, "resnet20": resnet20}[net]()

    return outputs
