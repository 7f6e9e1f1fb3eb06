"""Count the words of docstrings that stand for a missing noun: ``python -m tools.ellipses``.

An ellipsis is a phrase of ``PHRASES``, such as "that of". Some ellipses are good English. Their
number per 1,000 words compares rooms and commits. It is no gate.
"""

import ast
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from companion.command import Exit, Parser, run
from companion.errors import UsageError
from companion.options import add_seed, at_least

ROOT = Path(__file__).parents[1]
ROOMS = ("companion", "theory", "sim", "deepnet", "figures", "book", "tools")
PHRASES = re.compile(
    r"\b(that of|those of|those that|that which|of which|of whom|of what|so many|so much|as many"
    r"|as much|what (?:is|are|was|were|has|have|it|they|the)|the same|the others?|the ones?"
    r"|where there (?:is|are)|has none|have none|of those|of these|of some|to which|of it"
    r"|of its own)\b",
    re.IGNORECASE,
)
#: A shorter paragraph, such as "See the module.", is not drawn.
LEAST = 10
EXAMPLES = """\
  python -m tools.ellipses                             one row per room
  python -m tools.ellipses deepnet/ops --list          each phrase with its place
  python -m tools.ellipses --draw 10 --seed 3          ten paragraphs to read
"""


class Docstring(NamedTuple):
    """The text of a docstring without its examples, and its place."""

    path: Path
    line: int
    text: str
    of_module: bool


class Count(NamedTuple):
    """Words, ellipses and semicolons of some docstrings."""

    words: int
    ellipses: int
    semicolons: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Count":
        """The sums over ``texts``.

        >>> Count.of(["The largest of those that are left; the same."])
        Count(words=9, ellipses=2, semicolons=1)
        """
        joined = " ".join(" ".join(texts).split())
        return cls(len(joined.split()), len(PHRASES.findall(joined)), joined.count(";"))

    def per_thousand(self, number: int) -> float:
        """``number`` per 1,000 words."""
        return 1000 * number / max(1, self.words)


def docstrings(paths: Iterable[Path]) -> Iterator[Docstring]:
    """The docstrings of the Python files, in order."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = ast.get_docstring(node) if isinstance(node, kinds) else None
            if text and isinstance(node, kinds):
                prose = re.sub(r"^ *(>>>|\.\.\.) .*$", "", text, flags=re.M)
                yield Docstring(path, node.body[0].lineno, prose, isinstance(node, ast.Module))


def files(folder: str) -> list[Path]:
    """The Python files of a ``folder``, or a file itself.

    Raises UsageError where no Python file is found.
    """
    place = ROOT / folder
    found = [place] if place.suffix == ".py" and place.exists() else sorted(place.rglob("*.py"))
    if not found:
        raise UsageError(f"{folder}: no Python files there; give a room or a folder of it")
    return found


def room_of(path: Path) -> str:
    """The room of a file, which is its first folder.

    A room of the engine is the first two folders.
    """
    parts = path.relative_to(ROOT).parts[:-1]
    return "/".join(parts[:2] if parts[0] == "deepnet" else parts[:1])


def table(found: Sequence[Docstring]) -> str:
    """One row per room: words, and ellipses and semicolons per 1,000 words."""
    rooms = list(dict.fromkeys(room_of(each.path) for each in found))
    lines = [f"{'':22}{'words':>7}{'ellipses':>10}{'semicolons':>12}{'in modules':>12}"]
    for room in rooms:
        inside = [each for each in found if room_of(each.path) == room]
        own = Count.of(each.text for each in inside if not each.of_module)
        modules = Count.of(each.text for each in inside if each.of_module)
        lines.append(
            f"{room:22}{own.words:7}{own.per_thousand(own.ellipses):10.1f}"
            f"{own.per_thousand(own.semicolons):12.1f}{modules.per_thousand(modules.ellipses):12.1f}"
        )
    return "\n".join([*lines, "per 1,000 words of functions and classes, and of modules"])


def listed(found: Sequence[Docstring]) -> str:
    """One line per ellipsis: its file, the line of the docstring, and the words around it."""
    lines = []
    for each in found:
        text = " ".join(each.text.split())
        for match in PHRASES.finditer(text):
            around = text[max(0, match.start() - 40) : match.end() + 40]
            lines.append(f"{each.path.relative_to(ROOT)}:{each.line}: {around}")
    return "\n".join(lines)


def drawn(found: Sequence[Docstring], number: int, seed: int) -> str:
    """``number`` paragraphs drawn at random from the docstrings, with the seed and their places."""
    paragraphs = [
        f"{each.path.relative_to(ROOT)}:{each.line}\n{paragraph.strip()}"
        for each in found
        for paragraph in each.text.split("\n\n")
        if len(paragraph.split()) >= LEAST
    ]
    some = random.Random(seed).sample(paragraphs, min(number, len(paragraphs)))
    return "\n\n".join([f"seed {seed}", *some])


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table, the list or the drawn paragraphs."""
    parser = Parser("python -m tools.ellipses", "Count ellipses in docstrings.", EXAMPLES)
    parser.add_argument("folder", nargs="*", default=ROOMS, help="rooms, folders or files")
    parser.add_argument("--list", action="store_true", help="print each phrase with its place")
    parser.add_argument("--draw", type=int, metavar="N", help="print N paragraphs drawn at random")
    add_seed(parser, "where the draw starts")
    options = parser.parse_args(argv)
    at_least(options, draw=1)
    found = list(docstrings(path for folder in options.folder for path in files(folder)))
    if options.draw:
        print(drawn(found, options.draw, options.seed))
    else:
        print(listed(found) if options.list else table(found))
    return Exit.OK


if __name__ == "__main__":
    run(main, "ellipses")
