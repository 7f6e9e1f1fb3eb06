"""Checks that arrays fit. NumPy would broadcast a wrong shape to a wrong number without an error.

The functions look at shapes and types alone, so that nothing is fetched from a device. An error
names the array by its ``role``, such as "a direction".
"""

from collections.abc import Mapping
from typing import Any

Array = Any
Shape = tuple[int, ...]


def require_shape(role: str, array: Array, shape: Shape) -> None:
    """Raise ValueError naming ``role`` unless ``array`` is an array of this ``shape``."""
    actual = getattr(array, "shape", None)
    if actual is None:
        raise ValueError(f"{role} is a {type(array).__name__}; give an array of shape {shape}")
    if actual != shape:
        raise ValueError(f"{role} has shape {actual}; give {shape}")


def require_real(role: str, array: Array) -> None:
    """Raise ValueError naming ``role`` unless ``array`` holds floating-point numbers."""
    dtype = getattr(array, "dtype", None)
    if dtype is None or dtype.kind != "f":
        raise ValueError(f"{role} is {dtype or type(array).__name__}; give floating-point numbers")


def require_known(role: str, arrays: Mapping[str, Array], shapes: Mapping[str, Shape]) -> None:
    """Raise ValueError where one of ``arrays`` is no weight of ``shapes`` or has another shape."""
    for name, array in arrays.items():
        if name not in shapes:
            raise ValueError(f"{role} of {name!r}: no such weight; there are {', '.join(shapes)}")
        require_shape(f"{role} of {name!r}", array, shapes[name])


def require_all(role: str, arrays: Mapping[str, Array], shapes: Mapping[str, Shape]) -> None:
    """Raise ValueError unless ``arrays`` has the names and shapes of ``shapes``."""
    require_known(role, arrays, shapes)
    missing = [name for name in shapes if name not in arrays]
    if missing:
        raise ValueError(f"{role} of {', '.join(map(repr, missing))} is missing")
