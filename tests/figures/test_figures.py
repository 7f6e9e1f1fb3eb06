"""Every figure, drawn at the tiny scale: complete, within its page, nothing on top of another."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib.image
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from companion.errors import UsageError
from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.runner import Result
from figures.__main__ import _missing, _waits, main
from figures.gallery import STYLE, Choice, Plate, compute, draw, drawn, has_result, plates
from figures.marks import small_print

PLATES = plates()
SMALL = "quadratic.regimes_of_a_mode"
LEADING = "page2019.leading_eigenvalues"


def with_claims(plate: Plate) -> str:
    """A test id that ``pytest -k`` finds by the figure's name and by each claim's."""
    return " ".join([plate.name, *(claim.name for claim in plate.shows)])


@pytest.mark.parametrize("plate", [pytest.param(p, id=with_claims(p)) for p in PLATES.values()])
def test_it_is_fit_to_print(plate: Plate, results: Path) -> None:
    assert plate.caption.endswith(".")
    assert plate.source.place
    assert plate.shows
    assert len(set(plate.shows)) == len(plate.shows)
    with drawn(plate, Choice(Scale.TINY, results=results)) as fig:
        fig.canvas.draw()
        assert_axes_are_labelled(fig)
        assert_nothing_reaches_over_the_edge(fig)
        assert_no_text_lies_on_another(fig)
        assert "companion" in fig.get_supxlabel(), "the small print names the version"


def assert_axes_are_labelled(fig: Figure) -> None:
    """Each panel by itself, or by one of its column (across) and of its row (up)."""
    panels = [ax for ax in fig.axes if ax.axison]
    for ax in panels:
        place = ax.get_subplotspec()
        places = [(other, other.get_subplotspec()) for other in panels]
        assert any(o.get_xlabel() for o, spec in places if spec.colspan == place.colspan)
        assert any(o.get_ylabel() for o, spec in places if spec.rowspan == place.rowspan)


def assert_nothing_reaches_over_the_edge(fig: Figure) -> None:
    box = fig.get_tightbbox()
    width, height = fig.get_size_inches()
    hair = 0.01  # inches
    assert box.x0 >= -hair and box.y0 >= -hair
    assert box.x1 <= width + hair and box.y1 <= height + hair


def texts(ax: Axes) -> list[Text]:
    """What is written in and around ``ax``, of the tick labels those in view."""
    ticks = []
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    titles = [ax.title, ax._left_title, ax._right_title]
    written = [*ax.texts, *titles, ax.xaxis.label, ax.yaxis.label, *(ticks if ax.axison else [])]
    return [text for text in written if text.get_visible() and text.get_text()]


def assert_no_text_lies_on_another(fig: Figure) -> None:
    everywhere = [*fig.texts, *(text for ax in fig.axes for text in texts(ax))]
    boxes = {text: text.get_window_extent().shrunk(0.95, 0.9) for text in everywhere}
    on_top = [
        (one.get_text(), other.get_text())
        for one, other in combinations(everywhere, 2)
        if boxes[one].overlaps(boxes[other])
    ]
    assert not on_top


@pytest.mark.parametrize("width", [3.0, 6.4, 12.0])
def test_long_small_print_takes_several_lines(width: float) -> None:
    with plt.style.context(STYLE):
        fig, _ = plt.subplots(figsize=(width, 4))
        small_print(fig, " · ".join(["textures, quick, EXAMPLES_MORE=20480, WIDTH=1/8"] * 12))
        fig.canvas.draw()
        box = fig.get_tightbbox()
        plt.close(fig)
    assert box.x0 >= 0 and box.x1 <= width
    assert box.y0 >= 0


# --- files and the command -------------------------------------------------------------------


def test_all_formats(tmp_path: Path) -> None:
    files = draw(PLATES[SMALL], Choice(Scale.TINY), tmp_path, ("png", "svg", "pdf"))
    assert [path.name for path in files] == [f"{SMALL}.{end}" for end in ("png", "svg", "pdf")]
    assert sorted(tmp_path.iterdir()) == sorted(files), "a temporary file was left behind"
    _, svg, pdf = (path.read_bytes() for path in files)
    assert matplotlib.image.imread(files[0]).shape[:2] == (1020, 1560)
    assert b"</svg>" in svg
    assert pdf.startswith(b"%PDF")


def test_a_figure_is_drawn_twice_to_the_same_bytes(tmp_path: Path) -> None:
    for end in ("png", "svg", "pdf"):
        (one,) = draw(PLATES[SMALL], Choice(Scale.TINY), tmp_path / "one", (end,))
        (two,) = draw(PLATES[SMALL], Choice(Scale.TINY), tmp_path / "two", (end,))
        assert one.read_bytes() == two.read_bytes()


def test_json_of_what_was_drawn(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main([SMALL, "--out", str(tmp_path), "--json", "--format", "svg"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record == {
        "figure": SMALL,
        "shows": [claim.name for claim in PLATES[SMALL].shows],
        "scale": "quick",
        "data": None,
        "files": [str(tmp_path / f"{SMALL}.svg")],
    }
    assert Path(record["files"][0]).stat().st_size > 0


def test_list(capsys: pytest.CaptureFixture) -> None:
    assert main(["--list", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["figure"] for record in records] == list(PLATES)
    assert {tuple(record) for record in records} == {("figure", "shows", "scale", "data", "files")}
    assert main(["--list"]) == 0
    text = capsys.readouterr().out
    for plate in PLATES.values():
        assert plate.caption in text


def test_a_line_a_source_says_how_to_compute_what_waits() -> None:
    known = PLATES.values()
    post = [plate for plate in known if plate.name.startswith("page2019.")]
    (one,) = (plate for plate in known if plate.name == "oxford2021.interpolations")
    many, single = _waits([*post, one])
    assert many.startswith(f"{len(post)} figures of page2019 wait")
    assert "python -m deepnet --source page2019" in many
    assert single.startswith(one.name) and f"python -m deepnet {one.experiment}" in single
    assert list(_waits([])) == []


def test_figures_of_one_source(capsys: pytest.CaptureFixture) -> None:
    assert main(["--list", "--json", "--source", "page2019"]) == 0
    names = [record["figure"] for record in json.loads(capsys.readouterr().out)]
    assert names == [n for n, plate in PLATES.items() if plate.source.key == "page2019"] != []


def test_the_figure_of_images_takes_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    mine = tmp_path / "mine.npy"
    np.save(mine, np.random.default_rng(0).integers(0, 256, (40, 3, 3), dtype=np.uint8))
    words = ["spectra.images", "--data", str(mine), "--out", str(tmp_path), "--format", "svg"]
    assert main([*words, "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["data"] == str(mine)
    assert "mine.npy: 40 examples of 9 inputs" in Path(record["files"][0]).read_text()


def test_images_that_do_not_vary_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "flat.npy", np.ones((5, 4)))
    with pytest.raises(UsageError, match=r"flat\.npy: no input varies"):
        main(["spectra.images", "--data", str(tmp_path / "flat.npy"), "--out", str(tmp_path)])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["quadratic.regimes_of_mode"], f"the nearest is '{SMALL}'"),
        (["zzzzz"], "no figure is named 'zzzzz'"),
        (["--source", "lecun"], "the nearest is 'lecun1991'"),
        (["--format", "png,gif"], "--format 'gif' is unknown; give any of png,svg,pdf"),
        (["--jobs", "0"], "--jobs 0 is out of range; give a whole number >= 1"),
        (["--seeds", "0"], "--seeds 0 is out of range; give a whole number >= 1"),
        (["--seed", "-1"], "--seed -1 is out of range; give a whole number >= 0"),
        ([LEADING, "--set", "width"], "give NAME=VALUE"),
        ([LEADING, "--set", "widht=1/4"], "the nearest is 'width'"),
        ([LEADING, "--set", "top=many"], "--set 'top=many' does not fit"),
        (["spectra.images", "--data", "no/such/file.npy"], "no/such/file.npy"),
    ],
)
def test_the_command_refuses_in_one_line(words: list[str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        main([*words, "--out", str(tmp_path)])
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())


class Counting(ModuleType):
    """An experiment whose only array is its seed plus ``shift``."""

    VERSION, SOURCE, OBSERVATIONS = 1, cite("page2019", "Power method"), ()

    def configuration(self, scale: Scale) -> dict[str, Any]:
        return {"train": 20, "test": 10, "shift": 100}

    def run(self, context: Context) -> dict[str, np.ndarray]:
        return {"x": np.array(context.seed + context.config["shift"])}


class Counted(ModuleType):
    """A figure that writes down what it was given."""

    EXPERIMENT = "counting"
    SOURCE = cite("page2019", "Power method")

    def data(self, results: Sequence[Result]) -> dict[str, Any]:
        return {"given": [int(result.arrays["x"]) for result in results]}

    def draw(self, fig: Figure, data: dict[str, Any]) -> None:
        fig.text(0.5, 0.5, f"given {data['given']}")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Plate:
    known = {"counting": Experiment("counting", Counting("counting"))}
    monkeypatch.setattr("deepnet.experiments.experiment.experiments", lambda: known)
    return Plate("page2019.counted", Counted("counted"))


def given(plate: Plate, choice: Choice) -> tuple[str, str]:
    """What the figure of ``choice`` says, and its small print."""
    with drawn(plate, choice) as fig:
        (text,) = (text.get_text() for text in fig.texts if "given" in text.get_text())
        return text, fig.get_supxlabel()


def test_a_figure_gets_a_result_a_seed_with_the_changes(counted: Plate, tmp_path: Path) -> None:
    usual = Choice(Scale.TINY, results=tmp_path)
    assert given(counted, usual)[0] == "given [100]"
    three = replace(usual, seed=7, seeds=3)
    assert given(counted, three)[0] == "given [107, 108, 109]"
    text, small = given(counted, replace(three, seeds=2, changes=("shift=0",)))
    assert text == "given [7, 8]"
    assert "tiny, shift=0" in small
    assert len(list(tmp_path.rglob("seed-*.npz"))) == 1 + 3 + 2


def test_results_are_there_when_those_of_every_seed_are(counted: Plate, tmp_path: Path) -> None:
    two = Choice(Scale.TINY, results=tmp_path, seeds=2)
    assert not has_result(counted, two)
    given(counted, replace(two, seeds=1))
    assert has_result(counted, replace(two, seeds=1))
    assert not has_result(counted, two)
    given(counted, two)
    assert has_result(counted, two)
    assert not has_result(counted, replace(two, changes=("shift=1",)))
    assert has_result(counted, replace(two, changes=("shift=100",)))  # the usual value


def test_a_run_that_several_figures_draw_is_computed_once_and_first(tmp_path: Path) -> None:
    names = ["spectra.density_of_the_bulk", *(n for n in PLATES if n.startswith("page2019.pert"))]
    assert [PLATES[name].experiment for name in names] == [None, *["perturbations"] * 2]
    two = Choice(Scale.TINY, results=tmp_path, seeds=2)
    runs = _missing(names, two)
    assert runs == [("perturbations", two, 0), ("perturbations", two, 1)]
    for run in runs:
        compute(*run)
    assert _missing(names, two) == []
    assert len(list(tmp_path.rglob("seed-*.npz"))) == 2


def test_missing_draws_what_the_folder_has_not(tmp_path: Path, capsys) -> None:
    words = [SMALL, "--missing", "--format", "svg,png", "--out", str(tmp_path), "--json"]
    (tmp_path / f"{SMALL}.png").write_text("drawn before")
    assert main(words) == 0
    (record,) = json.loads(capsys.readouterr().out)  # the SVG was missing, so both are drawn
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(map(str, before)) == sorted(record["files"])
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_unwritable_folder_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"cannot write .*; choose a place"):
        main([SMALL, "--out", str(tmp_path / "file" / "folder")])
