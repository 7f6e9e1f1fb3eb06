"""The tasks by PyTorch: {task: {way: a function that does it once and returns a norm}}.

Images are in channels_last memory, which is its fastest layout here. The Hessian product has the
ways of doing it that PyTorch offers: double backward with the graph of the gradient rebuilt each
time or kept, and the forward derivative of the gradient.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.nn import functional

from benchmarks.case import SMOOTHING, Case
from deepnet.nets.page import CHANNELS, INPUT_SCALE, OUTPUT_SCALE, POOLED
from deepnet.ops.norm import EPS
from deepnet.vectors import to_pytorch

Ways = dict[str, Callable[[], float]]


def tasks(case: Case) -> dict[str, Ways]:
    """The tasks of ``benchmarks.ours`` and their ways."""
    weights = [_tensor(weight).requires_grad_() for weight in case.weights.values()]
    direction = [_tensor(v) for v in case.direction.values()]
    images = _tensor(case.images.transpose(0, 3, 1, 2), channels_last=True)
    labels = torch.tensor(case.labels)
    loss = _loss(case, images, labels)
    moving = [weight.detach().clone().requires_grad_() for weight in weights]
    rule = torch.optim.SGD(moving, lr=1e-6, momentum=0.9)

    def step() -> float:
        rule.zero_grad()
        loss(moving).backward()
        rule.step()
        return _size([weight.grad for weight in moving])

    def gradient() -> float:
        return _size(torch.autograd.grad(loss(weights), weights))

    kept: list[Any] = []

    def product(slope: Sequence[Any], keep: bool) -> float:
        found = torch.autograd.grad(slope, weights, direction, retain_graph=keep)
        return _size(found)

    def rebuilt() -> float:
        return product(torch.autograd.grad(loss(weights), weights, create_graph=True), False)

    def on_kept_graph() -> float:
        if not kept:
            kept.extend(torch.autograd.grad(loss(weights), weights, create_graph=True))
        return product(kept, True)

    def forward_of_gradient() -> float:
        plain = tuple(weight.detach() for weight in weights)
        slope = torch.func.grad(lambda weights: loss(weights))
        return _size(torch.func.jvp(slope, (plain,), (tuple(direction),))[1])

    products = {
        "double backward, rebuilt": rebuilt,
        "double backward, kept graph": on_kept_graph,
        "forward derivative of gradient": forward_of_gradient,
    }
    return {
        "training step": {"": step},
        "gradient": {"": gradient},
        "Hessian product": products,
    }


def _tensor(array: Any, channels_last: bool = False) -> Any:
    tensor = torch.tensor(to_pytorch(array) if not channels_last else array)
    return tensor.to(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor


def _size(parts: Sequence[Any]) -> float:
    return float(torch.cat([part.reshape(-1) for part in parts]).norm())


def _loss(case: Case, images: Any, labels: Any) -> Callable[[Sequence[Any]], Any]:
    constants = {name: [torch.tensor(s) for s in pair] for name, pair in case.statistics.items()}

    def normalise(name: str, h: Any) -> Any:
        if case.norm == "none":
            return h
        if case.norm == "frozen":
            mean, variance = constants[name]
            return functional.batch_norm(h, mean, variance, training=False, eps=EPS)
        return functional.batch_norm(h, None, None, training=True, eps=EPS)

    def loss(weights: Sequence[Any]) -> Any:
        h = images * INPUT_SCALE
        for name, weight in zip(CHANNELS, weights, strict=False):
            h = normalise(name, functional.conv2d(h, weight, padding=1))
            h = functional.softplus(h, beta=10, threshold=40)
            if name in POOLED:
                h = functional.max_pool2d(h, 2)
        h = functional.conv2d(functional.max_pool2d(h, 4), weights[-1])
        log_p = torch.log_softmax(h.flatten(1) * OUTPUT_SCALE, 1)
        chosen = functional.nll_loss(log_p, labels)
        return chosen - SMOOTHING * log_p.mean()

    return loss
