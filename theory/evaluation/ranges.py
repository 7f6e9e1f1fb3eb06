"""Sums and integrals on balls (``theory.evaluation.balls``), of terms that are computed on them."""

from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx, fmpq

from theory.domain import DomainError
from theory.evaluation.balls import INFINITY, ball

#: Longer sums are taken from their largest term outwards.
LONG_SUM = 256


class StatedError(DomainError):
    """A head of a definition that has no arithmetic meaning here."""


def total(term: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """The sum over whole numbers from ``low`` to ``high``.

    A long one must have terms of one sign that rise to one summit and then fall: it is summed from
    the summit outwards until what is left is less than rounding. This shape of the terms is not
    checked: the binomial sums of ``spectra.moments`` and ``spectra.average_loss`` have it.
    """
    first, last = int(low), int(high)
    if last - first < LONG_SUM:
        return sum((term(fmpq(j)) for j in range(first, last + 1)), fmpq(0))

    def size(j: int) -> Any:
        return abs(ball(term(fmpq(j)))).mid()

    left, right = first, last
    beyond = size(last) != 0  # which terms are not zero, where some are
    while left < right:  # the first j whose next term is no larger
        middle = (left + right) // 2
        here = size(middle)
        falls = size(middle + 1) <= here if here != 0 else not beyond
        left, right = (left, middle) if falls else (middle + 1, right)
    so_far, summit = ball(term(fmpq(left))), size(left)
    rest = summit * arb(2) ** -ctx.prec
    for places in (range(left - 1, first - 1, -1), range(left + 1, last + 1)):
        for j in places:
            each = ball(term(fmpq(j)))
            so_far += each
            if abs(each) * (last - first) <= rest:
                break
    return so_far + arb(0, 2 * rest)


def integral(integrand: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """The integral to infinity of an entire function that falls like a Gaussian.

    What lies beyond an end is at most end f(end), since x^2 f(x) falls there. This is assumed of
    the integrand (that of ``normalisation.largest_deviation``), and not checked.
    """
    if high != INFINITY:
        raise StatedError("an integral between finite ends is stated, not evaluated")
    ends = [arb(2) ** j for j in range(1, 64)]
    beyond = [(abs(integrand(end)) * end).upper() for end in ends]  # bounds of what is left out
    enough = max(2 * min(beyond), arb(2) ** (-2 * ctx.prec))
    rest, far = next((rest, end) for rest, end in zip(beyond, ends, strict=True) if rest <= enough)
    inside = acb.integral(lambda z, _: integrand(z), acb(low), acb(far))
    return inside.real + arb(0, rest)
