"""The rule of means in a stationary process."""

import sympy as sp

from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E
from theory.laws import Fresh, Stationary
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import stationary

MORE = sp.Rational(21, 20)
N = sp.Symbol("N", integer=True, positive=True)
W, v, z, other = (sp.MatrixSymbol(name, N, 1) for name in ("W", "v", "z", "o"))
keep = sp.Symbol("keep", positive=True)
size = sp.Symbol("size", positive=True)
SQUARE = E(inner(W, W))


def kernel(after=keep * W + z):
    """A column that keeps a part of itself and gets a fresh one."""
    known = Kernel(())
    known.laws = {W: Stationary(after), z: Fresh(size)}
    return known


HELD = size / (1 - keep**2) * E(sp.S.One)


def test_a_stationary_mean_square() -> None:
    rule = stationary.steady(mean=SQUARE, is_=HELD, of=(inner(W, W),))
    assert rule.holds(kernel(), SQUARE, HELD, "=")
    assert rule.holds(kernel(), sp.sqrt(SQUARE), sp.sqrt(HELD), "=")
    assert not rule.holds(kernel(), SQUARE, MORE * HELD, "=")
    more = stationary.steady(mean=SQUARE, is_=MORE * HELD, of=(inner(W, W),))
    assert not more.holds(kernel(), SQUARE, MORE * HELD, "=")
    assert not rule.holds(kernel(), SQUARE, HELD, "<=")


def test_means_are_linear_without_any_balance() -> None:
    taken = E(inner(W, 3 * W + z))
    rule = stationary.steady(mean=taken, is_=3 * SQUARE, of=())
    assert rule.holds(kernel(), taken, 3 * SQUARE, "=")
    false = stationary.steady(mean=E(1 / inner(W, W)), is_=1 / SQUARE * E(sp.S.One), of=())
    assert not _holds(false, E(1 / inner(W, W)), 1 / SQUARE * E(sp.S.One))


def test_what_does_not_follow() -> None:
    no_balance = stationary.steady(mean=SQUARE, is_=HELD, of=())
    assert not _holds(no_balance, SQUARE, HELD)
    moves = stationary.steady(mean=SQUARE, is_=HELD, of=(inner(W, W),))
    assert not moves.holds(kernel(after=W + z), SQUARE, HELD, "=")  # it grows for ever
    hidden = E(largest(W * W.T) * inner(W, z))  # its eigenvalue is random too
    assert not _holds(stationary.steady(mean=hidden, is_=0 * SQUARE, of=()), hidden, sp.S.Zero)
    apart = largest(W * W.T)
    assert not _holds(
        stationary.steady(mean=E(apart * inner(W, W)), is_=apart * SQUARE, of=()),
        E(apart * inner(W, W)),
        apart * SQUARE,
    )
    tied = E(inner(other, z))  # a fresh column is orthogonal to the random ones only
    assert not _holds(stationary.steady(mean=tied, is_=0 * SQUARE, of=()), tied, sp.S.Zero)


def _holds(rule, left, right) -> bool:
    """Whether a rule holds; what it does not know it refuses by an error."""
    try:
        return rule.holds(kernel(), left, right, "=")
    except (NotImplementedError, TypeError):
        return False
