"""The imports of each module, read off the syntax trees."""

import ast
from collections.abc import Container, Iterable
from pathlib import Path


def name_of(path: Path) -> str:
    """The module at ``path``, which is relative to the repository.

    >>> name_of(Path("theory/spectra/__init__.py")), name_of(Path("theory/spectra/bulk.py"))
    ('theory.spectra', 'theory.spectra.bulk')
    """
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(text: str, known: Container[str], nested: bool = True) -> set[str]:
    """The modules that the source ``text`` imports.

    ``nested`` says whether imports inside its functions count. A name that is imported from a
    package counts as a module if it is among the ``known`` modules.

    >>> sorted(imported("import numpy; from theory import claim, claims", {"theory.claim"}))
    ['numpy', 'theory.claim']
    """
    tree = ast.parse(text)
    modules = set()
    for node in ast.walk(tree) if nested else tree.body:
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"imports are absolute, not of .{node.module}"
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            modules |= {name for name in named if name in known} or {node.module}
    return modules


def users(modules: Iterable[str], imports: dict[str, set[str]]) -> set[str]:
    """All modules that import one of ``modules``, themselves or through other modules of
    ``imports``.

    >>> sorted(users(["a"], {"b": {"a"}, "c": {"b"}, "d": {"e"}}))
    ['b', 'c']
    """
    reached: set[str] = set()
    new = set(modules)
    while new:
        new = {name for name, used in imports.items() if used & new} - reached
        reached |= new
    return reached
