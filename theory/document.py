"""Claims and errata in LaTeX: a document, or fragments to paste, which need amsmath and amssymb."""

from collections.abc import Iterable
from typing import Any

from theory import typeset
from theory.layout import Names, Row, laid_out
from theory.page import Item, Section, names_of, page
from theory.sentences import code, plain, tex

#: How many columns of a terminal a line of a document has room for.
COLUMNS = 66
MARKS = {"<=": r"\leq", ">=": r"\geq"}
PREAMBLE = r"""\documentclass{article}
\usepackage[margin=1in]{geometry}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
\setlength{\emergencystretch}{3em}
\begin{document}
"""


def document(fragments: Iterable[str]) -> str:
    """A document of its own."""
    return PREAMBLE + "\n\n".join(fragments) + "\n\\end{document}"


def fragment(claim: Any) -> str:
    """The page of a ``theory.claim.Claim``, with statement and steps, to paste."""
    names = names_of(claim)
    letters = tuple(claim.domain)
    status = tex(str(claim.status))
    lines = [
        f"% {claim.name} ({claim.relation}, {claim.status}); needs amsmath and amssymb",
        rf"\subsection*{{{code(claim.name)}}}",
        rf"\noindent\textit{{{claim.relation}, {status}.}} {tex(claim.statement, letters)}",
    ]
    lines += [line for each in page(claim) for line in _section(each, names, letters)]
    return "\n".join(lines)


def _section(section: Section, names: Names, letters: tuple[str, ...]) -> list[str]:
    lines = ["", rf"\medskip\noindent\textbf{{{section.title[:1].upper()}{section.title[1:]}.}}"]
    if all(item.code for item in section.items):
        return [*lines, ", ".join(code(item.words) for item in section.items) + "."]
    if section.title == "references":
        return [*lines, r" \\ ".join(plain(item.words) for item in section.items)]
    if len(section.items) == 1 and not section.items[0].label:
        return [*lines, *_item(section.items[0], "", names, letters)]
    lines.append(r"\begin{itemize}")
    before = ""
    for item in section.items:
        label = item.label if item.label != before else ""
        before = item.label
        lines += [_label(label, section, letters), *_item(item, label, names, letters)]
    return [*lines, r"\end{itemize}"]


def _label(label: str, section: Section, letters: tuple[str, ...]) -> str:
    """A letter, the number of a step or a name."""
    if section.title == "parameters":
        name = "" if typeset.form(label) == label else f" {code(label)}:"
        return rf"\item[${typeset.form(label)}$]{name}"
    if not label:
        return r"\item[]"
    if label.isidentifier():  # an output
        return rf"\item {label.replace('_', ' ')}:"
    return rf"\item[{label}]" if label.endswith(".") else rf"\item {tex(label, letters)}:"


def _item(item: Item, label: str, names: Names, letters: tuple[str, ...]) -> list[str]:
    rules = ", ".join(f"${typeset.latex(rule)}$" for rule in item.given)
    how = item.how + (f", given {rules}" if rules else "")
    words = " ".join(filter(None, [tex(item.words, letters), f"[{how}]" if how else ""]))
    lines = [words] if words else []
    if item.formula is not None:
        lines.append(display(item.formula, names, item.relation))
    elif item.relation:
        lines.append(rf"\[ {_mark(item.relation)} \text{{the closed form}} \]")
    return lines


def display(formula: Any, names: Names, mark: str = "") -> str:
    """A displayed formula; ``mark`` joins it to what stands before."""
    rows = rows_of(formula, names, mark)
    if len(rows) == 1:
        return rf"\[ {rows[0].replace('&', '', 1).strip()} \]"
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def rows_of(formula: Any, names: Names, mark: str) -> list[str]:
    """The rows of an aligned formula, each of which fits a page."""
    layout = laid_out(formula, fits, names)
    rows = _rows(layout.rows, mark)
    for number, (name, defined) in enumerate(layout.where):
        where = r"\text{where } " if number == 0 else ""
        rows += _rows(defined.rows, f"{where}{typeset.latex(name)} =")
    return rows


def fits(expression: Any) -> bool:
    """Whether it fits in a row."""
    return max(map(len, typeset.lines(expression)[0])) <= COLUMNS


def _rows(rows: Iterable[Row], mark: str) -> list[str]:
    shown = []
    for row in rows:
        marks = " ".join(filter(None, [_mark(mark), _mark(row.mark)]))
        shown.append(f"{marks}{' {}' if marks else ''}& {typeset.latex(row.expression)}")
        mark = ""
    return shown


def _mark(mark: str) -> str:
    return " ".join(MARKS.get(each, each) for each in mark.split(" "))


def erratum(entry: Any) -> str:
    """A ``theory.erratum.Erratum`` as a description list."""
    record = entry.as_dict()
    letters: tuple[str, ...] = tuple(name for claim in entry.claims for name in claim.domain)
    said = {"Printed": record["printed"], "Right": entry.right, "Example": entry.counterexample}
    lines = [
        f"% {entry.name} ({entry.kind})",
        rf"\subsection*{{{entry.name} ({entry.kind}; {plain(record['reference'])})}}",
        r"\begin{description}",
        *(rf"\item[{name}:] {tex(text, letters)}" for name, text in said.items()),
    ]
    if entry.kind == "counterexample":
        values = f"{record['printed_value']:.6g} as printed, {record['right_value']:.6g} rightly"
        lines.append(rf"\item[Values:] {values}")
    if entry.claims:
        see = ", ".join(map(code, record["claims"]))
        lines.append(rf"\item[See:] {see}")
    return "\n".join([*lines, r"\end{description}"])
