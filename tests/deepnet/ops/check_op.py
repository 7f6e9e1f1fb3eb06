"""One check for every operation, along random directions, by inner products, up to second order.

For y = f(x), directions dx, cotangent g and its change dg:

    forward   <g, push(dx)>  against a central difference of <g, f>       (order h^2, extrapolated)
    reverse   <pull(g), dx> = <g, push(dx)>                               (to rounding)
    second    <bend(dx, g, dg), ex> against a central difference of <pull(g + t dg), ex>
    symmetry  <bend(dx, g), ex> = <bend(ex, g), dx>                       (to rounding)

A scalar against a scalar needs one tolerance; a random direction misses no error, but for a set of
probability zero.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepnet.tape import Operation

Array = np.ndarray
STEP = 1e-3
#: Rounding of a difference quotient of step 1e-3, and what Richardson's extrapolation leaves (h^4).
DISCRETISATION = 1e-8
ROUNDING = 1e-11


def check_op(
    operation: Operation, *xs: Array, constant: Sequence[int] = (), seed: int = 0, **attrs: Any
) -> None:
    """Check the laws of ``operation`` at ``xs``; arguments in ``constant`` have no derivative."""
    rng = np.random.default_rng(seed)
    xs = tuple(_frozen(x) for x in xs)
    free = [i not in constant for i in range(len(xs))]

    def directions() -> tuple:
        return tuple(
            _frozen(rng.normal(size=x.shape)) if ok else None
            for x, ok in zip(xs, free, strict=True)
        )

    dx, ex = directions(), directions()
    y, kept = operation.forward(*xs, **attrs)
    g, dg = _frozen(rng.normal(size=np.shape(y))), _frozen(rng.normal(size=np.shape(y)))

    pushed = operation.push(kept, *dx)
    quotient = _difference(lambda t: _dot([g], [_at(operation, xs, dx, t, attrs)[0]]))
    _close(_dot([g], [pushed]), quotient, DISCRETISATION, "push is not the derivative")

    pulled = _masked(operation.pull(kept, g, free), free)
    _close(_dot(pulled, dx), _dot([g], [pushed]), ROUNDING, "pull is not push's adjoint")

    bent = _masked(operation.bend(kept, dx, pushed, g, dg, free), free)
    quotient = _difference(
        lambda t: _dot(
            _masked(operation.pull(_at(operation, xs, dx, t, attrs)[1], g + t * dg, free), free),
            ex,
        )
    )
    _close(_dot(bent, ex), quotient, DISCRETISATION, "bend is not the derivative of pull")

    forth = _masked(operation.bend(kept, dx, pushed, g, None, free), free)
    back = _masked(operation.bend(kept, ex, operation.push(kept, *ex), g, None, free), free)
    _close(_dot(forth, ex), _dot(back, dx), ROUNDING, "the second derivative is not symmetric")
    still = tuple(None for _ in xs)
    only = _masked(operation.bend(kept, still, None, g, dg, free), free)
    again = _masked(operation.pull(kept, dg, free), free)
    _close(_dot(only, ex), _dot(again, ex), ROUNDING, "bend at rest is not pull")


def _at(operation: Operation, xs: tuple, dx: tuple, t: float, attrs: dict) -> tuple:
    moved = [x if d is None else x + t * d for x, d in zip(xs, dx, strict=True)]
    return operation.forward(*moved, **attrs)


def _difference(f: Any) -> float:
    """A central difference at 0, extrapolated from steps h and 2h."""
    near = (f(STEP) - f(-STEP)) / (2 * STEP)
    far = (f(2 * STEP) - f(-2 * STEP)) / (4 * STEP)
    return float((4 * near - far) / 3)


def _frozen(x: Array) -> Array:
    """Read-only, so that hidden mutation fails."""
    x = np.asarray(x, float) if np.asarray(x).dtype.kind == "f" else np.asarray(x)
    x = x.view()
    x.flags.writeable = False
    return x


def _masked(values: tuple, free: list[bool]) -> list:
    return [value if ok else None for value, ok in zip(values, free, strict=True)]


def _dot(left: Sequence[Any], right: Sequence[Any]) -> float:
    pairs = zip(left, right, strict=True)
    return float(sum(np.vdot(a, b) for a, b in pairs if a is not None and b is not None))


def _close(found: float, expected: float, tolerance: float, complaint: str) -> None:
    size = 1 + abs(found) + abs(expected)
    assert abs(found - expected) <= tolerance * size, f"{complaint}: {found} against {expected}"
