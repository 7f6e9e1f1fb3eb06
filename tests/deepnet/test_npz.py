"""Files of arrays: what is written is read to the bit, or not at all."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from deepnet.npz import fingerprint, read, write

shared_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


any_array = hnp.arrays(
    st.sampled_from(["f4", "f8", "i8", "u1", "?", "U3"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
names = st.text("abcw:_-.0", min_size=1, max_size=6)


@shared_folder
@given(arrays=st.dictionaries(names, any_array, max_size=4))
def test_what_is_written_is_read_to_the_bit(tmp_path, arrays):
    write(tmp_path / "a.npz", arrays)
    again = read(tmp_path / "a.npz")
    assert again.keys() == arrays.keys()
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        assert again[name].tobytes() == array.tobytes()
        assert again[name].shape == array.shape
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_the_same_arrays_give_the_same_file(tmp_path):
    arrays = {"x": np.arange(5.0), "y": np.ones((2, 3), order="F")}
    for name in ("a", "b"):
        write(tmp_path / f"{name}.npz", arrays)
        time.sleep(0.01)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


STORED = {"x": np.arange(7.0), "n": np.array(3), "w:a": np.ones((2, 3), np.float32)}


def _file(folder):
    path = folder / "whole.npz"
    if not path.exists():
        write(path, STORED)
    return path.read_bytes()


@shared_folder
@given(data=st.data())
def test_an_altered_file_is_never_read_as_something_else(tmp_path, data):
    whole = _file(tmp_path)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    (tmp_path / "changed.npz").write_bytes(changed)
    again = read(tmp_path / "changed.npz")
    if again is not None:  # a time stamp, or another byte that says nothing of the arrays
        assert again.keys() == STORED.keys()
        assert all(np.array_equal(again[name], STORED[name]) for name in STORED)


@shared_folder
@given(data=st.data())
def test_half_a_file_is_not_read(tmp_path, data):
    whole = _file(tmp_path)
    (tmp_path / "half.npz").write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert read(tmp_path / "half.npz") is None


def test_pickled_and_foreign_files_are_not_read(tmp_path):
    np.savez(tmp_path / "pickled.npz", x=np.array([{}], dtype=object))
    np.savez(tmp_path / "foreign.npz", x=np.arange(3))
    assert read(tmp_path / "pickled.npz") is None
    assert read(tmp_path / "foreign.npz") is None
    assert read(tmp_path / "nothing.npz") is None
    with pytest.raises(ValueError, match="pickle"):
        write(tmp_path / "pickle.npz", {"x": np.array([{}], dtype=object)})
    assert not (tmp_path / "pickle.npz").exists()


@given(value=st.integers(), other=st.integers())
def test_a_key_depends_on_everything_and_not_on_order(value, other):
    assert fingerprint(a=value, b=0) == fingerprint(b=0, a=value)
    assert (fingerprint(a=value, b=0) == fingerprint(a=other, b=0)) == (value == other)
