"""A pytest plugin keeps chosen tests: ``pytest -p tools.chosen --choose CHOICE ... PATHS``.

A choice is a file or a folder, and keeps all of its tests. With names in brackets a choice keeps
only tests whose own brackets have such a name: ``tests/theory/test_claims.py[spectra.*]`` keeps
``test_step_holds[spectra.edges-1]``. Pytest's own ``-k`` would find the name in file names too.
"""

import re
from fnmatch import fnmatchcase

import pytest


def place(choice: str) -> str:
    """The file or folder of a choice.

    >>> place("tests/theory/test_claims.py[spectra.*,quadratic.*]")
    'tests/theory/test_claims.py'
    """
    return choice.partition("[")[0]


def lies_in(path: str, folder: str) -> bool:
    """Whether ``path`` is ``folder`` or lies in it."""
    return f"{path}/".startswith(f"{folder}/")


def keeps(choice: str, test: str) -> bool:
    """Whether a choice keeps a test. ``test`` is the name that pytest gives it.

    >>> keeps("tests/x.py[spectra.*]", "tests/x.py::test_it[spectra.edges-1]")
    True
    >>> keeps("tests/x.py[spectra.*]", "tests/x.py::test_spectra.py")
    False
    """
    file, _, rest = test.partition("::")
    if not lies_in(file, place(choice)):
        return False
    if "[" not in choice:
        return True
    patterns = choice.partition("[")[2].rstrip("]").split(",")
    words = re.findall(r"[^\s-]+", rest.partition("[")[2].rstrip("]"))
    return any(fnmatchcase(word, pattern) for word in words for pattern in patterns)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--choose``."""
    parser.addoption("--choose", action="append", default=[], help="a file[names] of tests to keep")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that no choice keeps."""
    choices = config.getoption("choose")
    kept = [item for item in items if any(keeps(choice, item.nodeid) for choice in choices)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
