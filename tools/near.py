"""Choose and run the tests near a change: ``make test-near``.

A change in a room is tested by the tests of that room and by the tests that import the changed file
themselves. The tests of every room above it are left to ``make test``. Rules say which tests are
near. A file that no rule knows is near to everything.
"""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from textwrap import TextWrapper

from companion.command import Exit, Parser, run
from tools.changes import CannotTellError, changes
from tools.chosen import lies_in, place
from tools.imports import imported, name_of, users

ROOT = Path(__file__).parents[1]
LEFT_OUT = "not landing and not slow and not peers and not gpu and not browser"
EXAMPLES = """\
  python -m tools.near              since the branch on which the change will land
  python -m tools.near HEAD         what is not committed yet
  python -m tools.near --dry-run    say what would run
"""

# --- what is near ----------------------------------------------------------------------------

Choices = dict[str, tuple[str, ...]]
EVERYTHING = "."
HOUSE = "tests/test_house.py"
CLAIMS = (
    "tests/theory/test_claims.py[{0}.*] tests/theory/test_values.py[{0}.*]"
    " tests/sim/test_claims.py[{0}.*]"
)
FIGURES = "tests/figures/test_figures.py"
A_CHAPTER = f"tests/theory/{{0}} theory/{{0}} sim/{{0}} figures/{{0}} {CLAIMS} {FIGURES}[{{0}}.*]"
A_SOURCE = (
    "tests/deepnet/experiments/{0} deepnet/experiments/{0} figures/{0}"
    " tests/deepnet/experiments/test_experiments.py[{experiments}]"
    " tests/deepnet/experiments/test_published.py[{experiments}]"
    " tests/deepnet/experiments/test_on_a_device.py[{experiments}]"
    f" {FIGURES}[{{0}}.*]"
)
EXPERIMENTS = "deepnet/experiments tests/deepnet/experiments"
ERRATA = "theory/errata tests/theory/test_command.py"
READER = "tests/test_docs.py tests/test_package.py"
SIM = "sim figures tests/sim tests/theory tests/figures"

#: Each line is (pattern of a changed file's path, what is near to the file, choices of tests for
#: ``tools.chosen``). The first line whose pattern fits a file counts. {0} is the pattern's first
#: group, {users} are the test files that import the file, {experiments} the names of a source's
#: experiments, {engine} is the engine without its experiments.
RULES = (
    (r"tests/test_house\.py", "the house rules", ""),
    (
        r"companion/index\.json",
        "the index of names",
        "tests/test_docs.py tests/theory/test_command.py",
    ),
    (r"companion/.*", "the rooms, which stand on it", EVERYTHING),
    (r"(pyproject\.toml|constraints\.txt|tests/conftest\.py)", "what it configures", EVERYTHING),
    (r"(tests/\S+)/conftest\.py", "the tests beside it", "{0}"),
    (r"tests/deepnet/facts/.*", "what PyTorch found", "tests/deepnet"),
    (r"(tests/(?:\S+/)?test_\w+\.py)", "the tests themselves", "{0}"),
    (r"tests/.*\.py", "the tests that use it", "{users}"),
    (r"theory/errata/([a-z]+)\.py", "the errata", f"{A_CHAPTER} {ERRATA} {{users}}"),
    (
        r"theory/(?!definitions|errata|evaluation|functions|proofs|sentences|typeset)([a-z]+)/.*",
        "chapter {0}",
        f"{A_CHAPTER} {{users}}",
    ),
    (r"theory/.*", "theory and what stands on it", f"theory {SIM} {EXPERIMENTS} {{users}}"),
    (
        r"(?:sim/inputs|figures/own)/.*|figures/own_result\.py",
        "your own data",
        f"sim/inputs figures/own tests/sim/inputs tests/figures/test_own_result.py "
        f"{FIGURES}[spectra.images,own.*]",
    ),
    (r"sim/([a-z]+)/.*", "chapter {0}", f"{A_CHAPTER} {{users}}"),
    (r"sim/.*", "sim and what stands on it", SIM),
    (r"figures/(\w+)/.*", "the figures of {0}", f"figures/{{0}} {FIGURES}[{{0}}.*] {{users}}"),
    (r"figures/.*", "the figures", "figures tests/figures"),
    (r"deepnet/experiments/(\w+)/.*", "the experiments of {0}", f"{A_SOURCE} {{users}}"),
    (r"deepnet/experiments/.*", "the experiments", f"{EXPERIMENTS} {{users}}"),
    (r"deepnet/__main__\.py", "deepnet and its command", "deepnet tests/deepnet"),
    (
        r"deepnet/(curvature|landscape|watch)/.*",
        "the engine, and the page of {0}",
        "{engine} tests/tools/test_api.py tests/test_docs.py[api.md]",
    ),
    (r"deepnet/.*", "the engine", "{engine}"),
    (r"book/.*", "the book", "book tests/book"),
    (r"benchmarks/.*", "the benchmarks", "tests/benchmarks {users}"),
    (r"(README\.md|docs/.*|examples/.*)", "what the reader is shown", READER),
    (r"tools/.*", "the developers' tools", "tools tests/tools"),
    (r"([\w-]+\.md|CITATION\.cff|LICENSE|Makefile)", "the house rules", ""),
    (r"(\.ci/.*|\.github/.*|\.gitignore|\.pre-commit-config\.yaml)", "the house rules", ""),
    (r".*", "everything, as no rule knows it", EVERYTHING),
)


def near(path: str) -> tuple[str, list[str]]:
    """The words for the neighbourhood of the changed file ``path``, and the choices of its tests.

    >>> near("figures/spectra/energies.py")
    ('the figures of spectra', ['tests/figures/test_figures.py[spectra.*]'])
    """
    pattern, what, choices = next(rule for rule in RULES if re.fullmatch(rule[0], path))
    match = re.fullmatch(pattern, path)
    assert match is not None
    told = choices.format(
        *match.groups(), users=_users(path), experiments=_experiments(path), engine=_engine()
    )
    return what.format(*match.groups()), [each for each in told.split() if _has_tests(each)]


@cache
def _has_tests(choice: str) -> bool:
    """Whether the choice leads to tests, or to examples in docstrings."""
    top = ROOT / place(choice)
    files = [top] if top.is_file() else top.rglob("*.py")
    return choice == EVERYTHING or any(
        file.name.startswith("test_") or ">>>" in file.read_text("utf-8") for file in files
    )


def _users(path: str) -> str:
    """The test files that import the changed file, or a package that imports it.

    A file that several tests share leads to these tests. A conftest leads to all of its folder.
    """
    if not path.endswith(".py"):
        return ""
    module, shared = name_of(Path(path)), path.startswith("tests/")
    modules = users([module], _imports("**/*.py" if shared else "**/test_*.py"))
    files = [Path(name.replace(".", "/")) for name in modules]
    tests = [f"{file}.py" for file in files if file.name.startswith("test_")]
    return " ".join(sorted(tests + [str(f.parent) for f in files if f.name == "conftest"]))


@cache
def _imports(of_tests: str) -> dict[str, set[str]]:
    """The imports of each module of the tests, and the imports of each package."""
    rooms = ("theory", "sim", "deepnet", "figures", "book", "benchmarks")
    files = [path.relative_to(ROOT) for room in rooms for path in ROOT.glob(f"{room}/**/*.py")]
    tests = [path.relative_to(ROOT) for path in ROOT.glob(f"tests/{of_tests}")]
    known = {name_of(path) for path in (*files, *tests)}
    readers = (*tests, *(path for path in files if path.stem == "__init__"))
    return {name_of(path): imported((ROOT / path).read_text("utf-8"), known) for path in readers}


def _experiments(path: str) -> str:
    """The names of the experiments, which have a VERSION, in the source's folder of ``path``."""
    folder = (ROOT / path).parent
    beside = sorted(
        (folder.parent if folder.name in ("shared", "observed") else folder).glob("*.py")
    )
    return ",".join(each.stem for each in beside if "\nVERSION =" in each.read_text("utf-8"))


@cache
def _engine() -> str:
    """The parts of the engine and of its tests, but not the experiments."""
    parts = [part for room in ("deepnet", "tests/deepnet") for part in (ROOT / room).iterdir()]
    return " ".join(str(p.relative_to(ROOT)) for p in sorted(parts) if p.name != "experiments")


# --- choose, say and run ---------------------------------------------------------------------


def chosen(paths: Iterable[str]) -> dict[str, tuple[list[str], list[str]]]:
    """The choices near the changed files, by their words, with the files."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for path in paths:
        what, choices = near(path)
        files, tests = groups.setdefault(what, ([], []))
        files.append(path)
        tests[:] = outermost([*tests, *choices])
    return groups


def outermost(choices: Iterable[str]) -> list[str]:
    """The choices, without choices that lie in a file or a folder that is chosen whole.

    >>> outermost(["sim/a.py[x]", "tests/sim/b.py", "sim/a.py[x]", "tests/sim"])
    ['sim/a.py[x]', 'tests/sim']
    """
    once = list(dict.fromkeys(choices))
    whole = [choice for choice in once if choice == place(choice)]
    return [
        choice
        for choice in once
        if not any(lies_in(place(choice), each) for each in whole if each != choice)
    ]


def pytest_arguments(choices: Sequence[str]) -> list[str]:
    """The arguments of pytest for the choices. There are none where the choices are everything."""
    if EVERYTHING in choices:
        return []
    flags = [f"--choose={choice}" for choice in choices]
    return ["-p", "tools.chosen", *flags, *outermost(place(choice) for choice in choices)]


def choose(base: str | None) -> list[str]:
    """The choices for the changes since ``base``. They are printed with their reasons."""
    try:
        changed = changes(ROOT, base)
    except CannotTellError as why:
        print(f"Everything runs, as {why}.")
        return [EVERYTHING]
    groups = chosen(changed.paths)
    print(f"{_count(len(changed.paths))} changed since {changed.since}.")
    for what, (files, choices) in groups.items():
        _say(f"{what}, for {files[0]}{_more(len(files) - 1)}", choices)
    _say("the house rules, always", [HOUSE])
    return outermost([HOUSE, *(each for _, choices in groups.values() for each in choices)])


def _count(files: int) -> str:
    return {0: "Nothing has", 1: "1 file has"}.get(files, f"{files} files have")


def _more(files: int) -> str:
    return f" and {files} more" if files else ""


def _say(why: str, choices: Sequence[str]) -> None:
    words = "all tests" if EVERYTHING in choices else " ".join(choices).replace(",", " ")
    for text, first, then in ((why, "- ", "  "), (words, "    ", "    ")):
        wrap = TextWrapper(80, first, then, break_long_words=False, break_on_hyphens=False)
        print("\n".join(wrap.wrap(text)), end="\n" if text else "")


def main(argv: Sequence[str] | None = None) -> int:
    """Choose, print the choices with their reasons, and become pytest."""
    parser = Parser("python -m tools.near", "Run the tests that a change touches.", EXAMPLES)
    parser.add_argument("base", nargs="?", metavar="BASE", help="a branch, a tag or a commit")
    parser.add_argument("--dry-run", action="store_true", help="only say what would run")
    options = parser.parse_args(argv)
    arguments = pytest_arguments(choose(options.base))
    sys.stdout.flush()
    if not options.dry_run:
        os.chdir(ROOT)
        command = [sys.executable, "-m", "pytest", "-n", "auto", "-m", LEFT_OUT, *arguments]
        os.execve(sys.executable, command, os.environ | {"NEAR": "1"})
    return Exit.OK


if __name__ == "__main__":
    run(main, "near")
