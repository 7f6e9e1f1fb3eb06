"""One check for every operation, along random directions, by inner products, up to second order.

For y = f(x), directions dx, cotangent g and its change dg:

    forward   <g, push(dx)>  against a central difference of <g, f>       (extrapolated: order h^4)
    reverse   <pull(g), dx> = <g, push(dx)>                               (to rounding)
    second    <bend(dx, g, dg), ex> against a central difference of <pull(g + t dg), ex>
    symmetry  <bend(dx, g), ex> = <bend(ex, g), dx>                       (to rounding)

A scalar against a scalar needs one tolerance; a random direction misses no error, but for a set of
probability zero.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from deepnet.tape import Operation
from tests.close import discretised, rounded

Array = np.ndarray
STEP = 5e-4
#: Terms that cancel are larger than what they leave by an inverse deviation at most, eps^-1/2.
CANCELLED = 1e-3**-0.5


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
    y, saved = operation.forward(*xs, **attrs)
    g, dg = _frozen(rng.normal(size=np.shape(y))), _frozen(rng.normal(size=np.shape(y)))

    pushed = operation.push(saved, *dx)
    quotient, error = _difference(lambda t: _dot([g], [_at(operation, xs, dx, t, attrs)[0]]))
    rounding = {"size": 1 + _size([g], [y]), "condition": CANCELLED / STEP}
    along = _dot([g], [pushed])
    assert discretised(along, quotient, error, **rounding), "push is not the derivative"

    pulled = _masked(operation.pull(saved, g, free), free)
    size = CANCELLED * (_size(pulled, dx) + _size([g], [pushed]))
    assert rounded(_dot(pulled, dx), along, size), "pull is not push's adjoint"

    bent = _masked(operation.bend(saved, dx, pushed, g, dg, free), free)
    quotient, error = _difference(
        lambda t: _dot(
            _masked(operation.pull(_at(operation, xs, dx, t, attrs)[1], g + t * dg, free), free),
            ex,
        )
    )
    rounding = {"size": 1 + _size(pulled, ex), "condition": CANCELLED / STEP}
    assert discretised(_dot(bent, ex), quotient, error, **rounding), (
        "bend is not the derivative of pull"
    )

    forth = _masked(operation.bend(saved, dx, pushed, g, None, free), free)
    back = _masked(operation.bend(saved, ex, operation.push(saved, *ex), g, None, free), free)
    size = CANCELLED * (_size(forth, ex) + _size(back, dx))
    assert rounded(_dot(forth, ex), _dot(back, dx), size), "the second derivative is not symmetric"
    still = tuple(None for _ in xs)
    only = _masked(operation.bend(saved, still, None, g, dg, free), free)
    again = _masked(operation.pull(saved, dg, free), free)
    assert rounded(_dot(only, ex), _dot(again, ex), _size(again, ex)), "bend at rest is not pull"


def _at(operation: Operation, xs: tuple, dx: tuple, t: float, attrs: dict) -> tuple:
    moved = [x if d is None else x + t * d for x, d in zip(xs, dx, strict=True)]
    return operation.forward(*moved, **attrs)


def _difference(f: Any) -> tuple[float, float]:
    """A central difference at 0, extrapolated from steps h and 2h, and three times its error.

    From 2h and 4h it has 16 times the error of order h^4: the two differ by 15 times the first's.
    """
    plain = [(f(h) - f(-h)) / (2 * h) for h in (STEP, 2 * STEP, 4 * STEP)]
    fine, coarse = ((4 * near - far) / 3 for near, far in pairwise(plain))
    return float(fine), abs(float(fine - coarse)) / 5


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


def _size(left: Sequence[Any], right: Sequence[Any]) -> float:
    """The size of the terms of ``_dot``."""
    sizes = [[None if x is None else np.abs(x) for x in each] for each in (left, right)]
    return _dot(*sizes)
