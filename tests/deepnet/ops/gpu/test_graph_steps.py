"""Steps of training as CUDA graphs, on a stand-in: the same bits, whatever comes between them."""

from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from unittest.mock import patch

import numpy as np
import pytest

from benchmarks import ours as own_tasks
from benchmarks.case import Case, inputs
from deepnet import ops
from deepnet.backend import beside, scalar, to_host, tree_map
from deepnet.data import textures
from deepnet.experiments.ghorbani2019.shared.population import Population
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Frozen, Noisy, NoNorm, norm_named
from deepnet.nets.noise import Noise
from deepnet.nets.page import page
from deepnet.ops.gpu import bilinear, convolution, graphs
from deepnet.ops.gpu.graphs import Captured
from deepnet.problem import Problem
from deepnet.training import (
    SGD,
    Averaging,
    State,
    Training,
    beginning,
    evaluate,
    in_eval,
    settle,
    train,
    triangle,
    usual,
)
from deepnet.training import computed as steps_computed
from deepnet.training.computed import computed
from deepnet.watch import Sharpness, of_activations, of_covariate_shift, of_smoothness
from tests.close import exact, rounded
from tests.deepnet.device_cases import (
    CASES,
    PASSES,
    RULES,
    SMALL,
    TARGETS,
    X,
    small_images,
    states,
    weights_of,
)
from tests.deepnet.stand_in import fake_streams, strict_cupy
from tests.deepnet.stand_in.emulated import compiler
from tests.deepnet.stand_in.graph_device import on_device

pytestmark = pytest.mark.skipif(compiler() is None, reason="no compiler of C++ to emulate kernels")
asarray = strict_cupy.asarray
NETS = {
    "page": (page(1 / 32), "active", small_images),
    "perceptron": (SMALL, "active", small_images),
    "lenet": (lenet(1 / 2, ops.tanh, "post", affine=True), "detached", partial(textures, 32, 8)),
}
STEPS = {"page": 4, "perceptron": 4, "lenet": 2}


@pytest.fixture
def device():
    with on_device():
        yield


def training(name, rule=None, dtype="float32", epochs=2):
    """A training in which the rate is never the same, its problem and its start."""
    net, mode, images = NETS[name]
    data = images()
    how = Training(
        epochs=epochs,
        batch=16,
        schedule=triangle(0.2, 0.6, 3),
        rule=rule or SGD(0.9, True, 1e-3),
        smoothing=0.5,
    )
    start = beginning(weights_of(net, dtype=dtype), how)
    return Problem(net, norm_named(mode)), data.placed(asarray), how, start


def by_the_same_kernels():
    """What is not captured has the product of matrices that graphs have."""
    return patch.object(bilinear, "capturing", lambda _: True)


@cache
def plainly(name, rule=None, dtype="float32"):
    """The states of the training without graphs."""
    with on_device("0"), by_the_same_kernels():
        return list(train(*training(name, rule, dtype)))


# ----- The same training -----


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NETS)
def test_a_captured_training_is_the_training(device, name, dtype):
    trained = list(train(*training(name, dtype=dtype)))
    assert fake_streams.counts == {"captures": 1, "launches": 2 * STEPS[name]}
    assert exact(trained, plainly(name, dtype=dtype))


@pytest.mark.parametrize(
    "rule", [SGD(), SGD(0.9), SGD(0.9, nesterov=True), SGD(0.5, decay=0.01)], ids=str
)
def test_every_sgd(device, rule):
    trained = list(train(*training("perceptron", rule)))
    assert fake_streams.counts["captures"] == 1
    assert exact(trained, plainly("perceptron", rule))


def test_unbiased_variances_are_captured(device):
    problem, data, how, start = training("page")
    how = replace(how, averaging=Averaging(0.3, unbiased=True))
    trained = list(train(problem, data, how, start))
    assert fake_streams.counts["launches"] == 8
    with on_device("0"), by_the_same_kernels():
        expected = list(train(problem, data, how, start))
    assert exact(trained, expected)
    assert not exact(trained[-1], plainly("page")[-1])


@pytest.mark.parametrize("name", [name for name, (_, norm) in CASES.items() if not norm.noisy])
def test_every_net_and_norm(device, name):
    net, norm = CASES[name]
    rule, weights = SGD(0.9), weights_of(net)
    given = beside(x := asarray(X), (weights, rule.start(weights), x, TARGETS))
    f = partial(computed, Problem(net, norm), rule)
    captured = Captured(f, at_once=True)
    for rate in (0.1, 0.2):
        replayed = to_host(captured(*given, scalar(x, rate)))
        with by_the_same_kernels():
            expected = to_host(f(*given, scalar(x, rate)))
        alike = []
        tree_map(lambda a, b, to=alike: to.append(a.tobytes() == b.tobytes()), expected, replayed)
        assert all(alike) and len(alike) >= 3 * len(weights) + 3
    assert captured._graph is not None


def test_statistics_that_lie_on_the_host(device):
    problem, data, how, start = training("page")
    frozen = in_eval(problem, plainly("page")[0].on_host().statistics)
    trained = list(train(frozen, data, how, start))
    assert fake_streams.counts["launches"] == 8
    with on_device("0"), by_the_same_kernels():
        assert exact(trained, list(train(frozen, data, how, start)))


def baked(problem, rule, weights, unbiased):
    """``graph``, but for the rate: it is a number of Python's."""
    rates = []
    captured = Captured(lambda *given: computed(problem, rule, *given, rates[-1]), at_once=True)

    def launched(*given):
        rates.append(given[-1])
        return captured(*given[:-1])

    return launched


def test_a_rate_that_is_captured_is_found(device):
    with patch.object(import_module("deepnet.training.train"), "graph", baked):
        trained = list(train(*training("perceptron")))
    assert fake_streams.counts["launches"] == 8
    assert not exact(trained, plainly("perceptron"))


@pytest.mark.parametrize("name", NETS)
def test_taken_up_again_it_goes_on_to_the_same_bits(device, name):
    problem, data, how, start = training(name)
    first, second = train(problem, data, how, start)
    stored = State.from_arrays(first.to_arrays())
    (again,) = train(problem, data, how, stored)
    assert exact(again, second)


def test_a_first_step_by_other_kernels_is_found(device, monkeypatch):
    monkeypatch.setattr(steps_computed, "Captured", lambda f, at_once: Captured(f))
    problem, data, how, start = training("perceptron", dtype="float64")
    first, second = train(problem, data, how, start)
    (again,) = train(problem, data, how, State.from_arrays(first.to_arrays()))
    assert not exact(again, second)


def test_a_training_that_diverges_stops_at_the_same_step(device):
    net, last = mlp([192, 6, 5, 10]), []
    for asked in "10":
        with on_device(asked), by_the_same_kernels():
            _, _, there = states(
                net, small_images().placed(asarray), SGD(), rate=1e200, norm=NoNorm()
            )
            last.append(there[-1])
            assert fake_streams.counts["launches"] == int(asked) * len(there[-1].records["loss"])
    assert last[0].diverged and exact(*last)
    assert all(np.isfinite(w.get()).all() for w in last[0].weights.values())


# ----- What comes between steps -----


def test_hooks_compute_what_they_like(device):
    """Graphs of a hook's own use the memory of the step's."""
    problem, data, how, start = training("perceptron", dtype="float64")
    x = data.normalised(data.x_test[:16], np.dtype(float))
    batch = [(x, ops.smoothed(data.y_test[:16], 10, 0.0, x.dtype))]

    def hooks():
        smooth = of_smoothness(along="update")
        sharp = Sharpness(problem, batch, products=8)
        return usual, of_activations(problem, x), of_covariate_shift, smooth, sharp

    trained = list(train(problem, data, how, start, hooks()))
    assert fake_streams.counts["captures"] > 1
    weights = ("w:", "v:", "mean:", "var:")
    for state, expected in zip(trained, plainly("perceptron", dtype="float64"), strict=True):
        one, other = (
            {key: each for key, each in trained.to_arrays().items() if key.startswith(weights)}
            for trained in (state, expected)
        )
        assert exact(one, other)
    with on_device("0"):
        *_, last = train(problem, data, how, start, hooks())
    assert last.records.keys() == trained[-1].records.keys()
    for name, column in last.records.items():
        assert rounded(trained[-1].records[name], column, condition=PASSES)


def test_what_a_step_shows_stays_what_it_was(device):
    kept, then = [], []

    def keep(step):
        kept.append((step.before, step.loss, step.outputs, step.gradient, step.after, step.x))
        then.append(to_host(kept[-1]))
        return {}

    problem, data, how, start = training("page")
    trained = list(train(problem, data, how, start, (keep,)))
    for now, before in zip(to_host(tuple(kept)), then, strict=True):
        tree_map(lambda a, b: np.testing.assert_array_equal(a, b), now, before)
    assert len(kept) == 8
    assert trained[-1].weights is kept[-1][4]


def test_scores_and_statistics_between_epochs(device):
    problem, data, how, start = training("page")
    for state, expected in zip(train(problem, data, how, start), plainly("page"), strict=True):
        assert exact(state, expected)
        score = evaluate(problem, state, data)
        settled = to_host(settle(problem, data, how, state))
        with on_device("0"):
            expected = evaluate(problem, state, data)
            assert rounded(score.loss, expected.loss, condition=PASSES)
            plain = to_host(settle(problem, data, how, state))
        assert all(np.array_equal(settled[k][0], plain[k][0]) for k in plain)


def test_two_trainings_at_once(device):
    one, other = train(*training("page")), train(*training("perceptron"))
    found = list(zip(one, other, strict=True))
    assert fake_streams.counts == {"captures": 2, "launches": 16}
    for states_of, name in zip(zip(*found, strict=True), ("page", "perceptron"), strict=True):
        assert exact(states_of, plainly(name))


def test_a_graph_dies_with_its_training(device):
    states = train(*training("perceptron"))
    next(states)
    assert graphs._graph_streams
    del states
    assert not graphs._graph_streams


@pytest.mark.parametrize("name", ["page", "perceptron"])
def test_a_step_crosses_once_and_brings_no_images(device, name):
    problem, data, how, start = training(name)
    start = start.beside(data.x_train)
    strict_cupy.crossings.clear()
    list(train(problem, data, how, start))
    assert strict_cupy.crossings["to host"] == 8
    # the order of the images, where each is cropped and whether it is flipped, channel moments
    assert strict_cupy.crossings["bytes to device"] <= 8 * (16 * (8 + 16 + 1) + 2 * 3 * 8)


# ----- What is not captured -----


def active(_):
    return Problem(SMALL, Active())


def noisy(_):
    return Problem(SMALL, Noisy(Active(), Noise()))


def population(data):
    x = data.normalised(data.x_train[:16], np.dtype(float))
    return Population(SMALL, Frozen({}), images=x, every=3)


NOT_CAPTURED = {name: (rule, active) for name, rule in RULES.items() if type(rule) is not SGD}
NOT_CAPTURED |= {"noise": (SGD(), noisy), "population": (SGD(), population)}


@pytest.mark.parametrize("name", NOT_CAPTURED)
def test_other_trainings_are_as_ever(device, name):
    rule, make = NOT_CAPTURED[name]
    _, data, how, start = training("perceptron", rule, "float64")
    runs = []
    for asked in "10":
        with on_device(asked):
            runs.append(list(train(make(data), data, how, start)))
            assert not fake_streams.counts["captures"]
    assert exact(*runs)


def test_the_host_s_trainings_are_as_ever(monkeypatch):
    monkeypatch.setenv(graphs.VARIABLE, "1")
    assert steps_computed.graph(Problem(SMALL, Active()), SGD(), weights_of(SMALL)) is None


def test_what_cannot_be_captured_is_trained_as_ever_and_one_line_says_so(capsys):
    runs = []
    for asked in "10":
        with on_device(asked), patch.object(convolution, "convolutions", lambda: None):
            runs.append([state.on_host() for state in train(*training("page"))])
            assert not fake_streams.counts["launches"]
            graphs._refused.clear()
    assert exact(*runs)
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "CUDA" in line]
    assert line.startswith("deepnet: no CUDA graph (") and line.endswith("one kernel at a time")


def test_the_benchmark_has_a_way(device):
    given = inputs(case := Case("page", "1/32", "active", "initial", batch=4))
    ways = own_tasks.tasks(case, given, "gpu")["step"]
    for _ in range(3):
        found, expected = (way.read(way.do()).value for way in (ways["captured"], ways[""]))
        assert rounded(found, expected)
    assert fake_streams.counts == {"captures": 1, "launches": 3}
    assert set(own_tasks.tasks(case, given, "cpu")["step"]) == {""}
