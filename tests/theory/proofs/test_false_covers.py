"""False claims that a chain with a cover must not prove: letters that mean something besides."""

from typing import Any

import sympy as sp

from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Array, Condition, Parameter
from theory.functions.columns import inner, largest_size, mean, standardised
from theory.functions.eigenvalues import largest, smallest
from theory.proofs import covers, factors
from theory.proofs.join import join
from theory.proofs.rules import columns, use

B = s.B.symbol
y, H, gamma, eps = s.y.symbol, s.H.symbol, s.gamma.symbol, s.eps.symbol
SQUARE = Array(B, B, "definite")
FIRST, SECOND = Parameter("Sigma1", "one", SQUARE), Parameter("Sigma2", "other", SQUARE)
FACTOR = Parameter("L", "a factor", Array(B, B, "invertible"))


def refused(
    definition: Any, closed_form: Any, *links: Any, parameters: Any = (s.y,), **changes: Any
) -> str:
    conditions = changes.pop("conditions", ())
    here = Derivation(definition, closed_form, (), {}, chain=chain(*links, **changes))

    def stated() -> Derivation:
        return here

    made = claim("identity", parameters, (), conditions)(stated)
    return join(made).refused


def test_a_direction_that_the_domain_has_already() -> None:
    zero = (mean(y), sp.Integer(0), calculated("The mean is 0."))
    assert refused(*zero, covers=(factors.polar(y),))
    assert refused(*zero, covers=(factors.polar_or_zero(y),))
    condition = Condition("y is not 0", inner(y, y) > 0)
    assert refused(*zero, covers=(covers.not_zero(y),), conditions=(condition,))


def test_one_factor_of_two_matrices() -> None:
    both = (factors.factored(FIRST.symbol, FACTOR), factors.factored(SECOND.symbol, FACTOR))
    found = refused(
        FIRST.symbol, SECOND.symbol, calculated("Both are LL'."),
        parameters=(FIRST, SECOND), covers=both,
    )  # fmt: skip
    assert found


def test_one_size_of_two_letters() -> None:
    a = Parameter("a", "a number", s.gamma.domain)
    b = sp.Symbol("|a|", positive=True)
    absolute = (sp.Abs(a.symbol), b, calculated("The size is b."))
    assert refused(*absolute, parameters=(a,), covers=(covers.sign_of(a.symbol),))


def test_a_sign_that_the_claim_speaks_of() -> None:
    sign = sp.Symbol("sign", real=True)
    product = sp.Symbol("product", real=True)
    absolute = (sign * product, sp.Abs(product), calculated("It is the size."))
    assert refused(*absolute, covers=(covers.sign_of_product(product, sign),))


def test_an_axis_of_the_definition_is_any() -> None:
    e, v = sp.MatrixSymbol("e", B, 1), s.g.symbol
    entry = sp.Abs(inner(e, v))
    by = use.inside(by=columns.reached(), old=largest_size(v), new=entry)
    link = because("It is there.", by)
    assert refused(largest_size(v) - entry, sp.Integer(0), link, parameters=(s.g,), axes=(e,))


def test_two_leading_eigenvalues_of_one_size() -> None:
    H1, H2 = FIRST.symbol, SECOND.symbol
    v = s.g.symbol
    words = "the start is not orthogonal to its eigenvector, as no random start is"
    both = tuple(covers.leading(each, v, words) for each in (H1, H2))
    apart = [Condition(f"{each}", sp.Ne(largest(each), -smallest(each))) for each in (H1, H2)]
    found = refused(
        largest(H1) - smallest(H1), largest(H2) - smallest(H2), calculated("Alike."),
        parameters=(FIRST, SECOND, s.g), covers=both, conditions=(*apart, words),
    )  # fmt: skip
    assert found


def test_two_letters_of_one_name() -> None:
    one, other = sp.Symbol("a", positive=True), sp.Symbol("a", real=True)
    squared = inner(standardised(y, 0), standardised(y, 0))
    link = calculated("The mean square is 1.")
    assert not refused(one * squared, one * B, link)
    assert "two letters" in refused(one * squared + other, one * B + other, link)
