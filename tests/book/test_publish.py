"""The folder of the book: whole, quick the second time, and nothing that is not the book's."""

from pathlib import Path

import pytest

from book.publish import publish, published
from companion.errors import UsageError


def state(out: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_file_that_did_not_change_is_not_touched(tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text("<svg/>")
    out = tmp_path / "book"
    files = {"index.html": "one", "figures/a.svg": picture}
    assert publish(files, out, "f") == 2
    before = state(out)
    assert publish(files, out, "f") == 0
    pages = {name: what for name, what in state(out).items() if not name.endswith(".json")}
    assert pages == {name: what for name, what in before.items() if not name.endswith(".json")}
    assert publish(files | {"index.html": "two"}, out, "g") == 1


def test_what_an_earlier_book_wrote_is_removed_unless_a_part_is_written(tmp_path: Path) -> None:
    publish({"a.html": "a", "b.html": "b"}, tmp_path, "f")
    publish({"a.html": "a"}, tmp_path, "g", whole=False)
    assert (tmp_path / "b.html").exists()
    publish({"a.html": "a"}, tmp_path, "h")
    assert not (tmp_path / "b.html").exists()


def test_a_file_changed_by_hand_is_noticed(tmp_path: Path) -> None:
    publish({"a.html": "a"}, tmp_path, "f")
    known = published(tmp_path)
    assert known is not None
    assert known.is_whole(tmp_path)
    (tmp_path / "a.html").write_text("b")
    assert not known.is_whole(tmp_path)


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError, match="files that are no book's"):
        publish({"a.html": "a"}, tmp_path, "f")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_book_whose_writing_was_stopped_is_written_again(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    class Stopped(type(Path())):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            raise StopError

    with pytest.raises(StopError):
        publish({"a.html": "a", "b.svg": Stopped("b.svg")}, tmp_path, "f")
    known = published(tmp_path)
    assert known is not None
    assert known.fingerprint == ""
    assert publish({"a.html": "a"}, tmp_path, "f") == 0
    assert published(tmp_path).fingerprint == "f"
