"""Matrix algebra of any size: expand, rewrite, compare.

SymPy expands matrix expressions but does not decide their equality under assumptions such as
U'U = I. Here a matrix expression becomes a polynomial in non-commuting letters,
``{(letter, letter', ...): coefficient}``, products of letters are rewritten by stated rules, and
two expressions are equal when their polynomials are.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

Word = tuple[Any, ...]
Polynomial = dict[Word, sp.Expr]
Rules = Mapping[Any, Any]


def matrices_equal(left: Any, right: Any, rules: Rules = {}) -> bool:  # noqa: B006 (read only)
    """Whether ``left - right`` expands to zero under ``rules`` {product: what it equals}.

    >>> from sympy import Identity, MatrixSymbol, Symbol
    >>> n = Symbol("n", integer=True, positive=True)
    >>> U, x = MatrixSymbol("U", n, n), MatrixSymbol("x", n, 1)
    >>> matrices_equal((U * x).T * U * x, x.T * x, {U.T * U: Identity(n)})
    True
    >>> matrices_equal((U * x).T * U * x, x.T * x)
    False
    """
    return not normal_form(left - right, rules)


def normal_form(expression: Any, rules: Rules = {}) -> Polynomial:  # noqa: B006 (read only)
    """The polynomial of ``expression`` with every product rewritten as far as ``rules`` go.

    The rules must shorten or sort: rewriting is repeated until nothing changes.
    """
    pairs = [(_single_word(pattern), polynomial(result)) for pattern, result in rules.items()]
    scalar = tuple(getattr(expression, "shape", ())) == (1, 1)
    terms = polynomial(expression)
    while True:
        rewritten = _collect(
            (word, coefficient * factor)
            for before, factor in terms.items()
            for word, coefficient in _rewrite(before, pairs).items()
        )
        if scalar:  # a 1 x 1 product equals its transpose: keep the smaller of the two
            rewritten = _collect((_canonical(word), c) for word, c in rewritten.items())
        if rewritten == terms:
            return {word: c for word, c in terms.items() if sp.simplify(c) != 0}
        terms = rewritten


def written(form: Polynomial) -> str:
    """A polynomial as a sum of products.

    >>> A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
    >>> written(normal_form(2 * A * B + A))
    'A + 2 A B'
    """
    terms = [
        " ".join(
            [*([] if c == 1 and word else [f"({c})" if c.is_Add else str(c)]), *map(str, word)]
        )
        for word, c in sorted(form.items(), key=lambda term: list(map(str, term[0])))
    ]
    return " + ".join(terms) or "0"


def polynomial(expression: Any) -> Polynomial:
    """``expression`` as a sum of products of letters."""
    expression = sp.sympify(expression)
    if expression.is_Matrix is not True and not isinstance(expression, MatrixExpr):
        return {(): expression}
    if isinstance(expression, sp.Identity):
        return {(): sp.Integer(1)}
    if isinstance(expression, sp.MatrixBase) and expression.shape == (1, 1):
        return {(): expression[0, 0]}
    if isinstance(expression, sp.ZeroMatrix):
        return {}
    if isinstance(expression, sp.MatAdd):
        return _collect(item for term in expression.args for item in polynomial(term).items())
    if isinstance(expression, sp.MatMul):
        return _product([polynomial(factor) for factor in expression.args])
    if isinstance(expression, sp.Transpose):
        return {_transposed(word): c for word, c in polynomial(expression.arg).items()}
    if isinstance(expression, sp.MatPow) and expression.exp.is_Integer and expression.exp > 0:
        return _product([polynomial(expression.base)] * int(expression.exp))
    return {(expression,): sp.Integer(1)}


def _collect(items: Any) -> Polynomial:
    total: Polynomial = {}
    for word, coefficient in items:
        total[word] = sp.expand(total.get(word, sp.Integer(0)) + coefficient)
    return {word: coefficient for word, coefficient in total.items() if coefficient != 0}


def _product(factors: list[Polynomial]) -> Polynomial:
    return _collect(
        (
            tuple(letter for word, _ in choice for letter in word),
            sp.Mul(*(coefficient for _, coefficient in choice)),
        )
        for choice in product(*(factor.items() for factor in factors))
    )


def _transposed(word: Word) -> Word:
    return tuple(sp.Transpose(letter).doit() for letter in reversed(word))


def _canonical(word: Word) -> Word:
    return min(word, _transposed(word), key=lambda letters: [str(letter) for letter in letters])


def _single_word(pattern: Any) -> Word:
    ((word, coefficient),) = polynomial(pattern).items()
    assert coefficient == 1, f"the left side of a rule is one product, not {pattern}"
    return word


def _rewrite(word: Word, pairs: list[tuple[Word, Polynomial]]) -> Polynomial:
    for pattern, result in pairs:
        for start in range(len(word) - len(pattern) + 1):
            if word[start : start + len(pattern)] == pattern:
                head, tail = word[:start], word[start + len(pattern) :]
                return _collect((head + middle + tail, c) for middle, c in result.items())
    return {word: sp.Integer(1)}
