"""A result of one's own is read and checked: what is no result is refused in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from companion.command import strict_json
from companion.errors import UsageError
from companion.pictures import draw_result, picture_file
from companion.scale import Scale
from figures.__main__ import main
from figures.gallery import Choice, drawn, plates
from figures.own_result import OwnResult, read_result
from sim.inputs.analysis import analyse
from tests.close import rounded
from tests.figures.test_figures import (
    assert_no_text_lies_on_another,
    assert_nothing_reaches_over_the_edge,
)
from tests.paths import ROOT

PLATE = plates()["own.inputs"]


def result_of(table: np.ndarray) -> dict[str, Any]:
    return json.loads(strict_json(analyse(table).as_dict()))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


RESULT = result_of(rng().standard_normal((30, 3)) + 1)


def saved(folder: Path, content: Any) -> str:
    path = folder / "mine.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def changed(*keys: str, to: Any) -> dict[str, Any]:
    """``RESULT`` with another entry; None takes it out."""
    result = json.loads(json.dumps(RESULT))
    inner = result
    for key in keys[:-1]:
        inner = inner[key]
    if to is None:
        del inner[keys[-1]]
    else:
        inner[keys[-1]] = to
    return result


BAD = {
    "no JSON": ("time,load\n1,2\n", "is no JSON; give what `python -m sim inputs ... --json`"),
    "nested": ("[" * 100_000, "is no JSON"),
    "a list": ([1, 2], "is something else; give what"),
    "another result": (changed("result", to="deepnet spectrum"), "a result of 'deepnet spectrum'"),
    "no name": (changed("result", to=None), "is something else"),
    "interrupted": (changed("centred", to=None), "centred.eigenvalues is not there"),
    "no eigenvalues": (changed("raw", "eigenvalues", to=None), "raw.eigenvalues is not there"),
    "text for a list": (changed("raw", "eigenvalues", to="1"), "not a list of finite numbers"),
    "text in a list": (changed("raw", "eigenvalues", to=["1"]), "not a list of finite numbers"),
    "infinite": (changed("raw", "eigenvalues", to=[1.0, 10**400]), "not a list of finite numbers"),
    "uneven": (changed("raw", "eigenvalues", to=[[1.0], 2.0]), "not a list of finite numbers"),
    "negative": (changed("raw", "eigenvalues", to=[-1.0]), "raw.eigenvalues are not positive"),
    "a bulk of one": (changed("centred", "bulk", to=[1.0]), "centred.bulk is no interval"),
    "truth": (changed("examples", to=True), "examples is not a number"),
    "none": (changed("examples", to=0), "are too few for a spectrum"),
    "no end": (changed("features", to="inf"), "features is not a whole number"),
    "half": (changed("features", to=1.5), "features is not a whole number"),
    "a text": (changed("raw", "condition", to="many"), "raw.condition is not a number"),
    "a number": (changed("file", to=3), "file is not a text"),
    "nothing varies": (result_of(np.ones((4, 2))), "no input varies between examples"),
}


@pytest.mark.parametrize(("content", "says"), BAD.values(), ids=BAD)
def test_a_wrong_file_is_one_line(tmp_path: Path, content: Any, says: str) -> None:
    path = saved(tmp_path, content)
    with pytest.raises(UsageError, match=says) as refused:
        main(["own.inputs", "--data", path, "--out", str(tmp_path)])
    line = str(refused.value)
    assert "mine.json" in line and line.isprintable() and len(line) < 300
    assert [each.name for each in tmp_path.iterdir()] == ["mine.json"]


def test_what_is_no_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no file .*; `python -m sim inputs ... --json"):
        read_result(str(tmp_path / "none.json"), "sim inputs")
    with pytest.raises(UsageError, match="is no file; give one with a result"):
        read_result(str(tmp_path), "sim inputs")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UsageError, match="is no file"):
            read_result(str(tmp_path / "pipe"), "sim inputs")


def test_numbers_that_json_writes_as_text() -> None:
    result = OwnResult("x", "sim inputs", {"result": "sim inputs", "a": "inf", "b": "\x1b[2J"})
    assert result.number("a") == float("inf")
    assert result.text("b") == r"\x1b[2J"


TABLES = {
    "one column": rng().standard_normal((20, 1)),
    "two examples": rng().standard_normal((2, 3)),
    "an outlier": rng().standard_normal((50, 5)) + 1e6,
    "scales": rng().standard_normal((50, 4)) * [1e-9, 1, 1e9, 1e20],
    "constant columns": np.column_stack([rng().standard_normal((20, 3)), np.ones(20)]),
    "many columns": rng().standard_normal((60, 120)),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_any_table_is_fit_to_print(tmp_path: Path, table: np.ndarray) -> None:
    result = result_of(table)
    choice = Choice(Scale.QUICK, source=saved(tmp_path, result))
    with drawn(PLATE, choice) as fig:
        fig.canvas.draw()
        assert_nothing_reaches_over_the_edge(fig)
        assert_no_text_lies_on_another(fig)
        assert f"{len(table):,} examples" in fig.get_supxlabel()
        assert "quick" not in fig.get_supxlabel()
        for ax, feed in zip(fig.axes, ("raw", "centred", "standardised"), strict=True):
            (points,) = (line for line in ax.lines if line.get_marker() == "o")
            low, high = ax.get_ylim()
            drawn_values = points.get_ydata()
            assert rounded(drawn_values[::-1], result[feed]["eigenvalues"])
            assert low < drawn_values.min() <= drawn_values.max() < high


def test_the_ending_of_a_picture_is_asked_for_first(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--figure 'x.jpg' is no picture; end it in \.png, \.svg"):
        picture_file("x.jpg")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="cannot write"):
        picture_file(str(tmp_path / "file" / "x.png"))


@pytest.mark.landing
def test_a_command_draws_its_result_in_a_process(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", rng().standard_normal((30, 3)))
    words = ["sim", "inputs", str(tmp_path / "x.npy"), "--figure", str(tmp_path / "mine.svg")]
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert done.stderr.startswith("sim: ") and "mine.svg shows the spectra" in done.stderr
    assert "what it buys" in done.stdout
    assert "x.npy: 30 examples of 3 features" in (tmp_path / "mine.svg").read_text()
    assert json.loads((tmp_path / "mine.json").read_text())["result"] == "sim inputs"
    with pytest.raises(UsageError, match=r"bad.png' was not drawn: .*raw.bulk is not there"):
        draw_result("own.inputs", changed("raw", "bulk", to=None), tmp_path / "bad.png")
    assert not (tmp_path / "bad.png").exists()
