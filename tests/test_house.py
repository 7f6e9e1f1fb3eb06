"""The house itself: what may import what, no circles, everything named has what it needs."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import theory
from companion.references import REFERENCES
from figures.gallery import plates
from sim.table import simulations
from tests.paths import ROOT, modules, name_of
from theory.errata import CHAPTERS as CHAPTERS_WITH_ERRATA
from theory.errata import errata
from theory.erratum import Erratum
from tools import imports as imports_of

ROOMS = {
    "companion": set(),
    "theory": {"companion"},
    "sim": {"companion", "theory"},
    "deepnet": {"companion"},  # its experiments may also import theory
    "figures": {"companion", "theory", "sim", "deepnet"},
    "book": {"companion", "theory", "figures"},
}
#: All that holds modules of ours.
PARTS = (*ROOMS, "benchmarks", "examples", "tests", "tools")
CLAIMS = theory.claims()


@cache
def names() -> set[str]:
    return {name_of(path) for path in modules(PARTS)}


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def imports(path: Path, nested: bool) -> set[str]:
    """Modules that ``path`` imports; ``nested`` counts those inside functions too."""
    return imports_of.imported(text_of(path), names(), nested)


def test_a_room_imports_only_what_lies_below_it() -> None:
    for path in modules(ROOMS):
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
    """Imports inside functions count too: they only hide a circle."""
    graph = {name_of(path): imports(path, nested=True) & names() for path in modules(PARTS)}
    assert circle({name: used - {name} for name, used in graph.items()}) == ""


def circle(graph: dict[str, set[str]]) -> str:
    """A circle in ``graph``, {module: what it imports}, such as "a -> b -> a"; "" without one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " -> ".join(reversed(error.args[1]))  # graphlib lists what is imported first
    return ""


def test_a_circle_is_found_and_named() -> None:
    text = "def f():\n    from rooms import beside"
    inside = imports_of.imported(text, {"rooms.beside"}, nested=True)
    graph = {"above": {"rooms.mine"}, "rooms.mine": inside, "rooms.beside": {"rooms.mine"}}
    assert circle(graph) in (
        "rooms.mine -> rooms.beside -> rooms.mine",
        "rooms.beside -> rooms.mine -> rooms.beside",
    )
    assert circle({"above": {"below"}, "below": {"ground"}}) == ""


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


# --- closeness -----------------------------------------------------------------------------------


CLOSE = ROOT / "tests" / "close.py"
COMPARISONS = {"approx", "isclose", "allclose", "assert_allclose", "assert_almost_equal"}
TOLERANCES = {"rtol", "atol"}
SIZES = {"abs", "norm"}
OWN = re.compile(r"_?(close|rounded|same|near|below|agree)")
BARE = 1e-3  # a smaller number in a comparison of a difference is a tolerance without a name


def bare_tolerance(node: ast.Compare) -> bool:
    """``abs`` or ``norm`` of a difference, compared with a small number that is written there."""
    if not isinstance(node.ops[0], ast.Lt | ast.LtE):
        return False
    sizes = (n for n in ast.walk(node.left) if isinstance(n, ast.Call) and called(n) in SIZES)
    inside = {type(n) for size in sizes for part in size.args for n in ast.walk(part)}
    written = (getattr(n, "value", None) for n in ast.walk(node.comparators[0]))
    return ast.Sub in inside and any(isinstance(v, float) and 0 < v < BARE for v in written)


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def own_closeness(tree: ast.AST) -> list[str]:
    """What compares by a tolerance of its own, or is a function that may."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            tolerances = TOLERANCES & {keyword.arg for keyword in node.keywords}
            if name in COMPARISONS or tolerances:
                found.append(f"line {node.lineno}: {name}")
        elif isinstance(node, ast.FunctionDef) and OWN.fullmatch(node.name):
            found.append(f"line {node.lineno}: def {node.name}")
        elif isinstance(node, ast.Compare) and bare_tolerance(node):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def test_closeness_has_one_place() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path != CLOSE:
            assert not own_closeness(ast.parse(text_of(path))), path


def test_a_tolerance_of_its_own_is_found() -> None:
    for text in ("np.allclose(a, b)", "a == approx(b, rel=0)", "f(a, rtol=0)", "def _same(a): a"):
        assert own_closeness(ast.parse(text)), text
    for text in ("abs(a / b - 1) < 1e-6", "np.abs(a - b).max() <= 1e-9 * n", "norm(a - b) <= 1e-9"):
        assert own_closeness(ast.parse(text)), text
    for text in ("abs(a - b) < LITTLE", "abs(a - b) <= 0.1", "abs(a) < 1e-6", "abs(a - b) > 1e-6"):
        assert not own_closeness(ast.parse(text)), text


def test_an_erratum_has_one_place() -> None:
    everywhere = [
        name
        for chapter in CHAPTERS_WITH_ERRATA
        for name, value in vars(import_module(f"theory.errata.{chapter}")).items()
        if isinstance(value, Erratum)
    ]
    assert sorted(everywhere) == sorted(errata())
