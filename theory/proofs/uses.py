"""Rules and theorems, and their uses on the parts of a link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from companion.references import Citation
from theory.proofs.kernel.decide import Kernel

Check = Callable[..., bool]


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
    a pair of equals and each of ``nonnegative`` and ``positive`` has that sign."""

    left: Any
    right: Any
    relation: str = "="
    equal: tuple[tuple[Any, Any], ...] = ()
    nonnegative: tuple[Any, ...] = ()
    positive: tuple[Any, ...] = ()


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
        if isinstance(self.of, Rule):
            return bool(self.of.check(kernel, left, right, relation, **self.parts))
        return says(kernel, self.statement(), left, right, relation)

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
    )


def _matches(kernel: Kernel, said: Statement, left: Any, right: Any, relation: str) -> bool:
    turned = {"<=": ">=", ">=": "<="}
    ways = []
    if said.relation == relation:
        ways.append((said.left, said.right))
    if turned.get(said.relation, said.relation) == relation:
        ways.append((said.right, said.left))
    if any(kernel.same(left, a) and kernel.same(right, b) for a, b in ways):
        return True
    if said.relation != "=" or relation != "=":
        return False
    return any(  # equals may replace equals inside
        a != b and left.has(a) and kernel.same(left.xreplace({a: b}), right)
        for a, b in ((said.left, said.right), (said.right, said.left))
    )


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
