"""The directions of steps: gradients of mean outputs by layer, and leading eigenvectors."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.page2019 import eigenvector_steps, gradient_by_layer
from deepnet.experiments.page2019.shared import steps
from deepnet.experiments.trained import Trained
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Active
from deepnet.nets.page import OUTPUT_SCALE, page
from deepnet.problem import Problem
from deepnet.training import State
from tests.close import rounded
from tests.paths import SHARED

GOLDEN = SHARED / "golden" / "page_2019.json"


seeds = st.integers(0, 2**32 - 1)


# ----- By layer -----


def test_the_means_of_the_classifiers_inputs():
    rng = np.random.default_rng(2)
    net = page(1 / 32)
    start = Trained(Problem(net, Active()), State(initialise(net, rng), {}))
    x = rng.standard_normal((6, 32, 32, 3), dtype="f4")
    last = steps.layers(start, x)["layer3_extra"].T.reshape(6, 16, -1).astype(float)
    h = np.log1p(np.exp(-abs(10 * last))) / 10 + np.maximum(last, 0)
    h = h.max(1)
    expected = np.sum(h.mean(0) ** 2) / np.mean(np.sum(h**2, axis=1))
    assert rounded(np.float32(gradient_by_layer.share_of_means(start, x)), expected)
    outside = OUTPUT_SCALE * h @ start.state.weights["classifier"].reshape(10, -1).T
    assert rounded(np.float32(steps.outputs(start, x)), outside)


# ----- Along eigenvectors -----


@given(seed=seeds)
def test_eigenvectors_point_where_the_mean_they_move_most_grows(seed):
    rng = np.random.default_rng(seed)
    vectors, gradients = rng.standard_normal((9, 5)), rng.standard_normal((4, 9))
    upward = eigenvector_steps.upward(vectors, gradients)
    products = gradients @ upward
    assert np.all(products.max(0) == abs(products).max(0))
    assert np.array_equal(abs(upward), abs(vectors))
    assert np.array_equal(eigenvector_steps.upward(-vectors, gradients), upward)


@given(seed=seeds)
def test_the_share_of_means_in_a_change(seed):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((30, 4))
    shift, centred = rng.standard_normal(4), z - z.mean(0)
    assert rounded(eigenvector_steps.share_of_means(z, z + shift), 1)
    assert eigenvector_steps.share_of_means(z, z + 0.3 * centred) < 1e-12
    expected = np.sum(shift**2) / (np.sum(shift**2) + 0.09 * np.sum(centred.var(0)))
    assert rounded(eigenvector_steps.share_of_means(z, z + shift + 0.3 * centred), expected)
    assert eigenvector_steps.share_unchanged(z, 2 * z + 1) == 1


# ----- The source's numbers -----


def test_the_sources_gradients_are_those_on_record():
    if not GOLDEN.exists():
        pytest.skip("the source's record is not at hand")
    record = json.loads(GOLDEN.read_text())["grad_norm2_of_mean_of_output_0_by_layer"]
    names = {
        "active": "batch norm",
        "frozen": "frozen batch norm",
        "none": "no batch norm",
        "frozen_after": "frozen batch norm post",
    }
    for name, theirs in gradient_by_layer.THEIRS.items():
        recorded = [record[names[name]][f"{layer}_conv"] for layer in gradient_by_layer.LAYERS]
        printed = [len(str(number).partition(".")[2]) for number in theirs]
        assert rounded(recorded, theirs, decimals=printed)
