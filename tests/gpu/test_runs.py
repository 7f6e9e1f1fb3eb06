"""Trainings, eigenvalues and experiments on the GPU are the host's to rounding."""

import json

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.curvature import gauss_newton, hessian, kfac, lanczos, quadrature
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
from deepnet.nets.page import page
from deepnet.training import SGD, State, evaluate, settle, train
from tests.close import discretised, rounded
from tests.deepnet import tiny
from tests.deepnet.device_cases import (
    GPU_PASSES,
    RULES,
    SMALL,
    TOLERANCE,
    TRAINED,
    moved,
    small_images,
    states,
)
from tests.deepnet.ops.hot_cases import alike


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("net", [SMALL, page(1 / 32)], ids=lambda net: net.name)
def test_trainings(cupy, net, name):
    if name == "fixed" and net is not SMALL:
        pytest.skip("its layers are the perceptron's")
    _, _, here = states(net, small_images(), RULES[name])
    problem, how, there = states(net, small_images().placed(cupy.asarray), RULES[name])
    arrays, hosts = there[-1].to_arrays(), here[-1].to_arrays()
    assert arrays.keys() == hosts.keys()
    for key in arrays:
        if not key.startswith("v:"):  # eigenvectors of K-FAC's factors have no sign of their own
            assert rounded(*alike(arrays[key], hosts[key]), condition=TRAINED[name] * GPU_PASSES)
    stored = State.from_arrays(there[0].to_arrays())
    (again,) = train(problem, small_images().placed(cupy.asarray), how, stored)
    for key, array in again.to_arrays().items():
        assert array.tobytes() == arrays[key].tobytes(), f"{key}: the same bits when taken up again"


def test_scores_and_settling(cupy):
    found = []
    for data in (small_images(), small_images().placed(cupy.asarray)):
        problem, how, found_states = states(SMALL, data, SGD(0.9))
        score = evaluate(problem, found_states[-1], data)
        means = [mean for mean, _ in settle(problem, data, how, found_states[-1]).values()]
        found.append((score, means))
    (here, means), (there, ours) = found
    trained = TRAINED["sgd"] * GPU_PASSES
    assert rounded(there.loss, here.loss, condition=trained) and here.accuracy == there.accuracy
    for one, other in zip(ours, means, strict=True):
        assert rounded(*alike(one, other), condition=trained)


@pytest.mark.parametrize("make", [tiny.perceptron, tiny.convolutional], ids=lambda f: f.__name__)
def test_eigenvalues(cupy, make):
    here = make()
    there = moved(here, cupy.asarray)
    for operator in (hessian, gauss_newton):
        ours, hosts = (
            lanczos(operator(each), np.random.default_rng(0), 2, 1, tolerance=TOLERANCE)
            for each in (there, here)
        )
        assert discretised(ours.values, hosts.values, TOLERANCE * np.abs(hosts.values))
    nodes = [
        quadrature(hessian(each), np.random.default_rng(0), 2, 4).rule.nodes
        for each in (there, here)
    ]
    assert rounded(*alike(*nodes), condition=GPU_PASSES)


def test_kronecker_factors(cupy):
    here = tiny.perceptron(bias=True)
    there = moved(here, cupy.asarray)
    ours, hosts = (tiny.dense(kfac(each, "dense1")) for each in (there, here))
    assert rounded(*alike(ours, hosts), condition=GPU_PASSES)


@pytest.mark.parametrize("name", ["leading_eigenvalues", "stress_test", "random_conv_net"])
def test_experiments(cupy, tmp_path, name):
    found = Job(experiments()[name], Scale.TINY, "textures", 0, tmp_path, device="gpu").result()
    facts = json.loads(found.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["device"].startswith("gpu: ") and facts["versions"]["cupy"] == cupy.__version__
