"""One tile of a transform, L X L', with its numbers in registers.

    out[i, j] = sum_{k, l} L[i, k] x[k, l] L[j, l]

x and out are grids of vectors, whose lanes are channels. The entries of L are constants of the
machine code: a zero costs nothing, a one no multiplication, and equal entries of a row share one.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from deepnet.ops.compiled.tile import vectors_of
from deepnet.ops.compiled.transforms import MATRICES, Matrix

Vectors = list[Any]


@intrinsic  # type: ignore[untyped-decorator]
def sandwich(context: Any, lanes: Any, which: Any, out: Any, at_out: Any, x: Any, at_x: Any) -> Any:
    """Compute the tile of the module for flat arrays.

    ``out`` and ``x`` lie at (start, step of rows, step of columns). ``lanes``, and ``which`` of
    ``MATRICES`` is L, are constants of the caller. Bounds are not checked.
    """
    if not all(isinstance(constant, types.IntegerLiteral) for constant in (lanes, which)):
        return None
    constants: tuple[Any, ...] = (lanes.literal_value, MATRICES[which.literal_value])
    arguments = (lanes, which, out, at_out, x, at_x)
    return types.void(*arguments), lambda *call: _write(*call, *constants)


def _write(
    context: Any, builder: Any, signature: Any, args: Any, lanes: int, matrices: Sequence[Matrix]
) -> Any:
    out, x = (context.make_array(signature.args[i])(context, builder, args[i]).data for i in (2, 4))
    at_out, at_x = (cgutils.unpack_tuple(builder, args[i], 3) for i in (3, 5))
    vector, size, multiply_add = vectors_of(context, builder, signature.args[2].dtype, lanes)

    def address(base: Any, at: Sequence[Any], row: int, column: int) -> Any:
        start, *steps = at
        for step, count in zip(steps, (row, column), strict=True):
            start = builder.add(start, builder.mul(step, ir.Constant(step.type, count)))
        return builder.bitcast(builder.gep(base, [start]), vector.as_pointer())

    def constant(value: Fraction) -> Any:
        return ir.Constant(vector, [float(value)] * lanes)

    def row_of_product(row: Sequence[Fraction], xs: Vectors) -> Any:
        """The sum of the ``row`` times ``xs``, in which equal entries are multiplied once."""
        result = None
        for entry in sorted({abs(entry) for entry in row} - {0}, key=lambda entry: entry != 1):
            plus = [x for x, each in zip(xs, row, strict=True) if each == entry]
            minus = [x for x, each in zip(xs, row, strict=True) if each == -entry]
            if not plus:
                entry, plus, minus = -entry, minus, []
            total, *more = plus
            for term in more:
                total = builder.fadd(total, term)
            for term in minus:
                total = builder.fsub(total, term)
            if result is None:
                result = total if entry == 1 else builder.fmul(constant(entry), total)
            elif entry == -1:
                result = builder.fsub(result, total)
            else:
                result = builder.call(multiply_add, [constant(entry), total, result])
        return result

    def product(xs: Vectors) -> Vectors:
        for matrix in matrices:
            xs = [row_of_product(row, xs) for row in matrix]
        return xs

    inner = len(matrices[0][0])
    columns = [
        product([builder.load(address(x, at_x, k, j), align=size) for k in range(inner)])
        for j in range(inner)
    ]
    for i, row in enumerate(zip(*columns, strict=True)):
        for j, entry in enumerate(product(list(row))):
            builder.store(entry, address(out, at_out, i, j), align=size)
    return context.get_dummy_value()
