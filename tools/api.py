"""Write a room's reference for the pages: signature and docstring of every public name.

A docstring begins with a sentence and a formula. Sections follow in the order of ``SECTIONS``, each
with a heading such as "Args:" and an indented body. ``docs/api.md`` has one block per room.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from importlib import import_module
from textwrap import dedent
from typing import Any

from companion.references import REFERENCES
from theory.contents import escaped

#: The headings of a docstring's sections, in their order. A class has "Attributes" or "Args".
SECTIONS = ("Args", "Attributes", "Returns", "Raises", "Reference", "Example")
#: The largest number of characters of a signature on one line.
WIDTH = 88


@dataclass(frozen=True)
class Documented:
    """A docstring in parts.

    Attributes:
        text: The part before the first section.
        sections: {heading: body}, in the docstring's order.
    """

    text: str
    sections: dict[str, str]

    def items(self, heading: str) -> dict[str, str]:
        """{name: meaning} of a section in which each item begins with "name: "."""
        body = self.sections.get(heading, "")
        pairs = re.findall(r"^(\w+): (.*(?:\n +.*)*)", body, re.M)
        return {name: " ".join(meaning.split()) for name, meaning in pairs}

    def references(self) -> list[tuple[str, str]]:
        """Pairs (key, passage) of the sources. The passage is empty for the whole source."""
        lines = self.sections.get("Reference", "").splitlines()
        return [(key, passage) for key, _, passage in (line.partition(", ") for line in lines)]


def documented(docstring: str) -> Documented:
    r"""The parts of a ``docstring``.

    >>> documented("A sum.\n\nArgs:\n    x: A number.\n    y: Another\n        one.").items("Args")
    {'x': 'A number.', 'y': 'Another one.'}
    """
    pieces = re.split(rf"^({'|'.join(SECTIONS)}):\n", inspect.cleandoc(docstring), flags=re.M)
    bodies = (dedent(body).strip("\n") for body in pieces[2::2])
    return Documented(pieces[0].strip(), dict(zip(pieces[1::2], bodies, strict=True)))


def public(room: str) -> dict[str, Any]:
    """{name: object} of the names that a ``room`` exports, in the order of its imports."""
    module = import_module(room)
    body = ast.parse(inspect.getsource(module)).body
    imports = [node for node in body if isinstance(node, ast.ImportFrom)]
    order = [alias.name for node in imports for alias in node.names]
    return {name: getattr(module, name) for name in order if name in module.__all__}


def names(room: str) -> None:
    """Print one section per public name of a ``room``, such as "deepnet.curvature"."""
    for name, thing in public(room).items():
        print(f"\n### {name}\n\n{markdown(thing)}")
    print()


def markdown(thing: Any) -> str:
    """Signature and docstring of a function or class. A class also has them for its methods."""
    parts = [f"```python\n{signature(thing)}\n```", *_blocks(documented(thing.__doc__))]
    for name, method in methods(thing):
        head = name if isinstance(method, property) else _call(name, _definition(method))
        parts += [f"**`.{head}`**", *_blocks(documented(method.__doc__ or ""))]
    return "\n\n".join(parts)


def signature(thing: Any) -> str:
    """The call of a function, or the call that makes an object of a class.

    >>> print(signature(public))
    public(room: str) -> dict[str, Any]
    """
    if not inspect.isclass(thing):
        return _call(thing.__name__, _definition(thing))
    if not is_dataclass(thing):
        return _call(thing.__name__, _definition(thing.__init__))
    fields = inspect.signature(thing).parameters
    return f"{thing.__name__}({', '.join(fields)})"


def methods(thing: Any) -> Iterator[tuple[str, Any]]:
    """The public methods and properties with a docstring that a class defines itself."""
    if inspect.isclass(thing):
        for name, value in vars(thing).items():
            known = inspect.isfunction(value) or isinstance(value, property)
            if known and not name.startswith("_") and value.__doc__:
                yield name, value


def _definition(function: Any) -> ast.FunctionDef:
    node = ast.parse(dedent(inspect.getsource(function))).body[0]
    assert isinstance(node, ast.FunctionDef), function
    return node


def _call(name: str, node: ast.FunctionDef) -> str:
    """The head of a function as text, with one line per parameter where it is long."""
    node.args.args = [arg for arg in node.args.args if arg.arg != "self"]
    returns = ast.unparse(node.returns) if node.returns else "None"
    end = ")" if returns == "None" else f") -> {returns}"
    parts = re.split(r", (?=\*,|\*?\w+: )", ast.unparse(node.args))
    parts = [part.replace("=", " = ", 1) for part in parts]
    line = f"{name}({', '.join(parts)}{end}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), end])


def _blocks(parts: Documented) -> Iterator[str]:
    """The Markdown of a docstring, block by block."""
    yield _prose(parts.text)
    for heading in SECTIONS:
        body = parts.sections.get(heading)
        if body is None:
            continue
        if heading == "Example":
            yield f"```python\n{body}\n```"
        elif heading == "Reference":
            sources = (_source(key, passage) for key, passage in parts.references())
            yield f"**Reference.** {'. '.join(sources)}."
        elif heading == "Returns":
            yield f"**Returns.** {_prose(' '.join(body.split()))}"
        else:
            items = parts.items(heading).items()
            lines = [f"- **{name}**: {_prose(meaning)}" for name, meaning in items]
            yield "\n".join([f"**{heading}**\n", *lines])


def _source(key: str, passage: str) -> str:
    cited = f"{key}, {passage}" if passage else key
    return f"{REFERENCES[key].title} ({escaped(cited)})"


def _prose(text: str) -> str:
    """Docstring prose as Markdown: one line per paragraph. An indented formula is a code block."""
    blocks = []
    for block in text.split("\n\n"):
        if block.startswith("    "):
            blocks.append(f"```text\n{dedent(block)}\n```")
        else:
            code = re.split(r"``(.+?)``", " ".join(block.split()))
            blocks.append("".join(f"`{p}`" if i % 2 else escaped(p) for i, p in enumerate(code)))
    return "\n\n".join(blocks)
