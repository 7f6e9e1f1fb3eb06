"""A result that the reader computed with ``--json`` is read, and each entry is checked.

A figure says what it draws in ``RESULT``, such as "sim inputs": the words of the command, which its
JSON has as "result".
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from companion.errors import UsageError

#: The largest file that is read, in bytes. A result of a table has 1 MB at most.
LARGEST = 2**28
#: The numbers that JSON has as text.
TEXTS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class OwnResult:
    """The entries of a result of ``command``, read from the file ``name``.

    An entry is named by its keys from the outside to the inside. Raises UsageError, in one line
    that names the entry, where it is missing or of another kind.
    """

    def __init__(self, name: str, command: str, content: Any) -> None:
        self.name, self.command, self._content = name, command, content
        found = content.get("result") if isinstance(content, dict) else None
        if found != command:
            other = f"a result of {found!r}" if isinstance(found, str) else "something else"
            raise UsageError(f"{name!r} is {other}; give what {self._printer} prints")

    @property
    def _printer(self) -> str:
        return f"`python -m {self.command} ... --json`"

    def number(self, *keys: str) -> float:
        """A number, which may be infinite or nan."""
        value = self._entry(keys)
        number = TEXTS.get(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise self._wrong(keys, "a number")
        try:
            return float(number)
        except OverflowError:
            return math.inf if number > 0 else -math.inf

    def count(self, *keys: str) -> int:
        """A whole number, 0 or more."""
        number = self.number(*keys)
        if not (number >= 0 and math.isfinite(number) and number == int(number)):
            raise self._wrong(keys, "a whole number")
        return int(number)

    def numbers(self, *keys: str) -> np.ndarray:
        """A list of finite numbers."""
        value = self._entry(keys)
        if isinstance(value, list) and not any(isinstance(each, bool | str) for each in value):
            try:
                numbers = np.array(value, float)
            except (ValueError, TypeError, OverflowError):  # a list in it, null, 400 digits
                numbers = np.array(math.nan)
            if numbers.ndim == 1 and np.isfinite(numbers).all():
                return numbers
        raise self._wrong(keys, "a list of finite numbers")

    def text(self, *keys: str) -> str:
        """A text, whose control characters are escaped."""
        value = self._entry(keys)
        if not isinstance(value, str):
            raise self._wrong(keys, "a text")
        return value if value.isprintable() else repr(value)[1:-1]

    def has(self, *keys: str) -> bool:
        """Whether the entry is there and not null."""
        value = self._content
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value is not None

    def wrong(self, what: str) -> UsageError:
        """The error that says ``what`` is wrong with the result."""
        return UsageError(f"{self.name!r}: {what}")

    def _entry(self, keys: tuple[str, ...]) -> Any:
        value = self._content
        for key in keys:
            if not isinstance(value, dict) or value.get(key) is None:
                raise self._wrong(keys, "there")
            value = value[key]
        return value

    def _wrong(self, keys: tuple[str, ...], what: str) -> UsageError:
        return self.wrong(f"{'.'.join(keys)} is not {what}; give what {self._printer} prints")


def read_result(name: str, command: str) -> OwnResult:
    """The result of ``command`` in the file ``name``. Raises UsageError where there is none."""
    path = Path(name)
    try:
        if not path.exists():
            raise UsageError(f"there is no file {name!r}; `python -m {command} ... --json > FILE`")
        if not path.is_file():
            raise UsageError(f"{name!r} is no file; give one with a result of {command!r}")
        if path.stat().st_size > LARGEST:
            raise UsageError(
                f"{name!r} has over {LARGEST >> 20} MB, and is no result of {command!r}"
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {name!r}: {error.strerror or error}") from error
    except UsageError:
        raise
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, nested without end
        raise UsageError(
            f"{name!r} is no JSON; give what `python -m {command} ... --json` prints"
        ) from error
    return OwnResult(name, command, content)
