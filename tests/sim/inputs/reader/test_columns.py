"""Columns: what is an index, what is dropped, what is the target, and where values are missing."""

import numpy as np
import pytest

from companion.errors import UsageError
from sim.inputs.read_table import read, read_labels
from sim.inputs.reader.options import Options
from tests.close import exact
from tests.sim.inputs.reader.files import NAMES, TABLE, counted, csv_of, gapped, lines_of, text

# --- columns that are no features ---

INDEXED = {
    "pandas": (",a,b,c,d", counted(TABLE)),
    "pandas with gaps": (",a,b,c,d", gapped(TABLE)),
    "pandas, mixed up": (",a,b,c,d", [5, 3, 9, 0, 1, 2, 4, 6, 7, 8, 10, 11]),
    "pandas, read again": ("Unnamed: 0,a,b,c,d", counted(TABLE)),
    "R": ('"","a","b","c","d"', [f'"{row + 1}"' for row in counted(TABLE)]),
    "R, one short": ('"a","b","c","d"', [f'"{row + 1}"' for row in counted(TABLE)]),
    "row names": (",a,b,c,d", [f"car {row}" for row in counted(TABLE)]),
    "row names, one short": ("a,b,c,d", [f"car {row}" for row in counted(TABLE)]),
}


@pytest.mark.parametrize(("header", "first"), INDEXED.values(), ids=INDEXED)
def test_an_index_is_left_out_and_said(tmp_path, header, first):
    table = read(text(tmp_path, csv_of(TABLE, header, first)))
    assert exact(np.array(table.values), TABLE)
    assert table.numbers.header is True and table.numbers.names == NAMES
    (index,) = table.numbers.left_out
    assert index.position == 1
    assert any(word in index.why for word in ("index", "row names"))
    assert any(line.startswith("left out: ") for line in table.in_words("x"))


def test_each_nameless_column_that_counts_is_an_index(tmp_path):
    """The index was written by pandas, read as a column, and written again."""
    again = [f"{row},{row + 5}" for row in counted(TABLE)]
    for header in (",Unnamed: 0,a,b,c,d", "Unnamed: 0.1,Unnamed: 0,a,b,c,d"):
        table = read(text(tmp_path, csv_of(TABLE, header, again)))
        assert exact(np.array(table.values), TABLE)
        assert [each.position for each in table.numbers.left_out] == [2, 1]
    with pytest.raises(UsageError, match="an index and no other column"):
        read(text(tmp_path, ",Unnamed: 0\n0,5\n1,6\n"))


def test_names_that_pandas_counts(tmp_path):
    table = read(text(tmp_path, csv_of(TABLE, ",0,1,2,3", counted(TABLE))))
    assert exact(np.array(table.values), TABLE)
    assert table.numbers.names == ["0", "1", "2", "3"]


@pytest.mark.parametrize("first", [[0.5] * 12, [1, 1, *range(10)], [-1, *range(11)]])
def test_a_nameless_column_that_counts_nothing_is_a_feature(tmp_path, first):
    table = read(text(tmp_path, csv_of(TABLE, ",a,b,c,d", first)))
    assert table.values.shape == (12, 5)
    assert table.numbers.left_out == []


def test_a_named_column_that_counts_is_said(tmp_path):
    path = text(tmp_path, csv_of(TABLE, "id,a,b,c,d", range(3, 15)))
    table = read(path)
    assert table.values.shape == (12, 5)
    assert table.notes == ["id rises by one from row to row; an index? --drop id"]
    assert read(path, Options(drop=("id",))).notes == []
    table = read(text(tmp_path, csv_of(TABLE, "ID,a,b,c,d", gapped(TABLE))))
    assert table.notes == ["ID has a whole number of its own for each row; an index? --drop ID"]
    assert read(text(tmp_path, csv_of(TABLE, "a,b,c,d,e", np.arange(12) + 0.5))).notes == []


def test_an_empty_column_may_be_dropped(tmp_path):
    path = text(tmp_path, "a,b,\n1,2,\n3,5,\n")
    with pytest.raises(UsageError, match=r"line 2, column 3 is ''; .*--drop 3 leaves out"):
        read(path)
    assert read(path, Options(drop=("3",))).values.tolist() == [[1, 2], [3, 5]]


def test_a_label_among_the_features_and_two_of_one_name_are_said(tmp_path):
    table = read(text(tmp_path, csv_of(TABLE, "a,a,b,Target")))
    assert table.notes == [
        "2 columns are named a; each is a feature",
        "Target is a feature; --label Target makes it the target",
    ]


# --- columns chosen, missing values ---


def test_columns_are_dropped_by_name_and_by_number(tmp_path):
    path = text(tmp_path, csv_of(TABLE, "a,b,c,d"))
    for drop in (("b", "d"), ("2", "d"), ("4", "2")):
        table = read(path, Options(drop=drop))
        assert exact(np.array(table.values), TABLE[:, [0, 2]])
        assert table.numbers.names == ["a", "c"]
        assert [each.name for each in table.numbers.left_out] == ["b", "d"]
    assert exact(np.array(read(path, Options(drop=("a",))).values), TABLE[:, 1:])


def test_a_label_is_the_target_and_leaves_the_inputs(tmp_path):
    path = text(tmp_path, csv_of(TABLE, "a,b,c,d"))
    table = read(path, Options(label="b", drop=("c",)))
    assert exact(np.array(table.values), TABLE[:, [0, 3]])
    assert exact(table.target, TABLE[:, 1])
    assert [str(each) for each in table.numbers.left_out] == ["b (the target)", "c (--drop)"]


REFUSED = {
    "no such column": (Options(drop=("species",)), "no column is named 'species'"),
    "a number too large": (Options(drop=("9",)), "'9' is no column; give a number from 1 to 5"),
    "a name twice": (Options(drop=("a",)), "2 columns have this name; give a number from 1.*1"),
    "both": (Options(drop=("b",), label="b"), "'b' and --drop 'b' are one column"),
    "all": (Options(drop=("1", "2", "3", "4", "5")), "no column is left as a feature"),
    "text": (Options(), "line 2, column 5 is 'x'; .* by commas; --drop word leaves out what is no"),
    "target of text": (Options(label="word"), "line 2, column 5 is 'x'; .*, a target, too"),
    "missing": (Options(drop=("word",)), "line 4, column 3 is ''; .*--missing drop .*--missing me"),
    "missing label": (
        Options(drop=("word",), label="b", missing="mean"),
        r"--label 'b': label 3 is nan",
    ),
}


@pytest.mark.parametrize(("options", "says"), REFUSED.values(), ids=REFUSED)
def test_columns_that_cannot_be(tmp_path, options, says):
    path = text(tmp_path, "a,a,b,c,word\n1,2,3,4,x\n2,4,5,7,y\n2,2,,1,z\n8,4,5,7,y\n")
    with pytest.raises(UsageError, match=says) as refused:
        read(path, options)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("hole", ["", "?", "NA", "nan", " null ", "N/A", "-"])
def test_missing_values_are_refused_dropped_or_filled(tmp_path, hole):
    cells = [line.split(",") for line in lines_of(TABLE)]
    cells[3][1] = cells[7][1] = cells[7][2] = hole
    path = text(tmp_path, "a,b,c,d\n" + "\n".join(map(",".join, cells)) + "\n")
    with pytest.raises(UsageError, match="--missing drop"):
        read(path)
    rows = [row for row in range(12) if row not in (3, 7)]
    dropped = read(path, Options(missing="drop", label="a"))
    assert exact(dropped.values, TABLE[rows, 1:])
    assert exact(dropped.target, TABLE[rows, 0])
    assert exact(dropped.kept, np.isin(np.arange(12), rows))
    assert dropped.as_dict()["rows_dropped"] == 2
    filled = read(path, Options(missing="mean")).values
    right = TABLE.copy()
    right[[3, 7], 1] = TABLE[rows, 1].sum() / 10
    right[7, 2] = np.delete(TABLE[:, 2], 7).sum() / 11
    assert exact(filled, right)  # sums of eighths are exact


def test_labels_of_their_own_are_dropped_with_their_examples(tmp_path):
    path = text(tmp_path, "a,b\n1,2\n,3\n4,7\n")
    labels = text(tmp_path, "1\n2\n3\n", "y.csv")
    table = read(path, Options(missing="drop"))
    assert read_labels(str(labels), path, len(table.kept))[table.kept].tolist() == [1, 3]
