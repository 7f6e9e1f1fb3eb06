"""The array module is a property of the arrays, never a global."""

import sys
from typing import Any


def array_module(x: Any) -> Any:
    """NumPy or CuPy, whichever ``x`` belongs to."""
    if type(x).__module__.partition(".")[0] == "cupy":
        return sys.modules["cupy"]
    import numpy

    return numpy


def to_host(x: Any) -> Any:
    """``x`` as a NumPy array; it is itself where it is one."""
    return x if array_module(x).__name__ == "numpy" else x.get()
