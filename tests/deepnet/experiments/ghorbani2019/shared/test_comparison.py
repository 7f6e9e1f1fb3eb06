"""Two nets compared at equal loss, and the outermost of several numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.ghorbani2019.shared.comparison import at_equal_loss, outermost
from tests.close import rounded

curve = st.lists(st.floats(0.1, 10), min_size=2, max_size=5, unique=True)


@given(one=curve, other=curve, slope=st.floats(-3, 3))
def test_functions_of_the_loss_alone_are_equal_at_equal_loss(one, other, slope):
    """Linear ones exactly, in whatever order the losses came."""
    losses = [np.array(one), np.array(other)]
    common, a, b = at_equal_loss(losses, [1 + slope * loss for loss in losses])
    assert rounded(a, b, 1 + 10 * abs(slope))
    assert rounded(a, 1 + slope * common, 1 + 10 * abs(slope))
    low, high = max(map(min, losses)), min(map(max, losses))
    assert (len(common) == 0) == (low > high)
    assert all(low <= loss <= high for loss in common)


@given(values=st.lists(st.floats(0.01, 100), min_size=1, max_size=6))
def test_the_outermost_is_inside_a_band_only_if_all_are(values):
    low, high = 0.25, 1.0
    inside = low <= outermost(np.array(values), middle=0.5) <= high
    assert inside == all(low <= value <= high for value in values)
