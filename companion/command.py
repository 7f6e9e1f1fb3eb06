"""A room becomes a command: arguments, selection by name, strict JSON and exit codes."""

import argparse
import difflib
import fnmatch
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Any, NoReturn

from companion import __version__
from companion.errors import UsageError


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line (argparse prints its usage first)."""

    def __init__(self, prog: str, description: str, examples: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog="examples:\n" + examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.add_argument("--version", action="version", version=f"companion {__version__}")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def run(main: Callable[[Sequence[str]], int], prog: str) -> NoReturn:
    """Run ``main(argv)`` as a process, with its exit code, one-line errors on stderr and a quiet
    Ctrl-C."""
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except UsageError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        code = Exit.USAGE
    except KeyboardInterrupt:
        print(f"{prog}: interrupted", file=sys.stderr)
        code = Exit.INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) went away, and Python would complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.OK
    sys.exit(code)


def select(patterns: Iterable[str], names: Sequence[str], what: str) -> list[str]:
    """The ``names`` that match any of the names or globs ``patterns``, in the order of ``names``.

    No pattern selects all. Raises UsageError naming the nearest name where one matches nothing.

    >>> select(["spectra.*"], ["quadratic.form", "spectra.edges"], "claim")
    ['spectra.edges']
    """
    patterns = list(patterns)
    chosen: set[str] = set()
    for pattern in patterns:
        matched = fnmatch.filter(names, pattern.replace("-", "_"))
        if not matched:
            raise UsageError(unknown(what, pattern, names))
        chosen.update(matched)
    return [name for name in names if name in chosen or not patterns]


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """One line for an unknown name, with the nearest known one.

    >>> unknown("claim", "spectra.outlyer", ["spectra.edges", "spectra.outlier"])
    "no claim is named 'spectra.outlyer'; the nearest is 'spectra.outlier'"
    """
    names = list(names)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    if not near:  # 'outlier' alone is far from 'spectra.outlier' in letters, near in meaning
        near = [known for known in names if name and name in known][:1]
    hint = f"the nearest is {near[0]!r}" if near else f"known: {', '.join(names) or 'none'}"
    return f"no {what} is named {name!r}; {hint}"


def strict_json(value: Any, indent: int | None = None) -> str:
    """JSON text in which non-finite numbers are the strings "inf", "-inf" and "nan".

    With an ``indent`` each entry has a line, as in files that people compare.

    >>> strict_json({"p": float("nan"), "draws": 3})
    '{"p": "nan", "draws": 3}'
    """
    return json.dumps(_plain(value), allow_nan=False, ensure_ascii=False, indent=indent)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):  # NumPy scalars and arrays, without importing NumPy
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
