"""What a problem takes: labels as what they are, and nothing that would be broadcast."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from deepnet import ops
from deepnet.backend import beside
from deepnet.curvature import Batches, hessian, projected
from deepnet.landscape import interpolation, line
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Frozen, NoNorm
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.problem import Problem
from deepnet.tape import Linearised
from deepnet.training import State
from deepnet.vectors import from_vector, to_vector
from tests.close import rounded
from tests.deepnet.device_cases import PASSES, direction
from tests.deepnet.ops.hot_cases import alike

seeds = st.integers(0, 2**32 - 1)
NET = mlp([4, 5, 3], ops.tanh, bias=True)
WEIGHTS = initialise(NET, np.random.default_rng(0), dtype="float64")
PROBLEM = Problem(NET, Active())
RNG = np.random.default_rng(1)
X, LABELS = RNG.normal(size=(3, 4)), np.array([2, 0, 1])
TARGETS = ops.smoothed(LABELS, 3, 0.0, X.dtype)
V = direction(WEIGHTS)


def refused(call, says):
    with pytest.raises(ValueError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


def changed(arrays, name, array):
    return arrays | {name: array}


# ----- Targets -----


@given(seeds, st.integers(2, 6))
def test_the_loss_at_labels_is_minus_the_mean_log_probability(seed, n):
    """As many examples as classes among them: there labels were broadcast."""
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(n, 4)), rng.integers(0, 3, n)
    at = PROBLEM.linearise(WEIGHTS, x, labels)
    z = PROBLEM.outputs(WEIGHTS, x)
    expected = np.mean(logsumexp(z, axis=1) - z[np.arange(n), labels])
    assert rounded(at.loss, expected, 1 + np.abs(z).max())


def test_labels_have_the_derivatives_of_their_one_hot_targets_to_the_bit():
    ours, theirs = (PROBLEM.linearise(WEIGHTS, X, each) for each in (LABELS, TARGETS))
    for product in ("hvp", "ggn"):
        found, expected = (getattr(at, product)(V) for at in (ours, theirs))
        assert np.array_equal(to_vector(found), to_vector(expected))
    assert np.array_equal(to_vector(ours.grad()), to_vector(theirs.grad()))
    found, expected = (
        hessian(Batches(PROBLEM, WEIGHTS, [(X, each)])) @ np.ones(NET.parameters)
        for each in (LABELS, TARGETS)
    )
    assert np.array_equal(found, expected)


def test_labels_are_brought_beside_the_inputs(device):
    there = PROBLEM.linearise(WEIGHTS, device.asarray(X), LABELS)
    here = PROBLEM.linearise(WEIGHTS, X, LABELS)
    found = alike(*(to_vector(each.hvp(V)) for each in (there, here)))
    assert rounded(*found, condition=PASSES)
    for on in (np.asarray, device.asarray):
        labels = on(np.array([0, 3, 1]))
        refused(
            lambda labels=labels: PROBLEM.linearise(WEIGHTS, device.asarray(X), labels),
            "the label 3 is no class; give 0 to 2",
        )


@pytest.mark.parametrize(
    "targets", [LABELS[:, None], LABELS * 1.0, LABELS > 0, TARGETS[:1], TARGETS[0], TARGETS.T[None]]
)
def test_other_targets_are_refused(targets):
    says = r"targets are .* of shape .*; give numbers of shape \(3, 3\), or 3 labels"
    refused(lambda: PROBLEM.linearise(WEIGHTS, X, targets), says)
    refused(lambda: Batches(PROBLEM, WEIGHTS, [(X, targets)]).loss(), says)


def test_a_pair_is_no_list_of_batches():
    for data in ((X, TARGETS), (X[:2], TARGETS[:2]), [X, TARGETS]):
        refused(lambda data=data: Batches(PROBLEM, WEIGHTS, data), r"give \[\(x, targets\), ...\]")


def test_a_loss_of_many_numbers_is_refused():
    def run(leaves):
        outputs = NET.forward(leaves, X, PROBLEM.norm)
        return outputs, outputs

    refused(lambda: Linearised(run, WEIGHTS), r"the loss has shape \(3, 3\); give \(\)")


# ----- Weights, directions, cotangents -----

WRONG = {
    "one": ("dense2_bias", np.ones(1), r"'dense2_bias' has shape \(1,\); give \(3,\)"),
    "a row": ("dense1", np.ones((1, 4)), r"'dense1' has shape \(1, 4\); give \(5, 4\)"),
    "turned": ("dense1", np.ones((4, 5)), r"'dense1' has shape \(4, 5\); give \(5, 4\)"),
    "a number": ("dense1", 2.0, r"'dense1' is a float; give an array of shape \(5, 4\)"),
    "unknown": ("dense3", np.ones(1), "'dense3': no such weight; there are dense1, dense1_bias"),
}
USES = {
    "outputs": lambda w: PROBLEM.outputs(w, X),
    "linearise": lambda w: PROBLEM.linearise(w, X, TARGETS),
    "batches": lambda w: Batches(PROBLEM, w, [(X, TARGETS)]),
    "jvp": lambda v: PROBLEM.linearise(WEIGHTS, X, TARGETS).jvp(v),
    "hvp": lambda v: PROBLEM.linearise(WEIGHTS, X, TARGETS).hvp(v),
    "ggn": lambda v: PROBLEM.linearise(WEIGHTS, X, TARGETS).ggn(v),
    "line": lambda v: line(PROBLEM, WEIGHTS, v, [0.1], [(X, TARGETS)]),
    "interpolation": lambda w: interpolation(
        PROBLEM, [(X, TARGETS)], State(WEIGHTS, {}), State(w, {}), [0.5]
    ),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("wrong", WRONG)
def test_weights_and_directions_of_other_names_or_shapes_are_refused(use, wrong):
    name, array, says = WRONG[wrong]
    refused(lambda: USES[use](changed(WEIGHTS, name, array)), says)


@pytest.mark.parametrize("use", ["outputs", "linearise", "batches", "line", "interpolation"])
def test_a_weight_that_is_missing_is_named(use):
    some = {name: w for name, w in WEIGHTS.items() if name != "dense2"}
    refused(lambda: USES[use](some), "'dense2' is missing")


def test_a_direction_is_zero_in_the_weights_that_it_does_not_name():
    at, some = PROBLEM.linearise(WEIGHTS, X, TARGETS), {"dense1": V["dense1"]}
    whole = {name: v * (name == "dense1") for name, v in V.items()}
    assert rounded(at.jvp(some), at.jvp(whole))
    assert rounded(to_vector(at.hvp(some)), to_vector(at.hvp(whole)))
    assert not at.jvp({}).any()
    assert not to_vector(at.hvp({})).any() and not to_vector(at.ggn({})).any()


@pytest.mark.parametrize("u", [np.ones(3), np.ones((1, 3)), np.ones((3, 1)), 1.0])
def test_a_cotangent_of_another_shape_is_refused(u):
    at = PROBLEM.linearise(WEIGHTS, X, TARGETS)
    refused(lambda: at.vjp(u), "the cotangent of the outputs")


def test_whole_weights_and_inputs_are_refused():
    """A direction would be rounded to whole numbers too, and every product be zero."""
    whole = {name: np.ones(w.shape, int) for name, w in WEIGHTS.items()}
    refused(lambda: Batches(PROBLEM, whole, [(X, TARGETS)]), "'dense1' is int64; give floating")
    refused(lambda: PROBLEM.outputs(WEIGHTS, np.ones((3, 4), "u1")), "x is uint8; give floating")


def test_the_order_in_which_weights_are_given_changes_nothing():
    turned = dict(reversed(WEIGHTS.items()))
    ours, theirs = (Batches(PROBLEM, w, [(X, TARGETS)]) for w in (turned, WEIGHTS))
    assert np.array_equal(ours.gradient(), theirs.gradient())
    column = np.arange(1.0, 1 + NET.parameters)
    assert np.array_equal(hessian(ours) @ column, hessian(theirs) @ column)
    assert list(PROBLEM.linearise(turned, X, TARGETS).grad()) == list(NET.shapes)


@pytest.mark.parametrize("shape", [(42,), (44,), (43, 1), (1, 43)])
def test_a_vector_of_another_length_is_refused(shape):
    assert to_vector(from_vector(np.ones(43), NET.shapes)).shape == (43,)
    refused(lambda: from_vector(np.ones(shape), NET.shapes), r"give \(43,\)")


def test_a_basis_that_is_no_matrix_is_refused():
    operator = hessian(Batches(PROBLEM, WEIGHTS, [(X, TARGETS)]))
    refused(lambda: projected(operator, np.eye(43)[0]), "orthonormal columns of length 43")


def test_on_a_device_shapes_are_looked_at_there(device):
    x, targets, weights, v = beside(device.asarray(X), (X, TARGETS, WEIGHTS, V))
    device.crossings.clear()
    at = PROBLEM.linearise(weights, x, targets)
    refused(lambda: at.hvp(changed(v, "dense1", v["dense1"][:1])), "give")
    refused(lambda: at.vjp(targets[:1]), "give")
    refused(lambda: PROBLEM.linearise(weights, x, targets[:1]), "give")
    assert not device.crossings


# ----- Inputs and statistics -----


@pytest.mark.parametrize(
    "net", [lenet(1 / 4), page(1 / 32), resnet(8, 1 / 8)], ids=lambda net: net.name
)
@pytest.mark.parametrize(
    "shape",
    [(3, 32, 32, 1), (3, 32, 32, 2), (3, 32, 32, 4), (3, 3, 32, 32), (32, 32, 3), (3, 3072)],
)
def test_images_of_other_channels_are_refused(net, shape):
    """A filter would read what lies beside the image."""
    weights = initialise(net, np.random.default_rng(0), dtype="float64")
    says = r"conv: images of shape .*; give \(n, rows, columns, 3\)"
    refused(lambda: Problem(net, NoNorm()).outputs(weights, np.ones(shape)), says)


@pytest.mark.parametrize("net", [page(1 / 32), resnet(8, 1 / 8)], ids=lambda net: net.name)
def test_images_that_are_no_squares_are_refused(net):
    weights = initialise(net, np.random.default_rng(0), dtype="float64")
    outputs = partial(Problem(net, NoNorm()).outputs, weights)
    refused(lambda: outputs(np.ones((3, 32, 64, 3))), "give squares")


def test_images_smaller_than_a_filter_are_refused():
    refused(lambda: ops.conv(np.ones((1, 2, 5, 1)), np.ones((1, 3, 3, 1))), "than a filter")
    assert ops.conv(np.ones((1, 2, 5, 1)), np.ones((1, 3, 3, 1)), pad=1).shape == (1, 2, 5, 1)


@pytest.mark.parametrize("shape", [(4,), (3, 3), (3, 5)])
def test_inputs_of_another_width_are_refused(shape):
    refused(lambda: PROBLEM.outputs(WEIGHTS, np.ones(shape)), r"dense: inputs .*; give \(n, 4\)")


@pytest.mark.parametrize("mean", [np.zeros(1), np.zeros(3), np.zeros((3, 5)), 0.0])
def test_statistics_of_other_channels_are_refused(mean):
    for pair, name in (((mean, np.ones(5)), "mean"), ((np.zeros(5), mean), "variance")):
        fixed = Problem(NET, Frozen({"dense1": pair}))
        refused(lambda fixed=fixed: fixed.outputs(WEIGHTS, X), f"the {name} of 'dense1'")
