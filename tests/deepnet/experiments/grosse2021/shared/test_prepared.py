"""The images as the lecture's nets take them."""

from dataclasses import replace

import numpy as np
import pytest

from companion.errors import UsageError
from deepnet.data import textures
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.images import whole
from tests.close import rounded
from tests.deepnet.experiments.grosse2021.tiny import tiny, tiny_images


def test_each_input_is_standardised():
    x, targets = whole(tiny_images(), dtype="float64")
    assert rounded(x.mean(0), 0, 1)
    assert rounded(x.std(0), 1)
    assert np.array_equal(targets.argmax(1), tiny_images().y_train)
    constant = replace(tiny_images(), x_train=np.full_like(tiny_images().x_train, 7))
    assert abs(whole(constant)[0]).max() == 0


def test_images_of_another_size_are_refused():
    with pytest.raises(UsageError, match="give squares of 12, 24, "):
        prepared(tiny(textures(20, 20), side=12))
