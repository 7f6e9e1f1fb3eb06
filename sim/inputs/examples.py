"""A table of examples may be too large for float64. Its moments are read in blocks.

The table is p x N with one example per row. Blocks of rows are converted one at a time. Where there
are fewer examples than inputs they are blocks of columns. Memory stays at a few matrices of min(N,
p)^2.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np

from companion.errors import UsageError

Feed = Literal["raw", "centred", "standardised"]

#: The number of numbers in a block: 64 MB in float64.
BLOCK = 8_000_000
#: The number of rows of the largest matrix that is formed. It takes 2 GB, and all take hours.
LARGEST_SIDE = 16_384
#: The limit of magnitudes. Beyond it sums of fourth powers leave the range of float64.
SMALLEST, LARGEST = 1e-70, 1e70
#: The largest standard deviation of a constant column, as a share of its largest entry. The
#: entries of such a column differ by rounding.
CONSTANT = 8 * float(np.finfo(float).eps)


class Examples:
    """The examples of a p x N ``table``, p >= 2. Numbers of uint8 count in units of 1/255.

    ``mean`` and ``variances`` (with 1/p) are of the features. A constant feature has variance
    exactly 0. ``called`` names a feature in messages. Raises UsageError where an entry cannot be
    used or the table is too large.
    """

    def __init__(self, table: np.ndarray, called: Callable[[int], str] | None = None) -> None:
        self.table, self._called = table, called or by_number
        self.count, self.features = table.shape
        self.unit = 1 / 255 if table.dtype == np.uint8 else 1.0
        side = min(table.shape)
        if side > LARGEST_SIDE:
            raise UsageError(
                f"{self.count} examples of {self.features} features need a {side} x {side} matrix; "
                f"give at most {LARGEST_SIDE} of the one or the other"
            )
        self._about, largest = self._sums()
        self._rest, self.variances = self._moments(self._about, largest)
        self.mean = self._about + self._rest

    @property
    def constant(self) -> np.ndarray:
        """The indices of the constant features."""
        return np.flatnonzero(self.variances == 0)

    @property
    def deviation(self) -> np.ndarray:
        """The features' standard deviations, and 1 for a constant feature."""
        return np.sqrt(np.where(self.variances > 0, self.variances, 1.0))

    def fed(self, feed: Feed) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variances of the features in the form in which they are fed."""
        if feed == "raw":
            return self.mean, self.variances
        variances = self.variances if feed == "centred" else np.sign(self.variances)
        return np.zeros(self.features), variances

    def by_rows(self, feed: Feed) -> Iterator[tuple[slice, np.ndarray]]:
        """The table as it is fed, some examples at a time, and which they are."""
        for rows in _slices(self.count, self.features):
            yield rows, self._fed_block(feed, rows, slice(None))

    def by_columns(self, feed: Feed) -> Iterator[np.ndarray]:
        """The table as it is fed, some features at a time."""
        for columns in _slices(self.features, self.count):
            yield self._fed_block(feed, slice(None), columns)

    def deviations(self, weights: np.ndarray) -> np.ndarray:
        """W.(x - mu) for every example x."""
        return np.concatenate([block @ weights for _, block in self.by_rows("centred")])

    def squares(self, feed: Feed) -> np.ndarray:
        """|x|^2 of every example x."""
        return np.concatenate(
            [np.einsum("ij,ij->i", block, block) for _, block in self.by_rows(feed)]
        )

    def _fed_block(self, feed: Feed, rows: slice, columns: slice) -> np.ndarray:
        """A part of the table in the form in which it is fed."""
        block = self._block((rows, columns))
        if feed != "raw":
            block -= self._about[columns]  # in two parts: the mean rounded to one number may be
            block -= self._rest[columns]  # coarser than the deviations from it
            block[:, self.variances[columns] == 0] = 0.0  # rounding is not data
        if feed == "standardised":
            block /= self.deviation[columns]
        return block

    def _sums(self) -> tuple[np.ndarray, np.ndarray]:
        """Each feature's mean, up to rounding of its last digits, and its largest magnitude."""
        total, largest = np.zeros(self.features), np.zeros(self.features)
        for rows in _slices(self.count, self.features):
            block = self._block(rows)
            magnitudes = np.abs(block)
            _refuse_unusable(magnitudes, self.table, rows.start, self._called)
            np.maximum(largest, magnitudes.max(axis=0), out=largest)
            total += block.sum(axis=0)
        tiny = np.flatnonzero((largest > 0) & (largest < SMALLEST))
        if len(tiny):
            column = int(tiny[0])
            raise UsageError(
                f"no entry of {self._called(column)} is larger than {largest[column]:.3g}, whose "
                "powers are lost in float64; multiply the column by a constant"
            )
        return total / self.count, largest

    def _moments(self, about: np.ndarray, largest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The part of the mean beyond ``about``, and the variance. No digit is cancelled."""
        shift, squares = np.zeros(self.features), np.zeros(self.features)
        for rows in _slices(self.count, self.features):
            block = self._block(rows)
            block -= about
            shift += block.sum(axis=0)
            block *= block
            squares += block.sum(axis=0)
        shift /= self.count
        variances = np.maximum(squares / self.count - shift**2, 0.0)
        variances[np.sqrt(variances) <= CONSTANT * largest] = 0.0
        return shift, variances

    def _block(self, index: Any) -> np.ndarray:
        """A copy of a part of the table in float64, in units of ``unit``."""
        with np.errstate(over="ignore"):  # of long doubles; what is infinite is refused
            block = np.array(self.table[index], dtype=float)
        block *= self.unit
        return block


def _slices(length: int, width: int) -> Iterator[slice]:
    """``range(length)`` in slices of at most ``BLOCK`` numbers. A line has ``width`` numbers."""
    step = max(1, BLOCK // width)
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))


def by_number(feature: int) -> str:
    """A feature, counted from 0, by its number, from 1."""
    return f"column {feature + 1}"


def _refuse_unusable(
    magnitudes: np.ndarray, table: np.ndarray, first: int, called: Callable[[int], str]
) -> None:
    usable = magnitudes < LARGEST  # nan is not
    if not usable.all():
        row, column = divmod(int(np.argmin(usable)), magnitudes.shape[1])
        raise UsageError(
            f"example {first + row + 1}, {called(column)} is {table[first + row, column]:.3g}; "
            f"every entry must be a finite number below {LARGEST:g}"
        )
