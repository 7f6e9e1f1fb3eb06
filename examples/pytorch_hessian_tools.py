"""Our engine, curvlinops and PyHessian find the Hessian of one net: product, top eigenvalue, trace.

The weights and images are the engine's. ``benchmarks.torch_nets`` makes a PyTorch module of them,
which the tools take. It needs the extra ``peers``. A tool that is not installed is left out.
"""

import warnings
from importlib.util import find_spec

import numpy as np
import torch
from scipy.sparse.linalg import eigsh

from benchmarks.torch_nets import Loss, Module
from deepnet import Problem, ops
from deepnet.curvature import Batches, hessian, lanczos, trace
from deepnet.data import textures
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active
from deepnet.nets.page import page
from deepnet.training import SGD, Training, beginning, train, triangle
from deepnet.vectors import to_pytorch

IMAGES, PROBES = 16, 64


def main() -> dict[str, dict[str, float]]:
    """Print and return {tool: its results}. A product is reported by its distance from ours."""
    data, rng = textures(8 * IMAGES, 100), np.random.default_rng(0)
    problem = Problem(page(1 / 64), Active())
    how = Training(epochs=4, batch=IMAGES, schedule=triangle(1.0, 1, 5), rule=SGD(momentum=0.9))
    start = initialise(problem.net, rng, dtype="float64")
    *_, state = train(problem, data, how, beginning(start, how))
    x, labels = data.normalised(data.x_train[:IMAGES], np.float64), data.y_train[:IMAGES]
    targets = ops.smoothed(labels, data.classes, 0.0, x.dtype)
    ours = hessian(Batches(problem, state.weights, [(x, targets)]))
    v = rng.standard_normal(problem.net.parameters)
    product, pairs, mean = ours @ v, lanczos(ours, rng, tolerance=1e-6), trace(ours, rng, PROBES)
    results = {"ours": {"top": float(pairs.values[0]), "trace": mean.mean, "stderr": mean.stderr}}

    weights = {name: torch.tensor(to_pytorch(weight)) for name, weight in state.weights.items()}
    module, loss = Module("page", "active", weights, statistics={}), Loss(smoothing=0.0)
    batch = torch.tensor(x.transpose(0, 3, 1, 2).copy()), torch.tensor(labels)
    for tool, ask in (("curvlinops", curvlinops), ("pyhessian", pyhessian)):
        if find_spec(tool) is None:
            print(f"{tool} is not installed (extra peers)")
            continue
        theirs, top, total = ask(module, loss, batch, torch.tensor(v))
        apart = float(np.linalg.norm(theirs - product) / np.linalg.norm(product))
        results[tool] = {"product": apart, "top": top, "trace": total}
    for tool, numbers in results.items():
        print(f"{tool:11}", ", ".join(f"{name} {number:.6g}" for name, number in numbers.items()))
    return results


def curvlinops(module, loss, batch, v):
    """The product with v, the top eigenvalue and the trace. The operator is also one of SciPy's."""
    from curvlinops import HessianLinearOperator, hutchinson_trace

    operator = HessianLinearOperator(module, loss, [*module.parameters()], [batch])
    scipys = operator.to_scipy()
    (top,) = eigsh(scipys, 1, which="LA", tol=1e-6, v0=v.numpy(), return_eigenvectors=False)
    return (operator @ v).numpy(), float(top), float(hutchinson_trace(operator, PROBES))


def pyhessian(module, loss, batch, v):
    """The product, eigenvalue and trace of PyHessian.

    Its top eigenvalue is the largest in size, by a power iteration.
    """
    import pyhessian as package
    from pyhessian.utils import hessian_vector_product

    torch.set_default_dtype(torch.float64)  # it draws vectors in the default type
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it uses backward(create_graph=True)
        tool = package.hessian(module, loss, data=batch, cuda=False)
    module.zero_grad()  # it leaves gradients with their graph
    parts = v.split([weight.numel() for weight in tool.params])
    parts = [part.reshape(w.shape) for part, w in zip(parts, tool.params, strict=True)]
    product = hessian_vector_product(tool.gradsH, tool.params, parts)
    (top,), _ = tool.eigenvalues(maxIter=1000, tol=1e-9)
    total = float(np.mean(tool.trace(maxIter=PROBES, tol=0.0)))
    return torch.cat([part.reshape(-1) for part in product]).numpy(), top, total


if __name__ == "__main__":
    main()
