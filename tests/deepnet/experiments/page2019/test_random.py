"""The experiments on random nets: shortcuts, too few images, and what a norm leaves undone."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from companion.errors import UsageError
from deepnet.data import load
from deepnet.experiments.page2019 import random_conv_net
from deepnet.experiments.page2019.batch_norm_layer import OBSERVATIONS
from deepnet.experiments.page2019.shared.random_layers import (
    quantiles,
)
from deepnet.experiments.page2019.shortcuts import correlations
from tests.close import rounded
from theory import propagation

# ----- Dense -----


@given(depth=st.integers(2, 40))
def test_shortcuts_are_behind_the_plain_net(depth):
    by_layer = correlations(depth)
    assert by_layer.shape == (depth,)
    assert by_layer[0] == 0
    assert rounded(by_layer[1], propagation.between_share(depth=2))
    assert np.all(np.diff(by_layer) > 0)
    assert np.all(by_layer <= propagation.between_share(depth=np.arange(1, depth + 1)) + 1e-12)


# ----- Convolutional -----


def test_too_few_images_are_refused():
    context = SimpleNamespace(config={"images": 9}, data=load("textures", 8, 8))
    with pytest.raises(UsageError, match="8 training images"):
        random_conv_net.inputs(context)


# ----- One batch norm layer -----


def _sides(after):
    """Arrays of the experiment where the norm's outputs are ``after`` of its inputs."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal((500, 3)) ** np.array([1, 2, 3]) + np.array([1.0, 2.0, 3.0])
    arrays = {}
    for time in ("before training", "in training"):
        for side, values in (("before", z), ("after", after(z))):
            arrays[f"{time}:{side}:mean"] = values.mean(axis=0)
            arrays[f"{time}:{side}:variance"] = values.var(axis=0)
            arrays[f"{time}:{side}:values"] = quantiles(values, 3)
    return arrays


def _gaussian(z):
    """Mean 0, variance 1, another shape."""
    y = stats.norm.ppf((z.argsort(axis=0).argsort(axis=0) + 0.5) / len(z))
    return y / y.std(axis=0)


@pytest.mark.parametrize(
    ("after", "verdicts"),
    [
        (lambda z: (z - z.mean(0)) / z.std(0), ["agrees", "agrees", "agrees"]),
        (lambda z: z - z.mean(0), ["agrees", "refuted", "refuted"]),
        (lambda z: z / z.std(0), ["refuted", "agrees", "refuted"]),
        (_gaussian, ["agrees", "agrees", "refuted"]),
    ],
)  # fmt: skip
def test_the_observations_tell_what_a_norm_leaves_undone(after, verdicts):
    arrays = _sides(after)
    assert [each.finding([arrays] * 2).verdict for each in OBSERVATIONS] == verdicts
