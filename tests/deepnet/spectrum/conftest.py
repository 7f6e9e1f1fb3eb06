"""The reader's files: a linear classifier, and the post's net."""

import numpy as np
import pytest

from tests.deepnet.facts.facts_recipe import draw
from tests.deepnet.spectrum.asking import arrays_of, saved


@pytest.fixture
def linear_files(tmp_path):
    """A linear classifier with a bias, 3 classes of 2 x 2 x 2 images."""
    rng = np.random.default_rng(5)
    arrays = {"w__dense1": rng.standard_normal((3, 8)), "w__dense1_bias": rng.standard_normal(3)}
    weights = saved(tmp_path, "W.npz", **arrays)
    x, y = rng.standard_normal((20, 2, 2, 2)), rng.integers(0, 3, 20)
    return weights, saved(tmp_path, "D.npz", x=x, y=y)


@pytest.fixture
def page_files(tmp_path):
    """The recipe's net and data as a user would save them."""
    recipe = draw()
    return saved(tmp_path, "W.npz", **arrays_of(recipe)), saved(
        tmp_path, "D.npz", x=recipe.x, y=recipe.y
    )
