"""What an explorer is: claims drawn along one letter, and sliders for the other letters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from theory.claim import Claim
from theory.domain import Parameter

#: The samplers of the page (static/samplers.js): what they draw from data that they make.
Sampler = Literal["spectrum", "largest", "losses"]


@dataclass(frozen=True)
class Value:
    """A number of a claim: its closed form, or its ``twin``, and of it the ``part``.

    ``factor`` multiplies it, which gives an axis room.
    """

    claim: Claim
    part: str = ""
    twin: str = ""
    factor: float = 1.0

    def check(self) -> None:
        """Raises ValueError where the claim has not this part, or not this twin."""
        if self.twin and self.twin not in self.claim.twins:
            raise ValueError(f"{self.claim.name} has no twin {self.twin!r}")
        formula = self.claim.twins[self.twin] if self.twin else self.claim.closed_form
        parts = list(formula.expression) if formula.named else [""]
        if self.part not in parts:
            raise ValueError(f"{self.claim.name} has no part {self.part!r}, but {parts}")


@dataclass(frozen=True)
class Line:
    """A number of a claim as a line along the letter of the explorer.

    Its ``label`` stands at the share ``place`` of the axis, ``over`` the line or under it. The
    line of a twin is dashed.
    """

    value: Value
    label: str = ""
    place: float = 0.8
    over: bool = True


@dataclass(frozen=True)
class Rule:
    """A number of a claim as an upright line at this value of the letter along the axis.

    The line is ``dotted`` where it marks a place and is no part of the picture's message.
    """

    value: Value
    label: str = ""
    dotted: bool = False


@dataclass(frozen=True)
class Edges:
    """All parts of a claim as triangles on the axis."""

    claim: Claim


@dataclass(frozen=True)
class Stem:
    """A share that stands at one point: an arrow at zero with the number of a claim beside it."""

    value: Value
    label: str = ""


Layer = Line | Rule | Edges | Stem


@dataclass(frozen=True)
class Slider:
    """What a reader moves: a letter from ``low`` to ``high``, first at ``start``.

    A slider that is ``log`` has equal factors per step. There are ``steps`` steps; a whole letter
    has whole values.
    """

    letter: Parameter
    start: float
    low: float
    high: float
    log: bool = False
    steps: int = 60


@dataclass(frozen=True)
class Readout:
    """A number of a claim, with words."""

    label: str
    value: Value


@dataclass(frozen=True)
class Explorer:
    """A picture of claims that a reader moves.

    ``along`` is the letter of the axis, which runs over ``span``; an end may be a number of a
    claim. ``fixed`` are letters with one value; ``derived`` are letters that follow from others, as
    expressions. ``sampler``, where there is one, draws so many data sets (``draws``) in the page.
    ``title``, ``about`` and labels are sentences of the house; ``axes`` are the words at the axes,
    in plain characters. The upright axis is logarithmic where ``log`` says so.
    """

    name: str
    title: str
    about: str
    along: Parameter
    span: tuple[float | Value, float | Value]
    axes: tuple[str, str]
    sliders: tuple[Slider, ...]
    layers: tuple[Layer, ...]
    readouts: tuple[Readout, ...]
    sampler: Sampler | None = None
    draws: int = 0
    fixed: Mapping[Parameter, float] = field(default_factory=dict)
    derived: Mapping[Parameter, Any] = field(default_factory=dict)
    log: bool = False

    def values(self) -> Iterable[Value]:
        """All numbers of claims that the picture needs."""
        for layer in self.layers:
            if isinstance(layer, Edges):
                parts = layer.claim.closed_form.expression
                yield from (Value(layer.claim, part) for part in parts)
            else:
                yield layer.value
        yield from (each.value for each in self.readouts)
        yield from (end for end in self.span if isinstance(end, Value))

    def check(self) -> None:
        """Raises ValueError where a number is none of its claim, or a letter has no value."""
        letters = [self.along, *(each.letter for each in self.sliders), *self.fixed, *self.derived]
        known = {letter.name for letter in letters}
        for value in self.values():
            value.check()
            for name in value.claim.domain:
                if name not in known:
                    raise ValueError(f"explorer {self.name}: {value.claim.name} needs {name}")
