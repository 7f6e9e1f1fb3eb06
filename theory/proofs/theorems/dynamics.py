"""Theorems of linear dynamics: a step of descent on the axes of a symmetric matrix."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import length
from theory.functions.descents import end_of_descent
from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.functions.matrices import exponential, pinv
from theory.functions.rates import largest_over, matrix_limit, radius, root_size
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def spectral_radius_by_modes(step: Any, matrix: Any, lam: Any) -> Statement:
    """On the eigenvectors of a symmetric R a matrix f(R) multiplies by f(lam), lam the eigenvalue;
    a matrix of 2 x 2 blocks f(R) acts as a 2 x 2 matrix of the numbers f(lam).

    A step that is zero where R is has the eigenvalues lam > 0 alone; R must have no negative
    eigenvalue and not be zero then.
    """
    _is_new(lam, step)
    size = mode_size(mode(step, matrix, lam, 1 / lam))
    flat = mode(step, matrix, sp.Integer(0), sp.Integer(0))
    symmetric = ((matrix, matrix.T),)
    if flat.is_zero_matrix:
        over = largest_over(size, lam, smallest_positive(matrix), largest(matrix))
        return Statement(
            radius(step),
            over,
            equal=symmetric,
            nonnegative=(smallest(matrix),),
            positive=(largest(matrix),),
        )
    if step.has(pinv):
        raise NotImplementedError("a step with R^+ that does not vanish where R does")
    over = largest_over(size, lam, smallest(matrix), largest(matrix))
    signed = lam.is_nonnegative or lam.is_zero is False  # |f(lam)| may have been worked out by it
    nonnegative = (smallest(matrix),) if signed else ()
    return Statement(radius(step), over, equal=symmetric, nonnegative=nonnegative)


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def stretched_by_modes(function: Any, matrix: Any, lam: Any, column: Any) -> Statement:
    """A function f(R) of a symmetric R makes no column x = R^+Rx longer than by its largest
    |f(lam)|, lam > 0 the eigenvalues of R: |f(R)x| <= max |f(lam)| |x|."""
    _is_new(lam, function)
    size = sp.Abs(value(function, matrix, lam, 1 / lam))
    over = largest_over(size, lam, smallest_positive(matrix), largest(matrix))
    return Statement(
        length(function * column),
        over * length(column),
        "<=",
        equal=((matrix, matrix.T), (pinv(matrix) * matrix * column, column)),
        nonnegative=(smallest(matrix),),
        positive=(largest(matrix),),
    )


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def powers_vanish(function: Any, letter: Any, matrix: Any, column: Any, k: Any) -> Statement:
    """The powers of f(R) bring x = R^+Rx to zero, R symmetric and without negative eigenvalues, if
    |f(lam)| < 1 for every lam > 0 up to the largest eigenvalue, which is lam + more. ``function``
    is f(R) with a ``letter`` for R."""
    lam = sp.Symbol("any_lam", positive=True)
    more = sp.Symbol("any_more", nonnegative=True)
    factor = value(function, letter, lam, 1 / lam)
    below = 1 - factor.xreplace({largest(matrix): lam + more}) ** 2
    return Statement(
        matrix_limit(sp.MatPow(function.xreplace({letter: matrix}), k) * column, k),
        sp.ZeroMatrix(*column.shape),
        equal=((matrix, matrix.T), (pinv(matrix) * matrix * column, column)),
        nonnegative=(smallest(matrix),),
        positive=(below,),
    )


@theorem(cite("lee2019"))
def unstable_minima_are_avoided(
    loss: Any, letters: Any, starts: Any, rate: Any, regular: Any
) -> Statement:
    """Descent from almost every start ends in no minimum whose largest curvature exceeds 2/rate.

    Its steps must lead no more than a null set into a null set: the determinant of a polynomial
    step's Jacobian is not 0 everywhere, as it is not at a ``regular`` place.
    """
    curved = sp.ImmutableMatrix(sp.hessian(loss, letters))
    step = sp.Matrix([letter - rate * sp.diff(loss, letter) for letter in letters])
    if not loss.is_polynomial(*letters):
        raise NotImplementedError(f"{loss} is no polynomial")
    at = dict(zip(letters, regular, strict=True))
    determinant = step.jacobian(list(letters)).det().subs(at, simultaneous=True)
    end = end_of_descent(largest(curved), loss, letters, starts, rate)
    return Statement(end, sp.Min(2 / rate, end), "<=", positive=(rate, determinant**2))


def _is_new(lam: Any, step: Any) -> None:
    if step.has(lam):
        raise ValueError(f"{lam} stands for an eigenvalue, and means something in {step}")


def mode_size(mode: Any) -> Any:
    """The largest modulus of an eigenvalue of a 1 x 1 or 2 x 2 matrix of numbers."""
    if mode.shape == (1, 1):
        return sp.Abs(mode[0, 0])
    if mode.shape != (2, 2):
        raise NotImplementedError(f"the eigenvalues of {mode}")
    return root_size(mode.trace(), mode.det())


def mode(step: Any, matrix: Any, lam: Any, inverse: Any) -> Any:
    """What ``step``, blocks of f(R), is where R is ``lam`` and R^+ is ``inverse``."""
    if isinstance(step, sp.BlockMatrix):
        rows, columns = step.blockshape
        blocks = [[step.blocks[i, j] for j in range(columns)] for i in range(rows)]
        return sp.Matrix([[value(each, matrix, lam, inverse) for each in row] for row in blocks])
    return sp.Matrix([[value(step, matrix, lam, inverse)]])


def value(of: Any, matrix: Any, lam: Any, inverse: Any) -> Any:
    """F(R), of sums, products, powers and exponentials, where R is ``lam``, R^+ ``inverse``."""
    if of == matrix:
        return lam
    if of == pinv(matrix):
        return inverse
    if isinstance(of, sp.Identity):
        return sp.Integer(1)
    if isinstance(of, sp.ZeroMatrix):
        return sp.Integer(0)
    if isinstance(of, exponential):
        return sp.exp(value(of.args[0], matrix, lam, inverse))
    if isinstance(of, sp.MatPow) and not of.exp.has(matrix):
        return value(of.base, matrix, lam, inverse) ** of.exp
    if isinstance(of, (sp.MatAdd, sp.MatMul)):
        parts = [value(each, matrix, lam, inverse) if each.is_Matrix else each for each in of.args]
        return sp.Add(*parts) if isinstance(of, sp.MatAdd) else sp.Mul(*parts)
    raise NotImplementedError(f"{of} is no function of {matrix}")
