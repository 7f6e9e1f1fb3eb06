"""Rules of large random matrices: what they accept and what they refuse."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.functions.large import gaussian, infimum, share, tends_to, top
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import large, order, substitution
from theory.proofs.uses import Use

N, alpha, v, m, X = (each.symbol for each in (s.N, s.alpha, s.v, s.m, s.X))
p = s.p.symbol
n = sp.Symbol("n", integer=True, positive=True)
x = sp.Symbol("x", positive=True)
lam = s.lam.symbol
Z = gaussian("Z", n, alpha * n)
S = Z * Z.T / (alpha * n)
KERNEL = Kernel((s.N, s.p, s.alpha, s.v, s.m, s.lam))
WRONG = sp.Rational(21, 20)


def holds(use: Use, left: sp.Expr, right: sp.Expr) -> bool:
    return use.holds(KERNEL, sp.sympify(left), sp.sympify(right), "=")


def limit(value: sp.Expr) -> sp.Expr:
    return tends_to(value, n)


def test_limits_of_sums_products_and_quotients() -> None:
    use, high, low = large.continuous(), limit(largest(S)), limit(smallest(S))
    assert holds(use, limit(v * largest(S)), v * high)
    assert not holds(use, limit(v * largest(S)), WRONG * v * high)
    assert holds(use, limit(largest(v * S) / smallest(v * S)), high / low)
    assert holds(use, limit(sp.sqrt(largest(S)) - smallest(S)), sp.sqrt(high) - low)
    assert not holds(use, limit(largest(S) / n), high / n)  # n stays outside
    assert not holds(use, limit(largest(S) * smallest(S)), high * smallest(S))  # so does Z
    assert not holds(use, limit(sp.sign(largest(S))), sp.sign(high))  # not continuous
    assert not holds(use, limit(sp.floor(largest(S))), sp.floor(high))
    assert not holds(use, limit(largest(S)), limit(smallest(S)))
    assert not holds(use, largest(S), high)


def test_one_limit_among_others() -> None:
    part = limit(v * largest(S))
    use = large.continuous(of=part, is_=v * limit(largest(S)))
    assert holds(use, part + limit(smallest(S)), v * limit(largest(S)) + limit(smallest(S)))
    assert not holds(use, part + limit(smallest(S)), v * limit(largest(S)))
    wrong = large.continuous(of=part, is_=WRONG * v * limit(largest(S)))
    assert not holds(wrong, part, WRONG * v * limit(largest(S)))


def test_what_is_equal_at_every_size() -> None:
    total = sp.Integral(n * x, (x, 0, 1))
    use = large.under_limit(by=substitution.antiderivative_in_coordinates(of=n * x**2 / 2))
    left, right = sp.Limit(total, n, sp.oo), sp.Limit(n / 2, n, sp.oo)
    assert holds(use, v * left, v * right)
    assert not holds(use, v * left, WRONG * v * right)
    assert not holds(use, left, sp.Limit(WRONG * n / 2, n, sp.oo))
    assert not holds(use, left, sp.Limit(n / 2, n, 0))
    assert not holds(large.under_limit(by=order.gap(is_=0)), left, right)


def test_what_is_not_random() -> None:
    use = large.not_random()
    assert holds(use, v * limit((n - 1) / n), v)
    assert not holds(use, v * limit((n - 1) / n), WRONG * v)
    assert not holds(use, limit(largest(S)), largest(S))


def test_from_where_on_it_is_above() -> None:
    use = large.from_there_on()
    rising = sp.Piecewise((alpha + (m - v) * m, m > v), (alpha, True))
    assert holds(use, infimum(m, rising, alpha), v)
    assert not holds(use, infimum(m, rising, alpha), WRONG * v)
    assert not holds(use, infimum(m, rising, alpha), v / 2)
    assert not holds(use, infimum(m, alpha, rising), v)
    bump = sp.Piecewise((alpha + (m - v) * (m - 3 * v), m > v), (alpha, True))
    assert not holds(use, infimum(m, bump, alpha), v)  # below between v and 3 v


def test_densities_of_multiples() -> None:
    use = large.scaled_density()
    unit = sp.Derivative(limit(share(S, x)), x)
    left = sp.Derivative(limit(share(v * S, lam)), lam)
    right = sp.Subs(unit, x, lam / v) / v
    assert holds(use, left, right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, sp.Subs(unit, x, lam / v))
    assert not holds(use, left, sp.Subs(unit, x, lam * v) * v)
    turned = sp.Derivative(limit(share(m * S, lam)), lam)  # m may be negative
    assert not holds(use, turned, sp.Subs(unit, x, lam / m) / m)


def test_multiples_of_matrices() -> None:
    use = large.scaled_matrix(factor=v)
    assert holds(use, largest(v * (S + sp.Identity(n))), v * largest(S + sp.Identity(n)))
    assert not holds(
        use, largest(v * (S + sp.Identity(n))), WRONG * v * largest(S + sp.Identity(n))
    )
    a = sp.MatrixSymbol("a", n, 1)
    assert holds(use, inner(a, top(v * S)), inner(a, top(S)))
    assert not holds(use, inner(a, top(v * S)), v * inner(a, top(S)))
    assert not holds(large.scaled_matrix(factor=m), largest(m * S), m * largest(S))
    late = large.scaled_matrix(factor=(n - 3) / n)  # positive from n = 4 on
    assert holds(late, limit(largest((n - 3) / n * S)), limit((n - 3) / n * largest(S)))
    assert not holds(late, largest((n - 3) / n * S), (n - 3) / n * largest(S))
