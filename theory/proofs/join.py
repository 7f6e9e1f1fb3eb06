"""Join a claim's definition to its closed form: run its chain, and say what refuses it.

A chain is accepted where it starts at the definition, ends at the closed form, has one part per
output, each link holds in every case of its covers, no expression occurs twice in it, each of its
letters is used, and no theorem that it cites is the claim itself.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import sympy as sp

from theory.chain import Chain, Link
from theory.claim import Claim, Derivation, Step
from theory.functions.directions import direction
from theory.functions.eigenvalues import smallest_positive
from theory.functions.frames import frame
from theory.functions.large import tends_to
from theory.proofs import rules as _rules  # noqa: F401 (registers the rules)
from theory.proofs import theorems as _theorems  # noqa: F401 (registers the theorems)
from theory.proofs.covers import is_named
from theory.proofs.kernel.binding import bound_letters, running_letters, under_a_slope
from theory.proofs.kernel.decide import Kernel, is_matrix
from theory.proofs.kernel.ranges import as_angles
from theory.proofs.uses import RULES, THEOREMS, Theorem, Use

#: A number of more operations is shown as it stands, and not factored.
LONG = 200


@dataclass(frozen=True)
class Held:
    """A link that was run: ``how`` names what discharges it, "" where it does not hold.

    ``compared`` shows both sides then. ``case`` says which case of the covers it is run in.
    """

    case: str
    output: str
    words: str
    relation: str
    left: Any
    right: Any
    how: str
    seconds: float
    compared: str = ""


@dataclass(frozen=True)
class Joined:
    """What became of a chain: its links, why it is refused ("" where it is not), what it cites."""

    links: tuple[Held, ...]
    refused: str
    cited: tuple[Theorem, ...]

    @property
    def holds(self) -> bool:
        """Whether definition and closed form are joined."""
        return not self.refused


def join(claim: Claim, derivation: Derivation | None = None) -> Joined:
    """Run the chain of ``claim``, or of another ``derivation`` in its place."""
    derivation = derivation or claim.derivation
    chain = derivation.chain
    if chain is None:
        return Joined((), "it has no chain", ())
    starts, ends = _named(derivation.definition), _named(derivation.closed_form)
    found: list[Held] = []
    if set(ends) != set(chain.links):
        missing = sorted(set(ends) ^ set(chain.links))
        return Joined((), f"outputs and chains differ: {', '.join(missing)}", ())
    refusals: list[str] = []
    for case in _cases(chain):
        kernel = kernel_of(claim, derivation, chain, case)
        for name, end in ends.items():
            start = starts[name] if name in starts else starts[""]
            said = "; ".join(f"{letter} = {image}" for letter, image in case.items())
            refusals += _bound(kernel, start, end, chain.links[name])
            held = tuple(_run(kernel, derivation, said, name, start, end))
            refusals += [f"does not hold: {each.words}" for each in held if not each.how]
            refusals += _shape(claim, name, start, held)
            found += held
    for name, start in starts.items():
        for key in [name] if name in ends else ends:
            nodes = [start, *(each.right for each in found if each.output == key)]
            refusals += _meaning(chain, derivation, key, nodes, ends[key])
    refusals += _unspoken(claim, derivation, chain, found)
    cited = {
        use.of.name: use.of
        for links in chain.links.values()
        for link in links
        if isinstance(link.by, Use)
        for use in link.by.uses()
        if isinstance(use.of, Theorem)
    }
    return Joined(tuple(found), refusals[0] if refusals else "", tuple(cited.values()))


def kernel_of(
    claim: Claim, derivation: Derivation, chain: Chain, case: Mapping[Any, Any]
) -> Kernel:
    """The kernel that reads a claim's letters, in one case."""
    ends = (*_named(derivation.definition).values(), *_named(derivation.closed_form).values())
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
        if any(axis in _letters_in(each) for each in _named(derivation.definition).values()):
            kernel.reached[axis] = None  # any axis, and not that of a largest entry
    products = {key: image for key, image in case.items() if isinstance(key, sp.MatMul)}
    inside = kernel.within({key: image for key, image in case.items() if key not in products})
    for each, image in products.items():
        inside.rule(inside.word(each), inside.polynomial(image))
    inside.known.clear()
    return inside


def _bound(kernel: Kernel, start: Any, end: Any, links: tuple[Link, ...]) -> Iterator[str]:
    """Letters that run over all values in an expression, and of which the domain says more."""
    nodes = (start, end, *(each.right for each in links if each.right is not None))
    met = set().union(*(running_letters(sp.sympify(each)) for each in nodes))
    for letter in sorted(met & {*kernel.images, *kernel.kinds}, key=str):
        yield f"the letter {letter} runs over more than its domain"


def _named(expression: Any) -> Mapping[str, Any]:
    if isinstance(expression, Mapping):
        return {key: sp.sympify(value) for key, value in expression.items()}
    return {"": sp.sympify(expression)}


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
        return str(sp.factor(number) if sp.count_ops(number) < LONG else number)
    except Exception:  # shown as it stands
        return str(side)


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
        return f"step {link.by}" if step_says(kernel, step, letters, left, link) else ""
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


def step_says(
    kernel: Kernel, step: Step, letters: Mapping[Any, Any], left: Any, link: Link
) -> bool:
    """Whether an executed step gives the link, once its letters are read.

    Every rule that the step uses must be true of what its letters mean, and so must every sign that
    its letters assume: a rule is a lemma and not a licence.
    """
    if step.scope != "general" or not _states_what_it_proves(step):
        return False
    met = _letters_in(step.statement)
    here = {letter: image for letter, image in letters.items() if letter in met}
    used = _used_rules(step)
    for pattern, image in used.items():
        here |= {x: letters[x] for x in _letters_in(pattern) | _letters_in(image) if x in letters}
    inside = kernel.within(here)
    if not all(_may_mean(inside, letter, image) for letter, image in here.items()):
        return False
    changed = [letter for letter, image in here.items() if letter != image]
    if any(side.has(letter) for side in (left, link.right) for letter in changed):
        return False  # a letter of the claim means itself
    bound = bound_letters(step.statement)
    if any(sp.sympify(image).free_symbols & bound for image in here.values()):
        return False
    if not all(inside.same(a, b) for a, b in used.items()):
        return False
    return _gives(inside, step, letters, left, link) and step.holds()


def _states_what_it_proves(step: Step) -> bool:
    """Whether a tactic of the house made the step, and nobody has changed its statement since."""
    if step.restate is None or not step.proof.__module__.startswith("theory.proofs."):
        return False
    factor = sp.Symbol("any_factor", positive=True)
    first, second = step.statement.args
    again = step.restate(factor).statement
    if not isinstance(step.statement, sp.Eq):
        return bool(again.args[0] == -first and second == 0)
    if second == 0 or getattr(second, "is_ZeroMatrix", False):
        return bool(again.args[0] == first and not again.args[1].has(factor))
    return bool(again.args[0] == first and again.args[1] == factor * second)


def _may_mean(inside: Kernel, letter: Any, image: Any) -> bool:
    """Whether what a letter assumes of itself is true of what it means."""
    image = sp.sympify(image)
    if not isinstance(letter, sp.Symbol) or not isinstance(image, sp.Expr):
        return True
    signs: dict[str, Callable[[], Any]] = {
        "positive": lambda: inside.has_sign(image, "is_positive"),
        "nonnegative": lambda: inside.nonnegative(image),
        "negative": lambda: inside.has_sign(-image, "is_positive"),
        "nonpositive": lambda: inside.nonnegative(-image),
        "nonzero": lambda: inside.has_sign(image**2, "is_positive"),
        "integer": lambda: image.is_integer,
        "real": lambda: any(
            each.is_real for each in (image, inside.number(image), as_angles(inside, image))
        ),
    }
    assumed = {name for name, is_so in letter._assumptions_orig.items() if is_so}
    return all(signs[name]() if name in signs else False for name in assumed - {"commutative"})


def _gives(inside: Kernel, step: Step, letters: Mapping[Any, Any], left: Any, link: Link) -> bool:
    statement = step.statement
    if isinstance(statement, sp.Eq):
        if link.relation != "=":
            return False
        first, second = statement.args
        for one, other in ((first, second), (second, first)):
            if inside.same(one, left) and inside.same(other, link.right):
                return True
            old, new = _read(one, letters), _read(other, letters)
            stands = old != new and left.has(old) and not under_a_slope(left, old)
            if stands and inside.same(left.xreplace({old: new}), link.right):
                return True
        return False
    if link.relation == "=":  # an inequality, expression >= 0 or > 0
        return False
    difference = link.right - left if link.relation == "<=" else left - link.right
    return inside.same(difference, statement.args[0])


def _read(expression: Any, letters: Mapping[Any, Any]) -> Any:
    return sp.sympify(expression).xreplace(dict(letters))


def _used_rules(step: Step) -> dict[Any, Any]:
    """The rules of a step that can touch its statement, by themselves or after one another."""
    met = _letters_in(step.statement)
    rules = {sp.sympify(a): sp.sympify(b) for a, b in (step.rules or {}).items()}
    used: dict[Any, Any] = {}
    while fresh := {a: b for a, b in rules.items() if a not in used and _letters_in(a) <= met}:
        used |= fresh
        met = met.union(*(_letters_in(b) for b in fresh.values()))
    return used


def _letters_in(expression: Any) -> set[Any]:
    """Symbols, matrices and functions that stand for something."""
    expression = sp.sympify(expression)
    return set(expression.free_symbols) | expression.atoms(sp.MatrixSymbol)


def _shape(claim: Claim, name: str, start: Any, held: tuple[Held, ...]) -> Iterator[str]:
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


def _meaning(
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


def _unspoken(
    claim: Claim, derivation: Derivation, chain: Chain, found: list[Held]
) -> Iterator[str]:
    """Letters that are declared and not used, conditions that a cover needs and the claim lacks."""
    spoken: set[Any] = set()
    for each in found:
        spoken |= _letters_in(each.left) | _letters_in(each.right)
    for links in chain.links.values():
        for link in links:
            if isinstance(link.by, int) and 0 < link.by <= len(derivation.steps):
                step = derivation.steps[link.by - 1]
                spoken |= _letters_in(step.statement)
                for a, b in _used_rules(step).items():
                    spoken |= _letters_in(a) | _letters_in(b)
            elif isinstance(link.by, Use):
                for part in (part for use in link.by.uses() for part in use.parts.values()):
                    for e in part if isinstance(part, tuple) else (part,):
                        if isinstance(e, (sp.Basic, int)):
                            spoken |= _letters_in(e)
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
    yield from _invented(derivation, plain, spoken.union(*map(_letters_in, images)))
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
    meant = {x for each in _named(derivation.definition).values() for x in _letters_in(each)}
    for letter in spoken - meant:
        rows, columns = letter.shape if isinstance(letter, sp.MatrixSymbol) else (0, 0)
        columns = 1 + len(letter.across) if isinstance(letter, direction) else columns
        if isinstance(letter, (frame, direction)) and not plain.nonnegative(rows - columns):
            yield f"there need not be a letter such as {letter}"


def _restricted(claim: Claim, derivation: Derivation, chain: Chain) -> Iterator[str]:
    """Letters of the claim that a chain makes special: an axis, or random by some law."""
    own = {each.symbol for each in claim.parameters}
    for end in _named(derivation.closed_form).values():
        own |= _letters_in(end)
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
    ends = (*_named(derivation.definition).values(), *_named(derivation.closed_form).values())
    spoken = {*plain.own}.union(*map(_letters_in, ends))
    known = plain.own.union(
        *(_letters_in(image) for image in plain.images.values()),
        *(_letters_in(factor) for word in plain.rules for factor in word),
    )
    introduced: dict[Any, set[Any]] = {}
    for cover in chain.covers:
        keys = {key for case in cover.cases for key in case}
        own = set().union(*map(_letters_in, (*keys, *(cover.about if cover.assumes else ()))))
        own -= {each.symbol for each in cover.fresh}
        images = (image for case in cover.cases for image in case.values())
        fresh = set().union(*map(_letters_in, images), {each.symbol for each in cover.fresh}) - own
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
