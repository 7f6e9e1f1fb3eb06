"""The nets and trainings of the lecture's experiments: what nets share, and how a run is marked."""

from dataclasses import replace

import numpy as np

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import CONFIG, tiny, tiny_context, tiny_images


def test_the_sizes_are_those_stated():
    """3072-512-512-512-10, and an eighth of that in every layer."""
    for scale, weights in ((Scale.QUICK, 57_984), (Scale.FULL, 2_102_272)):
        config = protocol.configuration(scale)
        data = prepared(tiny(textures(20, 20), **config)).data
        problem = protocol.problem(protocol.dense(config), data)
        assert problem.net.parameters == weights
    assert protocol.problem(protocol.dense(CONFIG), tiny_images()).net.shapes["dense1"] == (8, 48)


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


def test_a_training_can_be_taken_up():
    recipe = protocol.dense(CONFIG, epochs=4)
    at_once = protocol.trained(recipe, tiny_context(1))
    half = protocol.trained(replace(recipe, epochs=2), tiny_context(1))
    later = protocol.trained(recipe, tiny_context(1), begin=half.state)
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
