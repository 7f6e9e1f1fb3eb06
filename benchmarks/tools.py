"""The tasks by PyTorch's Hessian tools, where they are installed: curvlinops and PyHessian.

PyHessian's density calls torch.eig, which PyTorch has removed. Here ``eigh`` stands in for it,
since the matrix is tridiagonal and symmetric. PyHessian's eigenvalues are from a power iteration,
which finds the largest in size and stops where they change little. They are not compared, but their
residuals are reported.
"""

from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from benchmarks.arpack import arpack, pairs
from benchmarks.tasks import PROBES, STEPS, TOP, Result, Way
from benchmarks.torch_case import Kept, Tensors, TorchCase, flat

#: The margin of curvlinops at both ends of the spectrum, relative to the range of the spectrum.
MARGIN = 0.05


def tasks(graph: Kept, forward: TorchCase) -> dict[str, dict[str, Way]]:
    """{task: {way: Way}} of the installed tools, on a kept graph or by forward derivatives."""
    ways: dict[str, dict[str, Way]] = {}
    by_tool = {}
    if find_spec("curvlinops") is not None:
        by_tool["curvlinops"] = _curvlinops(forward, graph)
    if find_spec("pyhessian") is not None:
        by_tool["PyHessian"] = _pyhessian(graph)
    for tool, its in by_tool.items():
        for task, way in its.items():
            ways.setdefault(task, {})[tool] = way
    return ways


def _curvlinops(problem: TorchCase, exact: Kept) -> dict[str, Way]:
    from curvlinops import HessianLinearOperator, lanczos_approximate_spectrum

    data = [(problem.images, problem.labels)]
    operator = HessianLinearOperator(
        problem.module, problem.criterion, problem.weights, data, check_deterministic=False
    )
    columns, direction = problem.directions, problem.directions[:, 0].contiguous()

    def times(v: np.ndarray) -> np.ndarray:
        vector = torch.tensor(v.ravel(), dtype=torch.float32, device=problem.device)
        return (operator @ vector).cpu().numpy()

    def density() -> Any:
        return lanczos_approximate_spectrum(operator, STEPS, num_repeats=PROBES, margin=MARGIN)

    def ends(result: Any) -> Result:
        low, high = result[0][[0, -1]].cpu().numpy()
        off = (high - low) * MARGIN / (1 + 2 * MARGIN)
        return Result(np.array([low + off, high - off]))

    return {
        "product": Way(lambda: operator @ direction, lambda result: Result(result.cpu().numpy())),
        "block": Way(
            lambda: operator @ columns, lambda result: Result(result[:, -1].cpu().numpy())
        ),
        "eigenpairs": arpack(times, exact),
        "density": Way(density, ends),
    }


def _pyhessian(graph: Kept) -> dict[str, Way]:
    from pyhessian import hessian
    from pyhessian.utils import hessian_vector_product

    problem = graph.problem
    data = problem.images, problem.labels
    on_gpu = problem.device == "cuda"
    tool = hessian(problem.module, problem.criterion, data=data, cuda=on_gpu)
    problem.module.zero_grad()  # the tool leaves gradients with their graph
    direction = problem.split(problem.directions[:, 0].contiguous())

    def density() -> Any:
        with patch.object(torch, "eig", _eig, create=True):
            return tool.density(iter=STEPS, n_v=PROBES)

    def ends(result: Any) -> Result:
        nodes = np.array(result[0])
        return Result(np.array([nodes.min(), nodes.max()]), {"products": nodes.size})

    def read(result: tuple[list[float], list[Tensors]]) -> Result:
        values, vectors = result
        return pairs(graph, np.array(values), np.stack([flat(v) for v in vectors]), None)

    return {
        "product": Way(
            lambda: hessian_vector_product(tool.gradsH, tool.params, direction),
            lambda result: Result(flat(result)),
        ),
        "eigenpairs": Way(lambda: tool.eigenvalues(top_n=TOP), read, comparable=False),
        "density": Way(density, ends),
    }


def _eig(matrix: Any, eigenvectors: bool = True) -> tuple[Any, Any]:
    values, vectors = torch.linalg.eigh(matrix)
    return torch.stack([values, torch.zeros_like(values)], 1), vectors
