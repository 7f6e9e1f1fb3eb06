"""Where the repository is, and what may lie beside it."""

from collections.abc import Iterable
from pathlib import Path

from tools import imports

ROOT = Path(__file__).parents[1]
#: Test material beside the repository; a test that uses it skips where it is absent.
SHARED = ROOT.parent / "shared"
#: What PyTorch finds for small nets, made by ``tests/deepnet/facts/make_*.py``.
PAGE_FACTS = ROOT / "tests" / "deepnet" / "facts" / "page_facts.npz"
NETS_FACTS = PAGE_FACTS.with_name("nets_facts.npz")


def modules(rooms: Iterable[str]) -> list[Path]:
    """All Python files of the ``rooms``."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    """The name by which the module at ``path`` is imported."""
    return imports.name_of(path.relative_to(ROOT))
