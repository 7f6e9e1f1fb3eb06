"""The house itself: what may import what, no circles, everything named has what it needs."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import theory
from companion.references import REFERENCES
from deepnet.experiments.experiment import experiments
from figures import contents as passages
from figures.gallery import FOLDERS, plates
from sim.table import simulations
from tests.paths import ROOT
from theory.contents import contents
from theory.errata import CHAPTERS as CHAPTERS_WITH_ERRATA
from theory.errata import errata
from theory.erratum import Erratum

ROOMS = {
    "companion": set(),
    "theory": {"companion"},
    "sim": {"companion", "theory"},
    "deepnet": {"companion"},  # its experiments may also import theory
    "figures": {"companion", "theory", "sim", "deepnet"},
}
CLAIMS = theory.claims()


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def names() -> set[str]:
    return {name_of(path) for path in modules()}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, nested: bool) -> set[str]:
    """Modules that ``path`` imports; ``nested`` counts those inside functions too."""
    tree = tree_of(path)
    nodes = ast.walk(tree) if nested else tree.body
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (named & names()) or {node.module}
    return found


def test_a_room_imports_only_what_lies_below_it() -> None:
    for path in modules():
        room = name_of(path).partition(".")[0]
        below = ROOMS[room] | {room} | ({"theory"} if "deepnet/experiments" in str(path) else set())
        used = {name.partition(".")[0] for name in imports(path, nested=True)}
        assert not used & (set(ROOMS) - below), path


def test_companion_needs_only_the_standard_library_and_what_is_everywhere() -> None:
    import sys

    for path in (ROOT / "companion").rglob("*.py"):
        used = {name.partition(".")[0] for name in imports(path, nested=True)}
        assert used <= set(sys.stdlib_module_names) | {"companion", "joblib", "rich"}, path


def test_no_circle_of_imports() -> None:
    graph = {name_of(path): imports(path, nested=False) & names() for path in modules()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"circle: {' -> '.join((*above, name))}"
        if name not in done:
            for below in graph[name] - {name}:
                visit(below, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_every_claim_has_a_check_and_every_check_a_claim() -> None:
    assert {claim.name for claim in simulations()} == set(CLAIMS)


def test_every_claim_has_a_figure_a_twin_and_a_source() -> None:
    shown = {claim for plate in plates().values() for claim in plate.shows}
    for claim in CLAIMS.values():
        assert claim in shown, f"{claim.name}: no figure shows it"
        assert claim.twins, f"{claim.name}: no wrong version that its check refutes"
        assert claim.references, f"{claim.name}: no source"


def test_citations_are_of_listed_sources() -> None:
    cited = [citation for claim in CLAIMS.values() for citation in claim.references]
    cited += [place for entry in errata().values() for place in entry.references]
    cited += [plate.source for plate in plates().values()]
    assert {citation.key for citation in cited} <= set(REFERENCES)


# --- the written word ------------------------------------------------------------------------


BOOKS = [path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if path.exists()]


def test_an_erratum_has_one_place() -> None:
    everywhere = [
        name
        for chapter in CHAPTERS_WITH_ERRATA
        for name, value in vars(import_module(f"theory.errata.{chapter}")).items()
        if isinstance(value, Erratum)
    ]
    assert sorted(everywhere) == sorted(errata())


def test_readme_has_the_table_of_contents() -> None:
    """If it is out of date: paste what ``python -m theory contents`` prints."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("<!-- python -m theory contents -->\n")
    assert rest.partition("<!-- end of contents -->")[0].strip() == contents()


def test_readme_has_the_passages_of_the_sources() -> None:
    """If it is out of date: paste what ``python -m figures contents`` prints."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("<!-- python -m figures contents -->\n")
    verdicts = passages.recorded(ROOT / passages.VERDICTS)
    assert rest.partition("<!-- end of passages -->")[0].strip() == passages.contents(verdicts)


def test_every_experiment_and_every_claim_of_a_source_has_a_passage() -> None:
    verdicts = passages.recorded(ROOT / passages.VERDICTS)
    found = [row for keys in passages.BOOKS for row in passages.table(keys, verdicts)]
    checks = {name for row in found for name in row.checks}
    books = {key for keys in passages.BOOKS for key in keys}
    for claim in CLAIMS.values():
        if books & {citation.key for citation in claim.references}:
            assert claim.name in checks, claim.name
    for name, experiment in experiments().items():
        assert f"experiment {name}" in checks, name
        assert set(verdicts[name].observations) == {
            each.claim for each in experiment.observations
        }, name
    assert all(row.figures for row in found if row.checks)


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_names_in_the_books_resolve(book: Path) -> None:
    text = book.read_text(encoding="utf-8")
    known = set(CLAIMS) | set(plates())
    chapters = "|".join(FOLDERS)
    modules_known = {name_of(path) for path in modules()}
    for name in re.findall(rf"\b(?<!theory\.)(?<!sim\.)(?<!/)(?:{chapters})\.[a-z_0-9]+", text):
        assert name in known or name.endswith((".py", ".png")), f"{book.name}: {name}"
    for command in re.findall(r"python -m ([a-z_.]+)", text):
        if command.partition(".")[0] in ROOMS:
            assert command in modules_known, f"{book.name}: python -m {command}"
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / link).exists(), f"{book.name}: {link}"
    for path in re.findall(
        r"`((?:companion|theory|sim|figures|tests|examples|docs)/[\w/.]+)`", text
    ):
        assert (ROOT / path).exists(), f"{book.name}: {path}"
    for target in re.findall(r"`make ([a-z-]+)`", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M), target


def test_the_repository_speaks_of_the_project_alone() -> None:
    own = Path(__file__)
    words = re.compile(r"/work/|claims\.md|\.\./shared|seed 00\d|issue \d", re.I)
    texts = [path for path in modules() if path != own]
    for path in [*texts, *BOOKS]:
        assert not words.search(path.read_text(encoding="utf-8")), path
