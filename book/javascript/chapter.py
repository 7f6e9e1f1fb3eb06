"""The claims of a chapter as a script: letters, domains, conditions, formulas and an example."""

import json
from typing import Any

import sympy as sp

from book.javascript.examples import example
from book.javascript.formulas import function, in_letters, letters
from theory.claim import Claim
from theory.conditions import parameters_of
from theory.contents import claims_of
from theory.domain import Array, Condition, Integer, Parameter

#: What a relation is called in the runtime, and whether its sides change places.
RELATIONS = {
    sp.StrictLessThan: ("isBelow", False),
    sp.StrictGreaterThan: ("isBelow", True),
    sp.LessThan: ("isAtMost", False),
    sp.GreaterThan: ("isAtMost", True),
    sp.Ne: ("differs", False),
}


def chapter_script(chapter: str) -> str:
    """The text of ``data/CHAPTER.js``."""
    entries = "\n".join(
        f"claims[{text(each.name)}] = {entry(each)};" for each in claims_of(chapter)
    )
    return (
        f"// The claims of the chapter {chapter}. Written by book/javascript.\n"
        '"use strict";\n'
        "(function (companion) {\n"
        "const r = companion.runtime;\n"
        "const claims = (companion.claims = companion.claims || {});\n"
        f"{entries}\n"
        "})((globalThis.companion = globalThis.companion || {}));\n"
    )


def entry(claim: Claim) -> str:
    """A claim as an object of JavaScript."""
    formula = claim.closed_form
    fields = {
        "letters": text(letters(claim.parameters)),
        "parameters": listed(parameter(each) for each in claim.parameters),
        "conditions": listed(condition(each, claim) for each in claim.conditions),
        "parts": text(list(formula.expression) if formula.named else [""]),
        "value": function(formula),
        "twins": object_of({name: function(twin) for name, twin in claim.twins.items()}),
        "example": text(example(claim)),
    }
    if claim.finite_size is not None:
        fields["finiteSize"] = function(claim.finite_size)
    return object_of(fields, "\n")


def parameter(each: Parameter) -> str:
    """A letter: its kind, its domain, and both in words."""
    domain = each.domain
    fields: dict[str, Any] = {"name": each.name}
    if isinstance(domain, Array):
        rows, columns = (
            str(domain.rows),
            domain.columns if domain.columns == 1 else str(domain.columns),
        )
        fields |= {"kind": "array", "rows": rows, "columns": columns, "matrix": domain.kind}
    else:
        fields["kind"] = "integer" if isinstance(domain, Integer) else "real"
        fields |= {"low": domain.low, "high": domain.high, "typical": domain.typical}
        fields["closed"] = isinstance(domain, Integer) or domain.closed
    fields |= {"says": str(domain), "meaning": each.meaning}
    return object_of({name: text(value) for name, value in fields.items()})


def condition(each: Condition, claim: Claim) -> str:
    """A relation between letters: which it is about, when it holds, and its words.

    A tie of numbers that rounding may have moved counts as a tie, so that "<" does not hold there.
    Of arrays, as in Python, "<" takes floats as they are.
    """
    about = parameters_of(each.relation, claim.parameters)
    name, swapped = RELATIONS[type(each.relation)]
    sides = each.relation.args[::-1] if swapped else each.relation.args
    if name == "isBelow" and any(isinstance(one.domain, Array) for one in about):
        name = "isLess"
    pair = in_letters({"left": sides[0], "right": sides[1]}, claim.parameters)
    return object_of(
        {
            "about": text([one.name for one in about]),
            "holds": f"(values) => r.{name}(({pair})(values))",
            "says": text(each.words),
        }
    )


def text(value: Any) -> str:
    """A value as JavaScript has it: as JSON, and Infinity beside it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def object_of(fields: Any, between: str = " ") -> str:
    """An object whose values are printed already."""
    return "{" + f",{between}".join(f"{key(name)}: {value}" for name, value in fields.items()) + "}"


def key(name: str) -> str:
    """A name of a field, in quotes where it needs them."""
    return name if name.isidentifier() else text(name)


def listed(items: Any) -> str:
    """A list whose items are printed already."""
    return "[" + ",\n".join(items) + "]"
