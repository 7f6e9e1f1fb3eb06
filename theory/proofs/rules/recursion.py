"""Rules of recursions: what is proved from one step to the next.

f(k) is ``iterate(phi, start, k)``. A ``Bound`` says that f(k)^power is at least or at most a value
that depends on k, as their difference starts with the right sign and keeps it at every step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sympy as sp

from theory.functions.recursions import iterate
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule

#: The number of steps that are done.
done = sp.Symbol("done", integer=True, nonnegative=True)
#: Any value that a recursion of positive numbers has after them.
value = sp.Symbol("r", positive=True)
#: Functions that are continuous wherever they are real.
CONTINUOUS = (sp.Add, sp.Mul, sp.exp, sp.log, sp.acos, sp.asin, sp.atan)


@dataclass(frozen=True)
class Bound:
    """f(j)^power ``relation`` ``least`` (a function of ``done``) for done >= ``first``.

    In a step from ``value`` the difference of the two moves by ``gap`` plus ``logs``: the sum of
    factor (x - 1 - ln x) for each {x: factor}. A lower bound must be positive. ``given`` is a bound
    of ``value`` itself.
    """

    least: Any
    relation: Literal["<=", ">="]
    gap: Any
    power: int = 1
    first: int = 0
    logs: Mapping[Any, Any] = field(default_factory=dict)
    given: "Bound | None" = None

    def at(self, times: Any) -> Any:
        """The bound of f(times)."""
        return sp.root(self.least.subs(done, times), self.power)

    def holds(self, kernel: Kernel, of: iterate) -> bool:
        """Whether it is true of a recursion: at the first step, and from each to the next."""
        given = self.given
        if given is not None and (given.first > self.first or not given.holds(kernel, of)):
            return False
        sign = 1 if self.relation == ">=" else -1
        begin = of.func(of.args[0], of.args[1], sp.Integer(self.first)).doit()
        at_first = sign * (begin**self.power - self.least.subs(done, self.first))
        here = self._any(kernel)
        after = of.after(value, done)
        moved = sign * (after**self.power - value**self.power + self.least - _next(self.least))
        parts = self.gap + sp.Add(*(f * (x - 1 - sp.log(x)) for x, f in self.logs.items()))
        signs = (at_first, self.gap, *self.logs.values())
        return (
            stays_positive(kernel, of)
            and (self.relation == "<=" or here.has_sign(self.least, "is_positive"))
            and here.same(_apart(here, moved), _apart(here, parts))
            and all(map(here.nonnegative, signs))
            and all(here.has_sign(x, "is_positive") for x in self.logs)
        )

    def _any(self, kernel: Kernel) -> Kernel:
        """The kernel that reads ``value`` as any value after j >= first steps."""
        more = sp.Symbol("done_more", integer=True, nonnegative=True)
        images = {done: self.first + more}
        if self.given is not None:
            beyond = sp.Symbol("r_beyond", nonnegative=True)
            least = self.given.least
            held = least + beyond if self.given.relation == ">=" else least / (1 + beyond)
            images[value] = sp.root(held, self.given.power)
        return kernel.within(images)


@rule
def induction(kernel: Kernel, left: Any, right: Any, relation: str, is_: Any) -> bool:
    """f(j) = g(j) where g(0) is the start of f, and g(j+1) is what its rule makes of g(j)."""
    found = only(left)
    if relation != "=" or found is None or not found.args[2].is_integer:
        return False
    begins = kernel.same(_without_empty(is_.subs(done, 0)), found.args[1])
    goes_on = kernel.same(_spread(_last_apart(_next(is_))), _spread(found.after(is_, done)))
    return begins and goes_on and kernel.same(left.xreplace({found: is_.subs(done, found.args[2])}),
                                              right)  # fmt: skip


@rule
def bounded(kernel: Kernel, left: Any, right: Any, relation: str, by: Bound) -> bool:
    """A function of f(k) that grows in it is bounded as f(k) is, and one that falls the other way
    round."""
    found = only(left)
    if found is None or not _applies(kernel, found, by):
        return False
    way = _direction(kernel, left.xreplace({found: value}))
    turned = {"<=": ">=", ">=": "<="}
    said = by.relation if way > 0 else turned[by.relation]
    there = left.xreplace({found: by.at(found.args[2])})
    return way != 0 and relation == said and kernel.same(there, right)


@rule
def squeezed(kernel: Kernel, left: Any, right: Any, relation: str, low: Bound, high: Bound) -> bool:
    """A function of f(k) that grows or falls in it has the limit that it has at a lower and at an
    upper bound of f(k)."""
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    inside, letter, to, _ = left.args
    found = only(inside)
    if found is None or (low.relation, high.relation) != (">=", "<="):
        return False
    if not all(_applies(kernel, found, bound) for bound in (low, high)):
        return False
    if _direction(kernel, inside.xreplace({found: value})) == 0:
        return False
    ends = (inside.xreplace({found: bound.at(found.args[2])}) for bound in (low, high))
    return all(kernel.same(sp.limit(end, letter, to), right) for end in ends)


def only(expression: Any) -> Any:
    """The recursion in an expression whose rule holds no other; None where it is not one."""
    found = sp.sympify(expression).atoms(iterate)
    inmost = [each for each in found if not each.args[0].atoms(iterate)]
    if len(inmost) != 1 or {done, value} & _fixed(inmost[0]):
        return None
    return inmost[0]


def _fixed(of: iterate) -> set[Any]:
    """The letters that stay the same from step to step."""
    return set(of.args[0].free_symbols) | set(of.args[1].free_symbols)


def _applies(kernel: Kernel, found: iterate, bound: Bound) -> bool:
    """Whether a bound is true of a recursion after its number of steps."""
    times = found.args[2]
    known = bool(times.is_integer) and kernel.nonnegative(times - bound.first)
    return known and bound.holds(kernel, found)


def stays_positive(kernel: Kernel, of: iterate) -> bool:
    """Whether a recursion stays positive."""
    return all(kernel.has_sign(x, "is_positive") for x in (of.args[1], of.after(value, done)))


def _direction(kernel: Kernel, function: Any) -> int:
    """1 where a function of ``value`` grows, -1 where it falls, 0 where it is not known."""
    function = kernel.number(function)
    if not is_continuous(function) or hides(kernel, function, value):
        return 0
    kernel.refuse_hidden(value, function.free_symbols)
    slope = sp.diff(function, value)
    return next((sign for sign in (1, -1) if kernel.nonnegative(sign * slope)), 0)


def hides(kernel: Kernel, number: Any, letter: Any) -> bool:
    """Whether a letter stands inside what the kernel has made a letter of its own."""
    return any(letter in kernel.inside(x) for x in number.free_symbols - {letter})


def is_continuous(function: Any) -> bool:
    """Whether a function of a positive ``value`` is made of continuous ones."""
    if not function.has(value) or function == value:
        return True
    if isinstance(function, sp.Pow):
        base, exponent = function.args
        known = exponent.is_Integer and exponent > 0
        return bool((known or base.is_positive) and not exponent.has(value)) and is_continuous(base)
    return isinstance(function, CONTINUOUS) and all(map(is_continuous, function.args))


def _next(expression: Any) -> Any:
    return sp.sympify(expression).subs(done, done + 1)


def _without_empty(expression: Any) -> Any:
    """Sums without summands are zero."""
    empty = {s: sp.S.Zero for s in _sums(expression) if s.limits[0][2] - s.limits[0][1] == -1}
    return expression.xreplace(empty)


def _last_apart(expression: Any) -> Any:
    """Each sum up to j as one up to j - 1 and its last summand."""
    apart = {}
    for each in _sums(expression):
        ((index, low, high),) = each.limits
        if sp.expand(high - done) == 0 and low.is_nonpositive:  # it has a summand at least
            last = each.function.subs(index, high)
            apart[each] = sp.Sum(each.function, (index, low, high - 1)) + last
    return expression.xreplace(apart)


def _spread(expression: Any) -> Any:
    """Each sum as one per term, with what does not depend on its index before it."""
    spread = {}
    for each in _sums(expression):
        ((index, *_),) = each.limits
        fixed = {  # divisors that SymPy would multiply out
            part: sp.Dummy()
            for part in each.function.atoms(sp.Pow)
            if part.exp == -1 and not part.has(index)
        }
        expanded = sp.expand(each.function.xreplace(fixed), power_exp=True)
        parts = (t.as_independent(index, as_Add=False) for t in sp.Add.make_args(expanded))
        total = sp.Add(*(before * sp.Sum(term, *each.limits) for before, term in parts))
        spread[each] = total.xreplace({letter: part for part, letter in fixed.items()})
    return expression.xreplace(spread)


def _sums(expression: Any) -> Iterator[sp.Sum]:
    return (each for each in sp.sympify(expression).atoms(sp.Sum) if len(each.limits) == 1)


def _apart(kernel: Kernel, expression: Any) -> Any:
    """The logarithm of a quotient as a difference, and of a product as a sum."""
    return kernel.number(expression).replace(
        sp.log, lambda x: sp.expand_log(sp.log(sp.factor(sp.together(x))))
    )
