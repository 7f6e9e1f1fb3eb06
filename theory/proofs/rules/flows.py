"""Rules of gradient flow: what it keeps, what vanishes, and where it ends."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from theory.functions.eigenvalues import largest
from theory.functions.flows import end_of_flow
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule

#: An error that vanishes, and a number that flow keeps, in a function of the two.
error, kept = sp.symbols("error kept", real=True)


@dataclass(frozen=True)
class Faster:
    """That the rate at which the error decays is at least ``least``, where the error has one sign.

    The rate is ``least`` plus ``gap`` plus ``factor`` times the size of the error; ``least`` grows
    along the flow by ``growth`` times this size.
    """

    least: Any
    gap: Any
    factor: Any
    growth: Any

    def holds(self, kernel: Kernel, rate: Any, slope: Any, size: Any) -> bool:
        """Whether that is true, given how ``least`` moves and the size of the error."""
        signs = (self.gap, self.factor, self.growth)
        return (
            kernel.same(rate, self.least + self.gap + self.factor * size)
            and kernel.same(slope, self.growth * size)
            and all(map(kernel.nonnegative, map(sp.sympify, signs)))
        )


@rule
def error_vanishes(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    of: Any,
    means: tuple[Any, Any],
    rate: Any,
    positive: Faster,
    negative: Faster,
) -> bool:
    """A continuous function of an error e and a number c that flow keeps tends to its value at e =
    0 and the c of the start, where e' = -r e with a rate r that stays above a positive number.

    ``of`` is this function, in the letters ``error`` and ``kept``, and ``means`` are e and c in
    those of the flow; ``rate`` is r. An error keeps its sign, so that r may be bounded for either
    sign apart. The loss must not be negative: the flow of such a one exists at all times.
    """
    if relation != "=" or not isinstance(left, end_of_flow):
        return False
    value, loss, letters, starts = left.args
    at_start = dict(zip(letters, starts, strict=True))
    e, c = means
    if set(letters) & set(kernel.images) or not all(letter.is_real for letter in letters):
        return False
    if any(letter.is_zero is False or letter.is_nonnegative for letter in letters):
        return False  # a flow need not keep a sign

    def slope(f: Any) -> Any:
        return -sp.Add(*(sp.diff(loss, x) * sp.diff(sp.sympify(f), x) for x in letters))

    inside = kernel.within({error: e, kept: c})
    bounds = ((positive, e), (negative, -e))
    return (
        kernel.nonnegative(loss)
        and kernel.same(slope(c), sp.Integer(0))
        and kernel.same(slope(e), -rate * e)
        and all(way.holds(kernel, rate, slope(way.least), size) for way, size in bounds)
        and all(
            kernel.has_sign(sp.sympify(way.least).subs(at_start, simultaneous=True), "is_positive")
            for way in (positive, negative)
        )
        and is_continuous(of)
        and not of.has(*letters)
        and inside.same(value, of)
        and kernel.same(of.xreplace({error: sp.Integer(0)}).xreplace(
            {kept: c.subs(at_start, simultaneous=True)}), right)
    )  # fmt: skip


@rule
def larger_of_two(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The larger eigenvalue of [[p, r], [r, q]] is (p + q)/2 + sqrt((p - q)^2/4 + r^2)."""
    found = {each: _larger(each.args[0]) for each in left.atoms(largest)}
    if relation != "=" or not found or None in found.values():
        return False
    return kernel.same(left.xreplace(found), right)


def _larger(matrix: Any) -> Any:
    """The larger eigenvalue of a matrix of two rows whose entries are there; None of any other."""
    if not isinstance(matrix, sp.MatrixBase) or matrix.shape != (2, 2):
        return None
    (p, r), (again, q) = matrix.tolist()
    return (p + q) / 2 + sp.sqrt((p - q) ** 2 / 4 + r**2) if r == again else None


def is_continuous(function: Any) -> bool:
    """Whether a function is made of sums, products, and powers whose exponent is positive."""
    return all(
        isinstance(part, (sp.Add, sp.Mul, sp.Symbol, sp.Rational))
        or (isinstance(part, sp.Pow) and part.exp.is_Rational and part.exp > 0)
        for part in sp.preorder_traversal(function)
    )
