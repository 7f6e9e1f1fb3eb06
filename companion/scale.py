"""The three sizes at which everything runs."""

from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Scale(StrEnum):
    """``tiny`` is for tests (no verdict), ``quick`` the default, ``full`` the textbook's own."""

    TINY = "tiny"
    QUICK = "quick"
    FULL = "full"

    def pick(self, tiny: T, quick: T, full: T) -> T:
        """The value for this scale.

        >>> Scale.QUICK.pick(64, 256, 4096)
        256
        """
        return {Scale.TINY: tiny, Scale.QUICK: quick, Scale.FULL: full}[self]
