"""The store: a result is read only with its own facts, and one process computes."""

import shutil
import time

import numpy as np
import pytest
from joblib import Parallel, delayed

from deepnet.experiments.store import alone, read_result, write_result
from deepnet.npz import read, write

STORED = {"x": np.arange(7.0), "n": np.array(3), "w:a": np.ones((2, 3), np.float32)}


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
