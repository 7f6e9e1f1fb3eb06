"""Weights and data that do not fit, and files that are no archives, are refused in one line."""

import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.npyio import NpzFile

from deepnet.spectrum.command import main
from tests.deepnet.spectrum.asking import asked, refused


@pytest.mark.parametrize(
    "change, says",
    [
        ({"w:layer2": None, "w:layer3": None}, "has no w:layer2, w:layer3; it has w:prep"),
        (
            {"w:layer2": np.zeros((4, 2, 3, 2))},
            "w:layer2 of .* shape .4, 2, 3, 2., not .4, 2, 3, 3",
        ),
        ({"w:layer2": np.full((4, 2, 3, 3), np.nan)}, "w:layer2 of .* has nan or inf in float64"),
        ({"w:layer2": np.full((4, 2, 3, 3), "a")}, "w:layer2 of .* of type <U1"),
        ({"w:layer2": np.full((4, 2, 3, 3), 1j)}, "w:layer2 of .* of type complex128"),
        ({"w:layer2": np.array([{}], object)}, "w:layer2 of .* pickled object, which is never"),
        ({"w:shortcut": np.zeros(2)}, "has w:shortcut, but net page only w:prep"),
        ({"w:prep": np.zeros((1, 3, 3))}, "w:prep of .* has shape .1, 3, 3., not .1, 3, 3, 3"),
        ({"w:prep": np.array(1.0)}, r"w:prep of .* has shape \(\), not .1, 3, 3, 3"),
        ({"mean:prep": None}, "has no mean:prep; it has"),
        ({"var:prep": np.array([-1.0])}, "var:prep of .* is negative"),
        ({"var:prep": np.ones(2)}, r"var:prep of .* has shape \(2,\), not \(1,\)"),
        ({"w:prep": np.full((1, 3, 3, 3), 1e300)}, "nan or inf in float32"),
        ({"w:classifier": np.full((10, 8, 1, 1), 1e38)}, "not finite; use other weights"),
    ],
)
def test_bad_weights(tmp_path, page_files, change, says):
    with np.load(page_files[0]) as file:
        arrays = dict(file) | change
    weights = tmp_path / "bad.npz"
    np.savez(weights, **{name: array for name, array in arrays.items() if array is not None})
    options = ["--width", "1/64", "--norm", "frozen"]
    if "float32" in says or "not finite" in says:
        options += ["--dtype", "float32"]
    assert re.search(says, refused((str(weights), page_files[1]), *options))


@pytest.mark.parametrize(
    "change, says",
    [
        ({"y": None}, "has no y; it has x"),
        ({"x": np.zeros((8, 32, 32, 3))}, r"x of .* \(8, 32, 32, 3\), not \(n, 3, 32, 32\)"),
        ({"x": np.zeros((0, 3, 32, 32)), "y": np.zeros(0, int)}, "n >= 1"),
        ({"x": np.full((8, 3, 32, 32), np.inf)}, "x of .* has nan or inf"),
        ({"y": np.arange(7)}, r"y of .* has shape \(7,\), not \(8,\)"),
        ({"y": np.arange(8.0)}, "y of .* of type float64; whole numbers"),
        ({"y": np.arange(8) + 3}, "y of .* has the label 10; labels are 0 to 9"),
        ({"y": np.arange(8) - 1}, "y of .* has the label -1; labels are 0 to 9"),
    ],
)
def test_bad_data(tmp_path, page_files, change, says):
    with np.load(page_files[1]) as file:
        arrays = dict(file) | change
    data = tmp_path / "bad.npz"
    np.savez(data, **{name: array for name, array in arrays.items() if array is not None})
    refusal = refused((page_files[0], str(data)), "--width", "1/64", "--norm", "none")
    assert re.search(says, refusal)


def test_each_array_is_read_once_and_no_other(monkeypatch, tmp_path, page_files):
    with np.load(page_files[0]) as weights, np.load(page_files[1]) as data:
        needed = dict(weights) | dict(data)
    others = {"mean:other": np.array([{}], object), "note": np.array([{}], object)}
    path = tmp_path / "both.npz"
    np.savez(path, **needed, **others)
    plain, names = NpzFile.__getitem__, []
    monkeypatch.setattr(
        NpzFile, "__getitem__", lambda file, name: names.append(name) or plain(file, name)
    )
    options = ["--width", "1/64", "--norm", "frozen", "--top", "1", "--bottom", "0"]
    assert main(asked((str(path), str(path)), *options)) == 0
    assert sorted(names) == sorted(needed)


class Bomb:
    """Unpickled, it would write a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_bad_files(tmp_path, page_files):
    options = ["--width", "1/64", "--norm", "none"]
    weights, data = page_files

    def says(path):
        assert refused((weights, str(path)), *options) == refused(
            (weights, str(path)), *options, "--json"
        )
        return refused((str(path), data), *options)

    assert "there is no file" in says(tmp_path / "absent.npz")
    assert "there is no file" in says(tmp_path)
    exploded = tmp_path / "exploded"
    pickled = tmp_path / "pickled.npz"
    pickled.write_bytes(pickle.dumps(Bomb(exploded)))
    assert "is not an .npz file" in says(pickled)
    hidden = tmp_path / "hidden.npz"
    np.savez(
        hidden, **{"w:prep": np.array([Bomb(exploded)]), "w:classifier": 1, "x": [1], "y": [0]}
    )
    assert "pickled object" in says(hidden)
    assert not exploded.exists()
    cut = tmp_path / "cut.npz"
    cut.write_bytes(Path(weights).read_bytes()[:5000])
    assert "is not an .npz file" in says(cut)
    damaged = tmp_path / "damaged.npz"
    with zipfile.ZipFile(damaged, "w") as archive:
        for name in ("w:prep", "w:classifier", "x", "y"):
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00 nothing of the kind")
    assert "is damaged" in says(damaged)
