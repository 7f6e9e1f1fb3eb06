"""The store: what is written is read to the bit, or not at all; one process computes."""

import shutil
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from joblib import Parallel, delayed

from deepnet.experiments.store import alone, fingerprint, read, read_result, write, write_result

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


def test_a_result_is_read_only_with_its_own_facts(tmp_path):
    path, other = tmp_path / "a.npz", tmp_path / "b.npz"
    write_result(path, STORED, {"version": 1, "measured": float("inf")})
    write_result(other, STORED | {"x": np.zeros(7)}, {"version": 1})
    arrays, facts = read_result(path, {"version": 1})
    assert np.array_equal(arrays["x"], STORED["x"])
    assert facts["measured"] == "inf"
    assert read_result(path, {"version": 2}) is None
    assert read_result(path, {"unknown": 0}) is None
    shutil.copy(other, path)  # arrays of another writing
    assert read_result(path, {"version": 1}) is None
    write_result(path, STORED, {"version": 1})
    for text in ("", "{", "[1]", "\xff"):
        path.with_suffix(".json").write_bytes(text.encode("latin-1"))
        assert read_result(path, {}) is None
    path.with_suffix(".json").unlink()
    assert read_result(path, {}) is None


@given(value=st.integers(), other=st.integers())
def test_a_key_depends_on_everything_and_not_on_order(value, other):
    assert fingerprint(a=value, b=0) == fingerprint(b=0, a=value)
    assert (fingerprint(a=value, b=0) == fingerprint(a=other, b=0)) == (value == other)


def _compute_alone(path, own):
    with alone(path):
        if read(path) is None:
            own.touch()
            time.sleep(0.2)
            write(path, {"a": np.ones(3)})
    return read(path)["a"].sum()


def test_of_two_processes_one_computes_what_the_other_waits_for(tmp_path):
    path, owns = tmp_path / "shared" / "a.npz", [tmp_path / "first", tmp_path / "second"]
    assert Parallel(2)(delayed(_compute_alone)(path, own) for own in owns) == [3, 3]
    assert sum(own.exists() for own in owns) == 1
    assert list(path.parent.iterdir()) == [path]


def test_a_file_with_the_name_of_a_lock_stays_as_it_is(tmp_path):
    theirs = tmp_path / "a.lock"
    theirs.write_text("the user's")
    assert _compute_alone(tmp_path / "a.npz", tmp_path / "own") == 3
    assert theirs.read_text() == "the user's"


def test_a_failure_lets_the_next_one_in(tmp_path):
    with pytest.raises(KeyError), alone(tmp_path / "a.npz"):
        raise KeyError
    assert _compute_alone(tmp_path / "a.npz", tmp_path / "own") == 3
