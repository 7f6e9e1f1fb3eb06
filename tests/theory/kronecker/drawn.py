"""Means of the inputs of a layer, drawn for the chapter's tests."""

from hypothesis import strategies as st

from tests.strategies import matrices
from theory import symbols as s


@st.composite
def means(draw, smallest=1):
    N = draw(st.integers(smallest, 5))
    return draw(matrices(s.mu.domain, {"N": N}))[:, 0]
