"""Rules of chance about single numbers: densities of multiples, tails, the largest of several."""

from typing import Any

import sympy as sp

from theory.functions.columns import largest_size
from theory.functions.heads_of_chance import E, Prob
from theory.functions.stated import density_of
from theory.laws import Entries, Normal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.moments import random_letters
from theory.proofs.kernel.words import ONE
from theory.proofs.uses import rule


@rule
def density_of_multiple(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The density of k x at z is that of x at z/k over k, for k > 0; beyond the ends of the law it
    is 0.

    The ends must be -c and c: between them is where z^2 < (k c)^2.
    """
    if relation != "=" or not isinstance(left, density_of) or not isinstance(right, sp.Piecewise):
        return False
    value, at = left.args
    letters = [x for x in kernel.laws if value.has(x)]
    if len(letters) != 1 or len(right.args) != 2:
        return False
    (x,) = letters
    (inner, within), outer = right.args
    scale, law = value / x, kernel.laws[x]
    low, high = law.ends
    if scale.has(x) or at.has(x) or low != -high or outer != (0, True):
        return False
    return (
        kernel.has_sign(scale, "is_positive")
        and isinstance(within, sp.StrictLessThan)
        and kernel.same(within.rhs - within.lhs, (scale * high) ** 2 - at**2)
        and kernel.same(inner, law.density(at / scale) / scale)
    )


@rule
def tail(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The mean of a number that is not negative is the integral over x > 0 of the probability that
    the number exceeds x."""
    if relation != "=" or not isinstance(left, E) or not isinstance(right, sp.Integral):
        return False
    (value,) = left.args
    ((x, low, high),) = right.limits
    return (
        (low, high) == (0, sp.oo)
        and not value.has(x)
        and right.function == Prob(value > x)
        and kernel.nonnegative(value)
    )


@rule
def complement(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A number exceeds x with the probability 1 less that of being at most x."""
    if relation != "=" or not isinstance(left, Prob) or not isinstance(left.args[0], sp.Gt):
        return False
    value, x = left.args[0].args
    return bool(right == 1 - Prob(value <= x))


@rule
def all_within(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """All entries of a column are at most x in size with the B-th power of the probability that
    one is, if they are B independent Gaussians of one law of mean 0."""
    if relation != "=" or not isinstance(left, Prob) or not isinstance(left.args[0], sp.Le):
        return False
    value, x = left.args[0].args
    if not isinstance(value, largest_size) or not isinstance(right, sp.Pow):
        return False
    (column,), (one, count) = value.args, right.args
    law = kernel.laws.get(column)
    if not isinstance(law, Entries) or not law.gaussian or not isinstance(one, Prob):
        return False
    for letter, single in kernel.laws.items():
        if isinstance(single, Normal) and one == Prob(sp.And(-x <= letter, letter <= x)):
            rows = kernel.polynomial(law.rows)
            return (
                kernel.same(count, column.shape[0])
                and not kernel.polynomial(law.mean)
                and kernel.same(single.mean, 0)
                and set(rows) == {ONE}
                and kernel.polynomial(law.columns) == {ONE: 1}
                and kernel.same(rows[ONE], single.variance)
            )
    return False


@rule
def largest(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The mean of a function of the largest of n independent Gaussians of one law is its integral
    with the density n f F^(n-1), where f is the density of one, and F its distribution function.

    The Gaussians may stand together in a maximum with other numbers, and nowhere else.
    """
    if relation != "=" or not isinstance(left, E) or not isinstance(right, sp.Integral):
        return False
    (value,), limits = left.args, right.limits
    letters = random_letters(kernel, value)
    laws = [kernel.laws[each] for each in letters]
    if len(limits) != 1 or not letters or not all(isinstance(law, Normal) for law in laws):
        return False
    x, low, high = limits[0]
    law, count = laws[0], len(letters)
    if (low, high) != law.ends or any(each != law for each in laws) or value.has(x):
        return False
    if x in kernel.laws or not kernel.has_sign(law.variance, "is_positive"):
        return False
    wholes = {each for each in value.atoms(sp.Max) if set(letters) <= set(each.args)}
    images = {each: sp.Max(x, *(set(each.args) - set(letters))) for each in wholes}
    inside = value.xreplace(images)
    below = (1 + sp.erf((x - law.mean) / sp.sqrt(2 * law.variance))) / 2
    whole = inside * count * law.density(x) * below ** (count - 1)
    return not inside.has(*letters) and kernel.same(whole, right.function)
