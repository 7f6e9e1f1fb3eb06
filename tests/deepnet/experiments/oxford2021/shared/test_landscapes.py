"""Surfaces of the protocol's nets: their centres and their numbers."""

from dataclasses import replace

import numpy as np
import pytest

from companion.scale import Scale
from deepnet import ops
from deepnet.curvature import Batches
from deepnet.experiments.images import balanced
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.training import evaluate
from tests.close import rounded

CONFIG = landscapes.configuration(Scale.TINY) | {"points": 3}


@pytest.mark.parametrize("mode", ["none", "running", "batch", "reestimated"])
def test_the_centre_is_the_training_loss_on_these_images(context, mode):
    net = protocol.net("lenet", landscapes.norm_of(mode), "joint", context)
    surface = landscapes.measured(net, mode, 0, context)
    assert surface["centre"] == surface["loss"][1, 1]
    rows = balanced(context.data.y_train, CONFIG["images"])
    if mode in ("none", "running"):  # by the evaluation of all images of a data set
        part = replace(
            context.data,
            x_train=context.data.x_train[rows],
            y_train=context.data.y_train[rows],
            x_test=context.data.x_train,
            y_test=context.data.y_train,
        )
        # channels are standardised by the whole training set
        part.__dict__["channel_moments"] = context.data.channel_moments
        score = evaluate(net.problem, net.state, part, "train")
        assert rounded(np.float32(surface["centre"]), score.loss)
    if mode in ("none", "batch"):
        x = context.data.normalised(context.data.x_train[rows])
        targets = ops.smoothed(context.data.y_train[rows], 10, 0.0, x.dtype)
        own = Batches(net.problem, net.state.weights, [(x, targets)]).loss()
        assert rounded(np.float32(surface["centre"]), own)
    if mode == "reestimated":
        other = landscapes.training_loss(net, "batch", landscapes.data(context))
        assert not rounded(np.float32(surface["centre"]), other)


def test_numbers_of_a_surface_beyond_all_numbers_are_those_of_its_ceiling():
    grid = np.linspace(-1, 1, 5)
    loss = np.ones((5, 5))
    loss[0, 0], loss[4, 4] = np.nan, np.inf
    surface = {"at": grid, "loss": loss, "centre": np.array(1.0), "cosine": np.array(0.0)}
    numbers = dict(zip(landscapes.NUMBERS, landscapes.numbers(surface), strict=True))
    assert numbers["highest"] == landscapes.CEILING
    assert numbers["rise"] == 0
