"""How far units turn: angles, cosines, and the hook that records them."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.grosse2021.shared.turns import Turns, angles, apart, cosines
from tests.close import ULPS, rounded

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, size=st.floats(1e-7, 3))
def test_the_angle_between_a_weight_and_one_turned_by_it(seed, size):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((3, 5))
    across = rng.standard_normal((3, 5))
    across -= np.einsum("ki,ki->k", across, w)[:, None] / np.sum(w**2, 1)[:, None] * w
    across *= np.linalg.norm(w, axis=1)[:, None] / np.linalg.norm(across, axis=1)[:, None]
    turned = 0.3 * (np.cos(size) * w + np.sin(size) * across)
    assert rounded(angles(w, turned), size, size + 4 / ULPS)  # of directions of length 1
    assert rounded(cosines(w, turned), np.cos(size), 1)


def test_a_unit_without_gradient_has_no_cosine_with_it():
    assert cosines(np.ones((1, 2)), np.zeros((1, 2))) == 0


def test_turns_see_every_second_step():
    turns = Turns(["a"], every=2)
    w = np.array([[3.0, 4.0]])
    for number in range(3):
        step = SimpleNamespace(
            lr=0.1,
            before={"a": w},
            after={"a": np.array([[4.0, -3.0]])},
            gradient={"a": np.array([[0.0, 1.0 + number]])},
        )
        assert turns(step) == {}
    seen = turns.arrays
    assert seen["step"].tolist() == [0, 2]
    assert rounded(seen["a:r"], 25)
    assert rounded(seen["a:G"], [[5.0], [15.0]])
    assert rounded(seen["a:angle"], np.pi / 2)
    assert rounded(seen["a:along"], 0.8)


def test_paths_are_compared_row_by_row():
    one, other = np.eye(2), np.array([[1.0, 0.0], [0.0, -1.0]])
    assert rounded(apart([one, one], [one, other]), [0, 2])
