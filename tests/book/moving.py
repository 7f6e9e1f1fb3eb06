"""What moves, in V8 without a page: the scripts of explorers, exercises and curves."""

import json
from functools import cache
from typing import Any

from py_mini_racer import MiniRacer

from book import moving
from book.javascript.chapter import entry
from tests.book.javascript.engine import STATIC, engine
from theory import claims

#: The scripts that need a page when they are used, and not before.
CHAPTER = "spectra"


@cache
def scripts() -> MiniRacer:
    """The engine with the scripts, and with the explorers and exercises of the model chapter."""
    context = engine()
    for name in ("exact", *moving.SCRIPTS):
        context.eval((STATIC / f"{name}.js").read_text(encoding="utf-8"))
    context.eval("companion.claims = companion.claims || {};")
    for text in moving.files(CHAPTER).values():
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
