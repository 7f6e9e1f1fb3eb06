"""Compare the working tree with the commit on which it will land."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from companion.errors import UsageError

REMOTE = "refs/remotes/origin/"
LOCAL = "refs/heads/"


class CannotTellError(Exception):
    """Git does not know what has changed. The message says why."""


@dataclass(frozen=True)
class Changes:
    """The files that have changed since a commit, and the words for this commit.

    A renamed file stands under its old name and its new name.
    """

    paths: tuple[str, ...]
    since: str


def changes(root: Path, base: str | None = None) -> Changes:
    """The changes of the working tree at ``root`` since it left ``base``.

    By default ``base`` is the branch on which the change will land. On the landing branch itself,
    ``base`` is by default the previous commit. A file that git does not track counts unless git
    ignores it.

    Raises CannotTellError where git cannot say, and UsageError where ``base`` is no commit.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        raise CannotTellError("this is no git repository")
    if _commit(root, "HEAD") is None:
        raise CannotTellError("nothing is committed yet")
    commit, since = _before(root, base)
    changed = _git(root, "diff", "--name-only", "--no-renames", "-z", commit, "--")
    others = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if changed is None or others is None:
        raise CannotTellError("git cannot compare the working tree")
    return Changes(tuple(sorted({*changed.split("\0"), *others.split("\0")} - {""})), since)


def _before(root: Path, base: str | None) -> tuple[str, str]:
    """The commit to compare with, and the words for it."""
    other = _named(root, base) if base else _landing(root)
    name = base or other.removeprefix(REMOTE).removeprefix(LOCAL)
    if base is None and _git(root, "symbolic-ref", "--quiet", "HEAD") == LOCAL + name:
        last = _commit(root, "HEAD~1")
        if last is None:
            raise CannotTellError("this clone has no commit before the last one")
        return last, "the commit before the last one"
    fork = _git(root, "merge-base", "HEAD", other)
    if fork is None:
        raise CannotTellError(f"this clone has no commit that is shared with {name}")
    return fork, f"the last commit shared with {name}"


def _named(root: Path, base: str) -> str:
    commit = _commit(root, base)
    if commit is None:
        raise UsageError(f"no commit is named {base!r}; give a branch, a tag or a commit")
    return commit


def _landing(root: Path) -> str:
    """The branch on which changes land: what origin says, or origin's main, or main."""
    told = _git(root, "symbolic-ref", "--quiet", f"{REMOTE}HEAD")
    for ref in (told, f"{REMOTE}main", f"{LOCAL}main"):
        if ref and _commit(root, ref):
            return ref
    raise CannotTellError("there is no branch main; name another with BASE=...")


def _commit(root: Path, name: str) -> str | None:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    return _git(root, *words, f"{name}^{{commit}}")


def _git(root: Path, *words: str) -> str | None:
    """The text that git prints, or None where git fails."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise CannotTellError("git cannot be run") from error
    return None if done.returncode else os.fsdecode(done.stdout).removesuffix("\n")
