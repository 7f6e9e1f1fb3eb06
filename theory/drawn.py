"""What layers of random letters make of a start, drawn: NumPy's values of a law of ``Layers``."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads_of_chance import copies
from theory.laws import Entries, Layers, Normal, Values


def after_layers(
    law: Layers, random: np.random.Generator, count: int, values: Values
) -> np.ndarray:
    """``count`` draws of a number or a matrix after all layers, at values of the letters."""
    depth = int(sp.sympify(law.depth).subs(dict(values)))
    state = evaluated(law.start, {**values, **_fresh(law, random, count, values)})
    state = np.broadcast_to(state, (count, *np.shape(state)[-2:]) if np.ndim(state) > 1 else count)
    for layer in range(depth):
        here = {**values, law.before: state, law.index: layer}
        state = evaluated(law.after, {**here, **_fresh(law, random, count, here)})
    return np.asarray(state)


def _fresh(
    law: Layers, random: np.random.Generator, count: int, values: Values
) -> dict[Any, np.ndarray]:
    """A layer's letters: numbers stand in copies, one column of draws for each of ``count``."""
    found = {}
    columns = {each.args[0]: each.args[1] for each in sp.sympify(law.after).atoms(copies)}
    size = max((int(rows.subs(dict(_numbers(values)))) for rows in columns.values()), default=1)
    for letter, each in law.fresh:
        if isinstance(each, Entries):
            found[letter] = each.draw(random, count, values)
        elif isinstance(each, Normal) and _letters(each) <= set(values):
            middle, spread = evaluated(each.mean, values), evaluated(each.variance, values)
            drawn = random.standard_normal((size, count))
            found[letter] = middle + np.sqrt(spread) * drawn
    return found


def _letters(law: Normal) -> set[Any]:
    return set(sp.sympify(law.mean).free_symbols | sp.sympify(law.variance).free_symbols)


def _numbers(values: Values) -> Mapping[Any, Any]:
    return {x: value for x, value in values.items() if isinstance(value, int)}


def evaluated(e: Any, names: Mapping[Any, Any]) -> Any:
    """An expression of matrices and numbers at each of the draws, by NumPy alone."""
    e = sp.sympify(e)
    if e in names:
        return names[e]
    if e.is_Number:
        return float(e)
    if isinstance(e, sp.Identity):
        return np.eye(int(e.shape[0].subs(dict(_numbers(names)))))
    if isinstance(e, inner):
        if all(isinstance(each, copies) for each in e.args):
            first, second = (evaluated(each.args[0], names) for each in e.args)
            return np.sum(first * second, axis=0)
        first, second = (evaluated(each, names) for each in e.args)
        return (np.swapaxes(first, -1, -2) @ second)[..., 0, 0]
    if isinstance(e, sp.Transpose):
        return np.swapaxes(evaluated(e.arg, names), -1, -2)
    if isinstance(e, sp.Trace):
        return np.trace(evaluated(e.arg, names), axis1=-2, axis2=-1)
    if isinstance(e, (sp.Pow, sp.MatPow)):
        base, power = evaluated(e.base, names), evaluated(e.exp, names)
        return np.linalg.matrix_power(base, int(power)) if e.is_Matrix else base**power
    parts = [evaluated(each, names) for each in e.args]
    if isinstance(e, sp.MatMul):
        result = parts[0]
        for part in parts[1:]:
            result = result @ part if np.ndim(result) > 1 else result * part
        return result
    if isinstance(e, (sp.Add, sp.MatAdd)):
        return sum(parts)
    if isinstance(e, sp.Mul):
        return np.prod(np.broadcast_arrays(*parts), axis=0)
    if isinstance(e, sp.Max):
        return np.maximum(*parts)
    raise NotImplementedError(f"{e} is not drawn")
