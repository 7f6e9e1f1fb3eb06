"""Why a chain is refused whose links all hold: what it leaves unsaid, or takes for granted."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from theory.chain import Chain, Link
from theory.claim import Claim, Derivation
from theory.functions.directions import direction
from theory.functions.frames import frame
from theory.proofs.covers import is_named
from theory.proofs.executed import used_rules
from theory.proofs.joined import Held
from theory.proofs.kernel.binding import running_letters
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.reading import kernel_of, letters_in, named
from theory.proofs.uses import Use


def bound(kernel: Kernel, start: Any, end: Any, links: tuple[Link, ...]) -> Iterator[str]:
    """Letters that run over all values in an expression, and of which the domain says more."""
    nodes = (start, end, *(each.right for each in links if each.right is not None))
    met = set().union(*(running_letters(sp.sympify(each)) for each in nodes))
    for letter in sorted(met & {*kernel.images, *kernel.kinds}, key=str):
        yield f"the letter {letter} runs over more than its domain"


def shape(claim: Claim, name: str, start: Any, held: tuple[Held, ...]) -> Iterator[str]:
    """What is wrong with the relations of a chain, or with what it rests on."""
    wanted = {"lower": ">=", "upper": "<="}.get(name) if claim.relation == "bound" else None
    relations = {each.relation for each in held} - {"="}
    if not held:
        yield f"no links{f' of {name}' if name else ''}"
    if wanted is not None and relations != {wanted}:
        yield f"the links of {name} are not all = or {wanted}, or none is {wanted}"
    if wanted is None and relations:
        yield "an inequality in a chain of equations"
    hows = {each.how for each in held if each.how}
    if hows and all(how.startswith("theorem") for how in hows):
        yield "nothing but citations: a theorem that is the claim derives nothing"


def meaning(
    chain: Chain, derivation: Derivation, key: str, nodes: list[Any], end: Any
) -> Iterator[str]:
    """What is wrong with the expressions of a chain."""
    first = nodes[: len(chain.links[key]) + 1]
    if any(a == b for i, a in enumerate(first) for b in first[:i]):
        yield "an expression stands twice in the chain"
    for link in chain.links[key]:
        for letter, image in {**chain.letters, **link.where}.items():
            image = sp.sympify(image)
            if image == end or (not end.is_Atom and image.has(end)):
                yield f"the letter {letter} means the closed form"


def unspoken(
    claim: Claim, derivation: Derivation, chain: Chain, found: list[Held]
) -> Iterator[str]:
    """Letters that are declared and not used, conditions that a cover needs and the claim lacks."""
    spoken: set[Any] = set()
    for each in found:
        spoken |= letters_in(each.left) | letters_in(each.right)
    for links in chain.links.values():
        for link in links:
            if isinstance(link.by, int) and 0 < link.by <= len(derivation.steps):
                step = derivation.steps[link.by - 1]
                spoken |= letters_in(step.statement)
                for a, b in used_rules(step).items():
                    spoken |= letters_in(a) | letters_in(b)
            elif isinstance(link.by, Use):
                for part in (part for use in link.by.uses() for part in use.parts.values()):
                    for e in part if isinstance(part, tuple) else (part,):
                        if isinstance(e, (sp.Basic, int)):
                            spoken |= letters_in(e)
    for letter in (*chain.letters, *chain.axes, *chain.laws):
        if letter not in spoken:
            yield f"the letter {letter} is not used"
    yield from _restricted(claim, derivation, chain)
    names: dict[tuple[str, bool], Any] = {}
    for letter in {each.symbol for each in claim.parameters}.union(*map(_free, found)):
        if names.setdefault((str(letter), is_matrix(letter)), letter) != letter:
            yield f"two letters are named {letter}"
    meanings = (chain.letters, *(link.where for links in chain.links.values() for link in links))
    images = (sp.sympify(image) for each in meanings for image in each.values())
    plain = kernel_of(claim, derivation, replace(chain, covers=()), {})
    yield from _invented(derivation, plain, spoken.union(*map(letters_in, images)))
    relations = {each.relation for each in claim.conditions}
    yield from _known(derivation, chain, plain)
    for cover in chain.covers:
        if not is_named(cover):
            yield f"no cover of the house: {cover.words}"
        for words in cover.assumes:
            if words not in claim.assumptions:
                yield f"no assumption of the claim says {words}"
        for each in cover.positive:
            if not plain.has_sign(each, "is_positive"):
                yield f"{each} need not be positive"
        for need in cover.needs:
            if need not in relations:
                yield f"no condition of the claim says {need}"
        for parameter in cover.domains:
            if parameter not in claim.parameters:
                yield f"the claim has no {parameter.name} of this domain: {parameter.domain}"
        yield from _presumed(claim, cover)


def _invented(derivation: Derivation, plain: Kernel, spoken: set[Any]) -> Iterator[str]:
    """Letters of a chain, for orthonormal columns that need not exist.

    What the definition speaks of is any that exists.
    """
    meant = {x for each in named(derivation.definition).values() for x in letters_in(each)}
    for letter in spoken - meant:
        rows, columns = letter.shape if isinstance(letter, sp.MatrixSymbol) else (0, 0)
        columns = 1 + len(letter.across) if isinstance(letter, direction) else columns
        if isinstance(letter, (frame, direction)) and not plain.nonnegative(rows - columns):
            yield f"there need not be a letter such as {letter}"


def _restricted(claim: Claim, derivation: Derivation, chain: Chain) -> Iterator[str]:
    """Letters of the claim that a chain makes special: an axis, or random by some law."""
    own = {each.symbol for each in claim.parameters}
    for end in named(derivation.closed_form).values():
        own |= letters_in(end)
    for letter in (*chain.axes, *chain.laws):
        if letter in own:
            yield f"the letter {letter} of the claim is no axis, and has no law"
    for letter, law in chain.laws.items():
        if not type(law).__module__.startswith("theory.laws"):
            yield f"no law of the house: that of {letter}"


def _free(link: Held) -> set[Any]:
    """The letters of both sides that do not run over a range."""
    return set(link.left.free_symbols) | set(link.right.free_symbols)


def _known(derivation: Derivation, chain: Chain, plain: Kernel) -> Iterator[str]:
    """Letters that a cover introduces, and that mean something besides."""
    ends = (*named(derivation.definition).values(), *named(derivation.closed_form).values())
    spoken = {*plain.own}.union(*map(letters_in, ends))
    known = plain.own.union(
        *(letters_in(image) for image in plain.images.values()),
        *(letters_in(factor) for word in plain.rules for factor in word),
    )
    introduced: dict[Any, set[Any]] = {}
    for cover in chain.covers:
        keys = {key for case in cover.cases for key in case}
        own = set().union(*map(letters_in, (*keys, *(cover.about if cover.assumes else ()))))
        own -= {each.symbol for each in cover.fresh}
        images = (image for case in cover.cases for image in case.values())
        fresh = set().union(*map(letters_in, images), {each.symbol for each in cover.fresh}) - own
        matrices = (each for each in fresh | own if isinstance(each, sp.MatrixSymbol))
        fresh -= {size for each in matrices for end in each.shape for size in end.free_symbols}
        factors = {each.symbol for each in cover.fresh}  # the definition may speak of these
        for letter in sorted((fresh - factors) & spoken | fresh & known, key=str):
            if letter not in {*plain.own, *chain.axes} or letter in factors:
                yield f"the letter {letter} is not a new one"
        for letter in sorted(set(cover.hints) & spoken, key=str):
            yield f"the letter {letter} is no hint, but one of the claim"
        for letter in fresh - plain.own:
            if introduced.setdefault(letter, own) != own:
                yield f"two covers introduce the letter {letter}"


def _presumed(claim: Claim, cover: Any) -> Iterator[str]:
    """What a cover takes for granted of the claim's letters, and is not so."""
    kinds = {each.symbol: getattr(each.domain, "kind", "") for each in claim.parameters}
    for letter, kind in cover.kinds.items():
        if kinds.get(letter) != kind:
            yield f"{letter} is not {kind}"
    products = (
        key for case in cover.cases for key in case if isinstance(key, (sp.MatMul, sp.DiagMatrix))
    )
    matrices = (key.atoms(sp.MatrixSymbol) for key in products)
    introduced = {each.symbol for each in cover.fresh}.union(*matrices)
    for letter in sorted(introduced & set(kinds), key=str):
        yield f"the letter {letter} is not a new one"
