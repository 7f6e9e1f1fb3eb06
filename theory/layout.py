"""How a formula is laid out in a width: broken at relations and sums, else its parts get names.

Nothing is evaluated: a formula whose names are put back is the formula, node by node.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean, BooleanAtom
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.typeset import notation

#: A part that is shorter than this gets no name: naming it would save nothing.
SHORT = 6
#: Letters that read badly as names: they look like digits, or stand for constants.
CONFUSING = frozenset("EIOPTdeilo")
RELATIONS = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
LETTERS = sp.Symbol | sp.MatrixSymbol | sp.Indexed
OPERATIONS = sp.Add | sp.Mul | sp.MatAdd | sp.MatMul | sp.Pow


@dataclass(frozen=True)
class Row:
    """A row of a formula: ``mark`` is what joins it to the row before, such as "=" or "+"."""

    mark: str
    expression: Any


@dataclass(frozen=True)
class Layout:
    """The rows of a formula, and what the names in it stand for, {name: its rows} in order."""

    rows: tuple[Row, ...]
    where: tuple[tuple[Any, "Layout"], ...] = ()


@dataclass
class Names:
    """The names of parts on one page. A part has one name, and is defined where it is used first.

    ``taken`` are the names of letters that the page uses for something else. ``letters`` are
    {letter: part}: names that the page gives to parts already.
    """

    taken: frozenset[str]
    letters: Mapping[Any, Any] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict)

    def new(self, part: Any) -> Any:
        """A letter that is free: a capital for a matrix or an event, a small one for a number."""
        self.known[part] = self._letter(part)
        return self.known[part]

    def put_into(self, expression: Any) -> Any:
        """``expression`` with the names that are known; a part may hold the names of others."""
        named = with_names(expression, self.known)
        return expression if named == expression else self.put_into(named)

    def _letter(self, part: Any) -> Any:
        given = {str(name) for name in self.known.values()}
        used = self.taken | given | set(map(str, self.letters))
        for letter, image in self.letters.items():
            if image == part and str(letter) not in given:
                return letter
        is_matrix = isinstance(part, MatrixExpr)
        is_large = is_matrix or isinstance(part, Boolean)
        alphabet = ascii_uppercase if is_large else ascii_lowercase
        free = (name for name in _names(alphabet) if name not in used)
        return sp.MatrixSymbol(next(free), *part.shape) if is_matrix else sp.Symbol(next(free))


def _names(alphabet: str) -> Iterator[str]:
    letters = [letter for letter in alphabet if letter not in CONFUSING]
    yield from letters
    yield from (f"{letter}{number}" for number in range(1, 1000) for letter in letters)


def laid_out(expression: Any, fits: Callable[[Any], bool], names: Names) -> Layout:
    """``expression`` in rows that fit. Where a row does not, parts of it get names.

    A part that occurs more than once is named before others, then the longest that fits itself.
    """
    if not all(fits(row.expression) for row in rows_of(expression, fits)):
        expression = names.put_into(expression)
    parts = []
    rows = rows_of(expression, fits)
    while wide := [row.expression for row in rows if not fits(row.expression)]:
        part = _part(wide[0], expression, fits)
        if part is None:
            break
        parts.append(part)
        expression = with_names(expression, {part: names.new(part)})
        rows = rows_of(expression, fits)
    where: list[tuple[Any, Layout]] = []
    for part in parts:
        defined = laid_out(part, fits, names)  # its own parts may need names in turn
        where += [(names.known[part], Layout(defined.rows)), *defined.where]
    return Layout(rows, tuple(where))


def rows_of(expression: Any, fits: Callable[[Any], bool]) -> tuple[Row, ...]:
    """``expression`` in a row; where it does not fit the sides of a relation; where a side does not
    fit the terms of its sum. ``mark`` joins a row to the one before."""
    if fits(expression):
        return (Row("", expression),)
    if isinstance(expression, sp.core.relational.Relational):
        left, (first, *others) = (rows_of(side, fits) for side in expression.args)
        mark = f"{RELATIONS[expression.rel_op]} {first.mark}".strip()
        return (*left, Row(mark, first.expression), *others)
    if isinstance(expression, sp.Add | sp.MatAdd):
        terms = map(_signed, notation.terms(expression))
        return tuple(
            Row("-" if is_negative else "+" if number else "", term)
            for number, (is_negative, term) in enumerate(terms)
        )
    return (Row("", expression),)


def _signed(term: Any) -> tuple[bool, Any]:
    """Whether a term is written with a minus, and the term without it."""
    if not isinstance(term, sp.Mul | sp.MatMul | sp.Number) or not notation.is_negative(term):
        return False, term  # the minus of anything else would change what stands in it
    if not isinstance(term, sp.MatMul):
        return True, -term
    number, matrices = notation.factors(term)  # SymPy's minus would evaluate what stands in it
    parts = [*([] if number == -1 else [-number]), *matrices]
    return True, parts[0] if len(parts) == 1 else _with_parts(term, tuple(parts))


def with_names(expression: Any, names: Mapping[Any, Any]) -> Any:
    """``expression`` with each part that is in ``names`` replaced by its name; nothing is
    evaluated."""
    done = dict(names)  # a part that occurs often is visited once: the tree may be huge

    def renamed(node: Any) -> Any:
        if node not in done:
            done[node] = _rebuilt(node, renamed)
        return done[node]

    return renamed(expression)


def _rebuilt(node: Any, renamed: Callable[[Any], Any]) -> Any:
    below = _below(node)
    parts = [renamed(part) for part in below]
    if all(part is old for part, old in zip(parts, below, strict=True)):
        return node
    if isinstance(node, sp.MatrixBase):
        return type(node)(*node.shape, parts)
    return _with_parts(node, tuple(parts))


def _below(node: Any) -> tuple[Any, ...]:
    """The parts of a node; a letter and a number have none."""
    if isinstance(node, sp.MatrixBase):
        return tuple(node.flat())
    if not isinstance(node, sp.Basic) or isinstance(node, LETTERS):
        return ()
    return node.args


def _with_parts(node: Any, parts: tuple[Any, ...]) -> Any:
    """A copy of ``node`` with other ``parts``. Its class would evaluate them."""
    new = object.__new__(type(node))
    for kind in type(node).__mro__:
        for slot in getattr(kind, "__slots__", ()):
            if hasattr(node, slot) and slot != "__weakref__":
                setattr(new, slot, getattr(node, slot))
    vars(new).update(getattr(node, "__dict__", {})) if hasattr(new, "__dict__") else None
    new._args, new._mhash = parts, None
    return new


def _part(row: Any, whole: Any, fits: Callable[[Any], bool]) -> Any:
    """The part of a row of ``whole`` that gets a name; None where there is none."""
    counts = _counts(whole)
    may = [node for node in counts if _may_have_a_name(node) and _length(node) >= SHORT]
    inside = _counts(row)  # a row without its minus may hold other parts than the whole
    own = [node for node in may if node != row and node in inside]
    own = own or [node for node in may if node != whole and not fits(node)]
    repeated = [node for node in own if counts[node] > 1]
    repeated.sort(key=lambda node: counts[node] * (_length(node) - 1), reverse=True)
    longest = sorted(own, key=_length, reverse=True)
    return next((node for node in (*repeated, *longest) if fits(node)), next(iter(longest), None))


def _may_have_a_name(node: Any) -> bool:
    """Whether it is a matrix, a number that is not written in digits, or an event."""
    if isinstance(node, sp.Number | sp.MatrixBase | BooleanAtom):
        return False
    return isinstance(node, sp.Expr | MatrixExpr | Boolean)


def _counts(whole: Any) -> dict[Any, int]:
    """How often each part occurs, from the outside in."""
    after: dict[Any, int] = {}

    def visit(node: Any) -> None:
        if node not in after:
            for part in _below(node):
                visit(part)
            after[node] = 0

    visit(whole)
    counts = dict.fromkeys(reversed(after), 0)
    counts[whole] = 1
    for node, count in counts.items():
        for part in _below(node):
            counts[part] += count
    return counts


@cache
def _length(node: Any) -> int:
    """Roughly how many columns a part takes."""
    if not _below(node):
        return len(str(node))
    own = 0 if isinstance(node, OPERATIONS) else len(type(node).__name__) + 2
    return own + sum(map(_length, _below(node))) + len(_below(node)) - 1
