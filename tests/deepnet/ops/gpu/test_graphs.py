"""CUDA graphs on a stand-in: what is captured computes what it would have, and nothing is stale."""

import weakref
from contextlib import nullcontext
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import ours as own_tasks
from benchmarks.case import Case, inputs
from companion.errors import UsageError
from deepnet import ops
from deepnet.backend import joined
from deepnet.curvature import Batches, gauss_newton, hessian, lanczos
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Ghost
from deepnet.nets.page import page
from deepnet.ops.gpu import bilinear, convolution, graphs, precision
from deepnet.ops.gpu.graphs import Captured
from deepnet.problem import Problem
from tests.close import rounded
from tests.deepnet import tiny
from tests.deepnet.device_cases import CASES, PASSES, TARGETS, X, moved, weights_of
from tests.deepnet.ops.hot_cases import alike
from tests.deepnet.stand_in import fake_streams, strict_cupy
from tests.deepnet.stand_in.emulated import compiler
from tests.deepnet.stand_in.graph_device import on_device

pytestmark = pytest.mark.skipif(compiler() is None, reason="no compiler of C++ to emulate kernels")
asarray = strict_cupy.asarray
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def device():
    with on_device():
        yield


@pytest.fixture
def refusing(monkeypatch):
    """A device on which graphs may be refused."""
    with on_device():
        yield
        graphs._refused.clear()


def arrays(*seeds, n=7):
    return [asarray(np.random.default_rng(seed).normal(size=n)) for seed in seeds]


def stays_right(f, captured, given):
    """Whether the captured gives what f gives, after the later calls too, and was captured."""
    expected = [f(x).get() for x in given]
    launched = [captured(x) for x in given]
    assert fake_streams.counts["captures"] and fake_streams.counts["launches"]
    return all(a.get().tobytes() == b.tobytes() for a, b in zip(launched, expected, strict=True))


def several(x):
    """Temporaries that come and go, a view, a change in place, a sum."""
    y = strict_cupy.cupy.exp(x * 2) + 1
    y[1:] *= x[:-1]
    y = y + y.sum() * x
    return (y / 3).reshape(1, -1).T[:, 0]


# ----- Capture and launch -----


@settings(max_examples=20)
@given(st.lists(seeds, min_size=2, max_size=5), st.sampled_from(["null", "other"]))
def test_a_captured_function_is_the_function(seeds, caller):
    """The other of the two streams works as late as it may: only events keep the order."""
    with on_device(), patch.object(fake_streams.Stream, "late", caller == "null"):
        captured, given = Captured(several), arrays(*seeds)
        with fake_streams.Stream() if caller == "other" else nullcontext() as stream:
            if stream is not None:
                stream.late = True
            assert stays_right(several, captured, given)


@pytest.mark.parametrize("caller", ["null", "other"])
def test_without_events_the_order_is_lost(device, monkeypatch, caller):
    monkeypatch.setattr(fake_streams.Stream, "late", caller == "null")
    captured, given = Captured(several), arrays(1, 2, 3)
    monkeypatch.setattr(fake_streams.Stream, "wait_event", lambda *_: None)
    with fake_streams.Stream() if caller == "other" else nullcontext() as stream:
        if stream is not None:
            stream.late = True
        with np.errstate(all="ignore"):
            assert not stays_right(several, captured, given)


def test_what_python_reads_is_found(device):
    def f(x):
        return x * number

    number, captured = 1.0, Captured(f)
    assert stays_right(f, captured, arrays(1, 2, 3))
    number = 2.0
    assert not stays_right(f, captured, arrays(1, 2, 3))


def keeps():
    """A function that computes something once, and keeps it."""
    kept = []

    def f(x):
        y = x * 2
        if not kept:
            kept.append(y * 0 + 4)
        return y * kept[0]

    return f


def test_what_is_kept_is_not_in_the_memory_that_graphs_share(device):
    one, other = Captured(several), Captured(keeps())
    x, y = arrays(1, 2)
    for _ in range(3):
        one(x)
        other(y)
        assert np.array_equal(other(y).get(), 8 * y.get())
    early = Captured(keeps())
    early._given, early._result = (strict_cupy.empty(y.shape),), strict_cupy.empty(y.shape)
    for _ in range(3):
        one(x)
        wrong = early(y).get()
    assert not np.array_equal(wrong, 8 * y.get())


def test_graphs_share_their_memory(device):
    x = arrays(1)[0]
    one = Captured(several)
    for _ in range(3):
        one(x)
    pool = one._shared.pool
    held = pool.total_bytes()
    others = [Captured(several) for _ in range(3)]
    for other in others * 3:
        other(x)
    assert all(other._shared is one._shared for other in others)
    assert pool.total_bytes() == held


def test_short_memory_is_not_taken_from_graphs(refusing, monkeypatch):
    made = []

    def memory(size):
        made.append(weakref.ref(found := fake_streams.Memory(size)))
        return found

    monkeypatch.setattr(strict_cupy.cupy.cuda, "Memory", memory)
    (x,), (many,) = arrays(1), arrays(2, n=5000)
    one, other = Captured(several), Captured(lambda x: x * 2 + 1)
    one(x), one(x)
    monkeypatch.setattr(fake_streams, "largest", [4096])
    assert np.array_equal(other(many).get(), other(many).get())
    assert other._graph is None and "OutOfMemoryError" in graphs._refused
    assert made and all(each() is not None for each in made)
    assert one(x).get().tobytes() == several(x).get().tobytes()
    del one
    assert all(each() is None for each in made)


def test_memory_of_another_pool_is_refused(refusing, monkeypatch, capsys):
    monkeypatch.setattr(fake_streams, "_allocators", [None])
    monkeypatch.setattr(strict_cupy.cupy.cuda, "using_allocator", lambda _: nullcontext())
    captured = Captured(several)
    for x in arrays(1, 2):
        captured(x)
    assert "belongs to no pool" in capsys.readouterr().err


def test_an_array_of_another_kind_is_refused(device):
    captured = Captured(several)
    captured(arrays(1)[0])
    for other in (arrays(1, n=8)[0], arrays(1)[0].astype("float32")):
        with pytest.raises(ValueError, match="not like the first"):
            captured(other)


def test_trees_of_arrays_are_taken_and_returned(device):
    def f(named, pair):
        return {"sum": named["a"] + named["b"], "all": (named, pair[0] * 2, ())}

    a, b, c, d = arrays(1, 2, 3, 4)
    captured = Captured(f, at_once=True)
    first = captured({"a": a, "b": b}, (c,))
    second = captured({"b": c, "a": d}, (a,))
    assert fake_streams.counts == {"captures": 1, "launches": 2}
    for found, one, other, alone in ((first, a, b, c), (second, d, c, a)):
        named, (doubled,) = found["all"][0], found["all"][1:2]
        expected = (one + other, one, other, alone * 2)
        for x, y in zip((found["sum"], named["a"], named["b"], doubled), expected, strict=True):
            assert x.get().tobytes() == y.get().tobytes()
    for wrong in (({"a": a}, (c,)), ({"a": a, "b": b, "c": c}, (c,)), ({"a": a, "b": b}, (c, d))):
        with pytest.raises(ValueError, match="not like the first"):
            captured(*wrong)


def test_the_current_stream_is_the_caller_s_again(device):
    def fails(x):
        raise KeyError("mine")

    captured = Captured(several)
    captured(arrays(1)[0])
    captured.f = fails
    with pytest.raises(KeyError):
        captured(arrays(1)[0])
    assert fake_streams.get_current_stream().ptr == 0
    graphs._refused.clear()


# ----- What cannot be captured -----

REFUSED = {
    "cuBLAS": lambda x: x.reshape(1, -1) @ x.reshape(-1, 1),
    "float": lambda x: x * float(x[0]),
    "asarray": lambda x: x * asarray(np.ones(7)),
    "an index": lambda x: x[np.array([0, 1])],
    "if": lambda x: x if x[0] > 100 else x * 2,
    "nine at once": lambda x: strict_cupy.cupy.concatenate([x] * 9),
    "synchronize": lambda x: x * (fake_streams.get_current_stream().synchronize() or 1),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_captured_is_launched_as_ever_and_one_line_says_so(refusing, capsys, name):
    f = REFUSED[name]
    for captured in (Captured(f), Captured(f)):
        for x in arrays(1, 2, 3):
            assert np.array_equal(captured(x).get(), f(x).get())
    assert not fake_streams.counts["launches"]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("deepnet: no CUDA graph (") and line.endswith("one kernel at a time")
    assert graphs.facts() == {"graphs": False}
    assert not graphs._graph_streams


def test_after_a_refusal_others_are_captured_on_the_same_stream(refusing):
    (x,) = arrays(1)
    calls = [Captured(f) for f in (several, REFUSED["cuBLAS"], REFUSED["synchronize"], several)]
    for call in calls:
        for _ in range(2):
            call(x)
    assert [call._graph is not None for call in calls] == [True, False, False, True]
    assert calls[0]._shared is calls[3]._shared
    assert calls[0](x).get().tobytes() == calls[3](x).get().tobytes() == several(x).get().tobytes()


def test_many_arrays_are_joined_without_their_addresses(device):
    f = lambda x: joined([x] * 9)  # noqa: E731
    assert stays_right(f, Captured(f), arrays(1, 2, 3))


def test_a_net_of_convolutions_without_cudnn(refusing, capsys):
    with patch.object(convolution, "convolutions", lambda: None):
        at = moved(tiny.convolutional(), asarray)
        products = [hessian(at) @ np.ones((at.parameters, 2)) for _ in range(2)]
    hosts = hessian(tiny.convolutional()) @ np.ones((at.parameters, 2))
    assert rounded(*alike(products[1], hosts), condition=PASSES)
    assert len(capsys.readouterr().err.splitlines()) == 1


# ----- Products -----


def small_lenet():
    net = lenet(1 / 4, ops.tanh, "post", affine=True)
    data = [tiny.batch(4, (32, 32, 3), 10, seed) for seed in (0, 1)]
    return Batches(Problem(net, Ghost(group=2)), weights_of(net), data)


def small_page():
    net = page(1 / 32, classes=3)
    data = [tiny.batch(4, (32, 32, 3), 3, seed) for seed in (0, 1)]
    return Batches(Problem(net, Active()), weights_of(net), data)


def ghosts():
    net = mlp((5, 6, 3), ops.sigmoid, bias=True, affine=True)
    data = [tiny.batch(20, (5,), 3, seed) for seed in (0, 1)]
    return Batches(Problem(net, Ghost(group=2)), weights_of(net), data)


NETS = {
    "perceptron": lambda: tiny.perceptron(sizes=(6, 4), bias=True),
    "ten ghosts": ghosts,
    "page": small_page,
    "lenet": small_lenet,
}
PRODUCTS = {"hvp": hessian, "ggn": gauss_newton}


@cache
def operators(name, kind):
    """The operator on the host, and on the device with graphs and without."""
    here = NETS[name]()
    made = [PRODUCTS[kind](here)]
    for asked in ("1", "0"):
        with on_device(asked):
            made.append(PRODUCTS[kind](moved(here, asarray)))
    return made


@pytest.mark.parametrize("kind", PRODUCTS)
@pytest.mark.parametrize("name", NETS)
@settings(max_examples=5, deadline=None)
@given(seed=seeds, many=st.integers(1, 3))
def test_a_captured_product_is_the_product(name, kind, seed, many):
    here, captured, plain = operators(name, kind)
    host = np.random.default_rng(seed).normal(size=(here.shape[0], many))
    with on_device():
        columns = asarray(host)
        captured.multiply(columns)
        first = captured.multiply(columns)
        captured.multiply(columns[:, ::-1] * 2)
        assert fake_streams.counts["launches"] >= 2 * 2 * many
        to_rounding = plain.multiply(columns)
        with patch.object(bilinear, "capturing", lambda _: True):  # by the same kernels
            again = plain.multiply(columns)
        assert len(captured._graphs) == 2 and not plain._graphs
        assert first.get().tobytes() == again.get().tobytes()
        assert rounded(*alike(first, to_rounding.get()), condition=PASSES)
        assert rounded(*alike(first, here.multiply(host)), condition=PASSES)


@pytest.mark.parametrize("name", CASES)
def test_every_net_and_norm_is_captured(device, name):
    net, norm = CASES[name]
    at = Batches(Problem(net, norm), weights_of(net), [(asarray(X), asarray(TARGETS))])
    v = np.random.default_rng(0).normal(size=(at.parameters, 1))
    for make in PRODUCTS.values():
        operator, columns = make(at), asarray(v)
        eager, captured = (operator.multiply(columns).get() for _ in range(2))
        assert rounded(*alike(captured, eager), condition=PASSES)
    assert fake_streams.counts["captures"] == 2


@pytest.mark.parametrize("keep", [0, 1, None])
def test_only_what_is_kept_is_captured(device, keep):
    here = moved(tiny.perceptron(sizes=(6, 4, 3)), asarray)
    at = Batches(here.problem, here.weights, here.data, keep)
    operator = hessian(at)
    columns = operator.to_device(np.eye(operator.shape[0])[:, :2])
    products = [operator.multiply(columns).get() for _ in range(2)]
    assert fake_streams.counts["captures"] == (3 if keep is None else keep)
    assert rounded(*alike(products[1], hessian(here).multiply(columns).get()), condition=PASSES)


def test_a_block_of_layers(device):
    here = tiny.perceptron()
    layer = [next(iter(here.weights))]
    block = hessian(moved(here, asarray), layer)
    hosts = tiny.dense(hessian(here, layer))
    assert rounded(*alike(tiny.dense(block), hosts), condition=PASSES)
    assert fake_streams.counts["captures"] == 1


def test_graphs_die_with_their_operator_and_passes_with_their_batches(device):
    at = moved(tiny.perceptron(sizes=(6, 4)), asarray)
    operator = hessian(at)
    for _ in range(2):
        operator @ np.ones(operator.shape[0])
    (_, part), *_ = at
    captured = operator._graphs[0]
    seen = [weakref.ref(each) for each in (part, captured, captured._graph, captured._shared)]
    del part, captured
    assert all(each() is not None for each in seen)
    del operator
    assert [each() is None for each in seen] == [False, True, True, True]
    del at
    assert seen[0]() is None
    assert not graphs._graph_streams


@pytest.mark.parametrize("make", PRODUCTS.values(), ids=PRODUCTS)
def test_eigenvalues_are_the_same(device, make):
    here = tiny.perceptron(sizes=(6, 4))
    ours, hosts = (
        lanczos(make(each), np.random.default_rng(0), 2, 1, tolerance=1e-8)
        for each in (moved(here, asarray), here)
    )
    assert fake_streams.counts["launches"] == 2 * (ours.products - 1)
    assert rounded(*alike(ours.values, hosts.values), condition=PASSES)


def test_a_product_does_not_cross(device):
    operator = hessian(moved(tiny.convolutional(), asarray))
    columns = operator.to_device(np.ones((operator.shape[0], 2)))
    operator.multiply(columns)
    strict_cupy.crossings.clear()
    operator.multiply(columns)
    assert not strict_cupy.crossings


def test_the_benchmark_has_a_way(device):
    case = Case("page", "1/32", "frozen", "initial", batch=4)
    given = inputs(case)
    ways = own_tasks.tasks(case, given, "gpu")["product"]
    plain, captured = ways[""], ways["captured"]
    expected = plain.read(plain.do()).value
    for _ in range(3):
        found = captured.read(captured.do()).value
        assert rounded(found, expected)
    assert fake_streams.counts["launches"] == 2
    assert set(own_tasks.tasks(case, given, "cpu")["product"]) == {""}


# ----- The product of matrices -----


@settings(max_examples=60)
@given(
    seed=seeds,
    dtype=st.sampled_from(["float32", "float64"]),
    shape=st.tuples(*[st.integers(1, 9)] * 3),
    turned=st.tuples(st.booleans(), st.booleans()),
    strided=st.booleans(),
    threads=st.sampled_from([1 << 18, 5]),
)
def test_a_product_of_matrices(seed, dtype, shape, turned, strided, threads):
    rng, (n, inner, k) = np.random.default_rng(seed), shape
    step = 2 if strided else 1
    given = []
    for (rows, columns), turn in zip(((n, inner), (inner, k)), turned, strict=True):
        rows, columns = (columns, rows) if turn else (rows, columns)
        x = asarray(rng.normal(size=(rows, step * columns)).astype(dtype))[:, ::step]
        given.append(x.T if turn else x)
    with (
        strict_cupy.standing_in(),
        patch.object(bilinear, "sweep", lambda n, least: min(n, threads)),
    ):
        product = bilinear.matrix_product(*given).get()
    a, b = (x.get() for x in given)
    assert rounded(*alike(product, a @ b), 1 + inner * np.abs(a).max() * np.abs(b).max())


def test_products_that_the_kernel_does_not_serve(device):
    x = asarray(np.ones((2, 3)))
    assert bilinear.product(x, x.T) is NotImplemented  # nothing is captured
    for a, b in ((x, x[0]), (x, x.T.astype("float32")), (x[:0], x.T)):
        assert bilinear.matrix_product(a, b) is NotImplemented


# ----- Asking -----


def test_graphs_are_asked_for(monkeypatch):
    monkeypatch.delenv(graphs.VARIABLE, raising=False)
    assert not graphs.asked() and graphs.facts() == {} and "graphs" not in precision.facts()
    monkeypatch.setenv(graphs.VARIABLE, "1")
    assert graphs.asked() and precision.facts()["graphs"] is True
    monkeypatch.setenv(graphs.VARIABLE, "0")
    assert not graphs.asked()
    monkeypatch.setenv(graphs.VARIABLE, "yes")
    with pytest.raises(UsageError, match="DEEPNET_GRAPHS='yes' is neither 0 nor 1"):
        graphs.asked()


def test_the_host_s_products_are_as_ever(monkeypatch):
    monkeypatch.setenv(graphs.VARIABLE, "1")
    operator = hessian(tiny.perceptron())
    operator @ np.ones((operator.shape[0], 3))
    assert not operator._graphs
