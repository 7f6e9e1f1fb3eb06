"""Files are written whole or not at all."""

import os
import tempfile

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


@pytest.mark.parametrize("use", [make_folder, lambda folder: write_text(folder / "a.txt", "a")])
def test_a_user_s_own_files_stay_whatever_their_names(tmp_path, use):
    names = ["probe", ".probe", "test", "tmp", ".a-.txt", "a.tmp", "a.lock", ".write_test"]
    for name in names:
        (tmp_path / name).write_text(f"the user's {name}")
    use(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} - {"a.txt"} == set(names)
    assert all((tmp_path / name).read_text() == f"the user's {name}" for name in names)


def test_a_refused_folder_leaves_nothing_new_and_all_that_was_there(tmp_path, monkeypatch):
    (tmp_path / "old").mkdir()

    def read_only(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", read_only)
    for place in ("old", "old/new/newer"):
        with pytest.raises(UsageError, match=r"cannot write .*Permission denied"):
            make_folder(tmp_path / place)
        assert list(tmp_path.rglob("*")) == [tmp_path / "old"]


def test_a_folder_of_too_long_a_name_leaves_no_folder_above_it(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        make_folder(tmp_path / "new" / ("x" * 300))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="cannot write"):
        make_folder(tmp_path)
    tmp_path.chmod(0o700)


def test_a_folder_in_the_way_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        write_text(tmp_path, "text")
