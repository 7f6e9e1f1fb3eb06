"""Random directions of the recorded slopes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.santurkar2018.shared import shifts_and_slopes as records
from tests.close import rounded


@given(seed=st.integers(0, 2**32 - 1), size=st.floats(1e-8, 1e8))
def test_a_random_direction_is_as_long_as_the_gradient(seed, size):
    shapes = {"a": (3, 4), "a_bias": (3,), "b": (2, 3)}
    rng = np.random.default_rng(0)
    gradient = {name: size * rng.standard_normal(shape) for name, shape in shapes.items()}
    direction = records.gaussian(gradient, np.random.default_rng(seed))
    again = records.gaussian(gradient, np.random.default_rng(seed))
    vectors = [np.concatenate([part.ravel() for part in weights.values()])
               for weights in (gradient, direction, again)]  # fmt: skip
    assert rounded(np.linalg.norm(vectors[1]), np.linalg.norm(vectors[0]))
    assert np.array_equal(vectors[1], vectors[2])
    assert np.count_nonzero(direction["a_bias"]) == 3
