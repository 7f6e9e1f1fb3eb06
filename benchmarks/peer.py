"""The tasks by PyTorch: {task: {way: Way}}.

The Hessian product has the ways that PyTorch offers. One is double backward with the graph of the
gradient rebuilt each time. One is double backward with the graph kept. One is the derivative of the
gradient by forward mode (jvp).
"""

import warnings
from collections.abc import Callable

import numpy as np
import torch

from benchmarks import tools
from benchmarks.arpack import arpack
from benchmarks.case import Case, Inputs
from benchmarks.tasks import Result, Way
from benchmarks.torch_case import LAYOUTS, Kept, Tensors, TorchCase, flat
from companion.errors import UsageError
from deepnet.ops.blocks import threads
from deepnet.ops.gpu.precision import precision

#: PyTorch's names of the devices.
DEVICES = {"cpu": "cpu", "gpu": "cuda"}


def prepare(device: str) -> int:
    """Set and return the number of threads. Warnings of PyTorch about itself are not shown.

    On a GPU convolutions are cuDNN's fastest, in the precision that our engine is asked for. Raises
    UsageError where this PyTorch has no GPU.
    """
    warnings.simplefilter("ignore")
    torch.set_num_threads(threads())
    if device == "gpu":
        if not torch.cuda.is_available():
            raise UsageError("this PyTorch has no GPU; install one for CUDA, or give --device cpu")
        torch.backends.cudnn.benchmark = True
        torch.backends.cudnn.allow_tf32 = precision() != "fp32"
        torch.backends.cuda.matmul.allow_tf32 = False  # ours has none without CUPY_TF32
    count: int = torch.get_num_threads()
    return count


def wait(device: str) -> None:
    """Wait until the device has done its work."""
    if device == "gpu":
        torch.cuda.synchronize()


def exact(case: Case, given: Inputs, device: str) -> np.ndarray:
    """The gradient and the product with the first direction, (2, parameters)."""
    problem = TorchCase(case, given.double, "contiguous", DEVICES[device])
    return np.stack([flat(problem.gradient()), Kept(problem).times(given.directions[:, 0])])


def tasks(case: Case, given: Inputs, device: str) -> dict[str, dict[str, Way]]:
    """The tasks of ``benchmarks.ours`` with their ways, and the ways of the Hessian tools.

    For tasks of many products a graph has contiguous images, and a forward derivative has images in
    channels_last. These are the faster layouts with batch norm. On a GPU steps and gradients are
    compiled too.
    """

    def build(layout: str) -> TorchCase:
        return TorchCase(case, given, layout, DEVICES[device])

    layouts = {layout: build(layout) for layout in LAYOUTS}
    graph, forward = Kept(layouts["contiguous"]), layouts["channels_last"]
    ways: dict[str, dict[str, Way]] = {
        "step": {name: Way(_step(build(name)), _vector) for name in layouts},
        "gradient": {name: Way(each.gradient, _vector) for name, each in layouts.items()},
        "product": _products(graph) | _products(Kept(forward)),
        "block": _blocks(graph, forward),
        "eigenpairs": {"ARPACK, kept graph": arpack(graph.times, graph)},
        "density": {},
    }
    if device == "gpu":
        ways["step"] |= _compiled(build, _step)
        ways["gradient"] |= _compiled(build, lambda problem: problem.gradient)
    for task, more in tools.tasks(graph, forward).items():
        ways[task] |= more
    return ways


def _compiled(
    build: Callable[[str], TorchCase], do: Callable[[TorchCase], Callable[[], Tensors]]
) -> dict[str, Way]:
    """The way of ``do`` with a compiled loss, by layout."""
    ways = {}
    for layout in LAYOUTS:
        problem = build(layout)
        problem.compile()
        ways[f"{layout}, compiled"] = Way(do(problem), _vector)
    return ways


def _step(problem: TorchCase) -> Callable[[], Tensors]:
    rule = torch.optim.SGD(problem.weights, lr=1e-6, momentum=0.9)

    def step() -> Tensors:
        rule.zero_grad()
        problem.loss(problem.weights).backward()
        rule.step()
        return [weight.grad for weight in problem.weights]

    return step


def _products(kept: Kept) -> dict[str, Way]:
    problem = kept.problem
    direction = problem.split(problem.directions[:, 0].contiguous())
    forward = _forward(problem)

    def rebuilt() -> Tensors:
        gradient = problem.gradient(graph=True)
        return torch.autograd.grad(gradient, problem.weights, direction)

    return {
        f"double backward, rebuilt, {problem.layout}": Way(rebuilt, _vector),
        f"double backward, kept, {problem.layout}": Way(lambda: kept(direction), _vector),
        f"jvp of gradient, {problem.layout}": Way(lambda: forward(direction), _vector),
    }


def _blocks(graph: Kept, forward: TorchCase) -> dict[str, Way]:
    rows = graph.problem.directions.T.contiguous()
    apart, together = [graph.problem.split(row) for row in rows], graph.problem.split(rows)
    batched = torch.func.vmap(_forward(forward))

    def last(products: Tensors) -> Result:
        return _vector([part[-1] for part in products])

    return {
        "kept graph, one by one": Way(
            lambda: [graph(v) for v in apart], lambda products: _vector(products[-1])
        ),
        "kept graph, batched": Way(lambda: graph(together, rows=True), last),
        "jvp of gradient, batched": Way(lambda: batched(together), last),
    }


def _forward(problem: TorchCase) -> Callable[[Tensors], Tensors]:
    """The function that takes v to the derivative of the gradient along v."""
    plain = tuple(weight.detach() for weight in problem.weights)
    gradient = torch.func.grad(problem.loss)

    def product(v: Tensors) -> Tensors:
        return torch.func.jvp(gradient, (plain,), (tuple(v),))[1]

    return product


def _vector(parts: Tensors) -> Result:
    return Result(flat(parts))
