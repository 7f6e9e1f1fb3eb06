"""The page of a claim in Markdown, as a notebook shows it."""

from collections.abc import Iterable
from typing import Any

from theory import typeset
from theory.document import rows_of
from theory.layout import Names
from theory.page import Item, Section, names_of, page
from theory.sentences import markdown


def in_markdown(claim: Any) -> str:
    """The page of a ``theory.claim.Claim``; the proof, the twins and what follows are folded."""
    names = names_of(claim)
    letters = tuple(claim.domain)
    parts = [f"**{claim.name}** ({claim.relation}, {claim.status})"]
    parts += [markdown(claim.statement, letters)]
    sections = page(claim)
    shown = [section for section in sections if not section.folded]
    parts += [part for section in shown for part in _section(section, names, letters)]
    folded = [section for section in sections if section.folded]
    if folded:
        parts += ["<details><summary>proof, twins, sources, see also</summary>"]
        parts += [part for section in folded for part in _section(section, names, letters)]
        parts += ["</details>"]
    return "\n\n".join(parts)


def _section(section: Section, names: Names, letters: tuple[str, ...]) -> Iterable[str]:
    if all(item.code for item in section.items):
        yield f"**{section.title}**: {', '.join(f'`{item.words}`' for item in section.items)}"
        return
    yield f"**{section.title}**"
    before = ""
    for item in section.items:
        label = item.label if item.label != before else ""
        before = item.label
        yield from _item(item, _label(label, section, letters), names, letters)


def _label(label: str, section: Section, letters: tuple[str, ...]) -> str:
    if not label or label.endswith("."):
        return label
    if section.title == "parameters":
        return f"- `{label}`, ${typeset.form(label)}$:"
    return f"*{markdown(label, letters)}*:"


def _item(item: Item, label: str, names: Names, letters: tuple[str, ...]) -> Iterable[str]:
    rules = ", ".join(f"${typeset.latex(rule)}$" for rule in item.given)
    how = f"[{item.how}{', given ' if rules else ''}{rules}]" if item.how else ""
    words = " ".join(filter(None, [label, markdown(item.words, letters), how]))
    if words:
        yield words
    if item.formula is not None:
        rows = " \\\\\n".join(rows_of(item.formula, names, item.relation))
        yield f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$"
