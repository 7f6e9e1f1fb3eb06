"""What the losses take as targets, and what they refuse: NumPy would broadcast it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import logsumexp

from deepnet import ops
from tests.close import rounded
from tests.deepnet.ops.hot_cases import alike

LOSSES = [ops.softmax_cross_entropy, ops.mean_squared_error]
WHOLE = [np.int8, np.uint8, np.int32, np.int64, np.uint64]
few = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)


def drawn(seed, n, k, dtype=float, whole=np.int64):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, k)).astype(dtype), rng.integers(0, k, n).astype(whole)


def loss_of(loss, z, target):
    return loss.forward(z, target)[0]


def refused(call, says):
    with pytest.raises(ValueError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


@given(seeds, few, few, st.sampled_from(WHOLE), st.booleans())
def test_labels_are_the_classes_of_the_cross_entropy(seed, n, k, whole, as_list):
    z, labels = drawn(seed, n, k, whole=whole)
    given = labels.tolist() if as_list else labels
    expected = np.mean(logsumexp(z, axis=1) - z[np.arange(n), labels])
    found = loss_of(ops.softmax_cross_entropy, z, given)
    assert rounded(found, expected, 1 + np.abs(z).max())


@given(seeds, few, few, st.sampled_from(["f4", "f8"]))
def test_labels_and_their_one_hot_targets_are_the_same_to_the_bit(seed, n, k, dtype):
    z, labels = drawn(seed, n, k, dtype)
    hot = np.zeros_like(z)
    hot[np.arange(n), labels] = 1
    (one, kept), (other, same) = (
        ops.softmax_cross_entropy.forward(z, each) for each in (labels, hot)
    )
    for ours, theirs in zip((one, *kept), (other, *same), strict=True):
        assert ours.dtype == np.dtype(dtype)
        assert np.array_equal(ours, theirs)


@given(seeds, few, few, st.sampled_from([np.int64, bool]))
def test_whole_targets_of_the_outputs_shape_are_numbers(seed, n, k, whole):
    z, labels = drawn(seed, n, k, "f4")
    hot = np.eye(k, dtype=whole)[labels]
    for loss in LOSSES:
        found = loss_of(loss, z, hot)
        assert found.dtype == z.dtype
        assert found == loss_of(loss, z, hot.astype("f4"))


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@given(seeds, few, few, hnp.array_shapes(min_dims=0, max_dims=3, max_side=5), st.sampled_from("fb"))
def test_targets_of_another_shape_are_refused(loss, seed, n, k, shape, kind):
    assume(shape != (n, k))
    z, _ = drawn(seed, n, k)
    target = np.zeros(shape, {"f": float, "b": bool}[kind])
    refused(lambda: loss.forward(z, target), rf"give numbers of shape \({n}, {k}\)")


@given(seeds, few, few, few, st.sampled_from(["other length", "column", "row", "image"]))
def test_labels_of_another_shape_are_refused(seed, n, k, more, how):
    z, labels = drawn(seed, n, k)
    other = {
        "other length": np.zeros(n + more, int),
        "column": labels[:, None],
        "row": labels[None],
        "image": labels[:, None, None],
    }[how]
    assume(other.shape != z.shape)
    says = rf"targets are int64 of shape .* or {n} labels, whole numbers from 0 to {k - 1}"
    refused(lambda: ops.softmax_cross_entropy.forward(z, other), says)


@given(seeds, few, few)
def test_a_squared_error_takes_no_labels(seed, n, k):
    z, labels = drawn(seed, n, k)
    refused(lambda: ops.mean_squared_error.forward(z, labels), "give numbers of shape")


@given(seeds, few, few, st.sampled_from([np.int8, np.int64]), st.integers(1, 100), st.booleans())
def test_a_label_that_is_no_class_is_named(seed, n, k, whole, by, below):
    z, labels = drawn(seed, n, k, whole=whole)
    wrong = -by if below else k - 1 + by
    labels[seed % n] = wrong
    says = f"the label {wrong} is no class; give 0 to {k - 1}"
    refused(lambda: ops.softmax_cross_entropy.forward(z, labels), says)
    refused(lambda: ops.smoothed(labels, k, 0.0, z.dtype), says)


def test_outputs_that_are_not_examples_by_classes_are_refused():
    for shape in ((3,), (2, 4, 3)):
        refused(
            lambda shape=shape: ops.softmax_cross_entropy.forward(np.ones(shape), np.ones(shape)),
            r"give \(examples, classes\)",
        )


@pytest.mark.parametrize(
    "labels",
    [np.zeros(3), np.zeros(3, bool), np.zeros((3, 1), int), np.array(1), np.array(["a", "b"])],
    ids=lambda labels: f"{labels.dtype.kind}{labels.shape}",
)
def test_smoothed_takes_labels_alone(labels):
    refused(
        lambda: ops.smoothed(labels, 3, 0.0, np.dtype(float)), r"give whole numbers of shape \(n,\)"
    )


def test_smoothed_takes_any_name_of_a_floating_point_type():
    for dtype in (np.float32, "float32", np.dtype("f4")):
        targets = ops.smoothed(np.array([1, 0]), 2, 0.5, dtype)
        assert targets.dtype == np.float32
        assert np.array_equal(targets, [[0.25, 1.25], [1.25, 0.25]])
    refused(lambda: ops.smoothed(np.array([0]), 2, 0.5, int), "give a floating-point type")
    assert ops.smoothed(np.array([], int), 2, 0.5, float).shape == (0, 2)


def test_on_a_device_labels_are_the_classes_too(device):
    z, labels = drawn(0, 4, 4)
    there, y = device.asarray(z), device.asarray(labels)
    found, kept = ops.softmax_cross_entropy.forward(there, y)
    host, expected = ops.softmax_cross_entropy.forward(z, labels)
    assert rounded(*alike(found, host))
    for ours, theirs in zip(kept, expected, strict=True):
        assert isinstance(ours, device.ndarray)
        assert rounded(*alike(ours, theirs))
    for wrong in (-1, 4):
        spoiled = device.asarray(np.array([0, wrong, 1, 2]))
        refused(
            lambda spoiled=spoiled: ops.softmax_cross_entropy.forward(there, spoiled),
            f"the label {wrong} is no class",
        )
    refused(lambda: ops.softmax_cross_entropy.forward(there, y[:, None]), "or 4 labels")


def test_targets_cross_to_the_host_nowhere(device):
    z, labels = drawn(0, 4, 3)
    there, y = device.asarray(z), device.asarray(labels)
    target = device.asarray(ops.smoothed(labels, 3, 0.5, z.dtype))
    device.crossings.clear()
    for loss in LOSSES:
        loss.forward(there, target)
        refused(lambda loss=loss: loss.forward(there, target[:1]), "give numbers of shape")
    assert np.array_equal(ops.smoothed(y, 3, 0.5, z.dtype).get(), target.get())
    assert device.crossings["to host"] == 2  # the two that the line above fetched
