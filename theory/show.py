"""How a claim and an erratum show themselves in a terminal: no line is wider than the terminal."""

from collections.abc import Sequence
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any

from theory import typeset
from theory.claim import Claim
from theory.erratum import Erratum
from theory.formula import Formula
from theory.layout import RELATIONS, Names, Row, laid_out
from theory.page import Item, Section, names_of, page
from theory.proofs.text import in_text

#: The narrowest and the widest page. In a pipe it is the narrowest.
NARROW, WIDE = 80, 100
INDENT = 4
#: Room for what joins a row to the one before, such as "A1 =".
MARK = 5


def width() -> int:
    """How many columns a page has here."""
    return max(NARROW, min(WIDE, get_terminal_size((NARROW, 24)).columns))


def full(claim: Claim, columns: int = NARROW) -> str:
    """A claim in full: each line has at most ``columns`` columns."""
    return _Page(claim, columns).text()


class _Page:
    """A page under way. A part of a formula has one name on the whole page."""

    def __init__(self, claim: Claim, columns: int) -> None:
        self.claim = claim
        self.columns = columns
        self.names = names_of(claim)

    def text(self) -> str:
        claim = self.claim
        lines = [f"{claim.name}   ({claim.relation}, {claim.status})", ""]
        lines += [*filled(claim.statement, self.columns), ""]
        for section in page(claim):
            lines += [section.title, *self.items(section), ""]
            if section.title == "closed form" and not claim.parameters:
                lines += ["value", *(f"  {line}" for line in values(claim.closed_form)), ""]
        return "\n".join(lines).rstrip()

    def items(self, section: Section) -> list[str]:
        lines: list[str] = []
        before = ""
        for item in section.items:
            label = item.label if item.label != before else ""
            before = item.label
            if section.title == "parameters":
                label = _both(label)
            lines += self.item(item, label if label.endswith(".") or not label else f"{label}:")
        return lines

    def item(self, item: Item, label: str) -> list[str]:
        """An entry: its words, and below them its formula."""
        how = f"[{item.how}{_given(item.given)}]" if item.how else ""
        head = " ".join(filter(None, [label, item.words, how]))
        lines = filled(head, self.columns, "  ", "    ") if head else []
        if item.formula is not None:
            lines += self.formula(item.formula, item.relation)
        elif item.relation:
            lines.append(f"    {item.relation} the closed form")
        return lines

    def formula(self, formula: Any, mark: str = "") -> list[str]:
        return formula_lines(formula, self.names, self.columns, mark)


def _both(name: str) -> str:
    """A parameter's name, and the letter that formulas write for it where they differ."""
    letter = typeset.in_unicode(name)
    return name if letter == name else f"{name} ({letter})"


def _given(rules: Sequence[Any]) -> str:
    """The rules of a step in a line: what takes several lines is written as SymPy writes it."""
    blocks = [(rule, typeset.lines(rule)[0]) for rule in rules]
    texts = [block[0] if len(block) == 1 else equation(rule) for rule, block in blocks]
    return f", given {', '.join(texts)}" if texts else ""


def equation(statement: Any) -> str:
    """A relation in a line of plain text."""
    left, right = map(in_text, statement.args)
    return f"{left} {RELATIONS[statement.rel_op]} {right}"


def formula_lines(formula: Any, names: Names, columns: int, mark: str = "") -> list[str]:
    """A formula, indented, in at most ``columns``; ``mark`` joins it to what stands before."""

    def fits(expression: Any) -> bool:
        return INDENT + MARK + max(map(len, typeset.lines(expression)[0])) <= columns

    layout = laid_out(formula, fits, names)
    lines = _rows(layout.rows, mark)
    lines += ["  where"] if layout.where else []
    for name, defined in layout.where:
        lines += _rows(defined.rows, f"{typeset.in_unicode(str(name))} =")
    return lines


def _rows(rows: Sequence[Row], mark: str) -> list[str]:
    marks = [f"{mark} {rows[0].mark}".strip(), *(row.mark for row in rows[1:])]
    indent = max(len(each) + 1 if each else 0 for each in marks)
    lines: list[str] = []
    for each, row in zip(marks, rows, strict=True):
        block, stands_on = typeset.lines(row.expression)
        for number, line in enumerate(block):
            start = each if number == stands_on else ""
            lines.append(f"{'':{INDENT}}{start:<{indent}}{line}".rstrip())
    return lines


def erratum(entry: Erratum, columns: int = NARROW) -> str:
    """An erratum in full."""
    record = entry.as_dict()
    lines = filled(f"{entry.name}   ({entry.kind}; {record['reference']})", columns, "", "     ")
    said = [("printed:", record["printed"]), ("right:", entry.right)]
    said.append(("example:", entry.counterexample))
    if entry.kind == "counterexample":
        printed, right = number(record["printed_value"]), number(record["right_value"])
        said.append(("", f"printed {printed}, right {right}"))
    if entry.claims:
        said.append(("see:", ", ".join(record["claims"])))
    for name, text in said:
        lines += filled(text, columns, f"  {name:<10}", " " * 12)
    return "\n".join(lines)


def filled(text: str, columns: int, first: str = "", others: str = "") -> list[str]:
    """``text`` in lines of at most ``columns``."""
    return wrap(
        text, columns, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    ) or [first.rstrip()]


def number(value: Any) -> str:
    """A value to 12 significant digits, trailing zeros kept.

    >>> number(17.149838842975207)
    '17.1498388430'
    """
    return f"{value:#.12g}" if isinstance(value, float) else str(value)


def text(value: Any) -> str:
    """A value, or nested lists of them, in one line."""
    if isinstance(value, list):
        return "[" + ", ".join(map(text, value)) + "]"
    return number(value)


def value_in_lines(head: str, value: Any, tail: str = "") -> list[str]:
    """A value behind its ``head``, in one line where 80 columns hold it, else a matrix row by row.

    >>> value_in_lines("x: ", [[1.0], [2.0]])
    ['x: [[1.00000000000], [2.00000000000]]']
    """
    line = f"{head}{text(value)}{tail}"
    if len(line) <= NARROW or not isinstance(value, list):
        return [line]
    depth = len(head) - len(head.lstrip()) + 2 * bool(head)
    inside = [text(row) for row in value] if isinstance(value[0], list) else [text(value)[1:-1]]
    inside = [f"[{inside[0]}", *(f" {row}" for row in inside[1:])]
    inside = [f"{row}," for row in inside[:-1]] + [f"{inside[-1]}]{tail}"]
    rows = [
        part
        for row in inside
        for part in wrap(
            row.strip(),
            NARROW,
            initial_indent=" " * (depth + row.startswith(" ")),
            subsequent_indent=" " * (depth + 2),
        )
    ]
    return [*([head.rstrip()] if head else []), *rows]


def values(formula: Formula) -> list[str]:
    """The lines that give the value of a formula without letters."""
    value = formula.exact(17)
    if not formula.named:
        return [number(float(value))]
    return [f"{name} = {number(float(part))}" for name, part in value.items()]
