"""Texts: what is recognised gives the same table, and what may be read in two ways is refused."""

import bz2
import gzip
import io
import lzma
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from companion.errors import UsageError
from sim.inputs.read_table import read, read_table
from sim.inputs.reader.options import Options
from tests.close import exact
from tests.sim.inputs.reader.files import NAMES, TABLE, csv_of, lines_of, text

FINITE = st.floats(allow_nan=False, allow_infinity=False)


# --- headers ---

DOUBTFUL = {
    "years": ("1990,1991,1992,1993", "may be names"),
    "years that jump": ("1990,1995,2000,2020", "may be names"),
    "counted": ("0,1,2,3", "may be names"),
    "equal steps": ("400.5,401,401.5,402", "may be names"),
    "a missing value": ("?,1.5,2.5,3.5", "is part numbers"),
    "an empty cell": ("1.5,,2.5,3.5", "is part numbers"),
    "only missing values": ("?,NA,,-", "has no name and no number"),
    "counts and classes": ("150,4,setosa,versicolor", "is part numbers"),
}


@pytest.mark.parametrize(("first", "why"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_doubtful_first_line_is_refused_and_the_options_tell(tmp_path, first, why):
    path = text(tmp_path, csv_of(TABLE, first))
    with pytest.raises(UsageError, match=f"line 1 {why} .*give --header yes or --header no"):
        read(path)
    table = read(path, Options(header="yes"))
    assert exact(np.array(table.values), TABLE)
    assert table.numbers.names == first.split(",")
    try:
        values = read(path, Options(header="no", missing="mean")).values
    except UsageError as refused:
        assert "line 1, column 3 is 'setosa'" in str(refused)
    else:
        assert exact(values[1:], TABLE)


@pytest.mark.parametrize("first", ["0,1", "1990,1991", "1995,1990"])
def test_two_columns_may_have_numbers_for_names(tmp_path, first):
    path = text(tmp_path, csv_of(TABLE[:, :2], first))
    with pytest.raises(UsageError, match="line 1 may be names"):
        read(path)
    whole = [[1, 2], [3, 4], [8, 2]]
    assert exact(
        np.array(read_table(text(tmp_path, csv_of(np.array(whole))))), np.array(whole, float)
    )


def test_differences_beyond_all_numbers_are_no_warning(tmp_path):
    table = np.array([[1e308, 2], [-1e308, 3], [1e308, 5]])
    path = text(tmp_path, "a,b\n" + "\n".join(f"{x!r},{y!r}" for x, y in table.tolist()))
    assert exact(np.array(read(path).values), table)
    (tmp_path / "y.csv").write_text("a,b\n1e308,2\n1e308,3\n,5\n")
    assert read(tmp_path / "y.csv", Options(missing="mean")).values[2, 0] == np.inf


def test_years_above_years_are_examples(tmp_path):
    table = np.array([[1990, 1995, 2003], [1991, 1999, 2001], [1987, 1994, 2010]], float)
    assert exact(np.array(read_table(text(tmp_path, csv_of(table)))), table)


def test_infinite_and_huge_numbers_are_no_names(tmp_path):
    path = text(tmp_path, "inf,1e308,-1e308\n1,2,4\n-inf,inf,inf\n")
    assert read_table(path).tolist() == [
        [np.inf, 1e308, -1e308],
        [1, 2, 4],
        [-np.inf, np.inf, np.inf],
    ]


@given(st.lists(st.integers(-9, 9).map(lambda n: n / 2), min_size=3, max_size=3))
def test_numbers_that_go_on_below_are_examples(tmp_path_factory, first):
    """Rows that rise by one below a row that does: no header."""
    path = tmp_path_factory.getbasetemp() / "rising.csv"
    table = np.array([[x, x + 1, x + 2] for x in first])
    path.write_text(csv_of(table))
    assert exact(np.array(read_table(path)), table)


def test_a_header_of_two_lines_in_quotes(tmp_path):
    table = read(text(tmp_path, '"a\n(m)",b\n1,2\n3,4\n5,7\n'))
    assert table.values.tolist() == [[1, 2], [3, 4], [5, 7]]
    assert table.numbers.names == ["a (m)", "b"]


def test_lengths_of_header_and_rows(tmp_path):
    for content, says in {
        "x\n1,5\n2,25\n3,75\n": "the header has 1 name, the next line 2 cells; give --decimal ,",
        "a,b,c\n1,5\n2,25\n": "the header has 3 names, the next line 2 cells",
        "178,13,x\n1,2,3,4,5\n2,2,3,4,5\n": "is part numbers",
    }.items():
        with pytest.raises(UsageError, match=says):
            read(text(tmp_path, content))
    path = text(tmp_path, "x\n1,5\n2,25\n3,75\n")
    assert read(path, Options(decimal=",")).values.tolist() == [[1.5], [2.25], [3.75]]
    assert read(path, Options(drop=("1",))).values.tolist() == [[5], [25], [75]]
    skipped = read(path, Options(header="yes", delimiter=",", decimal="."))
    assert skipped.values.tolist() == [[1, 5], [2, 25], [3, 75]]


def test_rows_of_other_lengths_are_refused_where_columns_are_left_out(tmp_path):
    path = text(tmp_path, "a,b,c\n1,2,x\n3,y\n")
    with pytest.raises(UsageError, match="line 3, column 2 is 'y'"):
        read(path, Options(drop=("c",)))
    path = text(tmp_path, "a,b,c\n1,2,x\n3,4\n5,6,z\n")
    with pytest.raises(UsageError, match="line 3 has 2 numbers, those before 3; lengths"):
        read(path, Options(drop=("c",)))


# --- delimiters and decimal points ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", "   "])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("header", [None, "a b"])
def test_what_separates_cells_is_found(tmp_path, delimiter, decimal, header):
    if delimiter == decimal:
        rows = [",".join(f'"{cell}"' for cell in row.split()) for row in lines_of(TABLE, " ", ",")]
    else:
        rows = lines_of(TABLE, delimiter, decimal)
    if header:
        names = [f'"{name} (m)"' for name in NAMES]
        rows = [delimiter.join(names), *rows]
    path = text(tmp_path, "\n".join(rows) + "\n")
    table = read(path)
    assert exact(np.array(table.values), TABLE)
    assert table.numbers.names == ([f"{name} (m)" for name in NAMES] if header else None)
    for words, is_so in {"is a comma": decimal == ",", "separated by": delimiter != ","}.items():
        assert any(words in note for note in table.notes) == is_so


@given(
    arrays(float, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=5), elements=FINITE),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from([".", ","]),
)
def test_every_table_comes_back(tmp_path_factory, table, delimiter, decimal):
    """All digits of all numbers, however they are written."""
    if delimiter == decimal:
        delimiter = ";"
    path = tmp_path_factory.getbasetemp() / "any.csv"
    rows = [[repr(float(x)).replace(".", decimal) for x in row] for row in table]
    path.write_text("\n".join(delimiter.join(row) for row in rows))
    options = Options(header="no", delimiter=delimiter, decimal=decimal)
    assert exact(np.array(read(path, options).values), table)


def test_thousands(tmp_path):
    path = text(tmp_path, "a\tb\n1,234\t2\n1,300\t3\n")
    with pytest.raises(UsageError, match="has '1,234': give --thousands , where the comma"):
        read(path)
    assert read(path, Options(decimal=",")).values.tolist() == [[1.234, 2], [1.3, 3]]
    assert read(path, Options(thousands=",")).values.tolist() == [[1234, 2], [1300, 3]]
    path = text(tmp_path, 'a,b\n"1,234,567.5 ",2\n" 23,288",3\n')
    assert read(path, Options(thousands=",")).values.tolist() == [[1234567.5, 2], [23288, 3]]
    path = text(tmp_path, "a;b\n1.234,5;2\n2.300;3,25\n")
    assert read(path, Options(thousands=".")).values.tolist() == [[1234.5, 2], [2300, 3.25]]


@given(st.lists(st.booleans(), min_size=4, max_size=70))
def test_truth_values_are_1_and_0(tmp_path_factory, truths):
    """Also where they begin behind the lines that are looked at first."""
    path = tmp_path_factory.getbasetemp() / "truth.csv"
    numbers = [str(n % 7) for n in range(60)]
    cells = [*numbers, *(("True", "true", "FALSE")[2 - 2 * t] for t in truths)]
    path.write_text("a,b\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells)))
    table = read(path)
    assert table.values[60:, 1].tolist() == list(map(float, truths))
    assert "true is read as 1 and false as 0" in table.notes
    path.write_text("".join(f"{n % 3},{cell}\n" for n, cell in enumerate(cells[60:])))
    assert read(path).values[:, 1].tolist() == list(map(float, truths))


PREAMBLES = [
    "Title: x\n",
    "a text of more words\nthan the table has columns\n",
    "* * *\n\nSource;  somewhere\n",
    "=====\n",
]


@pytest.mark.parametrize("preamble", PREAMBLES)
@pytest.mark.parametrize("delimiter", [",", " ", ";"])
def test_a_text_before_the_table_is_skipped_where_it_is_said(tmp_path, preamble, delimiter):
    path = text(tmp_path, preamble + csv_of(TABLE, delimiter.join(NAMES), delimiter=delimiter))
    count = preamble.count("\n")
    with pytest.raises(
        UsageError, match=f"line {count + 1} seems to begin a table: --skip {count}"
    ):
        read(path)
    table = read(path, Options(skip=count))
    assert exact(np.array(table.values), TABLE) and table.numbers.names == NAMES


def test_a_table_without_a_text_before_it_is_not_skipped(tmp_path):
    for content in (
        "a,b\n1,2,3\n3,4,5\n6,7,8\n",
        "a,b,c\n1,x,2\n3,y,4\n5,z,6\n",
        "a,b\nx,y\nz,u\nv,w\n",
    ):
        with pytest.raises(UsageError) as refused:
            read(text(tmp_path, content))
        assert "--skip" not in str(refused.value)
    with pytest.raises(UsageError, match="holds no examples"):
        read(text(tmp_path, "a,b\n1,2\n3,4\n"), Options(skip=10**9))
    doubtful = text(tmp_path, "x\ny\n1,2,a\n3,4,5\n")
    with pytest.raises(UsageError, match="line 3 is part numbers"):
        read(doubtful, Options(skip=2))


def test_numbers_in_the_place_of_names_may_be_nan(tmp_path):
    values = read(text(tmp_path, "1,NaN,2\n3,4,5\n6,7,9\n"), Options(missing="drop")).values
    assert values.tolist() == [[3, 4, 5], [6, 7, 9]]


@pytest.mark.parametrize("content", ['x,y\n1,"2\n' + "3,4\n" * 40_000, "x\n1,5\n2,25\n"])
def test_a_faulty_table_is_no_text_before_a_table(tmp_path, content):
    with pytest.raises(UsageError) as raised:
        read(text(tmp_path, content))
    assert "--skip" not in str(raised.value)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes("größe,b\n1,2\n3,5\n".encode(encoding))
    marked = encoding in ("utf-16", "utf-32")
    says = (
        rf"{encoding.upper()}: --encoding {encoding}$" if marked else "NUL bytes|--encoding latin-1"
    )
    with pytest.raises(UsageError, match=says):
        read(path)
    table = read(path, Options(encoding=encoding))
    assert table.values.tolist() == [[1, 2], [3, 5]] and table.numbers.names == ["größe", "b"]
    with pytest.raises(UsageError, match="is not text in ascii; give another --encoding"):
        path.write_bytes("größe,b\n1,2\n3,5\n".encode("latin-1"))
        read(path, Options(encoding="ascii"))


def test_an_index_may_be_kept(tmp_path):
    path = text(tmp_path, csv_of(TABLE, ",a,b,c,d", range(12)))
    table = read(path, Options(keep_index=True))
    assert exact(np.array(table.values), np.column_stack([np.arange(12.0), TABLE]))
    assert table.numbers.left_out == []
    assert table.called(0) == "column 1" and table.called(1) == "a"


def test_wide_lines(tmp_path):
    """A line of more characters than a cell of the module csv may have."""
    path = tmp_path / "wide.csv"
    np.savetxt(path, np.ones((3, 6000)))
    assert path.read_text().index("\n") > 131_072
    assert exact(np.array(read_table(path)), np.ones((3, 6000)))


def test_a_cell_of_several_lines_in_a_column_that_is_dropped(tmp_path):
    path = text(tmp_path, 'a,t,b\n1,"x\ny, 3",2\n3,"4",5\n')
    assert read(path, Options(drop=("t",))).values.tolist() == [[1, 2], [3, 5]]
    with pytest.raises(UsageError, match=r"no examples; .*is a quote left open"):
        read(text(tmp_path, '"a,b\n1,2\n3,4\n'))


def test_the_first_line_of_excel(tmp_path):
    table = read(text(tmp_path, "sep=;\na;b\n1;2,5\n3;5\n"))
    assert table.values.tolist() == [[1, 2.5], [3, 5]]
    assert "lines that begin with # or sep= before the table are skipped" in table.notes


def test_comments_before_the_table(tmp_path):
    path = tmp_path / "x.txt"
    np.savetxt(path, TABLE, header="a b\nc d")
    assert exact(np.array(read_table(path)), TABLE)


@pytest.mark.parametrize(
    ("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
@pytest.mark.parametrize("kind", [".csv", ".tsv", ".txt", ".dat"])
def test_packed_texts(tmp_path, kind, ending, pack):
    path = tmp_path / f"x{kind}{ending}"
    path.write_bytes(pack(csv_of(TABLE, "a\tb\tc\td", delimiter="\t").encode()))
    table = read(path)
    assert exact(np.array(table.values), TABLE) and table.numbers.names == NAMES


def test_standard_input(monkeypatch):
    for content in (csv_of(TABLE, "a,b,c,d").encode(), _saved(np.save), _saved(np.savez)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert exact(np.array(read_table("-")), TABLE)


def _saved(save):
    file = io.BytesIO()
    save(file, TABLE)
    return file.getvalue()
