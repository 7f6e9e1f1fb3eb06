"""The tactics prove what is true and do not prove what is false."""

import pytest
import sympy as sp

from companion.references import cite
from theory.proofs.algebra import matrices_equal, normal_form, polynomial
from theory.proofs.tactics import at_sizes, cited, equal, nonnegative, positive
from theory.proofs.unevaluated import derivative, evaluated, unevaluated

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


@pytest.mark.parametrize(
    "step",
    [
        equal("scalars", (a + 1) ** 2, a**2 + 2 * a + 1),
        equal("zero", a - a, 0),
        equal("matrices", (A + B).T, A.T + B.T),
        equal("a matrix of zeros", A * B - A * B, sp.ZeroMatrix(n, n)),
        equal("under a rule", A * B * B, B, {A * B: sp.Identity(n)}),
        positive("a sign", a),
        nonnegative("a square", a**2),
        at_sizes("trace", sp.Trace(A * B), sp.Trace(B * A), {n: (1, 2)}),
        at_sizes("zero", sp.Trace(A * B) - sp.Trace(B * A), 0, {n: (1, 2)}),
    ],
    ids=lambda step: step.words,
)
def test_a_tampered_step_fails(step):
    assert step.holds()
    assert not step.tampered(sp.Rational(21, 20)).holds()


def test_a_step_that_checks_nothing_survives_tampering():
    nothing = equal("zero under its rule", A, B, {A: sp.ZeroMatrix(n, n), B: sp.ZeroMatrix(n, n)})
    assert nothing.tampered(sp.Rational(21, 20)).holds()


def test_a_cited_step_has_nothing_to_tamper_with():
    with pytest.raises(TypeError, match="nothing to tamper with"):
        cited("the spectral theorem", cite("hornjohnson2013", "2.5.6")).tampered(2)


def test_a_failing_step_shows_both_sides_and_the_tactic():
    assert equal("A square.", (a + 1) ** 2, a**2 + 1).compared() == (
        "equal: A square.\n  left:  a**2 + 2*a + 1\n  right: a**2 + 1"
    )
    assert equal("Turned.", x.T * A * y, y.T * A * x).compared() == (
        "equal: Turned.\n  left:  x.T A y\n  right: x.T A.T y"
    )
    assert (
        positive("No sign.", a - 1).compared() == "positive: No sign.\n  left:  a - 1\n  right: 0"
    )
    shown = at_sizes("Not at 2.", A * B, B * A, {n: (1, 2)}).compared()
    assert shown.startswith("at_sizes: Not at 2. (n in {1, 2})\n  left:  [A[0, 0]*B[0, 0]]")
    source = cite("hornjohnson2013", "theorem 2.5.6")
    assert cited("Known.", source).compared() == f"cited: Known. [{source}]"


def test_a_step_shows_what_was_written_and_proves_what_it_evaluates_to():
    b = sp.Symbol("b", real=True)
    step = equal("slope", derivative(b**3, b, at=a), 3 * a**2)
    assert step.shown.lhs != step.shown.rhs
    assert step.statement.lhs == step.statement.rhs == 3 * a**2
    assert step.holds()
    assert not step.tampered(2).holds()
    assert not equal("slope", derivative(b**3, b, at=a), 2 * a**2).holds()
    assert equal("product", b - unevaluated(a - b), 2 * b - a).shown.lhs.args != (2 * b, -a)
    assert positive("square", b**2 + 1).shown == positive("square", b**2 + 1).statement


def test_what_is_not_marked_stays_as_it_is():
    integral = sp.Integral(a, (a, 0, 1))
    assert evaluated(integral) is integral
    assert evaluated(A * B.T) == A * B.T
    assert evaluated(integral + unevaluated(integral)) == integral + sp.Rational(1, 2)
