"""The files of the prose, their titles, and a place in one of them for messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from companion.errors import UsageError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """A line of the file of a text."""

    name: str
    line: int

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Put this place before the message of a UsageError."""
        try:
            yield
        except UsageError as error:
            raise UsageError(f"book/prose/{self.name}.md line {self.line}: {error}") from error


def available() -> list[str]:
    """The names of all texts."""
    return sorted(path.stem for path in FOLDER.glob("*.md"))


def text(name: str) -> str:
    """The content of a file."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def title(name: str) -> str:
    """The title of the text ``name``, which its first line holds.

    >>> title("spectra")
    'Spectra of random inputs'
    """
    return text(name).partition("\n")[0].removeprefix("#").strip()
