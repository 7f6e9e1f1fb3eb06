"""Another checkout is timed in a process that has its rooms, and no other ones."""

import os
import shutil
import subprocess
import sys

import pytest

from benchmarks.engines import OURS, THREADS, Engine, checkout, commit, started
from companion.errors import UsageError
from deepnet.ops.blocks import threads
from tests.paths import ROOT


def names_of_rooms():
    """Where the process has its rooms from, which threads, and what marks the checkout."""
    import companion
    import deepnet

    return deepnet.__file__, companion.__file__, threads(), getattr(deepnet, "MARK", None)


@pytest.mark.landing
def test_each_engine_has_its_own_rooms_and_threads(tmp_path, monkeypatch):
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    for room in ("companion", "deepnet"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "__init__.py").write_text("raise ImportError('not wanted')")
    with (tmp_path / "deepnet" / "__init__.py").open("a") as file:
        file.write("\nMARK = 'the other one'\n")
    other, path = checkout(tmp_path), list(sys.path)
    with started((OURS, other), 3) as processes:
        assert [each.submit(threads).result() for each in processes.values()] == [3, 3]
        ours, theirs = (each.submit(names_of_rooms).result() for each in processes.values())
        assert processes[other].submit(other.check).result() is None
        with pytest.raises(RuntimeError, match="was imported from"):
            processes[OURS].submit(other.check).result()
    assert ours[3] is None and theirs[3] == "the other one"
    assert not {*ours[:2]} & {*theirs[:2]}
    assert sys.path == path and not any(name in os.environ for name in THREADS)


@pytest.mark.parametrize("room", ["companion", "deepnet"])
def test_a_folder_without_an_engine_is_refused(tmp_path, room):
    (other,) = {"companion", "deepnet"} - {room}
    (tmp_path / other).mkdir()
    (tmp_path / other / "__init__.py").touch()
    with pytest.raises(UsageError, match=f"no folder '{room}'"):
        checkout(tmp_path)


def test_a_checkout_is_named_by_its_commit_or_else_by_its_folder(tmp_path):
    assert commit(tmp_path / "absent") == ""
    for room in ("companion", "deepnet"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    assert checkout(tmp_path) == Engine(tmp_path.name, OURS.module, tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert head.stdout.startswith(checkout(tmp_path).name)
    (tmp_path / "deepnet" / "__init__.py").write_text("1")
    assert checkout(tmp_path).name.endswith("+")
