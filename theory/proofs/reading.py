"""How the house reads a derivation: its sides by name, its letters, and the kernel of a case."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.chain import Chain
from theory.claim import Claim, Derivation
from theory.functions.eigenvalues import smallest_positive
from theory.functions.large import tends_to
from theory.proofs.kernel.decide import Kernel


def named(expression: Any) -> Mapping[str, Any]:
    if isinstance(expression, Mapping):
        return {key: sp.sympify(value) for key, value in expression.items()}
    return {"": sp.sympify(expression)}


def letters_in(expression: Any) -> set[Any]:
    """Symbols, matrices and functions that stand for something."""
    expression = sp.sympify(expression)
    return set(expression.free_symbols) | expression.atoms(sp.MatrixSymbol)


def kernel_of(
    claim: Claim, derivation: Derivation, chain: Chain, case: Mapping[Any, Any]
) -> Kernel:
    """The kernel that reads a claim's letters, in one case."""
    ends = (*named(derivation.definition).values(), *named(derivation.closed_form).values())
    parts = (
        *ends,
        *(each.right for links in chain.links.values() for each in links if each.right is not None),
    )
    fresh = (each for cover in chain.covers for each in cover.fresh)
    kernel = Kernel((*claim.parameters, *fresh), parts)
    # a link may not make a matrix positive: what the claim says, or a random one of any size, is
    kernel.not_zero = any(each.has(smallest_positive, tends_to) for each in ends)
    enforced = {each.relation for each in claim.conditions}
    kernel.facts = enforced | {each.relation for each in claim.given}
    kernel.assumed = set(claim.assumptions)
    kernel.laws = dict(chain.laws)
    for axis in chain.axes:
        kernel.axis(axis)
        if any(axis in letters_in(each) for each in named(derivation.definition).values()):
            kernel.reached[axis] = None  # any axis, and not that of a largest entry
    products = {key: image for key, image in case.items() if isinstance(key, sp.MatMul)}
    inside = kernel.within({key: image for key, image in case.items() if key not in products})
    for each, image in products.items():
        inside.rule(inside.word(each), inside.polynomial(image))
    inside.known.clear()
    return inside
