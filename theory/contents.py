"""The table of contents of the book: chapters, their sections, the claims of each."""

from importlib import import_module

from theory import CHAPTERS, claims


def contents() -> str:
    """The table of contents in Markdown, as README has it.

    >>> print(contents()[:37])
    - **quadratic** (23 claims): Gradient
    """
    return "\n".join(_chapter(chapter) for chapter in CHAPTERS)


def _chapter(chapter: str) -> str:
    sections: dict[str, list[str]] = {}
    for claim in claims().values():
        if claim.chapter == chapter:
            name = claim.name.partition(".")[2]
            sections.setdefault(claim.derive.__module__, []).append(f"`{name}`")
    count = sum(len(names) for names in sections.values())
    lines = [f"- **{chapter}** ({count} claims): {_title(f'theory.{chapter}')}"]
    lines += [f"  - {_title(module)} {', '.join(names)}" for module, names in sections.items()]
    return "\n".join(lines)


def _title(module: str) -> str:
    """The first paragraph of a module's docstring."""
    return " ".join((import_module(module).__doc__ or "").split("\n\n")[0].split())
