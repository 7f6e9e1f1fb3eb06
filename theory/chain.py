"""Chains: from a definition to the closed form, link by link.

Each link continues from the one before: ``relation`` and ``right`` follow, and ``by`` says why. The
last link of a chain leads to the closed form, which it does not repeat.

    chain(
        by_step("Without eps Pi is a projector, so |Pi g|^2 is g'Pi g.", 2),
        letters={yhat: standardised(y), sigma: deviation(y)},
    )
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Sign = Literal["=", "<=", ">="]


class Reason(Protocol):
    """What discharges a link: a rule or a theorem, used on its parts (``theory.proofs.uses``)."""

    def holds(self, kernel: Any, left: Any, right: Any, relation: str) -> bool:
        """Whether it gives ``left relation right``."""
        ...


@dataclass(frozen=True)
class Link:
    """``relation`` ``right`` follows from what stands before.

    ``right`` is None for the closed form. ``by`` is None (calculation in the coordinates of the
    domain), the number of a step of the derivation, or a ``Reason``. ``where`` says what letters of
    the step mean in this link alone.
    """

    words: str
    right: Any = None
    by: "int | Reason | None" = None
    relation: Sign = "="
    where: Mapping[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """Exact ``values`` of a claim's parameters at which its definition is equal to a bound."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Approached:
    """Exact ``values`` that hold a positive ``letter``: the quotient of definition and bound tends
    to 1 as the letter tends ``to`` 0 or infinity."""

    values: Mapping[str, Any]
    letter: Any
    to: Any


@dataclass(frozen=True)
class Chain:
    """The links of each output of a claim, by its name ("" where there is one output).

    ``letters`` says what the letters of the steps mean in the claim's own. ``covers`` are the named
    cases that the chain is proved in, one after another. ``axes`` are letters for a column of the
    identity, ``laws`` the laws of random letters. ``reached`` says, for a bound, where it is
    reached or approached; a bound without it is not known to be sharp (``theory.proofs.witness``).
    """

    links: Mapping[str, tuple[Link, ...]]
    letters: Mapping[Any, Any] = field(default_factory=dict)
    covers: tuple[Any, ...] = ()
    axes: tuple[Any, ...] = ()
    laws: Mapping[Any, Any] = field(default_factory=dict)
    reached: Mapping[str, Reached | Approached] = field(default_factory=dict)


def chain(
    *links: Link,
    letters: Mapping[Any, Any] | None = None,
    covers: tuple[Any, ...] = (),
    axes: tuple[Any, ...] = (),
    laws: Mapping[Any, Any] | None = None,
    reached: Mapping[str, Reached | Approached] | None = None,
    outputs: Mapping[str, tuple[Link, ...]] | None = None,
) -> Chain:
    """A chain of ``links``, or, where a claim has several ``outputs``, one per output."""
    named = outputs if outputs is not None else {"": links}
    return Chain(named, letters or {}, covers, axes, laws or {}, reached or {})


def calculated(words: str, right: Any = None) -> Link:
    """Equal by calculation in the coordinates of the claim's domain."""
    return Link(words, right)


def by_step(
    words: str,
    number: int,
    right: Any = None,
    relation: Sign = "=",
    where: Mapping[Any, Any] | None = None,
) -> Link:
    """Equal by step ``number`` of the derivation (the first is 1), once its letters are read."""
    return Link(words, right, number, relation, where or {})


def because(words: str, reason: Reason, right: Any = None, relation: Sign = "=") -> Link:
    """By a rule or a theorem."""
    return Link(words, right, reason, relation)
