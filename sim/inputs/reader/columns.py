"""Which columns of a file are features, which one is the target, and which are neither."""

import shlex
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from companion.command import unknown
from companion.errors import UsageError
from sim.inputs.reader.numeric import columns_not_numeric
from sim.inputs.reader.options import Options
from sim.inputs.reader.table import LeftOut, Numbers, shown

#: The longest name that an option repeats.
LONGEST_OPTION = 40
#: Names that a target often has.
TARGETS = frozenset(("label", "labels", "target", "targets", "class", "y"))
#: Names that an index often has.
INDICES = frozenset(("id", "index", "idx", "row", "row_id", "rownames", "row.names"))
#: The beginning of the name that pandas gives a column without a name.
NAMELESS = "Unnamed: "
TARGET = "the target"


@dataclass(frozen=True)
class Choice:
    """Columns of a file by position from 0: the ``features``, and the ``target`` or None."""

    features: list[int]
    target: int | None
    left_out: list[LeftOut]

    def without(self, position: int, name: str | None, why: str) -> "Choice":
        """The choice without one feature."""
        features = [each for each in self.features if each != position]
        return Choice(features, self.target, [LeftOut(name, position + 1, why), *self.left_out])

    @property
    def wanted(self) -> list[int]:
        """The columns that must hold numbers."""
        return sorted([*self.features, *([] if self.target is None else [self.target])])


def choose(
    width: int,
    names: list[str] | None,
    options: Options,
    indices: dict[int, str],
    others: dict[int, str] | None = None,
) -> Choice:
    """The choice among ``width`` columns that the ``options`` make.

    ``indices`` says for each column that the file itself marks as an index, why; ``others`` for
    those that ``--numbers`` leaves out. Raises UsageError where a column does not exist, is meant
    twice, or none is left.
    """
    target = None
    if options.label is not None:
        target = position_of(options.label, names, width, "--label")
    why = (others or {}) | ({} if options.keep_index else indices)
    for name in options.drop:
        position = position_of(name, names, width, "--drop")
        if position == target:
            raise UsageError(f"--label {options.label!r} and --drop {name!r} are one column")
        why[position] = "--drop"
    if target is not None:
        why[target] = TARGET
    features = [position for position in range(width) if position not in why]
    if not features:
        fewer = "; drop fewer" if options.drop else ", for none has numbers"
        raise UsageError(f"no column is left as a feature{fewer}")
    left_out = [
        LeftOut(names[position] if names else None, position + 1, why[position])
        for position in sorted(why)
    ]
    return Choice(features, target, left_out)


def numbers_by_column(
    column: Callable[[int], np.ndarray],
    names: list[str],
    options: Options,
    indices: dict[int, str] | None = None,
) -> Numbers:
    """The columns side by side that the ``options`` choose among those with ``names``.

    ``column`` gives the numbers of the column at a position, or raises UsageError where it has
    none. Each column is asked for once. ``indices`` are as in ``choose``.
    """
    read = cache(column)
    others = columns_not_numeric(read, len(names)) if options.numbers else {}
    choice = choose(len(names), names, options, indices or {}, others)
    columns = {position: read(position) for position in choice.wanted}
    if not options.keep_index:
        choice = without_indices(choice, columns.__getitem__, names)
    features = np.column_stack([columns[position] for position in choice.features])
    return Numbers(
        array=features,
        names=[names[position] for position in choice.features],
        left_out=choice.left_out,
        target=None if choice.target is None else columns[choice.target],
        notes=notes_on(features, names, choice),
    )


def position_of(name: str, names: list[str] | None, width: int, option: str) -> int:
    """The position from 0 of the column ``name``, or of the column with this number from 1."""
    same = [
        position for position, each in enumerate(names or []) if each.strip() == name.strip() != ""
    ]
    if len(same) > 1:
        raise UsageError(
            f"{option} {name!r}: {len(same)} columns have this name; "
            f"give a number from 1, such as {same[0] + 1}"
        )
    if same:
        return same[0]
    if name.strip().isdecimal() and 1 <= int(name) <= width:
        return int(name) - 1
    if names and not name.strip().isdecimal():
        raise UsageError(f"{option}: {unknown('column', name, [each for each in names if each])}")
    raise UsageError(f"{option} {name!r} is no column; give a number from 1 to {width}")


def option_for(position: int, names: list[str] | None) -> str:
    """A column as ``--drop`` understands it: by a name that is plain and its own, or by number."""
    name = names[position] if names else ""
    plain = name.isprintable() and not set(name) & {",", '"'} and len(name) <= LONGEST_OPTION
    return name if name and plain and names and names.count(name) == 1 else str(position + 1)


def without_indices(
    choice: Choice, column: Callable[[int], np.ndarray], names: list[str] | None
) -> Choice:
    """The ``choice`` without the columns that have no name and count the examples.

    ``column`` gives the numbers of the column at a position.
    """
    for position in choice.features if names else []:
        name = names[position] if names else ""
        if nameless(name) and is_index(column(position)):
            choice = choice.without(position, name, "an index: whole numbers under no name")
    if not choice.features:
        raise UsageError("the file has an index and no other column; features are needed")
    return choice


def nameless(name: str) -> bool:
    """Whether a column of a file with names has none. Tables then have their index in it."""
    return not name.strip() or name.startswith(NAMELESS)


def is_index(column: np.ndarray) -> bool:
    """Whether the numbers count examples: all whole, none below 0, no two equal."""
    whole = (column == np.round(column)) & (column >= 0)  # nan is not
    return bool(whole.all()) and len(np.unique(column)) == len(column)


def taken(values: np.ndarray, positions: list[int]) -> np.ndarray:
    """The columns at ``positions``: a view where they are neighbours, so that nothing is copied."""
    if positions == list(range(positions[0], positions[-1] + 1)):
        return values[:, positions[0] : positions[-1] + 1]
    return values[:, positions]


def notes_on(values: np.ndarray, names: list[str] | None, choice: Choice) -> list[str]:
    """What is to be known of the features ``values``: twins, targets and counts among them."""
    notes = [
        f"{count} columns are named {shown(name)}; each is a feature"
        for name, count in Counter(names[each] for each in choice.features if names).items()
        if name.strip() and count > 1
    ]
    if names and choice.target is None:
        for position in choice.features:
            if names[position].strip().lower() in TARGETS:
                option = shlex.quote(option_for(position, names))
                notes.append(
                    f"{shown(names[position])} is a feature; --label {option} makes it the target"
                )
    for index, why in sorted(_counting(values, names, choice).items()):
        position = choice.features[index]
        called = shown(names[position]) if names and names[position] else f"column {position + 1}"
        option = shlex.quote(option_for(position, names))
        notes.append(f"{called} {why}; an index? --drop {option}")
    return notes


@np.errstate(all="ignore")  # of differences that are no number
def _counting(values: np.ndarray, names: list[str] | None, choice: Choice) -> dict[int, str]:
    """The columns of ``values``, three or more rows, that may count examples, and how."""
    if len(values) < 3:
        return {}

    def column(index: int) -> np.ndarray:
        return np.asarray(values[:, index], float)

    start = np.asarray(values[:3], float)
    rising = (np.diff(start, axis=0) == 1).all(axis=0) & (start[0] == np.round(start[0]))
    named = [
        index
        for index, position in enumerate(choice.features)
        if names and names[position].strip().lower() in INDICES
    ]
    counting = {
        i: "has a whole number of its own for each row" for i in named if is_index(column(i))
    }
    for i in map(int, np.flatnonzero(rising)):
        if (np.diff(column(i)) == 1).all():
            counting[i] = "rises by one from row to row"
    return counting
