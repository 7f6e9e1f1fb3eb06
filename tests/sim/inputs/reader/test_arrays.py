"""Arrays of NumPy: bytes of tables and of images, columns by number, and files of other kinds."""

import gzip
import pickle

import numpy as np
import pytest
from scipy import sparse

from companion.errors import UsageError
from sim.inputs.examples import Examples
from sim.inputs.read_table import read, read_table
from sim.inputs.reader.options import Options
from tests.close import exact, rounded
from tests.sim.inputs.reader.files import TABLE


def saved(folder, array):
    np.save(folder / "x.npy", array)
    return folder / "x.npy"


def test_bytes_of_a_table_are_not_divided_and_those_of_images_are(tmp_path):
    ages = np.random.default_rng(0).integers(0, 100, (30, 4), np.uint8)
    for array, unit in (
        (ages, 1),
        (ages.reshape(30, 2, 2), 255),
        (ages.reshape(30, 1, 2, 2), 255),
        (ages.reshape(30, 1, 1, 2, 2), 1),
    ):
        table = read(saved(tmp_path, array))
        assert table.dtype == np.uint8
        assert table.as_dict()["divided_by"] == unit
        assert (f"uint8{' divided by 255' * (unit > 1)};" in table.in_words("")[0]) is True
        assert any("not divided" in note for note in table.notes) == (unit == 1)
        assert rounded(Examples(table.values).mean, ages.mean(axis=0) / unit)


def test_columns_of_an_array_by_number(tmp_path):
    path = saved(tmp_path, TABLE)
    table = read(path, Options(drop=("1",), label="3"))
    assert exact(np.array(table.values), TABLE[:, [1, 3]])
    assert exact(table.target, TABLE[:, 2])
    with pytest.raises(UsageError, match="an array of 3 dimensions"):
        read(saved(tmp_path, TABLE.reshape(3, 4, 4)), Options(drop=("1",)))
    with pytest.raises(UsageError, match=r"--decimal is for files of text; .* is none"):
        read(path, Options(decimal=","))


def test_a_column_that_counts_is_said(tmp_path):
    path = saved(tmp_path, np.column_stack([TABLE, np.arange(12)]))
    (note,) = read(path).notes
    assert note == "column 5 rises by one from row to row; an index? --drop 5"


def test_missing_values_of_an_array(tmp_path):
    holed = TABLE.copy()
    holed[2, 3] = np.nan
    path = saved(tmp_path, holed)
    with pytest.raises(UsageError, match=r"example 3, column 4 is nan; .*--missing drop"):
        read(path)
    assert exact(read(path, Options(missing="drop")).values, np.delete(TABLE, 2, axis=0))
    holed[:, 0] = np.nan
    with pytest.raises(UsageError, match="column 1 has no value at all; leave it"):
        read(saved(tmp_path, holed), Options(missing="mean"))
    with pytest.raises(UsageError, match="examples without a missing value: 0"):
        read(path, Options(missing="drop"))


def zipped(folder, *names):
    import zipfile

    with zipfile.ZipFile(folder / "x.zip", "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return (folder / "x.zip").read_bytes()


def of_scipy(folder):
    sparse.save_npz(folder / "s.npz", sparse.csr_matrix(np.eye(3)))
    return (folder / "s.npz").read_bytes()


FOREIGN = {
    "MATLAB": ("x.mat", lambda _: b"MATLAB 5.0 MAT-file, Platform: posix", "scipy.io.loadmat"),
    "MATLAB 4": ("x.mat", lambda _: bytes(40), "scipy.io.loadmat"),
    "MATLAB 7.3": ("x.mat", lambda _: b"\x89HDF\r\n\x1a\n" + bytes(40), "h5py reads it"),
    "safetensors": (
        "x.safetensors",
        lambda _: (30).to_bytes(8, "little") + b'{"a":{"dtype":"F32"}}',
        "safetensors.numpy reads it",
    ),
    "torch": ("x.pt", lambda folder: zipped(folder, "x/data.pkl", "x/data/0"), "torch.load"),
    "a named torch": ("x.npz", lambda folder: zipped(folder, "x/data.pkl"), "torch.load reads it"),
    "old torch": ("x.pth", lambda _: b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "torch.load"),
    "sparse": ("x.npz", of_scipy, "sparse matrix .*toarray"),
    "CIFAR": ("data_batch_1", lambda _: pickle.dumps({b"data": [1]}, 2), "a pickle of Python"),
    "Excel": ("x.npz", lambda folder: zipped(folder, "xl/workbook.xml"), "end its name in .xlsx"),
    "old Excel": ("x.xls", lambda _: b"\xd0\xcf\x11\xe0" + bytes(40), "an old workbook of Excel"),
    "a zip": ("x.npz", lambda folder: zipped(folder, "a.txt"), "without arrays of NumPy"),
    "zstd": ("x.csv", lambda _: b"(\xb5/\xfd" + bytes(20), "by zstd; end its name in .zst"),
    "a packed array": ("x.npy.gz", lambda _: gzip.compress(b"\x93NUMPY"), "is packed; unpack it"),
}


@pytest.mark.parametrize(("name", "make", "says"), FOREIGN.values(), ids=FOREIGN)
def test_files_of_other_programs_are_named(tmp_path, name, make, says):
    content = make(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=says) as refused:
        read_table(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert "allow_pickle" not in str(refused.value)
