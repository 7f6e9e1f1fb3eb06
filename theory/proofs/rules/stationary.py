"""Rules of random columns that move from step to step and whose means stay as they are."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import E
from theory.laws import Fresh, Stationary
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import rule


@rule
def steady(
    kernel: Kernel, left: Any, right: Any, relation: str, mean: E, is_: Any, of: tuple[Any, ...]
) -> bool:
    """A mean in a stationary process is another expression in means, if their difference is a
    combination of E f(next) - E f(now), which are zero.

    ``of`` are the functions f; ``mean`` = ``is_`` is put into the left side.
    """
    if relation != "=" or not left.has(mean) or not isinstance(mean, E):
        return False
    plain = kernel.within({})  # the means are linear in products, whatever the numbers are
    plain.images = {x: image for x, image in kernel.images.items() if is_matrix(x)}
    after = {x: law.after for x, law in kernel.laws.items() if isinstance(law, Stationary)}
    balances = [_linear(plain, E(f.xreplace(after)) - E(f)) for f in of]
    wanted = _linear(plain, mean - is_)
    means = set(wanted).union(*balances)
    factors = sp.symbols(f"factor:{len(of)}", cls=sp.Dummy)
    rest = [
        wanted.get(each, sp.S.Zero)
        - sum(x * balance.get(each, 0) for x, balance in zip(factors, balances, strict=True))
        for each in means
    ]
    if factors:
        found = next(iter(sp.linsolve([sp.cancel(each) for each in rest], factors)), None)
        if found is None:
            return False
        rest = [each.subs(dict(zip(factors, found, strict=True))) for each in rest]
    return all(map(equality.vanishes, rest)) and kernel.same(left.xreplace({mean: is_}), right)


def _linear(kernel: Kernel, expression: Any) -> dict[Any, Any]:
    """{product of random numbers: the factor before its mean}, of a sum of means."""
    total: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(expression)):
        factor, means = term.as_independent(E)
        if not isinstance(means, E):
            raise TypeError(f"{term} is no multiple of a mean")
        for each in sp.Add.make_args(sp.expand(kernel.number(means.args[0]))):
            outside, product = _apart(kernel, each)
            outside, product = _fresh(kernel, outside, product)
            total[product] = total.get(product, 0) + kernel.number(factor) * outside
    return total


def _apart(kernel: Kernel, term: Any) -> tuple[Any, Any]:
    """What is sure in a term, and what is random."""
    sure, chance = sp.Integer(1), sp.Integer(1)
    for base, power in term.as_powers_dict().items():
        if any(_holds(kernel, symbol, x) for symbol in base.free_symbols for x in kernel.laws):
            chance *= base**power
        else:
            sure *= base**power
    return sure, chance


def _fresh(kernel: Kernel, outside: Any, product: Any) -> tuple[Any, Any]:
    """The same, where a fresh column meets the others or itself."""
    fresh: Mapping[Any, Any] = {x: w for x, w in kernel.laws.items() if isinstance(w, Fresh)}
    for letter, law in fresh.items():
        if not any(_holds(kernel, symbol, letter) for symbol in product.free_symbols):
            continue
        if not isinstance(product, sp.Symbol):
            raise NotImplementedError(f"no mean of {product}")
        first, second = kernel.products.get(product, (None, None))
        if first is None:
            raise NotImplementedError(f"no mean of {product}")
        if first != second.T and any(
            _holds(kernel, product, x) for x in kernel.laws if x != letter
        ):
            return sp.Integer(0), sp.Integer(1)
        if first != second.T:
            raise NotImplementedError(f"no mean of {product}")
        sure, product = _apart(kernel, kernel.number(law.squared))
        outside *= sure
    return outside, product


def _holds(kernel: Kernel, symbol: Any, letter: Any) -> bool:
    """Whether a letter stands in what a symbol of the kernel is made of."""
    return letter in kernel.inside(symbol)
