"""A claim: one statement, named once by a ``def``, to which the other rooms attach meanings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from companion.references import Citation
from theory import symbols
from theory.chain import Chain
from theory.definitions.definition import Definition
from theory.domain import Condition, Given, Parameter
from theory.formula import Expression, Formula
from theory.status import Status, Verdict, recorded

Relation = Literal["identity", "bound", "limit", "observation"]
Scope = Literal["general", "sizes", "cited"]


@dataclass(frozen=True)
class Step:
    """One step of a derivation: words, a statement, and a proof that can be run.

    ``scope`` is "general" (any size), "sizes" (the sizes named in the words) or "cited" (a
    textbook theorem, named in the words, whose proof is not repeated). ``restate`` states the step
    again with its right side multiplied by a number; only a cited step has none. ``tactic`` is the
    name of what proves it, and ``normal`` writes the normal form of a side, which it compares.
    ``rules`` are the products that it rewrites, {product: what it equals}. ``shown`` is the
    statement as it stood before evaluation, for the reader: without another, the statement itself.
    """

    words: str
    statement: Any
    proof: Callable[[], bool] = field(repr=False)
    scope: Scope = "general"
    restate: Callable[[Any], "Step"] | None = field(default=None, repr=False, compare=False)
    tactic: str = ""
    normal: Callable[[Any], str] | None = field(default=None, repr=False, compare=False)
    rules: Mapping[Any, Any] | None = field(default=None, repr=False, compare=False)
    shown: Any = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.shown is None:
            object.__setattr__(self, "shown", self.statement)

    @cached_property
    def _holds(self) -> bool:
        return self.proof()

    def holds(self) -> bool:
        """Run the proof, or say what it came to when it was run before."""
        return self._holds

    def compared(self) -> str:
        """What the proof compares, for the reader of one that fails: the tactic, the words and the
        normal form of each side, one line per side."""
        lines = [f"{self.tactic or 'proof'}: {self.words}"]
        if self.normal is not None:
            left, right = self.statement.args
            lines += [f"  left:  {self.normal(left)}", f"  right: {self.normal(right)}"]
        return "\n".join(lines)

    def tampered(self, factor: Any) -> "Step":
        """The step made wrong: its right side times ``factor``, plus one where that is zero; an
        inequality, whose right side is always zero, has its direction reversed instead.

        It must not hold: else the step checks nothing. Raises TypeError for a cited step.
        """
        if self.restate is None:
            raise TypeError(f"nothing to tamper with: {self.words}")
        return self.restate(factor)


@dataclass(frozen=True)
class Derivation:
    """What the body of a claim returns.

    ``definition`` is what the words mean, ``closed_form`` what it equals (for a bound: a dict with
    "lower", "upper" or both, around ``definition``); ``steps`` lead from one to the other;
    ``twins`` are plausible wrong closed forms. ``finite_size`` is the known deviation of the
    measured quantity from a limit at finite N.
    ``chain`` joins the definition to the closed form; without one, ``missing`` says what would.
    """

    definition: Expression
    closed_form: Expression
    steps: tuple[Step, ...]
    twins: Mapping[str, Expression]
    finite_size: Expression | None = None
    chain: Chain | None = None
    missing: str = ""


@dataclass(frozen=True, eq=False)
class Claim:
    """A statement of the theory: its meaning, its closed form, its proof and its wrong twins.

    Call it with numbers or arrays to evaluate the closed form. ``conditions`` are relations between
    the parameters, enforced wherever the claim is evaluated; ``given`` are relations between other
    letters. ``assumptions`` are in words, and both are among them.
    """

    name: str
    relation: Relation
    statement: str
    parameters: tuple[Parameter, ...]
    assumptions: tuple[str, ...]
    references: tuple[Citation, ...]
    derive: Callable[[], Derivation] = field(repr=False)
    conditions: tuple[Condition, ...] = ()
    given: tuple[Given, ...] = ()

    def __call__(self, **values: Any) -> Any:
        """The closed form at ``values``: a float, an array or {name: value}."""
        return self.closed_form(**values)

    @property
    def chapter(self) -> str:
        """The chapter that states the claim."""
        return self.name.partition(".")[0]

    @property
    def domain(self) -> dict[str, str]:
        """What each parameter may be, in words."""
        return {parameter.name: str(parameter) for parameter in self.parameters}

    @cached_property
    def derivation(self) -> Derivation:
        """Expressions are built on first use, so that importing stays fast."""
        return self.derive()

    @cached_property
    def definition(self) -> Definition:
        """What the words mean."""
        chain = self.derivation.chain
        return Definition(
            self.derivation.definition,
            self.parameters,
            self.conditions,
            chain.laws if chain else {},
            chain.axes if chain else (),
            self.name,
        )

    @cached_property
    def closed_form(self) -> Formula:
        """What the definition equals, or the bounds around it."""
        return self.formula(self.derivation.closed_form)

    @cached_property
    def finite_size(self) -> Formula | None:
        """The known deviation at finite N from a limit, in the parameters and N."""
        expression = self.derivation.finite_size
        if expression is None:
            return None
        has_size = any(parameter.name == symbols.N.name for parameter in self.parameters)
        parameters = self.parameters if has_size else (*self.parameters, symbols.N)
        return Formula(expression, parameters, self.conditions)

    @cached_property
    def twins(self) -> dict[str, Formula]:
        """Plausible wrong closed forms, which the claim's check must refute."""
        return {name: self.formula(e) for name, e in self.derivation.twins.items()}

    @property
    def steps(self) -> tuple[Step, ...]:
        """The derivation."""
        return self.derivation.steps

    @property
    def verdict(self) -> Verdict:
        """How far the claim is derived, what it rests on, and what is missing."""
        return recorded(self.name)

    @property
    def status(self) -> Status:
        """How far the claim is derived, in a word of four."""
        return self.verdict.status

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The theorems that the derivation cites, each with its source."""
        return self.verdict.rests_on

    def formula(self, expression: Expression) -> Formula:
        """``expression`` as a formula in this claim's parameters."""
        return Formula(expression, self.parameters, self.conditions)

    def _repr_markdown_(self) -> str:
        """How a claim shows itself in a notebook."""
        from theory.notebook import in_markdown

        return in_markdown(self)


def claim(
    relation: Relation,
    parameters: Iterable[Parameter],
    references: Iterable[Citation],
    assumptions: Iterable[str | Condition | Given] = (),
) -> Callable[[Callable[[], Derivation]], Claim]:
    """Turn a ``def`` into the claim that it names.

    The name is ``chapter.function``, also where the function stands in a section of a chapter that
    is a package; the statement is the docstring, the body returns the ``Derivation`` and runs on
    first use. Those ``assumptions`` that are conditions are enforced. Nothing global is touched.
    """
    assumed = tuple(assumptions)

    def name_it(derive: Callable[[], Derivation]) -> Claim:
        chapter = derive.__module__.removeprefix("theory.").partition(".")[0]
        statement = " ".join((derive.__doc__ or "").split())
        return Claim(
            name=f"{chapter}.{derive.__name__}",
            relation=relation,
            statement=statement,
            parameters=tuple(parameters),
            assumptions=tuple(map(str, assumed)),
            references=tuple(references),
            derive=derive,
            conditions=tuple(each for each in assumed if isinstance(each, Condition)),
            given=tuple(each for each in assumed if isinstance(each, Given)),
        )

    return name_it
