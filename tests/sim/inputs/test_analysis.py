"""``sim.inputs.analyse``: arrays and frames give what the command gives for their files."""

import json

import numpy as np
import pytest

import sim
from companion.command import strict_json
from companion.errors import UsageError
from sim.__main__ import main
from sim.inputs import analyse
from sim.inputs.report import FEEDS
from tests.sim.inputs.reader.files import NAMES, TABLE, csv_of, text


class Frame:
    """A frame as polars has it: columns by name, and cells by row and column."""

    def __init__(self, **columns):
        self.columns, self._arrays = list(columns), [np.array(each) for each in columns.values()]
        self.shape = (len(self._arrays[0]), len(columns))

    def __getitem__(self, place):
        return self._arrays[place[1]]


def pandas(**columns):
    return pytest.importorskip("pandas").DataFrame(columns, index=range(5, 5 + len(TABLE)))


def polars(**columns):
    return pytest.importorskip("polars").DataFrame(columns)


FRAMES = [Frame, pandas, polars]
COLUMNS = dict(zip(NAMES, TABLE.T, strict=True))


def plain(analysis):
    return json.loads(strict_json(analysis.as_dict()))


def of_command(capsys, *words):
    assert main(["inputs", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_is_named_in_the_room():
    assert sim.inputs.analyse is analyse
    with pytest.raises(AttributeError, match="has no attribute 'analyze'"):
        _ = sim.inputs.analyze


def test_an_array_is_analysed_as_its_file_is(capsys, tmp_path):
    np.save(tmp_path / "x.npy", TABLE)
    expected = of_command(capsys, tmp_path / "x.npy")
    assert plain(analyse(TABLE)) == expected | {"file": "X"}
    assert plain(analyse(TABLE.tolist())) == plain(analyse(TABLE))


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_is_analysed_as_its_file_is(capsys, tmp_path, frame):
    path = text(tmp_path, csv_of(TABLE, ",".join(NAMES)))
    expected = of_command(capsys, path, "--label", "c", "--drop", "a")
    found = plain(analyse(frame(**COLUMNS), label="c", drop=["a"]))
    assert expected["read"].pop("header") is True and found["read"].pop("header") is None
    assert found == expected | {"file": "X"}


def test_the_bytes_of_images_are_divided_by_255():
    images = np.random.default_rng(0).integers(0, 256, (20, 2, 3), np.uint8)
    assert plain(analyse(images))["read"]["divided_by"] == 255
    assert plain(analyse(images.reshape(20, 6)))["read"]["divided_by"] == 1


def test_labels_of_their_own():
    y = TABLE @ [1.0, 2, 3, 4]
    assert plain(analyse(TABLE, y))["centred"]["steps"]["predicted"]["minimum"] == 0
    holed = TABLE.copy()
    holed[2, 1] = np.nan
    dropped = plain(analyse(holed, y, missing="drop"))
    whole = plain(analyse(np.delete(TABLE, 2, 0), np.delete(y, 2)))
    assert {feed: dropped[feed] for feed in FEEDS} == {feed: whole[feed] for feed in FEEDS}


BAD = {
    "text": ({"X": Frame(**COLUMNS, city=["x"] * 12)}, r"column 'city' holds .*drop=\['city'\]"),
    "an array of text": ({"X": np.array([["a"], ["b"]])}, "'X' holds values of type <U1"),
    "no column": ({"X": Frame(**COLUMNS), "label": "e"}, "no column is named 'e'"),
    "two targets": (
        {"X": Frame(**COLUMNS), "label": "a", "y": TABLE[:, 0]},
        "two targets; give one",
    ),
    "few labels": ({"X": TABLE, "y": [1.0, 2.0]}, "y holds 2 labels; one for each of 12"),
    "text labels": ({"X": TABLE, "y": ["a"] * 12}, "y holds values of type <U1"),
    "missing": ({"X": Frame(a=[1, np.nan, 2])}, "is nan"),
    "one number": ({"X": 3}, "holds a single number"),
    "objects": ({"X": [[1, None], [2, 3]]}, "values of type object"),
}


@pytest.mark.parametrize(("arguments", "says"), BAD.values(), ids=BAD)
def test_what_cannot_be_analysed_is_refused_in_one_line(arguments, says):
    with pytest.raises(UsageError, match=says) as refused:
        analyse(**arguments)
    assert "\n" not in str(refused.value)


def test_pandas_own_types_and_missing_values():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": pd.array([1, None, 3, 5], "Int64"), "b": [1.5, 2, 4, 0]})
    found = analyse(frame, missing="mean").table.values
    assert found.tolist() == [[1, 1.5], [3, 2], [3, 4], [5, 0]]
    frame["c"] = pd.Categorical(list("xyxy"))
    with pytest.raises(UsageError, match=r"column 'c' holds values of type category"):
        analyse(frame)


def test_it_shows_itself():
    found = analyse(Frame(**COLUMNS, **{"a|*b*": TABLE[:, 0]}))
    shown = str(found)
    assert shown.splitlines()[0].startswith("X: 12 examples of 5 features, rank 4; float64; col")
    assert "what to do: " in shown
    page = found._repr_markdown_()
    assert "| largest eigenvalue |" in page and "|  | raw | centred | standardised |" in page
    assert r"a\|\*b\*" in page
    widths = {line.count("|") for line in page.splitlines() if line.startswith("|")}
    assert widths == {5}
    for head, said in found.sentences.items():
        assert f"**{head}** {said[:20]}" in page


def test_a_masked_entry_is_missing():
    masked = np.ma.masked_array(
        np.arange(12.0).reshape(6, 2) ** 2, np.arange(12).reshape(6, 2) == 3
    )
    with pytest.raises(UsageError, match="example 2, column 2 is nan"):
        analyse(masked)
    assert analyse(masked, missing="drop").table.rows == 6
    assert len(analyse(masked, missing="drop").table.values) == 5


def test_rows_of_different_lengths_are_one_line():
    with pytest.raises(UsageError, match="'X' has rows of different lengths"):
        analyse([[1, 2], [3]])
