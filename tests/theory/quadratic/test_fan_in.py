"""Learning rates over the number of inputs, for every pair of neurons."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from theory import quadratic
from theory.claim import Claim


@about(quadratic.rate_over_inputs)
@given(
    inputs=st.tuples(st.integers(1, 4), st.integers(2, 4)).map(sorted),
    m=st.fractions(-2, 2, max_denominator=8),
    v=st.fractions(Fraction(1, 8), 4, max_denominator=8),
)
def test_the_remedy_never_lowers_the_condition_number(claim: Claim, inputs, m, v):
    few, many = inputs
    values = {"N_small": few, "N_large": many, "m": m, "v": v}
    after, before = claim.definition(**values), claim.closed_form(**values)["lower"]
    assert (after > before * (1 + 1e-9)) == (few < many)
    assert after >= before * (1 - 1e-9)


@about(quadratic.rate_over_inputs)
@pytest.mark.parametrize(("few", "many"), [(20, 500), (1, 2), (7, 7)])
def test_what_the_remedy_does_to_two_neurons(claim: Claim, few, many):
    spectra = [np.linalg.eigvalsh((np.eye(n) + np.ones((n, n))) / n) for n in (few, many)]
    condition = max(map(max, spectra)) / min(map(min, spectra))
    found = claim.definition(N_small=few, N_large=many, m=1, v=1)
    assert rounded(found, condition, condition**2)
