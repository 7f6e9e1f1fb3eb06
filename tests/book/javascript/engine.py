"""The page's scripts in V8, without a browser: one engine for all tests of a process."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from py_mini_racer import MiniRacer

import book

STATIC = Path(book.__file__).with_name("static")
#: Names of numbers that JSON does not have.
SPECIAL = {"inf": np.inf, "-inf": -np.inf, "nan": np.nan}
HELPERS = """
const r = companion.runtime;
const formulas = {};
function asMatrices(values) {
  const read = (x) => (Array.isArray(x) ? r.matrix(x) : x);
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, read(x)]));
}
function asLists(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value : numberName(value);
  if (value.entries instanceof Float64Array) {
    const rows = Array.from({length: value.rows}, (_, i) => i);
    const columns = Array.from({length: value.columns}, (_, j) => j);
    return rows.map((i) => columns.map((j) => asLists(r.entry(value, i, j))));
  }
  return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, asLists(x)]));
}
function numberName(x) { return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf"; }
function valuesOf(formulas, values) {
  return JSON.stringify(formulas.map((f) => asLists(f(asMatrices(values)))));
}
"""


@lru_cache(maxsize=1)
def engine() -> MiniRacer:
    """V8 with the runtime and what reads fields."""
    context = MiniRacer()
    for path in [
        *sorted((STATIC / "runtime").glob("*.js")),
        STATIC / "exact.js",
        STATIC / "domain.js",
    ]:
        if path.exists():
            context.eval(path.read_text(encoding="utf-8"))
    context.eval(HELPERS)
    return context


def evaluated(functions: list[str], points: list[Mapping[str, Any]]) -> list[list[Any]]:
    """The value of each printed function at each point, by points: numbers, arrays and dicts."""
    shown = json.dumps([{name: lists(x) for name, x in point.items()} for point in points])
    script = f"JSON.stringify({shown}.map((point) => valuesOf([{', '.join(functions)}], point)))"
    return [[number(x) for x in json.loads(each)] for each in json.loads(engine().eval(script))]


def lists(value: Any) -> Any:
    """A value as JSON has it; a column has rows of one number."""
    if not isinstance(value, np.ndarray):
        return value if isinstance(value, (int, float)) else value.item()
    return value.reshape(len(value), -1).tolist()


def number(value: Any) -> Any:
    """A value of JSON as NumPy has it."""
    if isinstance(value, dict):
        return {name: number(each) for name, each in value.items()}
    if isinstance(value, list):
        return np.array([[number(x) for x in row] for row in value], dtype=float)
    return SPECIAL[value] if isinstance(value, str) else float(value)
