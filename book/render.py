"""Pages from templates, and data files for scripts."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from book.prose.files import title
from companion import __version__
from figures import gallery

TEMPLATES = Path(__file__).with_name("templates")
#: The parts of the book, and the chapters of each.
PARTS = {
    "Descent": ("quadratic", "spectra"),
    "Layers": ("kronecker", "preconditioning"),
    "Batch norm": ("normalisation", "smoothness", "invariance"),
    "Deep nets": ("propagation", "stability"),
}
#: The titles of the chapters, and of the pages of the sources.
TITLES = {chapter: title(chapter) for part in PARTS.values() for chapter in part}
SOURCES = {source: title(source) for source in gallery.SOURCES}


def render(template: str, file: str, **values: Any) -> str:
    """The page ``file`` from its template."""
    return _templates().get_template(template).render(file=file, **values)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # what the templates get is HTML already; "| e" stands in attributes
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {
        "version": __version__,
        "parts": PARTS,
        "titles": TITLES,
        "sources": SOURCES,
        "sections": [],
    }
    return made


def data(name: str, value: Any) -> str:
    """A data file, which gives ``value`` to the scripts as ``companion.<name>``.

    It is a script, for a page that was opened from a folder cannot read another file.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"(globalThis.companion = globalThis.companion || {{}}).{name} = {text};\n"
