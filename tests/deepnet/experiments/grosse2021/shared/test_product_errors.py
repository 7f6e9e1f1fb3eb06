"""The errors of the products, for eigenvalues that are off by known shares."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.grosse2021.shared.product_errors import (
    FIRST,
    errors,
    largest_error,
    shifted_error,
)
from tests.close import rounded

shares = st.lists(st.floats(-0.5, 0.5), min_size=FIRST + 2, max_size=FIRST + 2).map(np.array)
factors = st.floats(0.1, 100)


@given(off=shares, nu=factors, shifted=factors)
def test_the_largest_error_is_the_largest_share_among_the_first(off, nu, shifted):
    S, mean = np.arange(len(off), 0, -1.0), np.array([3.0, 4.0])
    arrays = {
        "net:none:eigenvalues": nu * S * (1 + off),
        "net:none:S": S,
        "net:nu": np.array(nu),
        "net:mean": mean,
        "shifted:none:eigenvalues": shifted * S * (1 + off),
        "shifted:none:S": S,
        "shifted:none:nu": np.array(shifted),
    }
    first = off[:FIRST]
    assert rounded(1 + errors(arrays, "net:none", nu), 1 + first)
    assert rounded(1 + largest_error("net:none")(arrays), 1 + abs(first).max())
    assert rounded(1 + shifted_error("shifted:none")(arrays), 1 + abs(first).max())
    printed = abs(nu * (1 + first) / 26 - 1).max()
    assert rounded(1 + largest_error("net:none", printed=True)(arrays), 1 + printed)
