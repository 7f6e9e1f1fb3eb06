"""--numbers leaves out columns of text or with most values missing, and incomplete examples."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from sim.inputs import analyse
from sim.inputs.read_table import read
from sim.inputs.reader.options import Options

NUMBERS = st.integers(-99, 99).map(str)
MISSING = st.sampled_from(["", "NA", "?", "nan"])
TEXTS = ["Rome", "1,000x", "2020-01-02"]
COLUMN = {
    "numbers": NUMBERS,
    "some missing": st.one_of(*[NUMBERS] * 9, MISSING),
    "most missing": st.one_of(NUMBERS, *[MISSING] * 9),
    "a text": st.one_of(*[NUMBERS] * 9, st.sampled_from(TEXTS)),
}


@st.composite
def columns(draw):
    count = draw(st.integers(3, 12))
    cells = st.lists(st.sampled_from(list(COLUMN)), min_size=1, max_size=5)
    return [draw(st.lists(COLUMN[kind], min_size=count, max_size=count)) for kind in draw(cells)]


def number(cell):
    try:
        return float(cell)
    except ValueError:
        return np.nan


@given(table=columns(), missing=st.sampled_from(["refuse", "mean"]))
def test_columns_of_numbers_are_left(tmp_path_factory, table, missing):
    path = tmp_path_factory.mktemp("numbers") / "x.csv"
    names = [f"x{n}" for n in range(len(table))]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([names, *zip(*table, strict=True)])
    text = [not set(TEXTS).isdisjoint(column) for column in table]
    numbers = np.array([[number(cell) for cell in column] for column in table])
    lacking = np.isnan(numbers)
    kept = ~np.array(text) & (lacking.mean(axis=1) <= 0.5)
    rows = ~lacking[kept].any(axis=0)
    options = Options(numbers=True, missing=missing)
    if not kept.any() or (missing == "refuse" and rows.sum() < 2):
        with pytest.raises(UsageError, match=r"none has numbers|without a missing value"):
            read(path, options)
        return
    found = read(path, options)
    assert found.numbers.names == [
        name for name, is_kept in zip(names, kept, strict=True) if is_kept
    ]
    whole = found.values if missing == "refuse" else found.values[rows]
    assert whole.tolist() == numbers[kept][:, rows].T.tolist()
    assert len(found.values) == (rows.sum() if missing == "refuse" else len(rows))


def test_what_is_left_out_is_said(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("name,a,b,y\nx,1,,0\nz,2,NA,1\nw,4,5,1\n")
    table = read(path, Options(numbers=True, label="y"))
    said = table.in_words("x")
    assert "left out: name (text: 'x'), b (missing in 2 of 3), y (the target)" in said
    assert "note: examples dropped for a missing value: 0 of 3" in said
    assert table.target.tolist() == [0, 1, 1]
    path.write_text("name,a\nx,1\ny,NA\nz,2\n" + "w,3\n" * 60)
    for options in (Options(), Options(missing="mean")):
        with pytest.raises(UsageError, match=r"--drop name leaves out .*, --numbers also examples"):
            read(path, options)
    assert read(path, Options(numbers=True)).values.shape == (62, 1)


def test_many_columns_of_text_are_one_option(tmp_path):
    path = tmp_path / "x.csv"
    names = [f"a column of words {n}" for n in range(40)]
    path.write_text("\n".join(map(",".join, ([*names, "n"], [*"x" * 40, "1"], [*"x" * 40, "2"]))))
    with pytest.raises(UsageError, match="--numbers leaves out what is no number") as raised:
        read(path)
    assert len(str(raised.value)) <= 300 + len(str(path)) and "--drop" not in str(raised.value)
    assert read(path, Options(numbers=True)).values.tolist() == [[1], [2]]


def test_an_array_has_numbers_alone():
    with pytest.raises(UsageError, match="--missing drop leaves out examples that lack one"):
        analyse(np.ones((3, 2)), numbers=True)


def test_a_frame_gives_its_columns_of_numbers():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"word": ["a", "b", "c", "d"], "n": [1.0, 2, 4, np.nan], "few": [np.nan, np.nan, np.nan, 1]}
    )
    with pytest.raises(UsageError, match="numbers=True all such columns"):
        analyse(frame)
    table = analyse(frame, numbers=True).table
    assert table.values.tolist() == [[1], [2], [4]]
    assert [str(each) for each in table.numbers.left_out] == [
        "word (no numbers)",
        "few (missing in 3 of 4)",
    ]
