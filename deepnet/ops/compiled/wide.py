"""Vectors of 512 bits in the loops of one kernel.

LLVM makes vectors of 256 bits for Intel's processors with AVX-512, since longer ones once slowed
their clock down. A loop that computes more than it waits for memory is faster with 512 bits.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

#: LLVM's own name of the preference. Processors without such vectors take theirs.
PREFERRED = '"prefer-vector-width"="512"'


@intrinsic  # type: ignore[untyped-decorator]
def wide(context: Any) -> Any:
    """Let LLVM make vectors of 512 bits for the function that calls this. It does nothing else."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        # llvmlite's ``add`` takes attributes without a value alone.
        builder.function.attributes.update({PREFERRED})
        return context.get_dummy_value()

    return types.void(), code
