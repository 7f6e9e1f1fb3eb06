"""The tactics prove what is true and do not prove what is false."""

import sympy as sp

from companion.references import cite
from theory.algebra import matrices_equal, normal_form, polynomial
from theory.proof import at_sizes, cited, equal, positive

n = sp.Symbol("n", integer=True, positive=True)
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
x, y = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("y", n, 1)
a = sp.Symbol("a", positive=True)


def test_products_do_not_commute():
    assert not matrices_equal(A * B, B * A)
    assert matrices_equal((A + B) * (A - B), A * A - A * B + B * A - B * B)


def test_a_one_by_one_product_equals_its_transpose():
    assert matrices_equal(x.T * A * y, y.T * A.T * x)
    assert not matrices_equal(x.T * A * y, y.T * A * x)
    assert matrices_equal(x.T * A * y, y.T * A * x, {A.T: A})


def test_powers_identities_zeros_and_coefficients():
    assert matrices_equal((sp.Identity(n) - a * A) ** 2, sp.Identity(n) - 2 * a * A + a**2 * A * A)
    assert polynomial(sp.ZeroMatrix(n, n)) == {}
    assert normal_form(a * A - a * A) == {}
    assert not matrices_equal(2 * a * A, a * A)


def test_rules_rewrite_until_nothing_changes():
    inverse = sp.MatrixSymbol("C", n, n)
    rules = {A * inverse: sp.Identity(n)}
    assert matrices_equal(A * A * inverse * inverse, sp.Identity(n), rules)
    assert not matrices_equal(inverse * A, sp.Identity(n), rules)


def test_equal():
    assert equal("square", (a + 1) ** 2, a**2 + 2 * a + 1).holds()
    assert not equal("square", (a + 1) ** 2, a**2 + a + 1).holds()
    assert equal("square", (A + B) * (A + B), A * A + A * B + B * A + B * B).holds()
    assert not equal("square", (A + B) * (A + B), A * A + 2 * A * B + B * B).holds()


def test_positive():
    b = sp.Symbol("b", real=True)
    assert positive("square", b**2 + 1).holds()
    assert not positive("sign unknown", b).holds()
    assert not positive("negative", -a).holds()


def test_at_sizes():
    step = at_sizes("trace", sp.Trace(A * B), sp.Trace(B * A), {n: (1, 2, 3)})
    assert step.holds()
    assert step.scope == "sizes"
    assert not at_sizes("commute", A * B, B * A, {n: (1, 2)}).holds()


def test_cited_names_its_source():
    step = cited("the spectral theorem", cite("hornjohnson2013", "2.5.6"))
    assert step.scope == "cited"
    assert "hornjohnson2013" in step.words
