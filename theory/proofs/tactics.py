"""Tactics: how a step of a derivation is proved. Each returns a ``Step`` whose proof can be run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from itertools import product
from typing import Any, TypeVar, cast

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.special import OneMatrix

from companion.references import Citation
from theory.claim import Step
from theory.proofs.algebra import Rules, matrices_equal, normal_form, written
from theory.proofs.unevaluated import evaluated, unmarked

Tactic = TypeVar("Tactic", bound=Callable[..., Step])


def tactic(state: Tactic) -> Tactic:
    """Make a function of (words, left, right, ...) show its steps as they were written, prove them
    with what is marked evaluated (``theory.proofs.unevaluated``), and tell how they are tampered
    with.

    Every tactic that states ``left = right`` is decorated with it.
    """

    @wraps(state)
    def tell(words: str, left: Any, right: Any, *rest: Any, **named: Any) -> Step:
        sides = evaluated(left), evaluated(right)

        def restate(factor: Any) -> Step:
            return tell(words, left, _times(factor, sides[1]), *rest, **named)

        step = state(words, *sides, *rest, **named)
        shown = sp.Eq(unmarked(left), unmarked(right), evaluate=False)
        return replace(step, restate=restate, tactic=state.__name__, shown=shown)

    return cast(Tactic, tell)


@tactic
def equal(words: str, left: Any, right: Any, rules: Rules | None = None) -> Step:
    """``left = right`` at general size.

    Scalars by simplification of the difference; matrices by non-commutative expansion under
    ``rules`` (for instance ``{U.T * U: Identity(N)}``).
    """
    statement = sp.Eq(left, right, evaluate=False)
    if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
        rewritten = rules or {}
        return Step(
            words,
            statement,
            lambda: matrices_equal(left, right, rewritten),
            normal=lambda side: written(normal_form(side, rewritten)),
            rules=rewritten,
        )
    return Step(
        words,
        statement,
        lambda: _vanishes(sp.sympify(left - right)),
        normal=lambda side: str(_simplest(side)),
    )


def positive(words: str, expression: Any) -> Step:
    """``expression > 0`` on the domain that its symbols' assumptions declare."""
    value = evaluated(expression)
    return Step(
        words,
        sp.Gt(value, 0, evaluate=False),
        lambda: _has(value, "is_positive"),
        restate=lambda factor: positive(words, -value),
        tactic="positive",
        normal=lambda side: str(sp.factor(side)),
        shown=sp.Gt(unmarked(expression), 0, evaluate=False),
    )


def nonnegative(words: str, expression: Any) -> Step:
    """``expression >= 0`` on the domain that its symbols' assumptions declare."""
    value = evaluated(expression)
    return Step(
        words,
        sp.Ge(value, 0, evaluate=False),
        lambda: _has(value, "is_nonnegative"),
        restate=lambda factor: nonnegative(words, -value),
        tactic="nonnegative",
        normal=lambda side: str(sp.factor(side)),
        shown=sp.Ge(unmarked(expression), 0, evaluate=False),
    )


@tactic
def at_sizes(
    words: str,
    left: Any,
    right: Any,
    sizes: Mapping[sp.Symbol, Iterable[int]],
) -> Step:
    """``left = right`` entry by entry, with free symbols as entries, at each of the ``sizes``."""

    def entries(side: Any, here: Mapping[sp.Symbol, int]) -> list[Any]:
        placed = sp.sympify(side).subs(here)
        letters = {letter: letter.as_explicit() for letter in placed.atoms(sp.MatrixSymbol)}
        explicit = placed.xreplace(letters).doit()
        return list(explicit) if isinstance(explicit, sp.MatrixBase) else [explicit]

    choices = [dict(zip(sizes, choice, strict=True)) for choice in product(*sizes.values())]
    named = "; ".join(f"{size} in {set(values)}" for size, values in sizes.items())
    return Step(
        f"{words} ({named})",
        sp.Eq(left, right, evaluate=False),
        lambda: all(_vanishes(e) for here in choices for e in entries(left - right, here)),
        scope="sizes",
        normal=lambda side: f"{list(map(_simplest, entries(side, choices[0])))} at the first sizes",
    )


def cited(words: str, reference: Citation, statement: Any = None) -> Step:
    """A textbook theorem that the derivation rests on; its own proof is not repeated."""
    return Step(f"{words} [{reference}]", statement, lambda: True, scope="cited", tactic="cited")


def _times(factor: Any, right: Any) -> Any:
    """``factor`` times ``right``; where that is zero, one (in every entry)."""
    right = sp.sympify(right)
    if getattr(right, "is_ZeroMatrix", False):
        return OneMatrix(*right.shape)
    return sp.Integer(1) if right == 0 else factor * right


def _vanishes(expression: Any) -> bool:
    return bool(expression == 0 or _simplest(expression) == 0)


def _simplest(expression: Any) -> Any:
    return sp.simplify(sp.expand(sp.sympify(expression).doit()))


def _has(expression: Any, sign: str) -> bool:
    """Whether SymPy sees the sign ("is_positive", "is_nonnegative") in some form."""
    forms = (expression, sp.factor(expression), sp.simplify(sp.factor(expression)))
    return any(bool(getattr(form, sign)) for form in forms)
