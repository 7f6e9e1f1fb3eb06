"""The ledger of the bands has every statement of a band since the first, with its date.

The file ``bands.csv`` has one line per statement, in order of date. No line is edited or removed.
A reader can therefore see what was stated first, and what was changed after data had been seen.
``python -m tools.bands`` appends lines.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from companion.errors import UsageError
from companion.files import write_text
from deepnet.experiments.experiment import Observation

LEDGER = Path(__file__).with_name("bands.csv")
COLUMNS = ("date", "observation", "low", "high", "changed", "why")
CLAIM = "claim"
#: What a line may say in ``changed``, besides RENAMED and a name. AND joins several changes.
CHANGES = ("first", "statement", "band", "measure", "null", "dropped")
RENAMED, AND = "renamed from ", " and "


@dataclass(frozen=True)
class Stated:
    """One statement of a band, which is one line of the ledger.

    ``date`` is the time of the commit, in UTC, such as 2026-11-21T12:09Z.
    ``low`` and ``high`` are the ends of the band, both "claim" where a claim of theory gives the
    band, and both empty where the observation has no band any more.
    ``changed`` is the difference from the line before: "first", "statement", "band", "measure",
    "null", "dropped" or "renamed from NAME", or several of them joined by " and ".
    ``why`` is the reason on one line, where one is known.

    Raises UsageError for a change or a reason of another form, and ValueError for such a date or
    band.
    """

    date: str
    observation: str
    low: str
    high: str
    changed: str
    why: str = ""

    def __post_init__(self) -> None:
        datetime.strptime(self.date, "%Y-%m-%dT%H:%MZ")
        if not all(each in CHANGES or each.startswith(RENAMED) for each in self.changes):
            words = f"{', '.join(CHANGES)} or {RENAMED}NAME, joined by {AND!r}"
            raise UsageError(f"{self.observation}: no change is {self.changed!r}; give {words}")
        if not (self.band == ("", "") if "dropped" in self.changes else _is_band(self.band)):
            raise ValueError(f"{self.observation}: {self.band} is no band, {self.changed}")
        if len(self.why.splitlines()) > 1:
            raise UsageError(f"{self.observation}: {self.why!r} has line breaks; give one line")

    @property
    def band(self) -> tuple[str, str]:
        """Both ends of the band, as texts."""
        return self.low, self.high

    @property
    def changes(self) -> list[str]:
        """The single changes that ``changed`` joins."""
        return self.changed.split(AND)

    @property
    def former_name(self) -> str | None:
        """The name before this line renamed the observation, or None."""
        renamed = [each for each in self.changes if each.startswith(RENAMED)]
        return renamed[0].removeprefix(RENAMED) if renamed else None


def _is_band(band: tuple[str, str]) -> bool:
    return band == (CLAIM, CLAIM) or float(band[0]) <= float(band[1])


def ledger(path: Path = LEDGER) -> list[Stated]:
    """The lines of the ledger, oldest first. Raises UsageError where the file is no ledger."""
    try:
        header, *lines = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        if tuple(header) != COLUMNS:
            raise ValueError(f"the columns are not {','.join(COLUMNS)}")
        return [Stated(*line) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{str(path)!r} is no ledger of bands ({error})") from error


def append(lines: Iterable[Stated], path: Path = LEDGER) -> None:
    """Add ``lines`` to the end of the ledger. The lines that stand there stay as they are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([getattr(line, column) for column in COLUMNS] for line in lines)
    write_text(path, path.read_text(encoding="utf-8") + text.getvalue())


def in_force(lines: Iterable[Stated]) -> dict[str, Stated]:
    """The last line of each observation that has a band, by name.

    >>> first = Stated("2026-11-21T12:09Z", "a.b", "0", "1", "first")
    >>> later = Stated("2026-11-21T12:35Z", "a.c", "0", "2", "renamed from a.b and band", "too low")
    >>> list(in_force([first, later]))
    ['a.c']
    """
    last: dict[str, Stated] = {}
    for line in lines:
        last.pop(line.former_name or line.observation, None)
        last[line.observation] = line
    return {name: line for name, line in last.items() if "dropped" not in line.changes}


def band_of(observation: Observation) -> tuple[str, str] | None:
    """Both ends of the observation's band as the ledger has them, or None without a band.

    >>> band_of(Observation("a.b", (0, float("inf")), min, max))
    ('0', 'inf')
    """
    if observation.band is None:
        return None
    if callable(observation.band):
        return CLAIM, CLAIM
    low, high = (repr(float(end)).removesuffix(".0") for end in observation.band)
    return low, high


def now() -> str:
    """The present time, as the ledger writes dates."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
