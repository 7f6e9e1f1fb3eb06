"""Which implementation of a hot function runs.

numba's compiled form runs where numba is installed, the GPU's form where the arrays are CuPy's, and
the plain form elsewhere. The plain form, in NumPy's or CuPy's own operations, is the definition.
The other forms are tested against it.
"""

import os
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any

import numpy as np

from deepnet.backend import on_host

#: What is compiled; arrays of other types take the plain form.
TYPES = (np.dtype("float32"), np.dtype("float64"))


def hot(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of equal name in ``deepnet.ops.compiled`` or ``deepnet.ops.gpu`` stand in.

    The stand-in runs where the first argument, or the first array of its list of pairs, is an array
    of float32 or float64, of NumPy with numba installed, or of CuPy. ``plain`` runs where there is
    no stand-in, where the environment says DEEPNET_PLAIN=1, and where the stand-in returns
    ``NotImplemented`` for these arguments. The decorated function keeps ``plain`` as an attribute.
    """
    name = plain.__name__.lstrip("_")

    @wraps(plain)
    def chosen(*arrays: Any, **attrs: Any) -> Any:
        lead = arrays[0][0][0] if isinstance(arrays[0], list) else arrays[0]
        stand_in = _stand_in(lead, name)
        result = NotImplemented if stand_in is None else stand_in(*arrays, **attrs)
        return plain(*arrays, **attrs) if result is NotImplemented else result

    chosen.plain = plain  # type: ignore[attr-defined]
    return chosen


def _stand_in(lead: Any, name: str) -> Callable[..., Any] | None:
    if not hasattr(lead, "dtype") or lead.dtype not in TYPES:
        return None
    if isinstance(lead, np.ndarray):
        return _named("deepnet.ops.compiled", name) if compiles() else None
    return None if on_host(lead) or asked_plain() else _named("deepnet.ops.gpu", name)


@cache
def _named(module: str, name: str) -> Callable[..., Any] | None:
    return getattr(import_module(module), name, None)


def compiles() -> bool:
    """Whether functions compiled by numba are used."""
    return not asked_plain() and _has_numba()


@cache
def _has_numba() -> bool:
    try:
        import_module("numba")
    except ImportError:
        return False
    return True


def asked_plain() -> bool:
    """Whether the environment asks for the plain forms."""
    return os.environ.get("DEEPNET_PLAIN") == "1"
