"""What has changed, in repositories made for it."""

import os
import subprocess
from pathlib import Path

import pytest

from companion.errors import UsageError
from tools.changes import CannotTellError, changes

MAIN, LAST = "the last commit shared with main", "the commit before the last one"


class Repository:
    """A repository with a commit on main, and the commands of git on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self("init", "--quiet", "--initial-branch=main")
        self.commit(first="1", other="a text long enough to be known again " * 9)

    def __call__(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.root, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.root / name).write_text(text)

    def commit(self, **files: str) -> None:
        self.write(**files)
        self("add", "--all")
        self("commit", "--quiet", "--allow-empty", "--message", "words")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # as in a hook of git
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "someone@example.org")
    return Repository(tmp_path / "here")


def found(repository: Repository, base: str | None = None) -> tuple[list[str], str]:
    changed = changes(repository.root, base)
    return list(changed.paths), changed.since


def test_on_a_branch_all_since_it_left_main_counts(repository):
    repository("switch", "--quiet", "--create", "mine")
    assert found(repository) == ([], MAIN)
    repository.commit(committed="1")
    repository.write(first="2", untracked="1")
    repository.write(staged="1")
    repository("add", "staged")
    mine = ["committed", "first", "staged", "untracked"]
    assert found(repository) == (mine, MAIN)
    repository("stash", "--quiet", "--include-untracked")
    repository("switch", "--quiet", "main")
    repository.commit(theirs="1")
    repository("switch", "--quiet", "--detach", "mine")
    repository("stash", "pop", "--quiet")
    assert found(repository) == (mine, MAIN)


def test_on_main_it_is_the_last_commit_and_what_is_not_committed(repository):
    with pytest.raises(CannotTellError, match="no commit before the last one"):
        changes(repository.root)
    repository.commit(second="1")
    repository.commit(third="1")
    repository.write(first="2")
    assert found(repository) == (["first", "third"], LAST)
    assert found(repository, "HEAD") == (["first"], "the last commit shared with HEAD")
    assert found(repository, "HEAD~2")[0] == ["first", "second", "third"]


def test_both_ends_of_a_renamed_file_count_and_a_deleted_one(repository):
    repository("mv", "other", "new place with a space")
    (repository.root / "first").unlink()
    paths = ["first", "new place with a space", "other"]
    assert found(repository, "HEAD")[0] == paths
    repository.commit(**{"é\n": "1"})
    assert found(repository, "HEAD~1")[0] == sorted([*paths, "é\n"])


def test_what_git_ignores_does_not_count(repository):
    repository.write(**{".gitignore": "ignored\n", "ignored": "1"})
    assert found(repository, "HEAD")[0] == [".gitignore"]


def test_a_clone_compares_with_origin(repository, tmp_path):
    repository("branch", "--move", "trunk")
    repository.commit(second="1")
    repository("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Repository.__new__(Repository)
    clone.root = tmp_path / "clone"
    assert found(clone) == (["second"], LAST)
    clone("switch", "--quiet", "--create", "mine")
    clone.commit(third="1")
    assert found(clone) == (["third"], "the last commit shared with trunk")


def test_a_shallow_clone_cannot_tell(repository, tmp_path):
    repository.commit(second="1")
    repository("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(tmp_path / "one"))
    with pytest.raises(CannotTellError, match="no commit before the last one"):
        changes(tmp_path / "one")


def test_where_git_cannot_tell_it_says_why(repository, tmp_path, monkeypatch):
    with pytest.raises(CannotTellError, match="no git repository"):
        changes(tmp_path)
    (repository.root / "folder").mkdir()
    with pytest.raises(CannotTellError, match="no git repository"):
        changes(repository.root / "folder")
    repository("switch", "--quiet", "--orphan", "alone")
    with pytest.raises(CannotTellError, match="nothing is committed yet"):
        changes(repository.root)
    repository.commit(first="1")
    with pytest.raises(CannotTellError, match="no commit that is shared with main"):
        changes(repository.root)
    repository("branch", "--quiet", "--delete", "--force", "main")
    with pytest.raises(CannotTellError, match="there is no branch main"):
        changes(repository.root)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotTellError, match="git cannot be run"):
        changes(repository.root)


@pytest.mark.parametrize("base", ["mian", "--all", "HEAD~9", "a b"])
def test_an_unknown_base_is_refused(repository, base):
    with pytest.raises(UsageError, match="no commit is named"):
        changes(repository.root, base)
