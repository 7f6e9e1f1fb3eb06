"""The whole engine on a device's arrays, without a GPU: what mixes host and device is refused."""

import tracemalloc

import numpy as np
import pytest

from benchmarks import ours as own_tasks
from benchmarks.case import Case, inputs
from deepnet import ops
from deepnet.backend import beside, numbers, to_host
from deepnet.curvature import (
    Batches,
    batch_gradients,
    checkpointed,
    dominant_shares,
    exact_block,
    gauss_newton,
    hessian,
    kfac,
    lanczos,
    moment_gradients,
    projected,
    quadrature,
    trace,
)
from deepnet.footprint import footprint
from deepnet.landscape import (
    filter_normalised,
    interpolation,
    line,
    raw,
    smoothness,
    surface,
    with_batch,
    with_frozen,
    with_reestimated,
    with_running,
)
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, NoNorm
from deepnet.nets.page import page
from deepnet.ops import fused
from deepnet.problem import Problem
from deepnet.training import SGD, State, did_not_train, evaluate, settle, train, usual
from deepnet.vectors import to_vector
from deepnet.watch import Sharpness, of_activations, of_covariate_shift, of_smoothness
from tests.close import exact, rounded
from tests.deepnet import tiny
from tests.deepnet.device_cases import (
    CASES,
    PASSES,
    RULES,
    SMALL,
    TARGETS,
    TRAINED,
    X,
    direction,
    moved,
    small_images,
    states,
    weights_of,
)
from tests.deepnet.ops.hot_cases import alike


@pytest.mark.parametrize("name", CASES)
def test_derivatives_are_the_host_s_and_cross_to_it_nowhere(device, name):
    net, norm = CASES[name]
    weights, problem = weights_of(net), Problem(net, norm)
    here = problem.linearise(weights, X, TARGETS)
    v, u = direction(weights), np.random.default_rng(3).normal(size=here.outputs.shape)
    on_device = beside(x := device.asarray(X), (weights, TARGETS, v))
    u_there = device.asarray(u)
    device.crossings.clear()
    there = problem.linearise(on_device[0], x, on_device[1])
    derivatives = there.grad(), there.hvp(on_device[2]), there.ggn(on_device[2]), there.vjp(u_there)
    pushed = there.jvp(on_device[2])
    if not norm.noisy:  # noise is drawn on the host
        assert not device.crossings
    assert not device.crossings["to host"]
    assert rounded(*alike(there.loss, here.loss), condition=PASSES)
    assert rounded(*alike(pushed, here.jvp(v)), condition=PASSES)
    expected = here.grad(), here.hvp(v), here.ggn(v), here.vjp(u)
    for ours, hosts in zip(derivatives, expected, strict=True):
        assert all(isinstance(each, device.ndarray) for each in ours.values())
        assert rounded(*alike(to_vector(ours), to_vector(hosts)), condition=PASSES)


FUSED = {name: CASES[name] for name in ("page", "page, no norm", "vgg")}


@pytest.mark.parametrize("name", FUSED)
def test_layers_are_one_operation_on_a_device_alone(device, name):
    net, norm = FUSED[name]
    for x, there in ((device.asarray(X), True), (X, False)):
        at = Problem(net, norm).linearise(weights_of(net), x, TARGETS)
        names = {node.operation.name for node in at.tape.nodes if node.operation}
        assert ("normalise_activate_pool" in names) is there
        assert bool(names & {"relu", "softplus"}) is not there


@pytest.mark.parametrize("name", FUSED)
def test_a_product_takes_less_than_three_times_the_memory_of_a_gradient(device, name):
    net, norm = FUSED[name]
    x, problem = device.asarray(np.tile(X, (4, 1, 1, 1))), Problem(net, norm)
    weights, v = (beside(x, each(net)) for each in (weights_of, lambda n: direction(weights_of(n))))
    targets = device.asarray(np.tile(TARGETS, (4, 1)))
    problem.linearise(weights, x, targets).hvp(v)  # what is kept for ever is there
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    at = problem.linearise(weights, x, targets)
    kept, gradient = (after - before for after in tracemalloc.get_traced_memory())
    tracemalloc.reset_peak()
    at.hvp(v)
    product = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert product <= 3 * gradient
    # of each layer's images y and the cotangent of x; what it hands on, and the cotangent of that
    layers = [n.saved for n in at.tape.nodes if isinstance(n.saved, fused.SavedFused)]
    needed = sum(2 * each.y.nbytes * (1 + 1 / each.curve.size**2) for each in layers)
    assert kept <= 1.5 * needed


def test_weights_targets_and_directions_are_brought_beside_the_inputs(device):
    net = page(1 / 32)
    weights = weights_of(net)
    problem, v = Problem(net, Active()), direction(weights)
    x = device.asarray(X)
    there = problem.linearise(weights, x, TARGETS)
    here = problem.linearise(weights, X, TARGETS)
    for ours, hosts in (
        (to_vector(there.hvp(v)), to_vector(here.hvp(v))),
        (problem.outputs(weights, x), problem.outputs(weights, X)),
    ):
        assert rounded(*alike(ours, hosts), condition=PASSES)
    statistics = {name: (np.zeros(1), np.ones(1)) for name in ()}
    assert beside(x, statistics) == {}
    assert beside(X, device.asarray(X)).__class__ is np.ndarray
    assert beside(X, weights)["prep"] is weights["prep"]


def test_numbers_come_in_one_transfer(device):
    values = [1.5, device.asarray(np.float32(2)), np.float64(3), device.asarray(np.array(True))]
    device.crossings.clear()
    assert numbers(values) == [1.5, 2.0, 3.0, 1.0]
    assert device.crossings == {"to host": 1}


def test_the_stand_in_refuses_what_cupy_refuses(device):
    x, host = device.asarray(np.arange(3.0)), np.arange(3.0)
    refused = [
        lambda: np.asarray(x),
        lambda: x + host,
        lambda: host * x,
        lambda: np.linalg.norm(x),
        lambda: x.__setitem__(0, host[:1]),
        lambda: device.cupy.concatenate([x, host]),
        lambda: device.cupy.maximum(x, host),
        lambda: np.vstack([x, x]),
    ]
    for attempt in refused:
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(AttributeError):
        device.cupy.lib.stride_tricks.sliding_window_view  # noqa: B018
    assert isinstance(x.sum(), device.ndarray) and isinstance(np.float32(2) * x, device.ndarray)


# ----- Training -----


@pytest.mark.parametrize("name", RULES)
def test_a_training_is_the_host_s(device, name):
    _, _, here = states(SMALL, small_images(), RULES[name])
    problem, how, there = states(SMALL, small_images().placed(device.asarray), RULES[name])
    last, expected = there[-1], here[-1]
    arrays, hosts = last.to_arrays(), expected.to_arrays()
    assert arrays.keys() == hosts.keys()
    for key, array in arrays.items():
        assert isinstance(array, np.ndarray)
        assert rounded(*alike(array, hosts[key]), condition=TRAINED[name] * PASSES)
    assert all(isinstance(w, device.ndarray) for w in last.weights.values())
    # taken up again from what is stored: the same bits
    stored = State.from_arrays(there[0].to_arrays())
    (again,) = train(problem, small_images().placed(device.asarray), how, stored)
    for key, array in again.to_arrays().items():
        assert array.tobytes() == arrays[key].tobytes(), key


@pytest.mark.parametrize("net", [page(1 / 32), SMALL], ids=lambda net: net.name)
def test_a_step_crosses_once_to_the_host_and_brings_no_images(device, net):
    data = small_images().placed(device.asarray)
    device.crossings.clear()
    states(net, data, SGD(0.9), epochs=1)
    steps = 64 // 16
    assert device.crossings["to host"] == steps
    images_and_weights = device.crossings["bytes to device"] - 2 * sum(
        8 * int(np.prod(shape)) for shape in net.shapes.values()
    )
    # the order of the images, where each is cropped and whether it is flipped, channel moments
    assert images_and_weights <= steps * (16 * (8 + 16 + 1) + 2 * 3 * 8)


def test_a_training_that_diverges_stops_at_the_same_step(device):
    net = mlp([192, 6, 5, 10])
    results = [
        states(net, data, SGD(), rate=1e200, norm=NoNorm())[2]
        for data in (small_images(), small_images().placed(device.asarray))
    ]
    here, there = (found[-1] for found in results)
    assert here.diverged and there.diverged
    assert len(here.records["loss"]) == len(there.records["loss"])
    assert rounded(*alike(to_vector(there.weights), to_vector(here.weights)), condition=PASSES)


def test_hooks_scores_and_settling(device):
    recorded = []
    for data in (small_images(), small_images().placed(device.asarray)):
        problem = Problem(SMALL, Active())
        x = data.normalised(data.x_test[:16], np.dtype(float))
        batch = [(x, ops.smoothed(data.y_test[:16], 10, 0.0, x.dtype))]
        hooks = (
            usual,
            of_activations(problem, x),
            of_covariate_shift,
            of_smoothness(),
            of_smoothness(along="update"),
            Sharpness(problem, batch, products=8),
        )
        problem, how, (state,) = states(SMALL, data, SGD(0.9), hooks, epochs=1)
        score = evaluate(problem, state, data)
        settled = settle(problem, data, how, state)
        records = dict(state.records)
        records["score"] = [score.loss, score.accuracy]
        records |= {name: to_host(mean).tolist() for name, (mean, _) in settled.items()}
        records["did not train"] = [did_not_train(state, data, how)]
        recorded.append(records)
    assert recorded[0].keys() == recorded[1].keys()
    for name, column in recorded[0].items():
        assert rounded(recorded[1][name], column, condition=PASSES)


def test_a_data_set_on_a_device_is_the_same_data_set(device):
    there = small_images().placed(device.asarray)
    assert there.checksum == small_images().checksum and there.classes == small_images().classes
    x = there.normalised(there.x_train[:5])
    assert isinstance(x, device.ndarray)
    assert np.array_equal(x.get(), small_images().normalised(small_images().x_train[:5]))
    halved = there.halved()
    assert np.array_equal(halved.x_test.get(), small_images().halved().x_test)
    assert halved.checksum == small_images().halved().checksum


# ----- Curvature and landscape -----


@pytest.mark.parametrize(
    "make", [tiny.perceptron, pytest.param(tiny.convolutional, marks=pytest.mark.landing)]
)
def test_eigenvalues_and_traces(device, make):
    here = make()
    there = moved(here, device.asarray)
    assert rounded(*alike(there.loss(), here.loss()), condition=PASSES)
    assert rounded(*alike(there.gradient(), here.gradient()), condition=PASSES)
    for operator in (hessian, gauss_newton):
        ours, hosts = (
            lanczos(operator(each), np.random.default_rng(0), 2, 1, tolerance=1e-8)
            for each in (there, here)
        )
        assert rounded(*alike(ours.values, hosts.values), condition=PASSES)
        assert isinstance(ours.vectors, np.ndarray)
        assert abs(ours.products - hosts.products) <= 2
    layer = next(iter(here.weights))
    block = hessian(there, [layer])
    basis, ones = np.eye(block.shape[0])[:, :1], np.ones(block.shape[0])
    ours, hosts = (projected(each, basis) @ ones for each in (block, hessian(here, [layer])))
    assert rounded(*alike(ours, hosts), condition=PASSES)
    ours, hosts = (
        quadrature(hessian(each), np.random.default_rng(0), 2, 4).rule for each in (there, here)
    )
    assert rounded(*alike(ours.nodes, hosts.nodes), condition=PASSES)
    means = [trace(hessian(each), np.random.default_rng(0), 3).mean for each in (there, here)]
    assert rounded(*alike(*means), condition=PASSES)


@pytest.fixture
def traced():
    """What is in use of the stand-in's memory is known."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.landing
@pytest.mark.parametrize("kept, bound", [(0, "total"), (1, "limit"), (2, "total"), (3, "total")])
def test_passes_are_kept_as_far_as_there_is_room(device, traced, monkeypatch, capsys, kept, bound):
    net = page(1 / 32)
    problem, weights = Problem(net, Active()), beside(x := device.asarray(X), weights_of(net))
    data = [(x, device.asarray(TARGETS))] * 3
    before = device.used_bytes()
    size = footprint(problem.linearise(weights, *data[0]))
    assert size.kept > 0.9 * (device.used_bytes() - before)
    before, work = device.used_bytes(), 2 * size.kept + size.work
    capsys.readouterr()
    monkeypatch.setitem(device.memory, bound, int(before + (kept + 0.5) * size.kept + work))
    batches, whole = Batches(problem, weights, data), Batches(problem, weights, data, keep=0)
    column = np.ones(batches.parameters)
    product = hessian(batches) @ column
    said = capsys.readouterr().err
    assert len(batches._kept) == kept
    assert (f"room to keep the passes of {kept} of 3 batches" in said) is (kept < 3)
    assert said.count("\n") == (kept < 3)
    assert np.array_equal(hessian(batches) @ column, product)
    assert np.array_equal(hessian(whole) @ column, product)
    assert not capsys.readouterr().err


def test_a_product_with_the_hessian_does_not_cross(device):
    operator = hessian(moved(tiny.convolutional(), device.asarray))
    columns = operator.to_device(np.ones((operator.shape[0], 2)))
    operator.multiply(columns)  # the first one linearises
    device.crossings.clear()
    operator.multiply(columns)
    assert not device.crossings


def test_stored_products_are_read_to_the_device(device, tmp_path):
    there = moved(tiny.perceptron(), device.asarray)
    plain = lanczos(hessian(there), np.random.default_rng(0), 2, 1)
    for _ in range(2):
        operator = checkpointed(hessian(there), tmp_path, there.weights)
        assert exact(vars(lanczos(operator, np.random.default_rng(0), 2, 1)), vars(plain))
        product = operator.multiply(device.asarray(np.ones((operator.shape[0], 1))))
        assert type(product) is type(device.asarray(1.0))
    assert len(list(tmp_path.rglob("*.npz"))) == plain.products + 1


def test_blocks_moments_and_shares(device):
    here = tiny.perceptron(bias=True, sizes=(6, 4))
    there = moved(here, device.asarray)
    for block in (
        lambda each: kfac(each, "dense1"),
        lambda each: kfac(each, "dense2", "drawn", np.random.default_rng(0), 2, centred=True),
        lambda each: kfac(each, "dense1").inverse(0.1),
        lambda each: kfac(each, "dense1", "empirical").inverse(),
        lambda each: exact_block(each, "dense1"),
    ):
        assert rounded(*alike(tiny.dense(block(there)), tiny.dense(block(here))), condition=PASSES)
    for moment, gradients in moment_gradients(there).items():
        assert rounded(*alike(gradients, moment_gradients(here)[moment]), condition=PASSES)
    pairs = lanczos(hessian(there), np.random.default_rng(0), 3)
    columns = batch_gradients(there.problem, there.weights, there.data)
    shares = dominant_shares(columns, pairs.vectors, (1, 3))
    assert shares.stochastic.shape == (2, 2) and (shares.mean <= 1).all()


def test_landscapes(device):
    here = tiny.perceptron()
    there = moved(here, device.asarray)
    statistics = {"dense1": (np.zeros(6), np.ones(6)), "dense2": (np.zeros(4), np.ones(4))}
    results = []
    for each in (here, there):
        problem, weights, data = each.problem, each.weights, each.data
        rng = np.random.default_rng(0)
        directions = filter_normalised(weights, rng), raw(weights, rng)
        losses = (
            with_running(problem, data, statistics),
            with_frozen(problem, data, weights),
            with_batch(problem, data),
            with_reestimated(problem, data, data),
        )
        arrays = [surface(loss, weights, directions, [-1.0, 0.0, 1.0]).loss for loss in losses]
        arrays.append(line(problem, here.weights, directions[0], [0.1], data).gradient)
        arrays.append(smoothness(problem, weights, [0.1, 0.2], data).beta)
        start, end = State(weights, {}), State(directions[1], {})
        arrays.append(interpolation(problem, data, start, end, [0.0, 0.5]))
        results.append(arrays)
    for ours, hosts in zip(results[1], results[0], strict=True):
        assert rounded(*alike(ours, hosts), condition=PASSES)


# ----- The benchmarks' tasks -----


def test_the_tasks_of_the_benchmarks_are_done_on_a_device(device):
    case = Case("page", "1/32", "frozen", "initial", batch=4)
    given = inputs(case)
    done = []
    for name in ("cpu", "gpu"):
        own_tasks.prepare(name)
        ways = {task: ways[""] for task, ways in own_tasks.tasks(case, given, name).items()}
        chosen = {task: ways[task] for task in ("step", "gradient", "product", "block")}
        device.crossings.clear()
        results = {task: way.do() for task, way in chosen.items()}
        own_tasks.wait(name)
        assert not device.crossings
        done.append({task: way.read(results[task]).value for task, way in chosen.items()})
    host, there = done
    for task, value in there.items():
        assert isinstance(value, np.ndarray)
        assert rounded(np.float32(value), host[task])
    exact = [own_tasks.exact(case, given, name) for name in ("cpu", "gpu")]
    assert rounded(*alike(*exact), condition=PASSES)
