"""Letters of length 1 that are orthogonal to one another."""

import sympy as sp

from theory.functions.columns import inner, length
from theory.functions.directions import angle, direction
from theory.proofs.kernel.decide import Kernel

N = sp.Symbol("N", integer=True, positive=True)
w = direction("w", N)
d = direction("d", N, w)
other = direction("e", N)
a, b = sp.symbols("a b", positive=True)


def test_what_their_letters_say() -> None:
    kernel = Kernel(())
    assert kernel.same(inner(w, w), 1)
    assert kernel.same(inner(w, d), 0)
    assert kernel.same(length(a * w - b * d), sp.sqrt(a**2 + b**2))
    assert kernel.same(sp.cos(angle(w, a * w + b * d)), a / sp.sqrt(a**2 + b**2))


def test_what_they_do_not_say() -> None:
    kernel = Kernel(())
    assert not kernel.same(inner(w, other), 0)  # any two directions
    assert not kernel.same(inner(d, other), 0)
    assert not kernel.same(w, d)
    assert not kernel.same(w * w.T, sp.Identity(N))
    assert not kernel.same(inner(sp.MatrixSymbol("w", N, 1), d), 0)  # another letter


def test_a_letter_keeps_its_meaning_at_another_size() -> None:
    three = d.subs(N, 3)
    assert three.shape == (3, 1)
    assert three.across == (direction("w", sp.Integer(3)),)
