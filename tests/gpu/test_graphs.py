"""CUDA graphs on the GPU: captured, a product is what it was, and so is a step of training."""

from functools import partial

import numpy as np
import pytest

from deepnet.backend import beside, scalar, to_host, tree_map
from deepnet.curvature import Batches, gauss_newton, hessian, lanczos
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.nets.page import page
from deepnet.ops.gpu import bilinear, graphs
from deepnet.ops.gpu.cudnn import convolutions
from deepnet.ops.gpu.graphs import Captured
from deepnet.problem import Problem
from deepnet.training import SGD, State, train, usual
from deepnet.training.computed import computed
from deepnet.watch import Sharpness
from tests.close import discretised, exact, rounded
from tests.deepnet import tiny
from tests.deepnet.device_cases import (
    CASES,
    GPU_PASSES,
    RULES,
    SMALL,
    TARGETS,
    TOLERANCE,
    X,
    moved,
    small_images,
    states,
    weights_of,
)
from tests.deepnet.ops.hot_cases import alike


@pytest.fixture(autouse=True)
def asked(cupy, monkeypatch):
    """Graphs are asked for, and none is refused."""
    monkeypatch.setenv(graphs.VARIABLE, "1")
    graphs._refused.clear()
    yield
    if convolutions() is not None:
        assert not graphs._refused


def columns(cupy, operator, many=3, seed=0):
    rng = np.random.default_rng(seed)
    return cupy.asarray(rng.normal(size=(operator.shape[0], many)))


def captured(operator):
    return operator._graphs and all(each._graph is not None for each in operator._graphs.values())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("make", [hessian, gauss_newton], ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_products(cupy, monkeypatch, name, make, dtype):
    net, norm = CASES[name]
    if convolutions() is None and any(len(shape) == 4 for shape in net.shapes.values()):
        pytest.skip("convolutions by cuBLAS are not captured")
    data = [(cupy.asarray(sign * X.astype(dtype)), cupy.asarray(TARGETS.astype(dtype)))
            for sign in (1, -1)]  # fmt: skip
    at = Batches(Problem(net, norm), weights_of(net, dtype=dtype), data)
    operator = make(at)
    given = [columns(cupy, operator, seed=seed) for seed in range(3)]
    found = [operator.multiply(each) for each in given]
    assert captured(operator)
    monkeypatch.setenv(graphs.VARIABLE, "0")
    plain = make(at)
    for result, each in zip(found, given, strict=True):  # the first ones after the later launches
        pair = (each.astype(dtype) for each in alike(result, plain.multiply(each).get()))
        assert rounded(*pair, condition=GPU_PASSES)  # columns are float64, passes the net's dtype
    monkeypatch.setattr(bilinear, "capturing", lambda _: True)
    again = plain.multiply(given[2])
    assert again.get().tobytes() == found[2].get().tobytes(), "the same kernels, the same bits"


@pytest.mark.parametrize("make", [hessian, gauss_newton], ids=lambda f: f.__name__)
def test_eigenvalues(cupy, make):
    here = tiny.perceptron(sizes=(12, 8))
    operator = make(moved(here, cupy.asarray))
    ours, hosts = (
        lanczos(each, np.random.default_rng(0), 2, 1, tolerance=TOLERANCE)
        for each in (operator, make(here))
    )
    assert captured(operator)
    assert discretised(ours.values, hosts.values, TOLERANCE * np.abs(hosts.values))


def test_other_work_between_launches_does_no_harm(cupy):
    """Memory that comes and goes, another graph, copies from the host, another stream."""
    at = moved(tiny.perceptron(sizes=(64, 64)), cupy.asarray)
    one, other = hessian(at), gauss_newton(at)
    given = columns(cupy, one)
    first, second = one.multiply(given), other.multiply(given)
    with cupy.cuda.Stream(non_blocking=True) as stream:
        for _ in range(50):
            assert (one.multiply(given) == one.multiply(given)).all()
            cupy.asarray(np.random.default_rng(0).normal(size=10_000)).sum().get()
            again = other.multiply(given)
            assert rounded(*alike(again, second), condition=GPU_PASSES)
        last = one.multiply(given)
        stream.synchronize()
    assert rounded(*alike(last, first.get()), condition=GPU_PASSES)


def test_memory_is_given_back(cupy):
    at = moved(tiny.perceptron(sizes=(256,)), cupy.asarray)
    operator = hessian(at)
    operator.multiply(columns(cupy, operator))
    assert graphs._graph_streams and captured(operator)
    del operator
    assert not graphs._graph_streams


@pytest.mark.parametrize("f", [
    lambda x: x.reshape(1, -1) @ x.reshape(-1, 1),
    lambda x: x * float(x[0]),
], ids=["cuBLAS", "float"])  # fmt: skip
def test_what_cannot_be_captured(cupy, capsys, f):
    call = Captured(f)
    for seed in range(3):
        x = cupy.asarray(np.random.default_rng(seed).normal(size=5))
        assert rounded(*alike(call(x), f(x)))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("deepnet: no CUDA graph (")
    graphs._refused.clear()
    after = Captured(partial(cupy.multiply, 2.0))  # and what can be still is
    for _ in range(3):
        assert exact(after(x).get(), 2 * x.get())
    assert after._graph is not None


# ----- Steps of training -----


@pytest.mark.parametrize("name", [name for name, (_, norm) in CASES.items() if not norm.noisy])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_steps(cupy, monkeypatch, name, dtype):
    net, norm = CASES[name]
    if convolutions() is None and any(len(shape) == 4 for shape in net.shapes.values()):
        pytest.skip("convolutions by cuBLAS are not captured")
    rule, weights = SGD(0.9, True, 1e-3), weights_of(net, dtype=dtype)
    x = cupy.asarray(X.astype(dtype))
    given = beside(x, (weights, rule.start(weights), x, TARGETS.astype(dtype)))
    f = partial(computed, Problem(net, norm), rule)
    call, rates = Captured(f, at_once=True), (0.1, 0.2, 0.05)
    found = [call(*given, scalar(x, rate)) for rate in rates]
    assert call._graph is not None
    monkeypatch.setattr(bilinear, "capturing", lambda _: True)
    for result, rate in zip(found, rates, strict=True):  # the first one after the later launches
        again = f(*given, scalar(x, rate))
        tree_map(np.testing.assert_array_equal, to_host(result), to_host(again))


@pytest.mark.parametrize("net", [SMALL, page(1 / 32)], ids=lambda net: net.name)
@pytest.mark.parametrize("name", ["sgd", "plain"])
def test_trainings(cupy, monkeypatch, net, name):
    if convolutions() is None and net is not SMALL:
        pytest.skip("convolutions by cuBLAS are not captured")
    data, found = small_images().placed(cupy.asarray), []
    for said in ("1", "0"):
        monkeypatch.setenv(graphs.VARIABLE, said)
        with monkeypatch.context() as patched:
            if said == "0":
                patched.setattr(bilinear, "capturing", lambda _: True)
            found.append(states(net, data, RULES[name]))
    (problem, how, ours), (_, _, plain) = found
    arrays = [state.to_arrays() for state in ours]
    for captured, expected in zip(arrays, (state.to_arrays() for state in plain), strict=True):
        for key, array in expected.items():
            assert captured[key].tobytes() == array.tobytes(), f"{key}: the same bits"
    monkeypatch.setenv(graphs.VARIABLE, "1")
    (again,) = train(problem, data, how, State.from_arrays(arrays[0]))
    for key, array in again.to_arrays().items():
        assert array.tobytes() == arrays[1][key].tobytes(), f"{key}: the same when taken up again"
    assert not graphs._graph_streams, "memory is given back"


def test_hooks_between_steps(cupy):
    """Graphs of a hook's own, and its products by cuBLAS."""
    data = small_images().placed(cupy.asarray)
    problem, _, alone = states(SMALL, data, SGD(0.9))
    x = data.normalised(data.x_train[:16], np.dtype(float))
    batch = [(x, cupy.asarray(np.eye(10)[data.y_train[:16].get()]))]
    hooks = usual, Sharpness(problem, batch, products=8)
    _, _, watched = states(SMALL, data, SGD(0.9), hooks)
    for one, other in zip(alone, watched, strict=True):
        tree_map(np.testing.assert_array_equal, to_host(one.weights), to_host(other.weights))


def test_a_training_that_diverges(cupy, monkeypatch):
    net, data, ends = mlp([192, 6, 5, 10]), small_images().placed(cupy.asarray), []
    for said in ("1", "0"):
        monkeypatch.setenv(graphs.VARIABLE, said)
        ends.append(states(net, data, SGD(), rate=1e200, norm=NoNorm())[2][-1])
    assert ends[0].diverged and ends[1].diverged
    assert len(ends[0].records["loss"]) == len(ends[1].records["loss"])
