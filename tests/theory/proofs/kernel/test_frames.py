"""What the kernel knows of columns of length 1, and what it does not."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.frames import eigenvector, frame
from theory.proofs.kernel.decide import Kernel

Hess, span, P, dim = s.Hess.symbol, s.span.symbol, s.P.symbol, s.dim.symbol
Q = frame("Q", P, dim)
e = eigenvector(Hess, sp.Integer(2))
z = sp.MatrixSymbol("z", dim, 1)


def says_same(left, right):
    return Kernel((s.Hess, s.span)).same(left, right)


def test_what_is_known():
    assert says_same(Q.T * Q, sp.Identity(dim))
    assert says_same(inner(Q * z, Q * z), inner(z, z))
    assert says_same(inner(e, e), 1)


def test_what_is_not():
    assert not says_same(Q * Q.T, sp.Identity(P))
    assert not says_same(inner(Q * z, Q * z), 2 * inner(z, z))
    plain = sp.MatrixSymbol("Q", P, dim)
    assert not says_same(plain.T * plain, sp.Identity(dim))
    assert not says_same(inner(e, e), 2)
    assert not says_same(inner(e, Hess * e), 0)
    assert not says_same(span.T * e, sp.ZeroMatrix(dim, 1))
    assert not says_same(e, eigenvector(Hess, sp.Integer(3)))
    assert not says_same(inner(e, eigenvector(Hess, sp.Integer(3))), 1)
