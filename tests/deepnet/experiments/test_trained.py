"""Trained nets: stored once, named by what they depend on, and taken up where they stopped."""

from dataclasses import replace
from math import inf, isnan

import numpy as np
import pytest

from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.images import batch
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.trained import Plan, Trained, stored
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import Active, Frozen
from deepnet.problem import Problem
from deepnet.training import SGD, Training, beginning, constant


@pytest.fixture(scope="module")
def plan():
    net = lenet(1 / 2, affine=True)
    training = Training(epochs=3, batch=16, schedule=constant(0.05), rule=SGD(momentum=0.9))
    start = beginning(initialise(net, np.random.default_rng(0)), training)
    return Plan(problem=Problem(net, Active()), training=training, start=start)


def context_at(out):
    return Context({}, textures(32, 16), 0, out / "parts", out)


def equal(one, other):
    one, other = one.to_arrays(), other.to_arrays()
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def test_a_net_is_trained_once_and_named_by_what_it_depends_on(tmp_path, plan):
    context = context_at(tmp_path)
    first = stored("net", plan, context, recipe="a")
    elsewhere = replace(plan, training=replace(plan.training, epochs=1))
    again = stored("net", elsewhere, context, recipe="a")
    assert equal(again.state, first.state)
    other = stored("net", elsewhere, context, recipe="b")
    assert other.state.epoch == 1
    assert {path.suffix for path in (tmp_path / "nets").iterdir()} == {".npz"}
    assert len(list((tmp_path / "nets").iterdir())) == 2


@pytest.mark.parametrize("settled", [False, True])
def test_an_interrupted_training_ends_with_the_same_bits(tmp_path, plan, settled):
    plan = replace(plan, settled=settled)
    whole = stored("net", plan, context_at(tmp_path / "whole"))

    class KilledError(Exception):
        pass

    def killed(step):
        if step.epoch > 2:
            raise KilledError
        return {}

    there = context_at(tmp_path / "killed")
    with pytest.raises(KilledError):
        stored("net", replace(plan, hooks=(*plan.hooks, killed)), there)
    (checkpoint,) = (tmp_path / "killed" / "nets").glob("*.checkpoint.npz")
    left = checkpoint.read_bytes()
    later = stored("net", plan, there)
    assert equal(later.state, whole.state)
    assert not checkpoint.exists()
    checkpoint.write_bytes(left)  # as a process leaves it that is killed after it stored the net
    assert equal(stored("net", plan, there).state, whole.state)
    assert not checkpoint.exists()


def test_a_net_is_frozen_at_its_statistics_and_ranked_by_its_loss(tmp_path, plan):
    net = stored("net", replace(plan, settled=True), context_at(tmp_path))
    assert net.outcome is Outcome.TRAINED
    assert isnan(net.loss)
    data = [batch(context_at(tmp_path).data, slice(8))]
    by_eval = net.problem.with_norm(Frozen(net.state.statistics))
    assert net.frozen.batches(data).loss() == Trained(by_eval, net.state).batches(data).loss()
    assert net.frozen.batches(data).loss() != net.batches(data).loss()
    assert replace(net, loss=2.0).rank == 2.0
    assert replace(net, loss=2.0, outcome=Outcome.DID_NOT_TRAIN).rank == inf
