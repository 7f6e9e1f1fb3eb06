"""What moves, in V8 without a page: the scripts of explorers, exercises and curves."""

import json
from functools import cache
from typing import Any

from py_mini_racer import MiniRacer

from book import moving
from book.exercises import exercises
from book.explorers import explorers
from book.explorers.explorer import Value
from book.javascript.chapter import entry
from tests.book.javascript.engine import STATIC, engine
from tests.book.javascript.judged import Judge
from theory import CHAPTERS, claims

#: The chapters in which anything moves.
MOVING = [name for name in CHAPTERS if explorers(name) or exercises(name)]


@cache
def scripts() -> MiniRacer:
    """The engine with the scripts, and with all explorers and exercises."""
    context = engine()
    for name in ("exact", *moving.SCRIPTS):
        context.eval((STATIC / f"{name}.js").read_text(encoding="utf-8"))
    context.eval("companion.claims = companion.claims || {};")
    for chapter in MOVING:
        for text in moving.files(chapter).values():
            context.eval(text)
    return context


@cache
def with_claim(name: str) -> None:
    """Give the scripts a claim."""
    value = entry(claims()[name])
    scripts().eval(f"companion.claims[{json.dumps(name)}] = {value}, 0")


def call(function: str, *arguments: Any) -> Any:
    """The value of a function of the scripts, by JSON; what is not finite is None."""
    shown = ", ".join(map(json.dumps, arguments))
    return json.loads(scripts().eval(f"JSON.stringify(({function})({shown}))"))


def agrees(value: Value, letters: dict[str, float], observed: float) -> bool:
    """Whether a number of a claim is Python's, to rounding."""
    formula = value.claim.twins[value.twin] if value.twin else value.claim.closed_form
    judge = Judge(formula, {name: letters[name] for name in value.claim.domain})
    parts = judge.expected | {value.part: observed / value.factor}
    return bool(judge.agrees(parts if formula.named else parts[""]))
