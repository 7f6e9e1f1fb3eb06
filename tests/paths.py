"""Where the repository is, and what may lie beside it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Test material beside the repository; a test that uses it skips where it is absent.
SHARED = ROOT.parent / "shared"
#: What PyTorch finds for small nets, made by ``tests/deepnet/facts/make_*.py``.
PAGE_FACTS = ROOT / "tests" / "deepnet" / "facts" / "page_facts.npz"
NETS_FACTS = PAGE_FACTS.with_name("nets_facts.npz")
