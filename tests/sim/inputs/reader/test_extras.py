"""What an extra reads: texts packed by zstd, and workbooks of Excel. Without it, one line."""

import io
import sys
import zipfile

import numpy as np
import pytest

from companion.errors import UsageError
from sim.inputs.read_table import read
from sim.inputs.reader import source
from sim.inputs.reader.options import Options
from tests.close import exact
from tests.sim.inputs.reader.files import NAMES, TABLE, csv_of


@pytest.mark.parametrize(
    ("name", "missing", "says"),
    [
        ("x.csv.zst", "backports", r"needs zstd: pip install -e '\.\[zst\]'"),
        ("x.xlsx", "openpyxl", r"needs openpyxl: pip install -e '\.\[xlsx\]'"),
    ],
)
def test_without_the_extra(tmp_path, monkeypatch, name, missing, says):
    if missing == "backports" and sys.version_info >= (3, 14):
        pytest.skip("the standard library has zstd")
    monkeypatch.setitem(sys.modules, missing, None)
    (tmp_path / name).write_bytes(bytes(20))
    with pytest.raises(UsageError, match=says):
        read(tmp_path / name)


@pytest.fixture
def zstd():
    if sys.version_info >= (3, 14):
        return pytest.importorskip("compression.zstd")
    return pytest.importorskip("backports.zstd")


def test_a_text_packed_by_zstd(tmp_path, zstd):
    path = tmp_path / "x.tsv.zst"
    whole = zstd.compress(csv_of(TABLE, "a\tb\tc\td", delimiter="\t").encode())
    path.write_bytes(whole)
    table = read(path)
    assert exact(np.array(table.values), TABLE) and table.numbers.names == NAMES
    for damaged in (whole[:-9], whole[:20] + bytes(9) + whole[29:], b"1,2\n3,4\n"):
        path.write_bytes(damaged)
        with pytest.raises(UsageError, match="it is damaged"):
            read(path)


def test_a_bomb_of_zstd(tmp_path, zstd, monkeypatch):
    monkeypatch.setattr(source, "memory", lambda: 2**23)
    (tmp_path / "x.csv.zst").write_bytes(zstd.compress(b"1,2\n3,5\n" * 2**18))
    with pytest.raises(UsageError, match="unpacks to more than 1 MB"):
        read(tmp_path / "x.csv.zst")


# --- workbooks ---


def workbook(path, **sheets):
    book = pytest.importorskip("openpyxl").Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ROWS = [NAMES, *TABLE.tolist()]


def test_a_workbook_is_read_as_its_sheet(tmp_path):
    table = read(workbook(tmp_path / "x.xlsx", one=ROWS))
    assert exact(np.array(table.values), TABLE)
    assert table.numbers.names == NAMES and table.numbers.header is True
    rows = [["city", "b", "c"], ["Rome", 1.5, True], [], ["Oslo", None, False], ["Bonn", 3, True]]
    path = workbook(tmp_path / "two.xlsx", one=ROWS, two=rows)
    with pytest.raises(UsageError, match="holds the sheets one, two; choose one with --key"):
        read(path)
    assert exact(np.array(read(path, Options(key="one")).values), TABLE)
    with pytest.raises(UsageError, match="--drop city leaves out"):
        read(path, Options(key="two"))
    two = read(path, Options(key="two", drop=("city",), missing="mean"))
    assert two.values.tolist() == [[1.5, 1], [2.25, 0], [3, 1]]
    with pytest.raises(UsageError, match="--delimiter is for files of text"):
        read(path, Options(delimiter=";"))


def test_hostile_workbooks(tmp_path, monkeypatch):
    whole = workbook(tmp_path / "x.xlsx", one=ROWS).read_bytes()
    for content in (whole[:200], whole[:-40], b"no workbook", _with(whole, "xl/workbook.xml", b"")):
        (tmp_path / "x.xlsx").write_bytes(content)
        with pytest.raises(UsageError, match=r"cannot read .*x\.xlsx.: it is damaged") as refused:
            read(tmp_path / "x.xlsx")
        assert str(refused.value).isprintable()
    (tmp_path / "x.xlsx").write_bytes(_with(whole, "xl/media/x", bytes(2**21)))
    monkeypatch.setattr(source, "memory", lambda: 2**23)
    with pytest.raises(UsageError, match="unpacks to 2 MB, which this machine"):
        read(tmp_path / "x.xlsx")


def _with(whole, name, content):
    """The archive with another member."""
    new = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(whole))
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in old.namelist():
            if each != name:
                archive.writestr(each, old.read(each))
        archive.writestr(name, content)
    return new.getvalue()
