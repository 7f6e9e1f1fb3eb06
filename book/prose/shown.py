"""What stands in a text by its name: figures, explorers and exercises."""

from collections.abc import Callable, Collection

from book.exercises import exercises
from book.explorers import explorers
from companion.command import unknown
from companion.errors import UsageError
from figures.gallery import plates

#: What gives the names of a page, by the word after ``:::``.
KNOWN: dict[str, Callable[[str], Collection[str]]] = {
    "figure": lambda page: plates(),
    "explorer": explorers,
    "exercise": exercises,
}


def check(kind: str, name: str, page: str) -> None:
    """See that there is such a figure, explorer or exercise of ``page``. HTML is there itself.

    Raises UsageError with the nearest name where there is none.
    """
    if kind == "html":
        return
    if kind not in KNOWN:
        raise UsageError(unknown("kind of block", kind, KNOWN))
    names = KNOWN[kind](page)
    if name not in names:
        raise UsageError(unknown(kind, name, names))
