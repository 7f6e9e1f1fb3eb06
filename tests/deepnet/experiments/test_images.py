"""The images that experiments look at: which they are, their targets, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet import ops
from deepnet.data import textures
from deepnet.experiments import images


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    count=st.integers(1, 40),
    skip=st.integers(0, 20),
)
def test_images_are_balanced_and_no_other_choice_shares_one(labels, count, skip):
    labels = np.array(labels)
    first, second = images.balanced(labels, skip), images.balanced(labels, count, skip)
    assert len(second) == min(count, max(0, len(labels) - skip))
    assert len(set(first) | set(second)) == len(first) + len(second)
    if skip == 0:
        chosen, there = (np.bincount(classes, minlength=4) for classes in (labels[second], labels))
        most = chosen.max()  # a class that has fewer has no more to give
        assert all(c >= most - 1 or c == t for c, t in zip(chosen, there, strict=True))


@pytest.mark.parametrize("smoothing", [0.0, 0.5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_targets_are_those_of_the_images(smoothing, dtype):
    data, rows = textures(64, 32), np.array([5, 2, 9])
    x, targets = images.batch(data, rows, smoothing, dtype)
    assert x.dtype == targets.dtype == dtype
    assert np.array_equal(x, data.normalised(data.x_train[rows], dtype))
    assert np.array_equal(targets, ops.smoothed(data.y_train[rows], 10, smoothing, x.dtype))
    others = data.y_train[:3]
    same, shuffled = images.with_labels(data, rows, others, smoothing, dtype)
    assert np.array_equal(same, x)
    assert np.array_equal(shuffled, ops.smoothed(others, 10, smoothing, x.dtype))


@pytest.mark.parametrize("part", ["train", "test"])
def test_the_whole_set_is_all_of_a_part_in_order(part):
    data = textures(64, 32)
    x, targets = images.whole(data, part)
    assert np.array_equal(x, data.normalised(getattr(data, f"x_{part}")))
    assert np.array_equal(targets.argmax(1), getattr(data, f"y_{part}"))


def test_balanced_batches_follow_the_balanced_order():
    data = textures(64, 32)
    batches = images.balanced_batches(data, 40, 16, skip=8)
    assert [len(x) for x, _ in batches] == [16, 16, 8]
    rows = images.balanced(data.y_train, 40, 8)
    x, targets = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    assert np.array_equal(x, data.normalised(data.x_train[rows]))
    assert np.array_equal(targets.argmax(1), data.y_train[rows])


@given(st.integers(1, 50), st.integers(1, 20), st.integers(0, 9))
def test_consecutive_batches_hold_the_images_and_end_with_a_whole_one(count, size, first):
    rows = [np.arange(100)[part] for part in images.in_turn(count, size, first)]
    assert {len(part) for part in rows} == {size}
    assert np.concatenate(rows).tolist()[:count] == list(range(first, first + count))
    assert len(rows) == -(-count // size)


@pytest.mark.parametrize("smoothing", [0.0, 0.5])
def test_batches_in_turn_have_these_images_and_their_targets(smoothing):
    data = textures(64, 32)
    batches = images.in_batches(data, 40, 16, 8, smoothing)
    x, targets = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    assert np.array_equal(x, data.normalised(data.x_train[8:56]))
    labels = data.y_train[8:56]
    assert np.array_equal(targets, ops.smoothed(labels, 10, smoothing, targets.dtype))


def test_too_few_images_are_refused_in_one_line():
    images.require(textures(64, 32), 64)
    with pytest.raises(UsageError, match=r"^textures has 64 training images; give 65 or more$"):
        images.require(textures(64, 32), 65)
    with pytest.raises(UsageError, match="textures has 64 training images; give 70"):
        images.balanced_batches(textures(64, 32), 40, 40, skip=30)
    with pytest.raises(UsageError, match="textures has 64 training images; give 70"):
        images.in_batches(textures(64, 32), 40, 40, first=30)


def test_images_of_another_size_are_refused_in_one_line():
    data = textures(64, 32)
    images.require_shape(data, 32, 32, 3)
    small = replace(data, x_train=data.x_train[:, :16], x_test=data.x_test[:, :16])
    says = r"^textures has images \(16, 32, 3\); the nets take \(32, 32, 3\)$"
    with pytest.raises(UsageError, match=says):
        images.require_shape(small, 32, 32, 3)
