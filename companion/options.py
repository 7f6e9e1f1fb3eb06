"""The options that several commands have, and the refusal of a number that is out of range."""

import math
import os
from argparse import ArgumentParser, Namespace

from companion.errors import UsageError
from companion.scale import Scale


def add_scale(
    parser: ArgumentParser,
    quick: str = "small sizes (default)",
    full: str = "the textbook's own sizes",
    laptop: str = "",
) -> None:
    """Add ``--quick``, the default, and ``--full``. ``options.scale`` is then a ``Scale``.

    ``quick``, ``full`` and ``laptop`` are the help. Commands that run no nets have no help for
    ``laptop``, and have no such option. The parser refuses two of the options together.
    """
    scale = parser.add_mutually_exclusive_group()
    helps = {Scale.QUICK: quick, Scale.LAPTOP: laptop, Scale.FULL: full}
    for each, words in helps.items():
        if words:
            scale.add_argument(
                f"--{each}", dest="scale", action="store_const", const=each, help=words
            )
    parser.set_defaults(scale=Scale.QUICK)


def add_seed(parser: ArgumentParser, what: str) -> None:
    """Add ``--seed``, the number from which random numbers follow. ``what`` is the help."""
    parser.add_argument("--seed", type=int, default=0, help=f"{what} (default 0)")


def add_jobs(parser: ArgumentParser, what: str = "processes (default: one per core)") -> None:
    """Add ``--jobs``, the number of processes, one per core by default. ``what`` is the help."""
    parser.add_argument("--jobs", type=int, default=cores(), help=what)


def cores() -> int:
    """The number of the machine's cores, 1 where it is unknown."""
    return os.cpu_count() or 1


def add_json(parser: ArgumentParser) -> None:
    """Add ``--json``, which asks for strict JSON in place of text."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def at_least(options: Namespace, **least: float) -> None:
    """Check that each option named in ``least`` is at least as large as stated there.

    An option that is None was not given, and is left alone. Raises UsageError where a value is too
    small, infinite or nan. The message asks for a whole number where the least value is an int.

    >>> at_least(Namespace(jobs=0), jobs=1)
    Traceback (most recent call last):
        ...
    companion.errors.UsageError: --jobs 0 is out of range; give a whole number >= 1
    """
    for name, low in least.items():
        _check(options, name, low, math.inf, f">= {low:g}")


def between(options: Namespace, **ends: tuple[float, float]) -> None:
    """Check that each option named in ``ends`` lies between its two ends, as ``at_least`` does.

    >>> between(Namespace(digits=0), digits=(1, 1000))
    Traceback (most recent call last):
        ...
    companion.errors.UsageError: --digits 0 is out of range; give a whole number from 1 to 1000
    """
    for name, (low, high) in ends.items():
        _check(options, name, low, high, f"from {low:g} to {high:g}")


def _check(options: Namespace, name: str, low: float, high: float, right: str) -> None:
    value = getattr(options, name)
    if value is None or (low <= value <= high and math.isfinite(value)):
        return
    kind = "whole number" if isinstance(low, int) else "number"
    raise UsageError(f"--{name} {value} is out of range; give a {kind} {right}")
