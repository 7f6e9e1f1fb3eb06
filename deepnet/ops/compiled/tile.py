"""One tile of a product, with its sums in registers. All faces of a convolution are made of tiles.

    out[p, v] (+)= sum_{j<J, k<K} a[j, k, p] b[j, k, v]     p < pixels, v < vectors lanes

a is read number by number and b vector by vector, in place. The patches of an image overlap in
memory and are not copied. LLVM's code is written here, because its optimiser does not keep ``pixels
vectors`` sums in registers by itself.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_AVX512 = get_host_cpu_features().get("avx512f", False)
#: Bytes per vector register, and the largest number of vectors per tile. A tile takes at most half
#: of the registers.
REGISTER, MOST = (64, 2) if _AVX512 else (32, 1)
#: The fewest lanes of a vector.
LEAST = 2


def shape_of_tile(channels: int, dtype: Any) -> tuple[int, int, int]:
    """The vectors per tile, the lanes per vector, and the channels rounded up to whole vectors.

    The lanes are as few as the number of vectors per row allows.

    >>> vectors, lanes, filled = shape_of_tile(6, "float32")
    >>> filled, filled % (vectors * lanes)
    (8, 0)
    """
    lanes = REGISTER // np.dtype(dtype).itemsize
    count = -(-channels // lanes)
    while lanes > LEAST and -(-channels // (lanes // 2)) == count:
        lanes //= 2
    return (MOST if count % MOST == 0 else 1), lanes, count * lanes


@intrinsic  # type: ignore[untyped-decorator]
def add_products(
    context: Any, pixels: Any, vectors: Any, lanes: Any,
    out: Any, at_out: Any, a: Any, at_a: Any, b: Any, at_b: Any, extent: Any, add: Any,
) -> Any:  # fmt: skip
    """Compute the tile of the module for flat arrays.

    ``out`` lies at (start, step of p), ``a`` at (start, steps of j k p), ``b`` at (start, steps of
    j k). The extent is (J, K). If ``add``, the sums are added to ``out``, else they replace it.
    ``pixels``, ``vectors`` and ``lanes`` are constants of the caller. Bounds are not checked.
    """
    constants = (pixels, vectors, lanes)
    if not all(isinstance(constant, types.IntegerLiteral) for constant in constants):
        return None
    shape = tuple(constant.literal_value for constant in constants)
    arguments = (*constants, out, at_out, a, at_a, b, at_b, extent, add)
    return types.void(*arguments), lambda *call: _write(*call, *shape)


def _write(
    context: Any, builder: Any, signature: Any, args: Any, pixels: int, vectors: int, lanes: int
) -> Any:
    out, a, b = (
        context.make_array(signature.args[i])(context, builder, args[i]).data for i in (3, 5, 7)
    )
    start_out, step_out = cgutils.unpack_tuple(builder, args[4], 2)
    start_a, *steps_a, step_p = cgutils.unpack_tuple(builder, args[6], 4)
    start_b, *steps_b = cgutils.unpack_tuple(builder, args[8], 3)
    extent, add = cgutils.unpack_tuple(builder, args[9], 2), args[10]
    vector, size, multiply_add = vectors_of(context, builder, signature.args[3].dtype, lanes)

    def moved(start: Any, indices: Sequence[Any], steps: Sequence[Any]) -> Any:
        for index, step in zip(indices, steps, strict=True):
            start = builder.add(start, builder.mul(index, step))
        return start

    def address(base: Any, index: Any, v: int) -> Any:
        index = builder.add(index, ir.Constant(index.type, v * lanes))
        return builder.bitcast(builder.gep(base, [index]), vector.as_pointer())

    def spread(value: Any) -> Any:
        """A vector of equal numbers."""
        undefined = ir.Constant(vector, ir.Undefined)
        first = builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
        return builder.shuffle_vector(first, undefined, places)

    offsets = [builder.mul(ir.Constant(step_p.type, p), step_p) for p in range(pixels)]

    def body(indices: Sequence[Any], sums: Sequence[Any]) -> list[Any]:
        at_a, at_b = moved(start_a, indices, steps_a), moved(start_b, indices, steps_b)
        right = [builder.load(address(b, at_b, v), align=size) for v in range(vectors)]
        places = [builder.gep(a, [builder.add(at_a, offset)]) for offset in offsets]
        pairs = product([spread(builder.load(place)) for place in places], right)
        return [
            builder.call(multiply_add, [*pair, old]) for pair, old in zip(pairs, sums, strict=True)
        ]

    zero = ir.Constant(vector, [0.0] * lanes)
    sums = iter(_loop(builder, extent, [zero] * (pixels * vectors), body))
    for p in range(pixels):
        row = moved(start_out, [ir.Constant(step_out.type, p)], [step_out])
        for v in range(vectors):
            place = address(out, row, v)
            old = builder.select(add, builder.load(place, align=size), zero)
            builder.store(builder.fadd(old, next(sums)), place, align=size)
    return context.get_dummy_value()


def vectors_of(context: Any, builder: Any, number: Any, lanes: int) -> tuple[Any, int, Any]:
    """LLVM's vectors of ``lanes`` numbers: their type, the bytes per number, and a b + c."""
    vector = ir.VectorType(context.get_data_type(number), lanes)
    kind, name = ir.FunctionType(vector, [vector] * 3), f"llvm.fmuladd.v{lanes}f{number.bitwidth}"
    multiply_add = cgutils.get_or_insert_function(builder.module, kind, name)
    return vector, number.bitwidth // 8, multiply_add


def _loop(
    builder: Any, extent: Sequence[Any], start: Sequence[Any], body: Any, outer: tuple = ()
) -> list[Any]:
    """Nested loops over ``extent`` that carry values through ``body``. Each runs at least once."""
    if not extent:
        return list(body(outer, start))
    count, *rest = extent
    before, block = builder.basic_block, builder.append_basic_block()
    builder.branch(block)
    builder.position_at_end(block)
    index = builder.phi(count.type)
    carried = [builder.phi(value.type) for value in start]
    results = _loop(builder, rest, carried, body, (*outer, index))
    following = builder.add(index, ir.Constant(count.type, 1))
    end, after = builder.basic_block, builder.append_basic_block()
    builder.cbranch(builder.icmp_signed("<", following, count), block, after)
    index.add_incoming(ir.Constant(count.type, 0), before)
    index.add_incoming(following, end)
    for phi, first, last in zip(carried, start, results, strict=True):
        phi.add_incoming(first, before)
        phi.add_incoming(last, end)
    builder.position_at_end(after)
    return results
