"""The counter of ellipses."""

from pathlib import Path

import pytest

from companion.errors import UsageError
from tools import ellipses

TEXT = '''"""The ones that are left."""


def f():
    """The largest of those that remain; the others.

    >>> "the same"
    'nothing'
    """


class C:
    """A class with four words."""
'''


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of one room with one file."""
    monkeypatch.setattr(ellipses, "ROOT", tmp_path)
    path = tmp_path / "deepnet" / "ops" / "some.py"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_docstrings_are_counted_without_their_examples(room: Path) -> None:
    found = list(ellipses.docstrings([room]))
    assert [(each.line, each.of_module) for each in found] == [(1, True), (5, False), (13, False)]
    assert "the same" not in found[1].text
    own = ellipses.Count.of(each.text for each in found if not each.of_module)
    assert (own.ellipses, own.semicolons) == (2, 1)


def test_the_table_has_a_row_per_room(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ellipses.main(["deepnet"]) == 0
    head, row, _ = capsys.readouterr().out.splitlines()
    assert head.split() == ["words", "ellipses", "semicolons", "in", "modules"]
    assert row.split() == ["deepnet/ops", "14", "142.9", "71.4", "200.0"]


def test_the_list_names_places(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ellipses.main(["deepnet/ops/some.py", "--list"]) == 0
    assert (
        capsys.readouterr().out.splitlines()[0] == "deepnet/ops/some.py:1: The ones that are left."
    )


def test_a_draw_says_its_seed_and_repeats(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ellipses, "LEAST", 4)
    texts = []
    for _ in range(2):
        assert ellipses.main(["deepnet", "--draw", "2", "--seed", "7"]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    assert texts[0].startswith("seed 7\n\ndeepnet/ops/some.py:")


def test_a_folder_without_files_is_refused(room: Path) -> None:
    with pytest.raises(UsageError, match="no Python files there"):
        ellipses.main(["nowhere"])
