"""Files are written whole or not at all."""

import pytest

from companion.errors import UsageError
from companion.files import atomic, make_folder, write_text


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "new folder" / "file.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), atomic(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_replaces(tmp_path):
    path = tmp_path / "file.txt"
    for text in ("one", "two"):
        write_text(path, text)
    assert path.read_text() == "two"


@pytest.mark.parametrize("place", ["file/in/a/file", "file"])
def test_a_place_that_cannot_be_written_is_refused_in_one_line(tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"cannot write .* choose a place") as refused:
        make_folder(tmp_path / place)
    assert "\n" not in str(refused.value)


def test_a_folder_in_the_way_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        write_text(tmp_path, "text")
