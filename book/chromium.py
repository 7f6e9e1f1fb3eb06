"""The system's own Chromium or Chrome: ``python -m book.chromium`` prints where it is."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from companion.command import Exit, run
from companion.errors import UsageError

#: Names on the search path, then the places where other systems install it.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
#: The variable of the environment that names another one.
VARIABLE = "CHROMIUM"
LACKING = f"there is no Chromium or Chrome here; install one, or set {VARIABLE} to its path"


def find() -> str | None:
    """The path of the browser, or None where there is none.

    Raises UsageError where the variable CHROMIUM names no program.
    """
    own = os.environ.get(VARIABLE)
    if own:
        found = shutil.which(own)
        if not found:
            raise UsageError(f"{VARIABLE} is {own!r}, which is no program; give a browser's path")
        return found
    on_path = (shutil.which(name) for name in NAMES)
    places = (place for place in PLACES if Path(place).is_file())
    return next(filter(None, (*on_path, *places)), None)


def offline() -> list[str]:
    """The arguments with which the browser reads no page of the net."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = ["--no-sandbox"] if root else []  # root has none
    return ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-gpu", *sandbox]


def main(argv: Sequence[str]) -> int:
    """Print the path of the browser, or say that there is none, and return the exit code."""
    found = find()
    print(found or LACKING, file=sys.stdout if found else sys.stderr)
    return Exit.OK if found else Exit.FAILED


if __name__ == "__main__":
    run(main, "python -m book.chromium")
