"""Ask for memory before it is needed, so that it comes while the core multiplies."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from deepnet.ops.compiled.kernels import kernel

Array = np.ndarray

#: Bytes per line of a cache.
LINE = 64
#: The second nearest cache.
NEAR = 2


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(context: Any, array: Any, index: Any, write: Any) -> Any:
    """Bring the line of the flat ``array``'s entry ``index`` near, to be read or written."""
    if not isinstance(write, types.IntegerLiteral):
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        place = builder.bitcast(builder.gep(data, [args[1]]), byte)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        options = [ir.Constant(word, value) for value in (write.literal_value, NEAR, 1)]
        builder.call(call, [place, *options])
        return context.get_dummy_value()

    return types.void(array, index, write), code


@kernel
def read_ahead(array: Array, start: int, numbers: int) -> None:
    """Bring so many ``numbers`` of the flat ``array``, or those that it has, near to be read."""
    for index in range(start, min(start + numbers, array.size), LINE // array.itemsize):
        prefetch(array, index, 0)


@kernel
def write_ahead(array: Array, start: int, numbers: int) -> None:
    """Bring so many ``numbers`` of the flat ``array``, or those that it has, near to be written."""
    for index in range(start, min(start + numbers, array.size), LINE // array.itemsize):
        prefetch(array, index, 1)
