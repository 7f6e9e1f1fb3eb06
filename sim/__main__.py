"""The command ``python -m sim``: check claims by simulation with a stated error rate."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from companion.command import Exit, Parser, run, select, strict_json
from companion.options import add_jobs, add_json, add_scale, add_seed, at_least
from companion.progress import track
from companion.side_by_side import side_by_side
from theory import claims

EXAMPLES = """\
  python -m sim                              check every claim (quick)
  python -m sim spectra.outlier --seed 7     one claim, other random numbers
  python -m sim 'spectra.*' --full --json    a chapter at full scale, as JSON
  python -m sim inputs FILE                  the spectrum of your own data (inputs --help)
"""


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, print one row per claim, return the exit code."""
    if argv and argv[0] == "inputs":
        from sim.inputs.command import main as inputs

        return inputs(argv[1:])
    options = _parse(argv)
    known = claims()
    names = select(options.names, list(known), "claim")
    rows: list[Any] = []
    code = Exit.OK
    if not options.json:
        print(_header(max(map(len, names))), flush=True)
    try:
        for row in track(_rows(names, options), len(names), "checking"):
            rows.append(row)
            if not options.json:
                print(_line(row, max(map(len, names))), flush=True)
    except KeyboardInterrupt:
        print(f"interrupted after {len(rows)} of {len(names)} claims", file=sys.stderr)
        code = Exit.INTERRUPTED
    if options.json:
        print(strict_json([row.as_dict() for row in rows]))
    else:
        _summary(rows)
    if code == Exit.OK and not all(row.passed for row in rows):
        code = Exit.FAILED
    return code


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m sim", (__doc__ or "").partition(":")[2].strip(), EXAMPLES)
    parser.add_argument("names", nargs="*", metavar="NAME|GLOB", help="claims; all without one")
    add_seed(parser, "of the random numbers")
    add_scale(parser)
    add_jobs(parser)
    add_json(parser)
    options = parser.parse_args(argv)
    at_least(options, seed=0, jobs=1)
    return options


def _rows(names: Sequence[str], options: Any) -> Iterator[Any]:
    """The rows in the order of ``names``.

    A row comes as soon as it and all rows before it are done.
    """
    arguments = [(name, options.seed, str(options.scale), len(names)) for name in names]
    yield from side_by_side(_check, arguments, options.jobs)


def _check(name: str, seed: int, scale: str, tests: int) -> Any:
    from sim.check import check

    return check(claims()[name], seed=seed, scale=scale, tests=tests)


def _header(width: int) -> str:
    return (
        f"{'claim':<{width}}  {'verdict':<10} {'theory':>12} {'simulated':>12} {'stderr':>9} "
        f"{'draws':>6} {'law':<13} {'p':>8} {'power':>6}  twins"
    )


def _line(row: Any, width: int) -> str:
    def short(value: Any, digits: int) -> str:
        return "-" if value is None else f"{value:.{digits}g}"

    refuted = sum(twin["refuted"] for twin in row.twins)
    return (
        f"{row.claim:<{width}}  {row.verdict:<10} {short(row.theory, 6):>12} "
        f"{short(row.simulated, 6):>12} {short(row.stderr, 2):>9} {row.draws:>6} {row.law:<13} "
        f"{short(row.p, 2):>8} {power_in_words(row.power):>6}  {refuted}/{len(row.twins)} refuted"
    )


def power_in_words(power: float | None) -> str:
    """A power in the words of the table: in per cent from a hundredth of a per cent on.

    Below 1e-12 it is the rounding of the machine at hand, and no digit of it is shown.

    >>> power_in_words(0.0031), power_in_words(3e-9), power_in_words(2.2e-15)
    ('0.3 %', '3e-09', '<1e-12')
    """
    if power is None:
        return "-"
    if power == float("inf"):
        return "> 50 %"
    if power < 1e-12:
        return "<1e-12"
    return f"{100 * power:.1g} %" if power >= 1e-4 else f"{power:.0e}"


def _summary(rows: Sequence[Any]) -> None:
    agree = sum(row.verdict == "agrees" for row in rows)
    twins = [twin["refuted"] for row in rows for twin in row.twins]
    print(f"{agree} of {len(rows)} claims agree; {sum(twins)} of {len(twins)} wrong twins refuted")


if __name__ == "__main__":
    run(main, "python -m sim")
