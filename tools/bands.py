"""``python -m tools.bands`` appends the present bands to their ledger, where they have changed.

An observation with a new band gets a line, and so does an observation that has lost its band. Where
a line exists already, data may have been seen, and another line needs a reason.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from companion.command import Exit, Parser, run, unknown
from companion.errors import UsageError
from deepnet.experiments.bands import (
    AND,
    CHANGES,
    RENAMED,
    Stated,
    append,
    band_of,
    in_force,
    ledger,
    now,
)
from deepnet.experiments.experiment import experiments

EXAMPLES = f"""\
  python -m tools.bands                                  new observations
  python -m tools.bands --why "4 errors, not 2"          and bands that have changed
  python -m tools.bands overlaps.moments_none --changed "measure{AND}null" --why "..."
  python -m tools.bands a.new --changed "{RENAMED}a.old" --why "..."
"""
Bands = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """What the author says: which observations ``names`` have ``changed`` in what, and ``why``."""

    names: Collection[str] = ()
    changed: str = ""
    why: str = ""


def due(lines: Sequence[Stated], bands: Bands, change: Change, date: str) -> list[Stated]:
    """The lines that the ledger of ``lines`` lacks, for the present ``bands`` by observation.

    Raises UsageError for a name without a band, for names without a change or the reverse, for a
    change of no known form, and for a change without a reason.
    """
    for name in change.names:
        if name not in bands:
            raise UsageError(unknown("observation with a band", name, bands))
    if bool(change.names) != bool(change.changed):
        raise UsageError("--changed and the names of observations belong together; give both")
    seen = {line.observation for line in lines}
    new = [
        Stated(date, name, *band, changed, change.why)
        for name, band, changed in _stated(in_force(lines), seen, bands, change)
    ]
    left = in_force([*lines, *new]).keys() - bands.keys()
    new += [Stated(date, name, "", "", "dropped", change.why) for name in sorted(left)]
    for line in new:
        if line.changed != "first" and not line.why:
            raise UsageError(
                f"{line.observation}: {line.changed} after data were seen; say why with --why TEXT"
            )
    return new


def _stated(
    last: Mapping[str, Stated], seen: Collection[str], bands: Bands, change: Change
) -> Iterator[tuple[str, tuple[str, str], str]]:
    """The name, the band and the change of each observation that has changed."""
    for name, band in bands.items():
        if name in change.names:
            yield name, band, change.changed
        elif name not in seen:
            yield name, band, "first"
        elif name not in last or last[name].band != band:
            yield name, band, "band"


def present() -> dict[str, tuple[str, str]]:
    """The band of each observation that has one, by name."""
    every = (each for experiment in experiments().values() for each in experiment.observations)
    bands = {each.name: band_of(each) for each in every}
    return {name: band for name, band in bands.items() if band is not None}


def main(argv: Sequence[str] | None = None) -> int:
    """Append the lines, print them, and return the exit code."""
    parser = Parser("python -m tools.bands", "Append to the ledger of the bands.", EXAMPLES)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an observation that has changed")
    parser.add_argument(
        "--changed", default="", metavar="WHAT", help=f"{', '.join(CHANGES)}, {RENAMED}NAME"
    )
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason of the change")
    options = parser.parse_args(argv)
    change = Change(options.names, options.changed, options.why)
    lines = due(ledger(), present(), change, now())
    if lines:
        append(lines)
    for line in lines:
        print(f"{line.date} {line.observation} [{line.low}, {line.high}] {line.changed}")
    return Exit.OK


if __name__ == "__main__":
    run(main, "bands")
