"""Columns entry by entry, where softmax stands in them: sums over one index.

An entry is an expression in the entries x[i] of columns that hold no softmax, themselves words in
the coordinates of the domain. A sum over i of products of at most two of them is a number of the
kernel again; with powers exp(x[i]) it stays a sum. No sum stands inside another one, since the
argument of softmax holds no softmax; numbers from elsewhere are factors.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from theory.functions.columns import diagonal, log_sum_exp, softmax
from theory.proofs.kernel import equality
from theory.proofs.kernel.along import along

INDEX = sp.Symbol("i", integer=True)


def needed(kernel: Any, e: Any) -> bool:
    """Whether softmax stands in ``e``, or in what its letters mean."""
    if e.has(softmax, log_sum_exp):
        return True
    images = (kernel.images[x] for x in _letters(e) if x in kernel.images)
    return any(needed(kernel, sp.sympify(image)) for image in images)


def same(kernel: Any, left: Any, right: Any) -> bool:
    """Whether two columns, or two rows, are equal."""
    if left.shape[1] != 1:
        left, right = (sp.Transpose(each).doit() for each in (left, right))
    i = sp.Dummy("i", integer=True)
    return equality.vanishes(entry(kernel, left, i) - entry(kernel, right, i))


def number(kernel: Any, e: Any) -> Any:
    """A product that is a number, such as p'v or v'(diag(p) - pp')v."""
    e = _meant(kernel, e)
    if isinstance(e, (sp.MatAdd, sp.Add)):
        return sp.Add(*map(kernel.number, e.args))
    coefficient, factors = _factors(e)
    scalars = [f for f in factors if f.shape == (1, 1)]
    rest = [f for f in factors if f.shape != (1, 1)]
    if len(scalars) + bool(rest) > 1 or coefficient != 1:
        parts = [*scalars, sp.MatMul(*rest)] if rest else scalars
        return sp.Mul(kernel.number(coefficient), *map(kernel.number, parts))
    if not rest and scalars[0] == e:
        raise NotImplementedError(f"no number {e}")
    if not rest:
        return kernel.number(scalars[0])
    row, *column = rest
    return inner_product(kernel, sp.Transpose(row).doit(), sp.MatMul(*column))


def inner_product(kernel: Any, a: Any, b: Any) -> Any:
    """A'b."""
    i = sp.Dummy("i", integer=True)
    return total(kernel, entry(kernel, a, i) * entry(kernel, b, i), i, a.shape[0])


def sum_of_powers(kernel: Any, column: Any) -> Any:
    """The sum of exp(z_i)."""
    i = sp.Dummy("i", integer=True)
    return total(kernel, sp.exp(entry(kernel, column, i)), i, column.shape[0])


def entry(kernel: Any, x: Any, i: Any) -> Any:
    """Entry ``i`` of a column."""
    x = _meant(kernel, x)
    if not needed(kernel, x) and not x.has(diagonal):
        terms = kernel.polynomial(x).items()
        return sp.Add(*(c * _entry_of_word(kernel, word, i) for word, c in terms))
    if isinstance(x, softmax):
        (column,) = x.args
        return sp.exp(entry(kernel, column, i)) / sum_of_powers(kernel, column)
    if isinstance(x, sp.MatAdd):
        return sp.Add(*(entry(kernel, each, i) for each in x.args))
    if isinstance(x, sp.MatMul):
        coefficient, factors = _factors(x)
        return kernel.number(coefficient) * _product(kernel, factors, i)
    if isinstance(x, along):
        t = sp.Dummy("t", real=True)
        return kernel.slope(entry(kernel, x.moved(t), i), t, x.args[3], 0)
    raise NotImplementedError(f"no entry of {x}")


def _product(kernel: Any, factors: Any, i: Any) -> Any:
    """Entry ``i`` of a product of matrices that is a column."""
    first, *rest = (_meant(kernel, f) for f in factors)
    if not rest:
        return entry(kernel, first, i)
    if not any(needed(kernel, f) or f.has(diagonal) for f in (first, *rest)):
        return entry(kernel, sp.MatMul(first, *rest), i)
    if isinstance(first, sp.MatMul):
        coefficient, inside = _factors(first)
        return kernel.number(coefficient) * _product(kernel, (*inside, *rest), i)
    if first.shape[1] == 1:
        return entry(kernel, first, i) * kernel.number(sp.MatMul(*rest))
    if isinstance(first, diagonal):
        return entry(kernel, first.args[0], i) * _product(kernel, rest, i)
    if isinstance(first, sp.MatAdd):
        return sp.Add(*(_product(kernel, (each, *rest), i) for each in first.args))
    if isinstance(first, sp.Identity):
        return _product(kernel, rest, i)
    raise NotImplementedError(f"no entry of a product with {first}")


def total(kernel: Any, summand: Any, i: Any, size: Any) -> Any:
    """The sum over ``i`` from 1 to ``size``, term by term, constants before it."""
    result = sp.Integer(0)
    flat = summand.replace(sp.exp, lambda power: _split(power, i))
    for term in sp.Add.make_args(sp.expand(flat, power_exp=False, log=False)):
        outside, inside = term.as_independent(i, as_Add=False)
        result += outside * _sum(kernel, inside, i, size)
    return result


def _sum(kernel: Any, inside: Any, i: Any, size: Any) -> Any:
    if inside == 1:
        return size
    entries = [x for f in sp.Mul.make_args(inside) for x in _twice(f)]
    if len(entries) <= 2 and all(isinstance(x, sp.Indexed) for x in entries):
        one = (kernel.ones(size),)
        first, second = ([kernel.columns[x.base.label] for x in entries] + [one])[:2]
        turned = kernel.turn({first: sp.Integer(1)})
        return kernel.only_number(kernel.times(turned, {second: sp.Integer(1)}))
    return sp.Sum(inside.xreplace({i: INDEX}), (INDEX, 1, size))


def again(kernel: Any, expression: Any) -> Any:
    """The same with its sums brought to their form once more, after a derivative."""

    def renewed(part: sp.Sum) -> Any:
        ((index, _, high),) = part.limits
        i = sp.Dummy("i", integer=True)
        return total(kernel, part.function.xreplace({index: i}), i, high)

    return expression.replace(lambda part: isinstance(part, sp.Sum), renewed)


def _entry_of_word(kernel: Any, word: Any, i: Any) -> Any:
    if len(word) == 1 and isinstance(word[0], OneMatrix):
        return sp.Integer(1)
    label = sp.Symbol(" ".join(map(str, word)), real=True)
    kernel.columns[label] = kernel.columns.get(label, word)
    kernel.made(label, {word: sp.Integer(1)})
    return sp.IndexedBase(label, real=True)[i]


def _twice(factor: Any) -> list[Any]:
    base, power = factor.as_base_exp()
    return [base, base] if power == 2 else [factor]


def _split(exponent: Any, i: Any) -> Any:
    """Exp(a + b), where a does not depend on ``i``, as exp(a) exp(b), not expanded further."""
    outside, inside = sp.expand(exponent).as_independent(i, as_Add=True)
    return sp.exp(outside) * sp.exp(inside)


def _meant(kernel: Any, e: Any) -> Any:
    while e in kernel.images:
        e = sp.sympify(kernel.images[e])
    if isinstance(e, sp.Transpose):
        turned = e.doit()
        inside = turned.arg if isinstance(turned, sp.Transpose) else None
        if inside in kernel.images:
            return sp.Transpose(_meant(kernel, inside)).doit()
        return turned
    return e


def _factors(product: Any) -> tuple[Any, list[Any]]:
    if isinstance(product, sp.MatMul):
        return product.as_coeff_matrices()
    return sp.Integer(1), [product]


def _letters(e: Any) -> set[Any]:
    return set(e.free_symbols) | e.atoms(sp.MatrixSymbol)
