"""An explorer as the data that static/explorer.js reads."""

import json
from functools import singledispatch
from typing import Any

from book.explorers.explorer import Edges, Explorer, Line, Rule, Slider, Stem, Value
from book.javascript.formulas import function
from theory.domain import Integer
from theory.formula import Formula


def data(explorer: Explorer) -> dict[str, Any]:
    """All that the page's scripts need of an explorer."""
    return {
        "along": explorer.along.name,
        "whole": isinstance(explorer.along.domain, Integer),
        "span": [_end(end) for end in explorer.span],
        "axes": list(explorer.axes),
        "log": explorer.log,
        "sliders": {each.letter.name: _slider(each) for each in explorer.sliders},
        "fixed": {letter.name: value for letter, value in explorer.fixed.items()},
        "layers": [_layer(layer) for layer in explorer.layers],
        "readouts": [_value(each.value) for each in explorer.readouts],
        "sampler": explorer.sampler,
        "draws": explorer.draws,
    }


def derived(explorer: Explorer) -> str:
    """The letters that follow from others as JavaScript: {name: {least, value}}.

    A whole number has a ``least`` value; of others it is null.
    """
    letters = [each.letter for each in explorer.sliders]
    found = []
    for letter, expression in explorer.derived.items():
        used = tuple(each for each in letters if expression.has(each.symbol))
        low = letter.domain.low if isinstance(letter.domain, Integer) else None
        value = function(Formula(expression, used))
        found.append(f"{letter.name}: {{least: {json.dumps(low)}, value: {value}}}")
    return "{" + ", ".join(found) + "}"


def _end(end: float | Value) -> Any:
    return _value(end) if isinstance(end, Value) else end


def _value(value: Value) -> dict[str, Any]:
    """A number of a claim; what is not said is the claim's own number."""
    found = {"claim": value.claim.name, "part": value.part, "twin": value.twin}
    factor = {"factor": value.factor} if value.factor != 1 else {}
    return {key: each for key, each in found.items() if each} | factor


def _slider(slider: Slider) -> dict[str, Any]:
    return {
        "start": slider.start,
        "low": slider.low,
        "high": slider.high,
        "log": slider.log,
        "steps": slider.steps,
        "whole": isinstance(slider.letter.domain, Integer),
    }


@singledispatch
def _layer(layer: Any) -> dict[str, Any]:
    raise TypeError(f"no data for the layer {layer!r}")


@_layer.register
def _(layer: Line) -> dict[str, Any]:
    label = {"label": layer.label, "place": layer.place, "over": layer.over} if layer.label else {}
    return {"kind": "line"} | _value(layer.value) | label


@_layer.register
def _(layer: Rule) -> dict[str, Any]:
    return {"kind": "rule", "label": layer.label, "dotted": layer.dotted} | _value(layer.value)


@_layer.register
def _(layer: Edges) -> dict[str, Any]:
    return {"kind": "edges", "claim": layer.claim.name}


@_layer.register
def _(layer: Stem) -> dict[str, Any]:
    return {"kind": "stem", "label": layer.label} | _value(layer.value)
