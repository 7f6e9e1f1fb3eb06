"""The precision in which the GPU computes convolutions of float32 arrays.

fp32    exact products and sums: the default, and the right choice for curvature
tf32    operands rounded to 11 bits on the tensor cores, sums in float32
bf16    operands rounded to 8 bits on the tensor cores, sums in float32

The environment's DEEPNET_PRECISION chooses, and every result that was computed on a GPU reports the
choice. Arrays of float64 are always computed in float64.
"""

import os
from typing import Any

from companion.errors import UsageError
from deepnet.ops.gpu import graphs
from deepnet.ops.gpu.cudnn import convolutions

NAMES = ("fp32", "tf32", "bf16")
VARIABLE = "DEEPNET_PRECISION"


def precision() -> str:
    """The precision that the environment asks for. Raises UsageError for an unknown one."""
    name = os.environ.get(VARIABLE) or NAMES[0]
    if name not in NAMES:
        raise UsageError(f"{VARIABLE}={name!r} is no precision; give {', '.join(NAMES)}")
    return name


def facts() -> dict[str, Any]:
    """The entries that a result has on its convolutions, other matrix products, and graphs."""
    library = convolutions()
    return {
        "convolutions": f"{library.name}, {precision()}" if library else "cuBLAS, by columns",
        "matrix products": "tf32" if os.environ.get("CUPY_TF32") == "1" else "fp32",
        **graphs.facts(),
    }
