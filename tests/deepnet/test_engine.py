"""The engine as a whole: passes counted, no subnormal numbers, modes of batch norm, symmetries."""

import platform
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from deepnet import ops
from deepnet.data import textures
from deepnet.memory import keep_freed_memory
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import (
    Active,
    Centring,
    Detached,
    Frozen,
    Ghost,
    Noisy,
    NoNorm,
    Power,
    norm_named,
    recording,
)
from deepnet.nets.noise import Noise
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.nets.vgg import vgg
from deepnet.ops import convolution
from deepnet.problem import Problem
from deepnet.tape import Tape
from deepnet.training import SGD, Training, beginning, train
from deepnet.training.schedules import constant
from deepnet.vectors import to_vector
from tests.close import rounded
from tests.deepnet.device_cases import PASSES

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 32, 32, 3))
LABELS = RNG.integers(0, 10, 6)
TARGETS = ops.smoothed(LABELS, 10, 0.5, np.dtype(float))


def linearised(net, norm, x=X, targets=TARGETS, seed=1):
    weights = initialise(net, np.random.default_rng(seed), dtype="float64")
    return Problem(net, norm).linearise(weights, x, targets), weights


def random_direction(weights, seed=2):
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=w.shape) for name, w in weights.items()}


def dot(a, b):
    return sum(float(np.vdot(a[name], b[name])) for name in a)


@pytest.fixture
def passes(monkeypatch):
    """Counts convolution passes of each kind by wrapping the three faces."""
    counted = {"apply": 0, "pull_a": 0, "pull_b": 0}

    def wrap(face):
        plain = getattr(ops.conv, face)

        def counting(pairs, *args, **attrs):
            counted[face] += len(pairs)
            return plain(pairs, *args, **attrs)

        monkeypatch.setattr(ops.conv, face, counting)

    for face in counted:
        wrap(face)
    return counted


@pytest.mark.parametrize("mode", ["active", "none"])
def test_a_hessian_product_costs_six_passes_per_inner_layer_and_none_primal(passes, mode):
    net = page(1 / 32)
    at, weights = linearised(net, norm_named(mode))
    layers = len(net.shapes)
    inner = layers - 1  # all but the first, whose input is data
    assert passes == {"apply": layers, "pull_a": inner, "pull_b": layers}, "a gradient costs 3"
    before = dict(passes)
    at.hvp(random_direction(weights))
    spent = {face: passes[face] - before[face] for face in passes}
    # first layer: one push along its weight, one pull of the cotangent's change to its weight
    assert spent == {"apply": 2 * inner + 1, "pull_a": 2 * inner, "pull_b": 2 * inner + 1}
    before = dict(passes)
    for seed in (3, 4):
        at.hvp(random_direction(weights, seed))
    assert sum(passes.values()) - sum(before.values()) == 2 * (6 * inner + 2)


def test_no_cached_array_has_subnormal_numbers_after_training_without_batch_norm():
    data = textures(160, 32, seed=0)
    problem = Problem(page(1 / 16), NoNorm())
    how = Training(
        epochs=2, batch=32, seed=0, schedule=constant(0.02), rule=SGD(momentum=0.9, nesterov=True)
    )
    first = beginning(initialise(problem.net, np.random.default_rng(0)), how)
    *_, state = train(problem, data, how, first)
    x = data.normalised(data.x_train[:32])
    at = problem.linearise(state.weights, x, ops.smoothed(data.y_train[:32], 10, 0.0, x.dtype))
    at.hvp(state.weights)  # computes the second derivatives that are kept
    arrays = list(_arrays(at.tape)) + list(at.cotangents.values())
    assert len(arrays) > 30
    tiny = np.finfo(np.float32).tiny
    for array in arrays:
        assert not np.any((array != 0) & (np.abs(array) < tiny))


def _arrays(tape: Tape):
    for node in tape.nodes:
        saved = [getattr(node.saved, name, None) for name in ("x", "y", "slope", "second")]
        saved += list(node.saved) if isinstance(node.saved, (tuple, list)) else []
        for entry in saved:
            for array in entry if isinstance(entry, tuple) else (entry,):
                if isinstance(array, np.ndarray) and array.dtype == np.float32:
                    yield array


SMOOTH = partial(ops.softplus, beta=3.0)
NETS = {
    "page": page(1 / 32),
    "shortcuts": page(1 / 32, shortcuts=True),
    "post": page(1 / 32, norm="post"),
    "one norm": page(1 / 32, norm="classifier"),
    "tanh mlp": mlp([3072, 8, 7, 10], activation=ops.tanh),
    "deep linear": mlp([3072, 6, 5, 10]),
    "biases, norm after": mlp([3072, 6, 5, 10], SMOOTH, "post", bias=True),
    "affine mlp": mlp([3072, 6, 5, 10], SMOOTH, affine=True),
}
#: Nets that share their layers with those above: in two modes.
MORE_NETS = {
    "affine page": page(1 / 64, affine=True),
    "affine one norm": page(1 / 64, norm="classifier", affine=True),
    "lenet": lenet(1 / 2, ops.tanh),
    "affine lenet": lenet(1 / 2, SMOOTH, "post", bias=False, affine=True),
    "vgg_a": vgg("vgg_a", 1 / 32, SMOOTH, affine=True),
    "vgg16": vgg("vgg16", 1 / 32, SMOOTH),
    "resnet20": resnet(20, 1 / 8, SMOOTH),
    "affine resnet8": resnet(8, 1 / 8, SMOOTH, affine=True),
    "option A": resnet(8, 1 / 8, SMOOTH, affine=True, shortcut="option-a"),
    "projection": resnet(8, 1 / 8, SMOOTH, affine=True, shortcut="projection"),
}
MODES = {
    "none": NoNorm(),
    "active": Active(),
    "detached": Detached(),
    "ghost": Ghost(group=3),
}
MORE_MODES = {
    "L1": Power(1.0),
    "raw L-infinity": Power(np.inf, raw=True),
    "centring": Centring(),
    "noise": Noisy(Active(), Noise()),
}
PAIRS = (
    [(net, mode) for net in NETS for mode in MODES]
    + [(net, mode) for net in MORE_NETS for mode in ("active", "none")]
    + [("affine mlp", mode) for mode in MORE_MODES]
)


@pytest.mark.parametrize("name, mode", PAIRS)
def test_derivatives_of_whole_nets(name, mode):
    net, norm = (NETS | MORE_NETS)[name], (MODES | MORE_MODES)[mode]
    at, weights = linearised(net, norm)
    u, v = random_direction(weights, 5), random_direction(weights, 6)
    of_u, of_v = at.hvp(u), at.hvp(v)
    size = 1 + abs(dot(u, of_v))
    assert rounded(dot(u, of_v), dot(v, of_u), size, PASSES), "symmetric"
    both = {name: 2 * u[name] - v[name] for name in u}
    linear = {name: 2 * of_u[name] - of_v[name] for name in u}
    assert rounded(dot(u, at.hvp(both)), dot(u, linear), size, PASSES), "linear"
    cotangent = np.random.default_rng(7).normal(size=at.outputs.shape)
    forward, reverse = float(np.vdot(cotangent, at.jvp(v))), dot(at.vjp(cotangent), v)
    assert rounded(forward, reverse, 1 + abs(forward), PASSES), "forward = reverse"
    assert dot(v, at.ggn(v)) >= 0, "Gauss-Newton is positive semidefinite"
    if mode == "detached":
        return  # the loss as a function of the weights has other derivatives
    # so short a step that no maximum changes its choice; its rounding is the tolerance
    step, problem = 1e-6 / np.sqrt(dot(v, v)), Problem(net, norm)

    def loss(t):
        moved = {name: w + t * v[name] for name, w in weights.items()}
        return problem.linearise(moved, X, TARGETS).loss

    slope = (loss(step) - loss(-step)) / (2 * step)
    assert abs(slope - dot(at.grad(), v)) <= 100 * np.finfo(float).eps * at.loss / step


def test_a_scale_invariant_weight_has_hessian_times_itself_minus_the_gradient():
    """J(c w) = J(w) gives w.grad = 0 and H w = -grad, layer by layer (eps = 0)."""
    net = page(1 / 32)
    at, weights = linearised(net, Active(eps=0.0))
    gradient = at.grad()
    for layer in net.normed:
        only = {name: w * (name == layer) for name, w in weights.items()}
        product = at.hvp(only)[layer]
        size = np.abs(gradient[layer]).max() + np.abs(product).max()
        assert rounded(product + gradient[layer], 0, size)
        assert rounded(np.vdot(weights[layer], gradient[layer]), 0, size * weights[layer].size)


def test_frozen_with_the_batch_statistics_has_the_values_of_active_and_other_derivatives():
    net = page(1 / 32)
    norm, seen = recording(Active())
    at, weights = linearised(net, norm)
    frozen, _ = linearised(net, Frozen(seen))
    assert rounded(at.loss, frozen.loss, abs(at.loss))
    detached, _ = linearised(net, Detached())
    v = random_direction(weights)
    for product in ("grad", "hvp"):
        ours, theirs = (
            to_vector(getattr(each, product)(*([v] if product == "hvp" else [])))
            for each in (detached, frozen)
        )
        assert rounded(ours, theirs)
    active = to_vector(at.grad())
    assert np.abs(active - to_vector(frozen.grad())).max() > 0.1 * np.abs(active).max()


def test_frozen_without_statistics_is_refused():
    with pytest.raises(ValueError, match="'prep' has no statistics"):
        linearised(page(1 / 32), Frozen({}))


def test_the_post_net_has_the_post_number_of_weights():
    assert page().parameters == 4_651_712


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_of_the_weights_is_that_of_every_result(dtype):
    net = page(1 / 32)
    weights = initialise(net, np.random.default_rng(0), dtype=dtype)
    targets = ops.smoothed(LABELS, 10, 0.5, np.dtype(dtype))
    at = Problem(net, Active()).linearise(weights, X.astype(dtype), targets)
    for result in (at.grad(), at.hvp(weights), at.ggn(weights)):
        assert {w.dtype for w in result.values()} == {np.dtype(dtype)}


def test_blocks_and_threads_change_nothing(monkeypatch):
    net = page(1 / 32)
    at, weights = linearised(net, Active())
    plain = to_vector(at.hvp(weights))
    monkeypatch.setattr("deepnet.ops.blocks.BLOCK", 1 << 30)
    whole, _ = linearised(net, Active())
    difference = np.abs(to_vector(whole.hvp(weights)) - plain).max()
    assert difference <= 1e-12 * np.abs(plain).max()
    again, _ = linearised(net, Active())
    assert np.array_equal(to_vector(again.hvp(weights)), to_vector(whole.hvp(weights)))
    assert convolution.conv is ops.conv


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are left alone")
def test_freed_memory_is_used_again_without_a_page_fault():
    import resource

    keep_freed_memory()
    megabytes = 3  # below what NumPy asks large pages for
    faults = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        np.ones(megabytes << 17)
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    assert min(faults[1:]) < megabytes * 256 / 8, faults


PAGES = """
import re, sys
import numpy as np
from deepnet.memory import keep_freed_memory
keep_freed_memory()
array = np.ones(3 << 17)  # 3 MB: NumPy itself asks for huge pages from 4 MB on
place = array.ctypes.data + array.nbytes // 2
for mapping in re.split("^(?=[0-9a-f]+-)", open("/proc/self/smaps").read(), flags=re.M)[1:]:
    first, last = (int(end, 16) for end in mapping.split()[0].split("-"))
    if first <= place < last:
        sys.exit(0 if "hg" in re.search("VmFlags: (.*)", mapping)[1].split() else 1)
sys.exit(2)
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or not Path("/sys/kernel/mm/transparent_hugepage").exists(),
    reason="huge pages are asked for of Linux, and of glibc's heap",
)
def test_arrays_lie_where_huge_pages_are_asked_for():
    assert subprocess.run([sys.executable, "-c", PAGES]).returncode == 0
