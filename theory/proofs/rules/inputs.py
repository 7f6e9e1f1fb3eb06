"""Rules of inputs: what all matrices X of norm at most r do to a column."""

from functools import lru_cache
from typing import Any

import sympy as sp

from theory.domain import Array, Parameter, Real
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads import sup
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_letter
from theory.proofs.kernel.words import ONE
from theory.proofs.uses import rule


@rule
def stretched_most(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Over all X with |X| <= r and X'W = y the largest |Xv|^2 is r^2 |v|^2.

    The claim must assume at least two inputs, and |y| <= r |W| of exactly these y and W. No X does
    more, as r^2 I - X'X has no negative eigenvalue, and one that does as much is written out.
    """
    taken = _over_inputs(kernel, left)
    if relation != "=" or taken is None:
        return False
    value, X, bound, held = taken
    if len(held) != 1 or not _are_outputs(held[0], X):
        return False
    y, W = held[0].rhs, held[0].lhs.args[1]
    if not {sp.Ge(X.rows, 2), inner(y, y) <= bound * inner(W, W)} <= kernel.facts:
        return False
    if not isinstance(value, inner) or value.args[0] != value.args[1]:
        return False
    if not isinstance(value.args[0], sp.MatMul):
        return False
    number, (first, *columns) = value.args[0].as_coeff_matrices()
    column = number * sp.MatMul(*columns)
    return (
        first == X
        and not column.has(X)
        and _reaches_most()
        and kernel.same(right, bound * inner(column, column))
    )


@rule
def ball(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Over all X with |X| <= r the column X'Xv takes all values h with |h|^2 <= r^2 h'v.

    r^2 h'v - |h|^2 is w'(r^2 I - XX')w with w = Xv; and X'X = hh'/h'v takes v to h.
    """
    taken = _over_inputs(kernel, left)
    if relation != "=" or taken is None or not isinstance(right, sup) or len(right.args) != 3:
        return False
    value, X, bound, held = taken
    value_of_h, h, within = right.args
    if held or not is_letter(h) or h in kernel.kinds or h in kernel.images:
        return False
    if not isinstance(within, sp.Le) or within.lhs != inner(h, h):
        return False
    found = [each for each in within.rhs.atoms(inner) if h in each.args]
    if len(found) != 1 or value_of_h.has(X):
        return False
    column = next(each for each in found[0].args if each != h)
    image = X.T * (X * column)
    return (
        not column.has(h)
        and not column.has(X)
        and _fills_ball()
        and kernel.same(within.rhs, bound * inner(h, column))
        and kernel.same(value, value_of_h.xreplace({h: image}))
    )


def _over_inputs(kernel: Kernel, left: Any) -> tuple[Any, Any, Any, list[Any]] | None:
    """Value, letter X, bound r^2 and the other conditions of a supremum over |X| <= r."""
    if not isinstance(left, sup):
        return None
    value, X, norm, *held = left.args
    if not is_letter(X) or X in kernel.kinds or X in kernel.images:
        return None
    if not isinstance(norm, sp.Le) or norm.lhs != largest(X.T * X):
        return None
    return (value, X, norm.rhs, held) if kernel.nonnegative(norm.rhs) else None


def _are_outputs(held: Any, X: Any) -> bool:
    """Whether a condition says X'W = y of a letter W, which is any."""
    if not isinstance(held, sp.Eq) or not isinstance(held.lhs, sp.MatMul) or held.rhs.has(X):
        return False
    turned, *weights = held.lhs.args
    return turned == X.T and len(weights) == 1 and is_letter(weights[0]) and weights[0] != X


N, B = sp.symbols("N B", integer=True, positive=True)
r = sp.Symbol("r", positive=True)
spare = sp.Symbol("spare", nonnegative=True)  # r^2 |W|^2 - |y|^2, or r^2 - |h|^2/h'v


def _letters(*names: str, rows: sp.Symbol = B) -> tuple[Any, ...]:
    return tuple(sp.MatrixSymbol(name, rows, 1) for name in names)


def _kernel() -> Kernel:
    return Kernel((Parameter("r", "a norm", Real(0)), Parameter("M", "", Array(B, B))))


@lru_cache
def _reaches_most() -> bool:
    """Whether X = r z e' + W_rest y_rest'/|W_rest|^2 has all that ``stretched_most`` says of it.

    e = v/|v|, y = a e + y_rest, and z is of length 1 with z'W = a/r, which there is as
    |a| <= |y| <= r |W|. Where y_rest is zero the second term is left out.
    """
    kernel = _kernel()
    e, p = _letters("e", "p")  # p along y_rest
    z, q = _letters("z", "q", rows=N)  # q along W_rest
    a, rest = sp.Symbol("a", real=True), sp.Symbol("|y_rest|", positive=True)
    long = sp.sqrt(rest**2 + spare) / r  # |W_rest|
    for first, second in ((e, p), (z, q)):
        _at_right_angle(kernel, first, second)
    y, W = a * e + rest * p, a / r * z + long * q
    X = r * z * e.T + rest / long * q * p.T
    free = r**2 * (sp.Identity(B) - e * e.T - p * p.T) + (r**2 - (rest / long) ** 2) * p * p.T
    projector = sp.Identity(B) - e * e.T - p * p.T
    return (
        kernel.same(X.T * W, y)
        and kernel.same(inner(X * e, X * e), r**2)
        and kernel.same(r**2 * sp.Identity(B) - X.T * X, free)
        and kernel.same(projector.T * projector, projector)
        and kernel.nonnegative(r**2 - (rest / long) ** 2)
        and kernel.same(r**2 * inner(W, W) - inner(y, y), spare)
    )


@lru_cache
def _fills_ball() -> bool:
    """Whether X = n h'/sqrt(h'v), of one row n'X, has all that ``ball`` says of it, and whether
    every X leads into the ball. Where h'v = 0 both h and X are zero."""
    kernel = _kernel()
    (v,), (n,) = _letters("v"), _letters("n", rows=N)
    (p,) = _letters("p")  # along h
    X, Q = sp.MatrixSymbol("X", N, B), sp.MatrixSymbol("Q", N, N)
    product, size = sp.symbols("h'v |h|", positive=True)
    kernel.rules[n.T, n] = kernel.rules[p.T, p] = {ONE: sp.Integer(1)}
    kernel.rules[p.T, v] = kernel.rules[v.T, p] = {ONE: product / size}
    h = size * p
    reached = n * h.T / sp.sqrt(product)
    turned = reached.T * reached
    ends = kernel.same(turned * v, h) and kernel.same(
        r**2 * sp.Identity(B) - turned,
        r**2 * (sp.Identity(B) - p * p.T) + (r**2 - size**2 / product) * p * p.T,
    )
    image = X.T * (X * v)
    kernel.symmetric.add(Q)
    kernel.semidefinite.add(Q)
    kernel.rule((X, X.T), {ONE: r**2, (Q,): sp.Integer(-1)})  # |X'| = |X| <= r
    room = r**2 * inner(image, v) - inner(image, image)
    return ends and kernel.same(room, inner(X * v, Q * (X * v))) and kernel.nonnegative(room)


def _at_right_angle(kernel: Kernel, first: Any, second: Any) -> None:
    """Two columns of length 1 at a right angle."""
    for each in (first, second):
        kernel.rules[each.T, each] = {ONE: sp.Integer(1)}
    kernel.rules[first.T, second] = kernel.rules[second.T, first] = {}
