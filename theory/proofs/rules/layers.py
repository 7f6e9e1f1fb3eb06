"""The rule of layers: means after many random layers, from one layer to the next."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import E
from theory.laws import Layers
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.kernel.moments import expected
from theory.proofs.uses import rule

#: The number of layers that are done.
done = sp.Symbol("done", integer=True, nonnegative=True)


@rule
def layers(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    means: Mapping[Any, Any],
    wide: Any = None,
) -> bool:
    """Means after l layers follow by induction: they are right at the start, and a layer's letters
    make of each a sum of multiples of the means before.

    ``means`` = {f(state): its mean after ``done`` layers}. Where ``wide`` goes to infinity in a
    limit, the means are those in the limit, as the multiples have limits.
    """
    if relation != "=" or (wide is not None) != isinstance(left, sp.Limit):
        return False
    value = left
    if wide is not None:
        value, letter, to, _ = left.args
        if (letter, to) != (wide, sp.oo) or any(sp.sympify(m).has(wide) for m in means.values()):
            return False
    states = [x for x, law in kernel.laws.items() if isinstance(law, Layers) and left.has(x)]
    if len(states) != 1 or not all(f.has(states[0]) for f in means):
        return False
    (state,) = states
    law = kernel.laws[state]
    inside = _kernel_of(kernel, state, law)
    if inside is None or not _induction(inside, state, law, means, wide):
        return False
    images, after = {}, [sp.sympify(m).subs(done, law.depth) for m in means.values()]
    for each in value.atoms(E):
        parts = _multiples(inside, inside.number(each.args[0]), list(means))
        images[each] = sp.Add(*(a * m for a, m in zip(parts, after, strict=True)))
    found = value.xreplace(images)
    if wide is not None:
        found = sp.limit(sp.expand(sp.cancel(found)), wide, sp.oo)
    at_least_one = {x: done + 1 for x in found.free_symbols if x == law.depth and x.is_positive}
    return inside.same(found.subs(at_least_one), sp.sympify(right).subs(at_least_one))


def _kernel_of(kernel: Kernel, state: Any, law: Layers) -> Kernel | None:
    """The kernel with a layer's letters, and numbers as they stand, so that powers stay short.

    A state that is a matrix must stay symmetric.
    """
    inside = kernel.within({})
    inside.images = {x: image for x, image in kernel.images.items() if is_matrix(x)}
    inside.laws = dict(law.fresh)
    if is_matrix(state):
        inside.symmetric |= {state, law.before}
        whole = (law.start, law.after)
        if not all(inside.same(each, each.T) for each in whole):
            return None
    return inside


def _induction(
    kernel: Kernel, state: Any, law: Layers, means: Mapping[Any, Any], wide: Any
) -> bool:
    functions = [f.xreplace({state: law.before}) for f in means]
    before = list(means.values())
    for f, mean in means.items():
        begun = _to(expected(kernel, f.xreplace({state: law.start})), wide)
        if not kernel.same(begun, sp.sympify(mean).subs(done, 0)):
            return False
        moved = f.xreplace({state: law.after.xreplace({law.index: done})})
        parts = _multiples(kernel, expected(kernel, moved), functions)
        goes_on = sp.Add(*(_to(a, wide) * m for a, m in zip(parts, before, strict=True)))
        difference = sp.expand_func(sp.sympify(mean).subs(done, done + 1) - goes_on)
        if not equality.vanishes(difference):
            return False
    return True


def _to(number: Any, wide: Any) -> Any:
    """A number, or its limit; one without a limit is refused."""
    if wide is None:
        return number
    limit = sp.limit(sp.expand(number), wide, sp.oo)
    if limit.is_finite is False or limit.has(sp.oo, sp.nan):
        raise NotImplementedError(f"no limit of {number}")
    return limit


def _multiples(kernel: Kernel, number: Any, functions: list[Any]) -> list[Any]:
    """The multiples in which a number is a sum of ``functions``; an error where it is none."""
    if number.has(E):  # a mean that is not known may depend on the state
        raise NotImplementedError(f"no means in {number}")
    values = [sp.expand(kernel.number(f)) for f in functions]
    letters = sorted(set().union(*(_state_symbols(v) for v in values)), key=str)
    unknown = [sp.Dummy(f"a{k}") for k in range(len(values))]
    rest = sp.expand(number) - sp.Add(*(a * v for a, v in zip(unknown, values, strict=True)))
    equations = sp.Poly(sp.expand(rest), *letters).coeffs()
    found = sp.solve(equations, unknown, dict=True)
    if len(found) != 1 or set(found[0]) != set(unknown):
        raise NotImplementedError(f"{number} is no sum of multiples of {functions}")
    multiples = [found[0][a] for a in unknown]
    hidden = {x for a in multiples for x in a.free_symbols if x in kernel.products or x in letters}
    if hidden:
        raise NotImplementedError(f"{number} depends on {hidden} besides")
    return multiples


def _state_symbols(value: Any) -> set[Any]:
    """The symbols that hold a state, or are one."""
    held = {x for x in value.free_symbols if x.name.startswith(("<", "tr("))}
    return held or set(value.free_symbols)
