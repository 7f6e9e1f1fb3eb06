"""Join a claim's definition to its closed form: run its chain, and say what refuses it.

A chain is accepted where it starts at the definition, ends at the closed form, has one part per
output, each link holds in every case of its covers, no expression occurs twice in it, each of its
letters is used, and no theorem that it cites is the claim itself.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import sympy as sp

from theory.chain import Chain, Link
from theory.claim import Claim, Derivation
from theory.proofs import executed, refusals
from theory.proofs import rules as _rules  # noqa: F401 (registers the rules)
from theory.proofs import theorems as _theorems  # noqa: F401 (registers the theorems)
from theory.proofs.joined import Held, Joined
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.reading import kernel_of, named
from theory.proofs.text import in_text
from theory.proofs.uses import RULES, THEOREMS, Theorem, Use

#: A number of more operations is shown as it stands, and not factored.
LONG = 200


def join(claim: Claim, derivation: Derivation | None = None) -> Joined:
    """Run the chain of ``claim``, or of another ``derivation`` in its place."""
    derivation = derivation or claim.derivation
    chain = derivation.chain
    if chain is None:
        return Joined((), "it has no chain", ())
    starts, ends = named(derivation.definition), named(derivation.closed_form)
    found: list[Held] = []
    if set(ends) != set(chain.links):
        missing = sorted(set(ends) ^ set(chain.links))
        return Joined((), f"outputs and chains differ: {', '.join(missing)}", ())
    why: list[str] = []
    for case in _cases(chain):
        kernel = kernel_of(claim, derivation, chain, case)
        for name, end in ends.items():
            start = starts[name] if name in starts else starts[""]
            said = "; ".join(f"{letter} = {image}" for letter, image in case.items())
            why += refusals.bound(kernel, start, end, chain.links[name])
            held = tuple(_run(kernel, derivation, said, name, start, end))
            why += [f"does not hold: {each.words}" for each in held if not each.how]
            why += refusals.shape(claim, name, start, held)
            found += held
    for name, start in starts.items():
        for key in [name] if name in ends else ends:
            nodes = [start, *(each.right for each in found if each.output == key)]
            why += refusals.meaning(chain, derivation, key, nodes, ends[key])
    why += refusals.unspoken(claim, derivation, chain, found)
    cited = {
        use.of.name: use.of
        for links in chain.links.values()
        for link in links
        if isinstance(link.by, Use)
        for use in link.by.uses()
        if isinstance(use.of, Theorem)
    }
    return Joined(tuple(found), why[0] if why else "", tuple(cited.values()))


def _cases(chain: Chain) -> Iterator[dict[Any, Any]]:
    """Every choice of a case per cover."""
    for choice in product(*(cover.cases for cover in chain.covers)):
        yield {letter: image for case in choice for letter, image in case.items()}


def _run(
    kernel: Kernel, derivation: Derivation, case: str, name: str, start: Any, end: Any
) -> Iterator[Held]:
    """The links of an output, each run."""
    assert derivation.chain is not None
    left = start
    for link in derivation.chain.links[name]:
        right = end if link.right is None else sp.sympify(link.right)
        begun = time.perf_counter()
        try:
            how = _discharge(kernel, derivation, left, replace(link, right=right))
            compared = "" if how else compare(kernel, left, right)
        except Exception as error:  # whatever stops a proof, the link is not proved
            how, compared = "", f"  {type(error).__name__}: {error}"
        seconds = time.perf_counter() - begun
        yield Held(case, name, link.words, link.relation, left, right, how, seconds, compared)
        left = right


def compare(kernel: Kernel, left: Any, right: Any) -> str:
    """Both sides in the coordinates of the domain, one per line."""
    return f"  left:  {_in_coordinates(kernel, left)}\n  right: {_in_coordinates(kernel, right)}"


def _in_coordinates(kernel: Kernel, side: Any) -> str:
    try:
        if is_matrix(side):
            return kernel.key(kernel.polynomial(side)) or "0"
        number = kernel.number(side)
        return in_text(sp.factor(number) if sp.count_ops(number) < LONG else number)
    except Exception:  # shown as it stands
        return in_text(sp.sympify(side))


def _discharge(kernel: Kernel, derivation: Derivation, left: Any, link: Link) -> str:
    """How the link holds; "" where it does not."""
    if left == link.right:  # says nothing
        return ""
    if link.by is None:
        return "calculation" if link.relation == "=" and kernel.same(left, link.right) else ""
    if isinstance(link.by, int):
        if not 0 < link.by <= len(derivation.steps):
            raise IndexError(f"there is no step {link.by}")
        step = derivation.steps[link.by - 1]
        letters = {**derivation.chain.letters, **link.where}  # type: ignore[union-attr]
        return f"step {link.by}" if executed.step_says(kernel, step, letters, left, link) else ""
    if type(link.by) is not Use:  # a claim may not bring its own
        return ""
    used = [use.of for use in link.by.uses()]
    known = (*RULES.values(), *THEOREMS.values())
    if any(of not in known for of in used):
        return ""
    if not link.by.holds(kernel, left, link.right, link.relation):
        return ""
    kind = "theorem" if any(isinstance(of, Theorem) for of in used) else "rule"
    return f"{kind}: {' of '.join(of.name for of in used)}"
