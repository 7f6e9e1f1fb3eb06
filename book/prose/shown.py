"""What stands in a text by its name: figures."""

from companion.command import unknown
from companion.errors import UsageError
from figures.gallery import plates


def check(kind: str, name: str, chapter: str) -> None:
    """See that there is such a figure. HTML is there itself.

    Raises UsageError with the nearest name where there is none.
    """
    if kind == "html":
        return
    if kind != "figure":
        raise UsageError(unknown("kind of block", kind, ["figure"]))
    if name not in plates():
        raise UsageError(unknown("figure", name, plates()))
