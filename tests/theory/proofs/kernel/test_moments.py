"""Means of products of random letters, against draws from the same laws."""

import numpy as np
import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E
from theory.laws import ChiSquared, Normal, gaussian_column, independent_entries, standard_pair
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.moments import expected

N, p = s.N.symbol, s.p.symbol
S, A = (sp.MatrixSymbol(name, N, N) for name in "SA")
a, b, w = (sp.MatrixSymbol(name, N, 1) for name in "abw")
X, Y = (sp.MatrixSymbol(name, N, p) for name in "XY")
u, v, q, c = sp.symbols("u v q c", real=True)
SIZES = {N: 3, p: 2}
COUNT = 100_000
LAWS = {
    w: gaussian_column(S + sp.Identity(N), a),
    X: independent_entries(N, p, 2, mean=1, gaussian=True),
    Y: independent_entries(N, p, 2, mean=sp.Rational(1, 2)),
    **standard_pair(u, v, c),
    q: Normal(1, 3),
}
PRODUCTS = (
    inner(w, b) ** 2,
    inner(w, A * w),
    inner(w, A * w) ** 2,
    inner(w, b) * inner(w, A * w),
    inner(b, X * X.T * b),
    sp.Trace(X * X.T) ** 2,
    sp.Trace(X * X.T * A * X * X.T),
    inner(a, X * X.T * A * X * X.T * b),
    sp.Trace(Y * Y.T * A),
    inner(w, Y * Y.T * w),
    u**2 * v**2 + 3 * u * v * q**2 + q**3,
)


@pytest.fixture
def kernel():
    made = Kernel(())
    made.laws = LAWS
    return made


@pytest.mark.parametrize("value", PRODUCTS, ids=str)
def test_moments_agree_with_draws(kernel, value):
    random = np.random.default_rng(7)
    given = {
        str(x): random.standard_normal(shape)
        for x, shape in ((a, (3, 1)), (b, (3, 1)), (A, (3, 3)))
    }
    root = random.standard_normal((3, 3))
    given["S"] = root @ root.T
    places = {**SIZES, c: 0.6}
    matrices = {x: given[str(x)] for x in (a, b, A, S)}
    drawn = {str(x): LAWS[x].draw(random, COUNT, {**places, **matrices}) for x in (w, X, Y, q)}
    drawn["u"], drawn["v"] = LAWS[u].draw(random, COUNT, places)
    samples = evaluated(value, given, drawn)
    found = expected(kernel, value)
    number = found.subs(places).subs(
        {x: meaning(kernel, x, given) for x in found.free_symbols if x in kernel.products}
    )
    assert abs(float(number) - samples.mean()) < 6 * samples.std() / COUNT**0.5


def evaluated(value, given, drawn):
    """The value at each of the draws, by NumPy alone."""
    names = {**given, **drawn}

    def of(e):
        if isinstance(e, sp.MatrixSymbol):
            return names[str(e)]
        if isinstance(e, sp.MatMul):
            return _product([of(x) for x in e.args])
        if isinstance(e, sp.Transpose):
            return np.swapaxes(of(e.arg), -1, -2)
        if isinstance(e, inner):
            return (np.swapaxes(of(e.args[0]), -1, -2) @ of(e.args[1]))[..., 0, 0]
        if isinstance(e, sp.Trace):
            return np.trace(of(e.arg), axis1=-2, axis2=-1)
        if isinstance(e, sp.Symbol):
            return names[str(e)]
        if e.is_Number:
            return float(e)
        if isinstance(e, sp.Pow):
            return of(e.base) ** int(e.exp)
        parts = [of(x) for x in e.args]
        return np.prod(np.broadcast_arrays(*parts), axis=0) if e.is_Mul else sum(parts)

    return of(value)


def _product(factors):
    result = factors[0]
    for factor in factors[1:]:
        result = result @ factor
    return result


def meaning(kernel, symbol, given):
    """What a product in the coordinates is as a number."""
    word = kernel.products[symbol]
    parts = [_letter(x, given) for x in word]
    return float(np.trace(_product(parts)))


def _letter(x, given):
    if isinstance(x, sp.Transpose):
        return given[str(x.arg)].T
    sizes = [int(sp.sympify(size).subs(SIZES)) for size in x.shape]
    return given.get(str(x), np.ones(sizes))


def test_factors_that_share_no_letter_are_independent(kernel):
    assert expected(kernel, q * sp.Max(0, u)) == expected(kernel, sp.Max(0, u))  # of mean 1
    assert expected(kernel, v * sp.Max(0, u)).has(v)
    assert expected(kernel, sp.Max(0, 3 * u)) == 3 * expected(kernel, sp.Max(0, v))
    assert expected(kernel, sp.Max(0, u)) != expected(kernel, sp.Max(0, q))


def test_a_law_may_be_one_given_another_letter():
    kernel = Kernel(())
    kernel.laws = {u: Normal(0, q), q: ChiSquared(4)}
    assert expected(kernel, u**2) == 4
    assert expected(kernel, u**4) == 3 * 24
    assert expected(kernel, q * u**2) == 24
    kernel.laws = {u: Normal(q), q: Normal(u)}
    with pytest.raises(TypeError):
        expected(kernel, u)


def test_what_is_not_known_is_refused(kernel):
    with pytest.raises(NotImplementedError):  # no fourth moment of any entries
        expected(kernel, sp.Trace(Y * Y.T) ** 2)
    assert isinstance(expected(kernel, largest(X * X.T)), E)
    assert isinstance(expected(kernel, inner(w, w) ** sp.Rational(1, 2)), E)
    named = Kernel((s.H,))
    named.laws = {s.H.symbol: independent_entries(s.H.domain.rows, s.H.domain.rows, 1)}
    with pytest.raises(TypeError):  # symmetric by its domain, not by its law
        expected(named, sp.Trace(s.H.symbol * s.H.symbol))
