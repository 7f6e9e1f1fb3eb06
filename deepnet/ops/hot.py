"""Which implementation of a hot function runs: compiled by numba where it is installed, else plain.

The plain form, in NumPy's or CuPy's own operations, is the definition, and the oracle of the
compiled one.
"""

import os
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any

import numpy as np

#: What numba compiles; arrays of other types take the plain form.
TYPES = (np.dtype("float32"), np.dtype("float64"))


def hot(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Let the function of the same name in ``deepnet.ops.compiled`` stand in for ``plain``.

    It does where numba is installed and the first argument is a NumPy array of float32 or float64,
    unless the environment says DEEPNET_PLAIN=1 or the compiled form returns ``NotImplemented`` for
    these arguments. ``plain`` stays as the attribute of that name.
    """
    name = plain.__name__.lstrip("_")

    @wraps(plain)
    def chosen(*arrays: Any, **attrs: Any) -> Any:
        lead = arrays[0]
        if isinstance(lead, np.ndarray) and lead.dtype in TYPES and compiles():
            stand_in = getattr(import_module("deepnet.ops.compiled"), name)
            result = stand_in(*arrays, **attrs)
            if result is not NotImplemented:
                return result
        return plain(*arrays, **attrs)

    chosen.plain = plain  # type: ignore[attr-defined]
    return chosen


@cache
def compiles() -> bool:
    """Whether compiled functions are used."""
    if os.environ.get("DEEPNET_PLAIN") == "1":
        return False
    try:
        import_module("numba")
    except ImportError:
        return False
    return True
