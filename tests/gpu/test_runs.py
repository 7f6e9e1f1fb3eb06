"""Trainings, eigenvalues and experiments on the GPU are the host's to rounding."""

import json

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.curvature import gauss_newton, hessian, kfac, lanczos, quadrature
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import run
from deepnet.nets.page import page
from deepnet.training import SGD, State, evaluate, settle, train
from tests.deepnet import tiny
from tests.deepnet.device_cases import RULES, SMALL, close, moved, small_images, states


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
            close(arrays[key], hosts[key], 1e-6)
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
    assert abs(here.loss - there.loss) <= 1e-8 and here.accuracy == there.accuracy
    for one, other in zip(ours, means, strict=True):
        close(one, other, 1e-8)


@pytest.mark.parametrize("make", [tiny.perceptron, tiny.convolutional], ids=lambda f: f.__name__)
def test_eigenvalues(cupy, make):
    here = make()
    there = moved(here, cupy.asarray)
    for operator in (hessian, gauss_newton):
        ours, hosts = (
            lanczos(operator(each), np.random.default_rng(0), 2, 1, tolerance=1e-8)
            for each in (there, here)
        )
        close(ours.values, hosts.values, 1e-8)
    nodes = [
        quadrature(hessian(each), np.random.default_rng(0), 2, 4).rule.nodes
        for each in (there, here)
    ]
    close(*nodes, 1e-8)


def test_kronecker_factors(cupy):
    here = tiny.perceptron(bias=True)
    there = moved(here, cupy.asarray)
    close(tiny.dense(kfac(there, "dense1")), tiny.dense(kfac(here, "dense1")), 1e-8)


@pytest.mark.parametrize("name", ["leading_eigenvalues", "stress_test", "random_conv_net"])
def test_experiments(cupy, tmp_path, name):
    found = run(experiments()[name], Scale.TINY, "textures", 0, tmp_path, device="gpu")
    facts = json.loads(found.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["device"].startswith("gpu: ") and facts["versions"]["cupy"] == cupy.__version__
