"""The three sizes at which every room runs."""

from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Scale(StrEnum):
    """``tiny`` is for tests and has no verdict.

    ``quick`` is the default, ``full`` is the textbook's own.
    """

    TINY = "tiny"
    QUICK = "quick"
    FULL = "full"

    def pick(self, tiny: T, quick: T, full: T) -> T:
        """The value for this scale.

        >>> Scale.QUICK.pick(64, 256, 4096)
        256
        """
        return {Scale.TINY: tiny, Scale.QUICK: quick, Scale.FULL: full}[self]
