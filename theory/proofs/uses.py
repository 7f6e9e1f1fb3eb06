"""Rules and theorems, and their uses on the parts of a link."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import sympy as sp

from companion.references import Citation
from theory.functions.heads_of_chance import OfChance
from theory.functions.large import independent, uniform_direction
from theory.functions.stated import with_density
from theory.proofs.kernel.binding import under_a_slope
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import is_correlation

Check = Callable[..., bool]
#: Kinds of letters that are random.
RANDOM = (independent, uniform_direction, with_density)


@dataclass(frozen=True)
class Rule:
    """A rule of inference about a head, such as a gradient or a limit: ``check`` says whether it
    gives ``left relation right`` for the parts of a use."""

    name: str
    words: str
    check: Check = field(repr=False)

    def __call__(self, **parts: Any) -> "Use":
        return Use(self, parts)


@dataclass(frozen=True)
class Statement:
    """What a theorem says of its letters: ``left relation right``, given that each of ``equal`` is
    a pair of equals, each of ``nonnegative`` and ``positive`` has that sign, and each of
    ``correlations`` lies between -1 and 1.

    Each of ``laws`` is a random letter with the law that it must have. No other random letter may
    stand with them under one mean, probability or density. None of ``free`` may hold a random
    letter at all."""

    left: Any
    right: Any
    relation: str = "="
    equal: tuple[tuple[Any, Any], ...] = ()
    nonnegative: tuple[Any, ...] = ()
    positive: tuple[Any, ...] = ()
    correlations: tuple[Any, ...] = ()
    free: tuple[Any, ...] = ()
    laws: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True)
class Theorem:
    """A textbook theorem in letters of its own; its proof is not repeated."""

    name: str
    words: str
    source: Citation
    state: Callable[..., Statement] = field(repr=False)

    def __call__(self, *letters: Any, **named: Any) -> "Use":
        return Use(self, {"letters": letters, **named})


@dataclass(frozen=True)
class Use:
    """A rule or a theorem, used on ``parts``."""

    of: Rule | Theorem
    parts: Mapping[str, Any]

    def holds(self, kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
        """Whether it gives ``left relation right``."""
        known = (*RULES.values(), *THEOREMS.values())
        if not any(self.of is each for each in known):
            return False  # a claim may not bring its own
        if isinstance(self.of, Rule):
            return bool(self.of.check(kernel, left, right, relation, **self.parts))
        return says(kernel, self.statement(), left, right, relation)

    def uses(self) -> Iterator["Use"]:
        """This one, and those that it is given."""
        yield self
        for part in self.parts.values():
            for each in part if isinstance(part, tuple) else (part,):
                if isinstance(each, Use):
                    yield from each.uses()

    def statement(self) -> Statement:
        """What the theorem says of these letters."""
        assert isinstance(self.of, Theorem)
        named = {key: value for key, value in self.parts.items() if key != "letters"}
        return self.of.state(*self.parts["letters"], **named)


def says(kernel: Kernel, said: Statement, left: Any, right: Any, relation: str) -> bool:
    """Whether a theorem's statement is ``left relation right`` and its hypotheses hold."""
    return (
        _matches(kernel, said, left, right, relation)
        and all(kernel.same(a, b) for a, b in said.equal)
        and all(map(kernel.nonnegative, said.nonnegative))
        and all(kernel.has_sign(each, "is_positive") for each in said.positive)
        and all(is_correlation(kernel, each) for each in said.correlations)
        and not any(_is_random(kernel, each) for each in said.free)
        and _lawful(kernel, said)
    )


def _is_random(kernel: Kernel, part: Any) -> bool:
    """Whether a letter in it is random, by its kind or by a law of the chain."""
    part = sp.sympify(part)
    kinds = any(isinstance(x, RANDOM) for x in part.atoms(sp.MatrixSymbol))
    return kinds or any(part.has(x) for x in kernel.laws)


def _lawful(kernel: Kernel, said: Statement) -> bool:
    """Whether random letters have the laws that a theorem asks for, and meet no others."""
    letters = {letter for letter, _ in said.laws}
    for head in (said.left, said.right) if said.laws else ():
        for each in sp.sympify(head).atoms(OfChance):
            met = {x for x in kernel.laws if each.has(x)}
            if met & letters and met - letters:
                return False
    return all(_same_law(kernel, kernel.laws.get(letter), law) for letter, law in said.laws)


def _same_law(kernel: Kernel, one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(other))
    return all(
        a == b or (isinstance(sp.sympify(b), sp.Expr) and kernel.same(a, b)) for a, b in pairs
    )


def _matches(kernel: Kernel, said: Statement, left: Any, right: Any, relation: str) -> bool:
    turned = {"<=": ">=", ">=": "<="}
    ways = []
    if said.relation == relation:
        ways.append((said.left, said.right))
    if turned.get(said.relation, said.relation) == relation:
        ways.append((said.right, said.left))
    if said.relation == relation == "=" and any(  # equals may replace equals inside
        a != b
        and left.has(a)
        and not under_a_slope(left, a, {*kernel.own, *kernel.images, *kernel.kinds})
        and kernel.same(left.xreplace({a: b}), right)
        for a, b in ways
    ):
        return True
    return any(kernel.same(left, a) and kernel.same(right, b) for a, b in ways)


#: Every rule by its name: a chain may use these and no others.
RULES: dict[str, Rule] = {}
#: Every theorem by its name.
THEOREMS: dict[str, Theorem] = {}


def rule(check: Check) -> Rule:
    """Make ``check(kernel, left, right, relation, **parts)`` a rule that chains may use. The first
    sentence of its docstring says the rule."""
    name = check.__name__
    if name in RULES:
        raise TypeError(f"there is a rule {name} already")
    RULES[name] = Rule(name, _first(check), check)
    return RULES[name]


def theorem(source: Citation) -> Callable[[Callable[..., Statement]], Theorem]:
    """Make a function of letters that returns a ``Statement`` a theorem that chains may cite."""

    def name_it(state: Callable[..., Statement]) -> Theorem:
        name = state.__name__
        if name in THEOREMS:
            raise TypeError(f"there is a theorem {name} already")
        THEOREMS[name] = Theorem(name.replace("_", " "), _first(state), source, state)
        return THEOREMS[name]

    return name_it


def _first(function: Callable[..., Any]) -> str:
    return " ".join((function.__doc__ or "").split("\n\n")[0].split())
