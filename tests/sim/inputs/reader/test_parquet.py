"""Files of Arrow, where pyarrow is installed: their index, nulls, twins and kinds of number."""

import decimal
import json

import pytest

from companion.errors import UsageError
from sim.inputs.read_table import read, read_table
from sim.inputs.reader.options import Options
from tests.close import exact
from tests.sim.inputs.reader.files import NAMES, TABLE, counted, gapped

arrow = pytest.importorskip("pyarrow")


def written(folder, columns, metadata=None, kind="parquet"):
    from pyarrow import feather, parquet

    names, arrays = zip(*columns, strict=True)
    table = arrow.Table.from_arrays([arrow.array(each) for each in arrays], names=list(names))
    table = table.replace_schema_metadata(metadata)
    path = folder / f"x.{kind}"
    parquet.write_table(table, path) if kind == "parquet" else feather.write_feather(
        table, str(path)
    )
    return path


COLUMNS = list(zip(NAMES, TABLE.T, strict=True))


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrow"])
def test_the_index_of_the_metadata_is_left_out(tmp_path, kind):
    metadata = {"pandas": json.dumps({"index_columns": ["__index_level_0__"], "columns": []})}
    path = written(tmp_path, [*COLUMNS, ("__index_level_0__", gapped(TABLE))], metadata, kind)
    table = read(path)
    assert exact(table.values, TABLE) and table.numbers.names == NAMES
    assert str(*table.numbers.left_out) == "__index_level_0__ (an index by the file's own metadata)"
    assert f"columns {', '.join(NAMES)}" in table.in_words("")[0]


@pytest.mark.parametrize("metadata", [{"pandas": "{"}, {"pandas": "[1]"}, {"other": "1"}, None])
def test_metadata_that_say_nothing(tmp_path, metadata):
    assert exact(read_table(written(tmp_path, COLUMNS, metadata)), TABLE)


def test_a_nameless_count_is_an_index(tmp_path):
    path = written(tmp_path, [("", counted(TABLE)), *COLUMNS])
    assert exact(read_table(path), TABLE)


@pytest.mark.parametrize(
    "values",
    [[True, None, False], [1, None, 0], [decimal.Decimal("1.0"), None, decimal.Decimal("0")]],
)
def test_a_null_is_missing(tmp_path, values):
    path = written(tmp_path, [("a", [1.5, 2.5, 4.0]), ("t", values)])
    with pytest.raises(UsageError, match=r"example 2, t is nan"):
        read(path)
    dropped = read(path, Options(missing="drop"))
    assert dropped.values.tolist() == [[1.5, 1], [4, 0]]
    assert read(path, Options(missing="mean")).values.tolist() == [[1.5, 1], [2.5, 0.5], [4, 0]]


def test_two_of_one_name(tmp_path):
    path = written(tmp_path, [("a", TABLE[:, 0]), ("a", TABLE[:, 1])])
    table = read(path)
    assert exact(table.values, TABLE[:, :2])
    assert table.notes == ["2 columns are named a; each is a feature"]


def test_text_is_refused_with_the_option_that_helps(tmp_path):
    path = written(tmp_path, [*COLUMNS, ("word", ["x"] * 12)])
    with pytest.raises(
        UsageError,
        match=r"column 'word' holds string values; numbers are needed; --numbers leaves out such "
        "columns, --drop one of them",
    ):
        read(path)
    table = read(path, Options(drop=("word",), label="b"))
    assert exact(table.values, TABLE[:, [0, 2, 3]])
    assert exact(table.target, TABLE[:, 1])


def test_a_file_that_is_none(tmp_path):
    for name in ("x.parquet", "x.feather"):
        (tmp_path / name).write_bytes(b"PAR1 or not")
        with pytest.raises(UsageError, match=f"cannot read '.*{name}' as ") as refused:
            read(tmp_path / name)
        assert "\n" not in str(refused.value)
