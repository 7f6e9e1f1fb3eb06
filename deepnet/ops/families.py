"""Three families of operations, with one law each. Fused operations state their own law.

An operation knows four verbs, from which every derivative of first and second order follows. With
y = f(x), tangents dx, and cotangents g:

    forward(x...)                  y, and the values of the primal pass that the other verbs need
    push(saved, dx...)             dy = f'(x) dx
    pull(saved, g)                 f'(x)' g, one per argument
    bend(saved, dx..., dy, g, dg)  the derivative of pull along (dx, dg):
                                   f'(x)' dg + (f''(x) dx)' g, where push gave dy for dx

A tangent of None is zero. Zeros stay None as far as they are known.
"""

import operator
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from deepnet.ops.blocks import increase, mapped
from deepnet.ops.hot import hot
from deepnet.tape import Operation

Array = Any
Needs = Sequence[bool]


def total(*terms: Array | None) -> Array | None:
    """The sum of the terms that are not None. It is None if all terms are."""
    result = None
    for term in terms:
        if term is not None:
            result = term if result is None else mapped(operator.add, result, term)
    return result


class Pointwise(Operation):
    """y = f(x), entry by entry. The Jacobian is diagonal and so its own transpose.

    ``slope`` and ``second`` are f' and f'' as functions of (x, y). ``second`` None means zero.
    ``both`` gives (y, slope) of x at once, where the computation of f serves its slope.
    """

    def __init__(
        self,
        name: str,
        f: Callable[..., Array],
        slope: Callable[..., Array],
        second: Callable[..., Array] | None,
        both: Callable[..., tuple[Array, Array]] | None = None,
    ) -> None:
        self.name, self.f, self.slope, self.second = name, f, slope, second
        self.both = both or self._both

    def _both(self, x: Array, **attrs: Any) -> tuple[Array, Array]:
        y = mapped(lambda x: self.f(x, **attrs), x)
        return y, mapped(lambda x, y: self.slope(x, y, **attrs), x, y)

    def forward(self, x: Array, **attrs: Any) -> tuple[Array, Any]:
        y, slope = self.both(x, **attrs)
        return y, SavedPointwise(x, y, slope, attrs)

    def push(self, saved: Any, dx: Array) -> Array:
        return None if dx is None else _times_slope(saved.slope, dx)

    def pull(self, saved: Any, g: Array, needs: Needs) -> tuple[Array | None, ...]:
        return (_times_slope(saved.slope, g),)

    def bend(
        self, saved: Any, dxs: tuple, dy: Array | None, g: Array, dg: Array | None, needs: Needs
    ) -> tuple[Array | None, ...]:
        (dx,) = dxs
        if dx is None or self.second is None:
            return (None,) if dg is None else self.pull(saved, dg, needs)
        if saved.second is None:
            second = self.second
            saved.second = mapped(lambda x, y: second(x, y, **saved.attrs), saved.x, saved.y)
        if dg is None:
            return (mapped(lambda s2, dx, g: s2 * dx * g, saved.second, dx, g),)
        return (_bend_of_pointwise(saved.slope, dg, saved.second, dx, g),)


@hot
def _times_slope(slope: Array, g: Array) -> Array:
    return mapped(operator.mul, slope, g)


@hot
def _bend_of_pointwise(slope: Array, dg: Array, second: Array, dx: Array, g: Array) -> Array:
    return mapped(lambda s1, dg, s2, dx, g: s1 * dg + s2 * dx * g, slope, dg, second, dx, g)


class SavedPointwise:
    """The values that a pointwise operation saves. ``second`` is computed at its first use."""

    __slots__ = ("attrs", "second", "slope", "x", "y")

    def __init__(self, x: Array, y: Array, slope: Array, attrs: dict[str, Any]) -> None:
        self.x, self.y, self.slope, self.attrs = x, y, slope, attrs
        self.second: Array | None = None


class Linear(Operation):
    """y = A x. The attributes fix A, or the primal pass does (as a maximum's choice)."""

    def __init__(
        self,
        name: str,
        apply: Callable[..., Array],
        adjoint: Callable[..., Array],
        fix: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        self.name, self.apply, self.adjoint, self.fix = name, apply, adjoint, fix

    def forward(self, x: Array, **attrs: Any) -> tuple[Array, Any]:
        if self.fix is not None:
            attrs = attrs | self.fix(x, **attrs)
        attrs = attrs | {"shape": x.shape}
        return self.apply(x, **attrs), attrs

    def push(self, saved: Any, dx: Array) -> Array:
        return None if dx is None else self.apply(dx, **saved)

    def pull(self, saved: Any, g: Array, needs: Needs) -> tuple[Array | None, ...]:
        return (self.adjoint(g, **saved),)

    def bend(
        self, saved: Any, dxs: tuple, dy: Array | None, g: Array, dg: Array | None, needs: Needs
    ) -> tuple[Array | None, ...]:
        return (None,) if dg is None else self.pull(saved, dg, needs)


class Kept:
    """What faces make of one array of the primal pass, such as transformed weights, made once."""

    __slots__ = ("array", "made")

    def __init__(self, array: Array) -> None:
        self.array = array
        self.made: dict[Hashable, Any] = {}

    def of(self, array: Array, name: Hashable, make: Callable[[Array], Any]) -> Any:
        """``make(array)``. It is kept by its ``name`` if this is the array of the primal pass."""
        if array is not self.array:
            return make(array)
        if name not in self.made:
            self.made[name] = make(array)
        return self.made[name]


class Bilinear(Operation):
    """y = B(a, b): one trilinear form <g, B(a, b)> with three faces, one per free argument.

    A face takes a list of pairs and returns the sum over them, since both derivatives are such
    sums: dy = B(da, b) + B(a, db). It returns a new array. The faces are

        apply(pairs of a and b, kept, **attrs)
        pull_a(pairs of g and b, the shape of a, kept, **attrs)
        pull_b(pairs of g and a, the shape of b, kept, **attrs)

    ``kept`` is a ``Kept`` of the primal pass's b.
    """

    def __init__(
        self,
        name: str,
        apply: Callable[..., Array],
        pull_a: Callable[..., Array],
        pull_b: Callable[..., Array],
    ) -> None:
        self.name, self.apply, self.pull_a, self.pull_b = name, apply, pull_a, pull_b

    def forward(self, a: Array, b: Array, **attrs: Any) -> tuple[Array, Any]:
        kept = Kept(b)
        return self.apply([(a, b)], kept, **attrs), (a, b, attrs, kept)

    def push(self, saved: Any, da: Array, db: Array) -> Array:
        a, b, attrs, kept = saved
        pairs = _known((da, b), (a, db))
        return self.apply(pairs, kept, **attrs) if pairs else None

    def pull(self, saved: Any, g: Array, needs: Needs) -> tuple[Array | None, ...]:
        return self.bend(saved, (None, None), None, g, g, needs)

    def bend(
        self, saved: Any, dxs: tuple, dy: Array | None, g: Array, dg: Array | None, needs: Needs
    ) -> tuple[Array | None, ...]:
        a, b, attrs, kept = saved
        da, db = dxs
        to_a, to_b = _known((dg, b), (g, db)), _known((dg, a), (g, da))
        return (
            self.pull_a(to_a, a.shape, kept, **attrs) if needs[0] and to_a else None,
            self.pull_b(to_b, b.shape, kept, **attrs) if needs[1] and to_b else None,
        )


def _known(*pairs: tuple[Array | None, Array | None]) -> list[tuple[Array, Array]]:
    """The pairs of which no part is None, that is zero."""
    return [(a, b) for a, b in pairs if a is not None and b is not None]


def adding(face: Callable[..., Array]) -> Callable[..., Array]:
    """A face of lists of pairs, which adds up the ``face`` of each pair. It keeps nothing."""

    def added(pairs: Sequence[tuple[Array, Array]], *shape_and_kept: Any, **attrs: Any) -> Array:
        *shape, _ = shape_and_kept
        result, *others = (face(*pair, *shape, **attrs) for pair in pairs)
        for other in others:
            increase(result, other)
        return result

    return added
