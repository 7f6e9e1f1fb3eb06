"""The sizes at which every room runs."""

from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Scale(StrEnum):
    """``tiny`` is for tests and has no verdict.

    ``quick`` is the default. ``laptop`` is an evening on two cores, with real images. ``full`` is
    the textbook's own.
    """

    TINY = "tiny"
    QUICK = "quick"
    LAPTOP = "laptop"
    FULL = "full"

    def pick(self, tiny: T, quick: T, full: T, *, laptop: T | None = None) -> T:
        """The value for this scale. Without a value for ``laptop`` it is the value for ``quick``.

        >>> Scale.QUICK.pick(64, 256, 4096)
        256
        >>> Scale.LAPTOP.pick(64, 256, 4096), Scale.LAPTOP.pick(64, 256, 4096, laptop=1024)
        (256, 1024)
        """
        between = quick if laptop is None else laptop
        values = {Scale.TINY: tiny, Scale.QUICK: quick, Scale.LAPTOP: between, Scale.FULL: full}
        return values[self]
