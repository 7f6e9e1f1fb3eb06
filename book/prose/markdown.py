"""The Markdown of the prose: parts of a text, with names and numbers in HTML."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from book.mathml import mathml
from book.prose.files import Place
from book.prose.names import html as name_in_html
from companion.errors import UsageError

#: What may hold digits: years, and names of data, nets and texts.
WITH_DIGITS = re.compile(r"\b(?:19|20)\d\d\b|\bCIFAR-10\b|\bVGG-16\b|\bResNet 7\b|\b[Ll]ecture 5\b")
#: What a heading may not have.
HAS_SIGNS = re.compile(r"[\d${}]")
#: The parts of Markdown that a text may have.
BLOCKS = re.compile(r"(?:paragraph|bullet_list|ordered_list|list_item)_(?:open|close)|inline")
SPANS = re.compile(r"(?:em|strong)_(?:open|close)|text|code_inline|softbreak|math|name")
#: The longest LaTeX between dollar signs. What is longer is the formula of a claim.
SHORT = 40
HEADINGS = {"h1": "title", "h2": "section"}


@dataclass(frozen=True)
class Part:
    """A part of a text: a title, a heading, HTML, or what stands there by its name.

    ``kind`` is "title", "section", "html" or the word after ``:::``.
    """

    kind: str
    text: str
    line: int


def parts(content: str, name: str) -> Iterator[Part]:
    """The parts of the text ``name``. Raises UsageError with the file and the line."""
    markdown = _markdown()
    waiting: list[Token] = []

    def html() -> Iterator[Part]:
        if waiting:
            yield Part(
                "html", markdown.renderer.render(waiting, markdown.options, {}), _line(waiting)
            )
            waiting.clear()

    for block in _blocks(markdown.parse(content)):
        with Place(name, _line(block)).errors():
            special = _special(block)
        if special is None:
            _translate(block, name)
            waiting += block
        else:
            yield from html()
            yield special
    yield from html()


def _blocks(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens of each paragraph, list or heading."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _line(block: list[Token]) -> int:
    assert block[0].map
    return block[0].map[0] + 1


def _special(block: list[Token]) -> Part | None:
    """A title, the heading of a section or a line that begins with ``:::``; None for a text."""
    for token in block:
        if token.tag in HEADINGS:
            inside = block[1].content
            if HAS_SIGNS.search(WITH_DIGITS.sub("", inside)):
                raise UsageError(f"{inside!r} is a heading, which has words alone")
            return Part(HEADINGS[token.tag], inside, _line(block))
        if not BLOCKS.fullmatch(token.type):
            raise UsageError(f"a text has no {token.type.removesuffix('_open').replace('_', ' ')}")
    inside = block[1].content
    if not inside.startswith(":::"):
        return None
    named = re.fullmatch(r"::: (\w+) (\S+)", inside)
    if not named:
        raise UsageError(f"{inside!r} stands alone in a paragraph, such as ::: figure NAME")
    return Part(named[1], named[2], _line(block))


def _translate(block: list[Token], name: str) -> None:
    """Turn what stands between signs into HTML, and refuse what has no place in a text."""
    for token in block:
        line = token.map[0] + 1 if token.map else 0
        for child in token.children or ():
            lines = child.content.count("\n") + (child.type == "softbreak")
            with Place(name, line).errors():
                _in_html(child, name)
            line += lines


def _in_html(span: Token, page: str) -> None:
    if not SPANS.fullmatch(span.type):
        raise UsageError(f"a text has no {span.type.removesuffix('_open').replace('_', ' ')}")
    if span.type in ("text", "code_inline"):
        _check_words(span.content)
    elif span.type in ("math", "name"):
        span.content = (
            _math(span.content) if span.type == "math" else name_in_html(span.content, page)
        )
        span.type = "html_inline"


def _check_words(words: str) -> None:
    digit = re.search(r"\S*\d\S*", WITH_DIGITS.sub("", words))
    if digit:
        raise UsageError(f"the number {digit[0]} is not computed; write {{= NAME ...}} for it")
    sign = re.search(r"[${}]", words)
    if sign:
        raise UsageError(
            f"{sign[0]!r} stands alone; it belongs to a pair, as in $N$ or {{outlier}}"
        )


def _math(latex: str) -> str:
    if not latex or len(latex) > SHORT:
        raise UsageError(
            f"a formula is a claim's; name the claim, and keep what is between $ signs "
            f"within {SHORT} characters"
        )
    try:
        return mathml(latex)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _markdown() -> MarkdownIt:
    found = MarkdownIt("commonmark", {"html": False}).disable("entity")
    found.inline.ruler.before("escape", "math", _between("$", "$", "math"))
    found.inline.ruler.before("escape", "name", _between("{", "}", "name"))
    return found


def _between(opening: str, closing: str, kind: str) -> Callable[[StateInline, bool], bool]:
    """The rule for what stands between two signs. An opening without an end stays text."""

    def rule(state: StateInline, silent: bool) -> bool:
        end = state.src.find(closing, state.pos + 1)
        if state.src[state.pos] != opening or end < 0:
            return False
        if not silent:
            state.push(kind, "", 0).content = state.src[state.pos + 1 : end]
        state.pos = end + 1
        return True

    return rule
