"""Rules of finite sums: the binomial theorem under an integral, terms shifted and compared."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.substitution import same_shape, scaled_integral
from theory.proofs.uses import rule


@rule
def circle_power(kernel: Kernel, left: Any, right: Any, relation: str, ratio: Any) -> bool:
    """Over 0..pi the integral of |1 + s e^(it)|^(2q) cos(ht) is pi times the sum of C(q, k) C(q, k
    + h) s^(2k + h) over k = 0 ... q, by the binomial theorem for 1 + s e^(it) and 1 + s e^(-it).

    ``ratio`` is s; 1 + s^2 + 2 s cos t must stand under a whole power, times cosines of multiples
    of t.
    """
    taken = scaled_integral(left)
    if relation != "=" or taken is None:
        return False
    factor, total = taken
    ((t, low, high),) = total.limits
    powers = [each for each in total.function.atoms(sp.Pow) if each.exp.free_symbols]
    if (low, high) != (0, sp.pi) or len(powers) != 1 or ratio.has(t):
        return False
    base, q = powers[0].args
    if not equality.vanishes(base - (1 + ratio**2 + 2 * ratio * sp.cos(t))):
        return False
    if not (q.is_integer and kernel.nonnegative(q)):
        return False
    waves = _waves(sp.cancel(total.function / powers[0]), t)
    if waves is None:
        return False
    k = sp.Dummy("k", integer=True, nonnegative=True)
    term = sp.binomial(q, k) * ratio ** (2 * k)
    sums = sp.Add(
        *(
            size * sp.Sum(term * sp.binomial(q, k + h) * ratio**h, (k, 0, q))
            for h, size in waves.items()
        )
    )
    return bool(kernel.same(factor * sp.pi * sums, right))


@rule
def binomial_theorem(
    kernel: Kernel, left: Any, right: Any, relation: str, constant: Any, factor: Any, moving: Any
) -> bool:
    """(a + c g)^q under an integral is the sum of C(q, j) a^(q - j) c^j g^j over j = 0 ... q,
    integrated term by term.

    ``constant`` is a, ``factor`` c and ``moving`` g, which alone depends on the letter of the
    integral.
    """
    taken, sums = scaled_integral(left), right.atoms(sp.Sum)
    if relation != "=" or taken is None or len(sums) != 1:
        return False
    ((j, *ends),) = sums.pop().limits
    outside, total = taken
    ((t, low, high),) = total.limits
    powers = [each for each in total.function.atoms(sp.Pow) if each.exp.free_symbols]
    if len(powers) != 1 or constant.has(t) or factor.has(t) or left.has(j):
        return False
    if any(each.has(j) for each in (constant, factor, moving)):
        return False
    base, q = powers[0].args
    if not equality.vanishes(base - constant - factor * moving) or not q.is_integer:
        return False
    if ends != [0, q] or not kernel.nonnegative(q):
        return False
    rest = sp.cancel(total.function / powers[0])
    term = sp.binomial(q, j) * constant ** (q - j) * factor**j
    summed = sp.Sum(term * sp.Integral(moving**j * rest, (t, low, high)), (j, 0, q))
    return same_shape(outside * summed, right)


@rule
def odd_terms_vanish(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Of a sum over j = 0 ... 2q the terms j = 2i, i = 0 ... q, are left where the odd ones are
    integrals over 0..pi of what changes its sign with t -> pi - t."""
    found = left.atoms(sp.Sum)
    if relation != "=" or len(found) != 1:
        return False
    (total,) = found
    ((j, low, high),) = total.limits
    integrals = total.function.atoms(sp.Integral)
    if low != 0 or not (high / 2).is_integer or len(integrals) != 1:
        return False
    (integral,) = integrals
    if sp.cancel(total.function / integral).has(sp.Integral):
        return False
    i = sp.Dummy("i", integer=True, nonnegative=True)
    ((t, start, end),) = integral.limits
    odd = integral.function.subs(j, 2 * i + 1)
    turned = sp.expand_power_base(odd.subs(t, sp.pi - t))
    if (start, end) != (0, sp.pi) or not equality.vanishes(turned + odd):
        return False
    even = sp.Sum(total.function.subs(j, 2 * j), (j, 0, high / 2))
    return same_shape(left.xreplace({total: even}), right)


@rule
def shifted(kernel: Kernel, left: Any, right: Any, relation: str, of: Any, by: int) -> bool:
    """The sum of f(k) over k = a ... b is that of f(k - m), with the terms that leave the range and
    without those that enter it.

    ``of`` is the sum in ``left``, ``by`` is m > 0.
    """
    if relation != "=" or not isinstance(of, sp.Sum) or not left.has(of) or by < 1:
        return False
    f, ((k, low, high),) = of.function, of.limits
    leaving = sum(f.subs(k, high - j) for j in range(by))
    entering = sum(f.subs(k, low - j) for j in range(1, by + 1))
    if sp.sympify(leaving - entering).has(sp.zoo, sp.nan, sp.oo):
        return False
    moved = sp.Sum(f.subs(k, k - by), (k, low, high)) + leaving - entering
    return same_shape(left.xreplace({of: moved}), right)


@rule
def term_by_term(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Sums over one range are added term by term, and binomials are compared as quotients of
    factorials."""
    if relation != "=":
        return False
    total, ranges = sp.Integer(0), set()
    k = sp.Dummy("k", integer=True, nonnegative=True)
    for part in sp.Add.make_args(sp.expand(left) - sp.expand(right)):
        sums = part.atoms(sp.Sum)
        if len(sums) != 1:
            return False
        (one,) = sums
        factor = sp.cancel(part / one)
        ((index, low, high),) = one.limits
        if factor.has(sp.Sum, index):
            return False
        ranges.add((low, high))
        total += factor * one.function.subs(index, k)
    if len(ranges) != 1 or next(iter(ranges))[0] != 0:
        return False
    first, *_ = (each for each in sp.Add.make_args(total) if each != 0)
    return equality.vanishes(sp.combsimp(sp.powsimp(sp.expand(total / first))))


def _waves(weight: Any, t: Any) -> dict[int, Any] | None:
    """``weight`` as a sum of multiples of cos(ht), {h: multiple}; None for anything else."""
    waves: dict[int, Any] = {}
    for term in sp.Add.make_args(sp.expand(weight.rewrite(sp.exp))):
        size, wave = term.as_independent(t, as_Add=False)
        h = sp.cancel(sp.log(wave).expand(force=True) / (sp.I * t))
        if not h.is_Integer:
            return None
        waves[int(h)] = waves.get(int(h), 0) + size
    if any(waves.get(-h) != size for h, size in waves.items()):
        return None
    return {h: size * (1 if h == 0 else 2) for h, size in waves.items() if h >= 0}
