"""The house itself: what may import what, no circles, everything named has what it needs."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import theory
from companion.references import REFERENCES
from figures.gallery import plates
from sim.table import simulations
from tests.paths import ROOT, modules, name_of
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


NAMES = {name_of(path) for path in modules(ROOMS)}


def imports(path: Path, nested: bool) -> set[str]:
    """Modules that ``path`` imports; ``nested`` counts those inside functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if nested else tree.body
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (named & NAMES) or {node.module}
    return found


@pytest.mark.parametrize("path", modules(ROOMS), ids=name_of)
def test_a_room_imports_only_what_lies_below_it(path: Path) -> None:
    room = name_of(path).partition(".")[0]
    below = ROOMS[room] | {room} | ({"theory"} if "deepnet/experiments" in str(path) else set())
    above = set(ROOMS) - below
    used = {name.partition(".")[0] for name in imports(path, nested=True)}
    assert not used & above


def test_companion_needs_only_the_standard_library_and_what_is_everywhere() -> None:
    import sys

    for path in (ROOT / "companion").rglob("*.py"):
        used = {name.partition(".")[0] for name in imports(path, nested=True)}
        assert used <= set(sys.stdlib_module_names) | {"companion", "joblib", "rich"}, path


def test_no_circle_of_imports() -> None:
    graph = {name_of(path): imports(path, nested=False) & NAMES for path in modules(ROOMS)}
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


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_has_a_figure_and_a_twin(name: str) -> None:
    claim = CLAIMS[name]
    assert any(claim in plate.shows for plate in plates().values()), "no figure shows it"
    assert claim.twins, "no wrong version that its check refutes"
    assert claim.references, "no source"


def test_citations_are_of_listed_sources() -> None:
    cited = [citation for claim in CLAIMS.values() for citation in claim.references]
    cited += [entry.reference for entry in errata().values()]
    cited += [plate.source for plate in plates().values()]
    assert {citation.key for citation in cited} <= set(REFERENCES)


def test_an_erratum_has_one_place() -> None:
    everywhere = [
        name
        for chapter in CHAPTERS_WITH_ERRATA
        for name, value in vars(import_module(f"theory.errata.{chapter}")).items()
        if isinstance(value, Erratum)
    ]
    assert sorted(everywhere) == sorted(errata())
