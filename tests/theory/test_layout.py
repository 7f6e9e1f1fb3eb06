"""A formula in rows: each fits, and with its names put back it is the formula, not evaluated."""

from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import theory
from tests.theory.typeset.corpus import expressions
from theory import typeset
from theory.layout import RELATIONS, Names, Row, laid_out, rows_of, with_names
from theory.page import names_of

CLAIMS = theory.claims()
#: Sums, products and limits of scalars and matrices, and events: formulas of up to 1,400 columns.
WIDE = ("smoothness.hessian", "propagation.same_class", "spectra.distribution", "spectra.outlier")
MARKS = {"", *RELATIONS.values()}
x, y, z = sp.symbols("x y z")
A, B = (sp.MatrixSymbol(name, 3, 3) for name in "AB")


def numbers() -> st.SearchStrategy[Any]:
    leaves = st.sampled_from([x, y, z, sp.Integer(2), sp.Trace(A * B), sp.Derivative(x**2, x)])

    def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        pairs = st.tuples(inner, inner)
        return st.one_of(
            pairs.map(lambda two: sp.Add(*two, evaluate=False)),
            pairs.map(lambda two: sp.Mul(*two, evaluate=False)),
            inner.map(lambda one: sp.exp(one, evaluate=False)),
            pairs.map(lambda two: sp.Integral(two[0], (x, 0, two[1]))),
        )

    return st.recursive(leaves, larger, max_leaves=8)


@given(numbers(), st.data())
def test_names_are_put_in_and_back_without_evaluating_anything(expression, data):
    parts = [part for part in sp.preorder_traversal(expression) if part.args]
    chosen = data.draw(st.lists(st.sampled_from(parts or [x]), unique=True, max_size=3))
    names = {part: sp.Symbol(f"n{number}") for number, part in enumerate(chosen)}
    named = with_names(expression, names)
    assert not any(part in names for part in sp.preorder_traversal(named))
    back = with_names(named, {name: part for part, name in names.items()})
    assert sp.srepr(back) == sp.srepr(expression)


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("columns", [40, 75])
def test_all_rows_fit_and_say_the_formula(name: str, columns: int) -> None:
    claim = CLAIMS[name]
    names = names_of(claim)

    def fits(expression: Any) -> bool:
        return max(map(len, typeset.lines(expression)[0])) <= columns

    for expression in expressions(claim):
        layout = laid_out(expression, fits, names)
        assert layout.where == () or not fits(expression)
        for rows in (layout.rows, *(defined.rows for _, defined in layout.where)):
            assert all(fits(row.expression) for row in rows)
        found = [part for row in layout.rows for part in _terms(row, names)]
        assert found == _terms(Row("", expression), names)


def _terms(row: Row, names: Names) -> list[tuple[str, Any]]:
    """The terms of a row by their marks, the names in them put back."""
    expression = row.expression
    stands_for = {name: part for part, name in names.known.items()}
    while (before := with_names(expression, stands_for)) != expression:
        expression = before
    if row.mark not in MARKS:
        return [(row.mark, expression)]
    first, *others = rows_of(expression, lambda each: False)
    rows = [Row(f"{row.mark} {first.mark}".strip(), first.expression), *others]
    return [(each.mark, each.expression) for each in rows]


def test_a_name_says_one_thing_on_a_page() -> None:
    names = Names(frozenset("a"), {sp.Symbol("s"): x + y})
    assert [str(names.new(part)) for part in (x * y, x + y, A * B, x > 0)] == ["b", "s", "A", "B"]
    assert names.put_into(sp.exp(x * y)) == sp.exp(names.known[x * y])
