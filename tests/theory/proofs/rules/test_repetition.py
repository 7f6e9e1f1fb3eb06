"""Rules of what is repeated: by induction, and refused where a step does something else."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.rates import eigenvector, iterate, tends_to
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import repetition

KERNEL = Kernel((s.R, s.eta, s.lam, s.k))
R, W, U, eta, lam, k = (each.symbol for each in (s.R, s.W, s.U, s.eta, s.lam, s.k))
N = s.N.symbol
end, start, x = (sp.MatrixSymbol(name, N, 1) for name in ("end", "start", "x"))
ALONG = inner(eigenvector(R, lam), W - end)
STEP = W - eta * (R * W - R * end)
WRONG = sp.Rational(21, 20)


def after(step: sp.Expr, quantity: sp.Expr = ALONG) -> sp.Expr:
    last, first = iterate(step, W, start, k), start
    return quantity.xreplace({W: last}) / quantity.xreplace({W: first})


def multiplied(step: sp.Expr, factor: sp.Expr, right: sp.Expr) -> bool:
    use = repetition.multiplied_by_each_step(quantity=ALONG, factor=factor)
    return use.holds(KERNEL, after(step), right, "=")


def test_a_factor_per_step_is_a_power() -> None:
    factor = 1 - eta * lam
    assert multiplied(STEP, factor, factor**k)
    assert not multiplied(STEP, factor, WRONG * factor**k)
    assert not multiplied(STEP, factor, factor ** (k + 1))
    assert not multiplied(STEP, 1 - 2 * eta * lam, (1 - 2 * eta * lam) ** k)
    assert not multiplied(STEP + x, factor, factor**k)  # it drifts
    assert not multiplied(W - eta * (U * W - U * end), factor, factor**k)  # of another matrix


def test_a_factor_that_moves_is_none() -> None:
    factor = inner(eigenvector(R, lam), W)
    step = factor * (W - end) + end
    assert not multiplied(step, factor, factor**k)


def test_a_letter_that_its_domain_restricts() -> None:
    u = s.u.symbol  # of length 1: a step need not keep that
    kernel = Kernel((s.u,))
    quantity = inner(u, u)
    last = iterate(2 * inner(u, u) * u, u, start, k)
    left = quantity.xreplace({u: last}) / quantity.xreplace({u: start})
    use = repetition.multiplied_by_each_step(quantity=quantity, factor=sp.Integer(4))
    assert not use.holds(kernel, left, 4**k, "=")


def test_an_eigenvector_is_one_of_its_own_matrix() -> None:
    v, w = eigenvector(R, lam), eigenvector(R, eta)
    inside = repetition.with_eigenvectors(KERNEL, inner(v, w))
    assert inside.same(inner(v, R * R * x), lam**2 * inner(v, x))
    assert inside.same(inner(v, v), 1) and inside.same(R * w, eta * w)
    assert not inside.same(inner(v, R * x), eta * inner(v, x))
    assert not inside.same(inner(v, U * x), lam * inner(v, x))
    assert not KERNEL.same(R * v, lam * v)  # the claim's own kernel stays as it is


def test_a_displacement_that_a_matrix_multiplies() -> None:
    factor = sp.Identity(N) - eta * R
    use = repetition.displacement_multiplied(end=end, factor=factor)
    before = tends_to(iterate(STEP, W, start, k), k)
    right = end + tends_to(sp.MatPow(factor, k) * (start - end), k)
    assert use.holds(KERNEL, before, right, "=")
    assert not use.holds(KERNEL, before, WRONG * right, "=")
    assert not use.holds(KERNEL, tends_to(iterate(STEP + x, W, start, k), k), right, "=")
    other = repetition.displacement_multiplied(end=x, factor=factor)
    away = x + tends_to(sp.MatPow(factor, k) * (start - x), k)
    assert not other.holds(KERNEL, before, away, "=")
    plain = repetition.displacement_multiplied(end=end, factor=sp.Identity(N))
    assert not plain.holds(KERNEL, before, start, "=")
