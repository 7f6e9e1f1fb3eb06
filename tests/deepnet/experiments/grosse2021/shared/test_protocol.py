"""The nets and trainings of the lecture's experiments: what nets share, and how a run is marked."""

from dataclasses import replace
from math import inf, isnan, log

import numpy as np
import pytest
from scipy.special import logsumexp

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.grosse2021.shared import protocol
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import CONFIG, tiny, tiny_context, tiny_images


def test_the_sizes_are_those_stated():
    """3072-512-512-512-10, and an eighth of that in every layer."""
    for scale, weights in ((Scale.QUICK, 57_984), (Scale.FULL, 2_102_272)):
        config = protocol.configuration(scale)
        data = protocol.images(tiny(textures(20, 20), **config))
        problem = protocol.problem(protocol.dense(config), data)
        assert problem.net.parameters == weights
    assert protocol.problem(protocol.dense(CONFIG), tiny_images()).net.shapes["dense1"] == (8, 48)


def test_each_input_is_standardised():
    x, targets = protocol.whole(tiny_images(), dtype="float64")
    assert rounded(x.mean(0), 0, 1)
    assert rounded(x.std(0), 1)
    assert np.array_equal(targets.argmax(1), tiny_images().y_train)
    constant = replace(tiny_images(), x_train=np.full_like(tiny_images().x_train, 7))
    assert abs(protocol.whole(constant)[0]).max() == 0


def test_images_of_another_size_are_refused():
    with pytest.raises(UsageError, match="give squares of 12, 24, "):
        protocol.images(tiny(textures(20, 20), side=12))


def test_nets_share_their_weights_up_to_the_laws_factor():
    relu, tanh, large = (
        protocol.weights(protocol.dense(CONFIG, **changes), tiny_context(3))
        for changes in ({}, {"activation": "tanh"}, {"factor": 4.0})
    )
    for name in ("dense1", "dense2"):
        assert rounded(relu[name], 2**0.5 * tanh[name])
        assert np.array_equal(large[name], 4 * relu[name])
    for other in (tanh, large):
        assert np.array_equal(relu["dense3"], other["dense3"])


def test_learnable_scales_begin_at_the_gain():
    found = protocol.weights(protocol.dense(CONFIG, affine=True, gain=4.0), tiny_context())
    usual = protocol.weights(protocol.dense(CONFIG), tiny_context())
    assert all(np.array_equal(found[name], usual[name]) for name in usual)
    assert np.array_equal(found["dense1_scale"], np.full(8, 4, "f4"))
    assert not found["dense1_shift"].any()


def test_the_final_loss_is_that_of_all_images_at_once():
    run = protocol.trained(protocol.dense(CONFIG, epochs=1, dtype="float64"), tiny_context())
    x, targets = protocol.whole(tiny_images(), dtype="float64")
    h = x.reshape(64, 48)
    for name in ("dense1", "dense2"):
        s = h @ run.state.weights[name].T
        h = np.maximum((s - s.mean(0)) / np.sqrt(s.var(0) + 1e-5), 0)
    z = h @ run.state.weights["dense3"].T
    assert rounded(run.loss, np.mean(logsumexp(z, axis=1) - (z * targets).sum(1)))


def test_runs_are_marked():
    trained, still, lost = (
        protocol.trained(protocol.dense(CONFIG, **changes), tiny_context())
        for changes in ({"epochs": 40}, {"rate": 1e-9}, {"norm": "none", "rate": 1e30})
    )
    assert trained.mark == ""
    assert trained.rank == trained.loss < 0.9 * log(10)
    assert (still.mark, still.rank) == ("did not train", inf)
    assert (lost.mark, lost.rank) == ("diverged", inf)
    assert isnan(lost.loss)
    losses, marks = [3.0, trained.loss, 1.0], ["did not train", "", ""]
    assert protocol.best(losses, marks) == 1.0
    assert protocol.largest([1, 2, 3], marks) == 3
    assert isnan(protocol.best([1.0], ["diverged"]))
    assert isnan(protocol.largest([1.0], ["diverged"]))


def test_a_training_can_be_taken_up():
    recipe = protocol.dense(CONFIG, epochs=4)
    at_once = protocol.trained(recipe, tiny_context(1))
    half = protocol.trained(replace(recipe, epochs=2), tiny_context(1))
    later = protocol.trained(recipe, tiny_context(1), start=half.state)
    assert later.loss == at_once.loss
    assert later.state.epoch == 4


def test_a_stored_run_is_the_run_itself(tmp_path):
    context = tiny_context(1, tmp_path)
    recipe = protocol.dense(CONFIG, epochs=2)
    first = protocol.stored_run("mlp", recipe, context)
    again = protocol.stored_run("mlp", recipe, context)
    other = protocol.stored_run("mlp", replace(recipe, rate=0.2), context)
    assert first.loss == again.loss == protocol.trained(recipe, context).loss
    assert other.loss != first.loss
