"""Classes without a training image are counted and named in one line."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.data.labels import doubts


@given(y=st.lists(st.integers(0, 9), min_size=1, max_size=30), more=st.integers(0, 3))
def test_empty_classes_are_counted_and_named(y, more):
    classes = 1 + max(y) + more
    empty, line = sorted(set(range(classes)) - set(y)), doubts(np.array(y), classes)
    if empty == [0]:
        assert line.startswith("no training image has the label 0; ")
        assert line.endswith("subtract 1")
    elif empty:
        assert line.startswith(f"{len(empty)} of {classes} classes ha")
        named = line.partition("(")[2].partition(")")[0].split(", ")
        assert named == [str(k) for k in empty[:5]] + ["..."] * (len(empty) > 5)
    assert bool(line) == bool(empty)
    assert f"the nets get {classes} outputs" in line or not empty


def test_a_label_like_a_number_of_a_row_is_counted_without_listing_all_classes():
    line = doubts(np.array([0, 10**15]), 1 + 10**15)
    assert "999999999999999 of 1000000000000001 classes have no" in line
    assert "(1, 2, 3, 4, 5, ...)" in line
