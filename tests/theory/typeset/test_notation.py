"""What the printers share keeps the value: a sum in order, a product taken apart, chains."""

import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from theory.symbols import eps
from theory.typeset import notation

x, y, z = sp.symbols("x y z", real=True)
n = sp.Symbol("n", integer=True)
NUMBERS = st.fractions(-5, 5, max_denominator=4).map(sp.Rational)
FACTORS = st.lists(st.sampled_from([x, y, z, sp.sqrt(1 + x**2), eps.symbol]), max_size=3)
TERMS = st.builds(lambda number, letters: number * sp.Mul(*letters), NUMBERS, FACTORS)
A, B, C = (sp.MatrixSymbol(name, 2, 2) for name in "ABC")
AT = {
    A: sp.ImmutableMatrix([[1, 2], [3, 5]]),
    B: sp.ImmutableMatrix([[0, -1], [1, 4]]),
    C: sp.ImmutableMatrix([[2, 7], [1, -3]]),
}
PARTS = st.lists(st.sampled_from([A, B, C, A.T, sp.Integer(-2), x, -y]), min_size=1, max_size=4)
PLACES = st.sampled_from([x, y, z, sp.Integer(0), sp.Integer(1)])
ORDER = st.builds(
    lambda relation, a, b: relation(a, b, evaluate=False),
    st.sampled_from([sp.Lt, sp.Le, sp.Gt, sp.Ge]),
    PLACES,
    PLACES,
)


@given(st.lists(TERMS, min_size=1, max_size=6))
def test_a_sum_in_another_order_is_the_sum(terms):
    found = notation.ordered(terms)
    assert sorted(map(str, found)) == sorted(map(str, terms))


@given(st.lists(TERMS, min_size=1, max_size=6))
def test_a_sum_begins_with_a_minus_only_where_it_must(terms):
    if not all(map(notation.is_negative, terms)):
        assert not notation.is_negative(notation.ordered(terms)[0])


@given(st.lists(PARTS, min_size=2, max_size=4))
def test_a_product_taken_apart_is_the_product(parts):
    products = [
        sp.MatMul(*part, evaluate=False) for part in parts if any(p.is_Matrix for p in part)
    ]
    whole = sp.MatMul(*products, evaluate=False) if products else sp.MatMul(A, B)
    number, matrices = notation.factors(whole)
    kept = number * sp.MatMul(*matrices)
    assert sp.expand(_at(kept)) == sp.expand(_at(whole))


@given(
    st.lists(ORDER, min_size=1, max_size=5), st.lists(st.integers(-2, 2), min_size=3, max_size=3)
)
def test_a_chain_holds_where_its_inequalities_do(conditions, values):
    at = dict(zip((x, y, z), values, strict=True))
    chains = notation.chained(conditions)
    links = [link for chain in chains for link in _links(chain)]
    assert all(_holds(each, at) for each in conditions) == all(_holds(each, at) for each in links)


def test_norms_and_their_powers():
    from theory.functions.columns import inner

    column = sp.MatrixSymbol("w", n, 1)
    assert notation.of_norm(inner(column, column)) == (column, 2)
    assert notation.of_norm(sp.sqrt(inner(column, column))) == (column, 1)
    assert notation.of_norm(sp.Trace(column.T * column) ** 2) == (column, 4)
    assert notation.of_norm(inner(column, 2 * column)) is None
    assert notation.of_norm(x) is None


def _at(product):
    return sp.ImmutableMatrix(product.xreplace(AT).doit())


def _holds(condition, at):
    return bool(
        condition.xreplace({letter: sp.Integer(value) for letter, value in at.items()}).doit()
    )


def _links(chain):
    """The inequalities that a chain is read as."""
    if len(chain) == 1:
        return chain
    relation = {"<": sp.Lt, "<=": sp.Le}
    return [
        relation[sign](a, b, evaluate=False)
        for a, sign, b in zip(chain[:-1:2], chain[1::2], chain[2::2], strict=True)
    ]
