"""Whether arrays fit: a wrong shape would be broadcast, to a wrong number without a word.

Looked at are shapes and types alone, so that nothing is fetched from a device.
"""

from collections.abc import Mapping
from typing import Any

Array = Any
Shape = tuple[int, ...]


def require_shape(what: str, array: Array, shape: Shape) -> None:
    """Raise ValueError naming ``what`` unless ``array`` is an array of this ``shape``."""
    found = getattr(array, "shape", None)
    if found is None:
        raise ValueError(f"{what} is a {type(array).__name__}; give an array of shape {shape}")
    if found != shape:
        raise ValueError(f"{what} has shape {found}; give {shape}")


def require_real(what: str, array: Array) -> None:
    """Raise ValueError naming ``what`` unless ``array`` holds floating-point numbers."""
    dtype = getattr(array, "dtype", None)
    if dtype is None or dtype.kind != "f":
        raise ValueError(f"{what} is {dtype or type(array).__name__}; give floating-point numbers")


def require_known(what: str, arrays: Mapping[str, Array], shapes: Mapping[str, Shape]) -> None:
    """Raise ValueError unless each of ``arrays`` is of a weight in ``shapes`` and has its shape."""
    for name, array in arrays.items():
        if name not in shapes:
            raise ValueError(f"{what} of {name!r}: no such weight; there are {', '.join(shapes)}")
        require_shape(f"{what} of {name!r}", array, shapes[name])


def require_all(what: str, arrays: Mapping[str, Array], shapes: Mapping[str, Shape]) -> None:
    """Raise ValueError unless the ``arrays`` are those that ``shapes`` names, of its shapes."""
    require_known(what, arrays, shapes)
    missing = [name for name in shapes if name not in arrays]
    if missing:
        raise ValueError(f"{what} of {', '.join(map(repr, missing))} is missing")
