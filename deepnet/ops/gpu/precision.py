"""In which precision convolutions of float32 arrays are computed on the GPU.

fp32    exact products and sums: the default, and what curvature should be measured in
tf32    operands rounded to 11 bits on the tensor cores, sums in float32
bf16    operands rounded to 8 bits on the tensor cores, sums in float32

The environment's DEEPNET_PRECISION says which, and every result that was computed on a GPU reports
it. Arrays of float64 are always computed in float64.
"""

import os
from typing import Any

from companion.errors import UsageError
from deepnet.ops.gpu import graphs
from deepnet.ops.gpu.cudnn import convolutions

NAMES = ("fp32", "tf32", "bf16")
VARIABLE = "DEEPNET_PRECISION"


def precision() -> str:
    """The precision asked for. Raises UsageError where there is no such one."""
    name = os.environ.get(VARIABLE) or NAMES[0]
    if name not in NAMES:
        raise UsageError(f"{VARIABLE}={name!r} is no precision; give {', '.join(NAMES)}")
    return name


def facts() -> dict[str, Any]:
    """What a result says of its convolutions, of its other matrix products and of graphs."""
    library = convolutions()
    return {
        "convolutions": f"{library.name}, {precision()}" if library else "cuBLAS, by columns",
        "matrix products": "tf32" if os.environ.get("CUPY_TF32") == "1" else "fp32",
        **graphs.facts(),
    }
