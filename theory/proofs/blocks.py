"""Block matrices and Kronecker products of any size: multiply, rewrite, compare.

A block is a sum of Kronecker products; the two factors of each are words of letters, as in
``theory.proofs.algebra``, so that (A (x) B)(C (x) D) = AC (x) BD holds by construction. A letter
outside a Kronecker product is one with (x) 1. Two block matrices are equal when their blocks are.
"""

from itertools import product
from typing import Any

import sympy as sp

from theory.claim import Step
from theory.proofs.algebra import Rules, Word, normal_form, polynomial
from theory.proofs.tactics import tactic

#: {(word of the first factor, word of the second): coefficient}
Block = dict[tuple[Word, Word], sp.Expr]
Table = list[list[Block]]


@tactic
def equal_blocks(words: str, left: Any, right: Any, rules: Rules | None = None) -> Step:
    """``left = right``, block by block at general size, under ``rules`` on the letters."""
    statement = sp.Eq(left, right, evaluate=False)
    rewritten = rules or {}
    return Step(
        words,
        statement,
        lambda: blocks_equal(left, right, rewritten),
        normal=lambda side: _written(table(side), rewritten),
        rules=rewritten,
    )


def blocks_equal(left: Any, right: Any, rules: Rules = {}) -> bool:  # noqa: B006 (read only)
    """Whether each block of ``left - right`` expands to zero under ``rules``.

    >>> from sympy import BlockMatrix, KroneckerProduct, MatrixSymbol, Symbol
    >>> n = Symbol("n", integer=True, positive=True)
    >>> A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    >>> one, other = KroneckerProduct(A, B), KroneckerProduct(B, A)
    >>> blocks_equal(one * other, KroneckerProduct(A * B, B * A))
    True
    >>> blocks_equal(one, other)
    False
    """
    pairs = [zip(*rows, strict=True) for rows in zip(table(left), table(right), strict=True)]
    return not any(
        _normal(_sum(one, _scaled(-1, other)), rules) for row in pairs for one, other in row
    )


def _written(blocks: Table, rules: Rules) -> str:
    """The blocks row by row; (x) is the Kronecker product."""

    def block(part: Block) -> str:
        terms = [
            f"{c} {' '.join(map(str, a)) or 1} (x) {' '.join(map(str, b)) or 1}"
            for (a, b), c in _normal(part, rules).items()
        ]
        return " + ".join(terms) or "0"

    return "; ".join(", ".join(map(block, row)) for row in blocks)


def table(expression: Any) -> Table:
    """The blocks of ``expression``: a block matrix, or sums, products and transposes of them."""
    if isinstance(expression, sp.BlockMatrix):
        rows, columns = expression.blockshape
        return [[_block(expression.blocks[i, j]) for j in range(columns)] for i in range(rows)]
    if isinstance(expression, sp.MatAdd):
        tables = [table(term) for term in expression.args]
        return [
            [_sum(*blocks) for blocks in zip(*rows, strict=True)]
            for rows in zip(*tables, strict=True)
        ]
    if isinstance(expression, sp.MatMul):
        scalar, factors = expression.as_coeff_matrices()
        total = table(factors[0])
        for factor in factors[1:]:
            total = _times(total, table(factor))
        return [[_scaled(scalar, block) for block in row] for row in total]
    if isinstance(expression, sp.MatPow) and expression.exp.is_Integer and expression.exp > 0:
        return table(sp.MatMul(*[expression.base] * int(expression.exp)))
    if isinstance(expression, sp.Transpose):
        rows = table(expression.arg)
        return [[_transposed(block) for block in column] for column in zip(*rows, strict=True)]
    return [[_block(expression)]]


def _block(expression: Any) -> Block:
    """One block as a sum of Kronecker products."""
    if isinstance(expression, sp.KroneckerProduct):
        first, second = (polynomial(factor) for factor in expression.args)
        return {(a, b): first[a] * second[b] for a, b in product(first, second)}
    if isinstance(expression, sp.MatAdd):
        return _sum(*(_block(term) for term in expression.args))
    if isinstance(expression, sp.MatMul):
        scalar, factors = expression.as_coeff_matrices()
        total = _block(factors[0])
        for factor in factors[1:]:
            total = _product(total, _block(factor))
        return _scaled(scalar, total)
    if isinstance(expression, sp.Transpose):
        return _transposed(_block(expression.arg))
    return {(word, ()): coefficient for word, coefficient in polynomial(expression).items()}


def _sum(*blocks: Block) -> Block:
    total: Block = {}
    for block in blocks:
        for pair, coefficient in block.items():
            total[pair] = sp.expand(total.get(pair, sp.Integer(0)) + coefficient)
    return total


def _scaled(scalar: Any, block: Block) -> Block:
    return {pair: scalar * coefficient for pair, coefficient in block.items()}


def _product(one: Block, other: Block) -> Block:
    return _sum(
        *({(a + c, b + d): one[a, b] * other[c, d]} for (a, b), (c, d) in product(one, other))
    )


def _times(one: Table, other: Table) -> Table:
    columns = list(zip(*other, strict=True))
    return [
        [_sum(*(_product(a, b) for a, b in zip(row, column, strict=True))) for column in columns]
        for row in one
    ]


def _transposed(block: Block) -> Block:
    def turn(word: Word) -> Word:
        return tuple(sp.Transpose(letter).doit() for letter in reversed(word))

    return {(turn(a), turn(b)): coefficient for (a, b), coefficient in block.items()}


def _normal(block: Block, rules: Rules) -> Block:
    """Both words of every pair rewritten as far as ``rules`` go; what is left of zero."""

    def rewritten(word: Word) -> dict[Word, sp.Expr]:
        return normal_form(sp.MatMul(*word), rules) if word else {(): sp.Integer(1)}

    total = _sum(
        *(
            {(a, b): coefficient * first[a] * second[b]}
            for words, coefficient in block.items()
            for first, second in [(rewritten(words[0]), rewritten(words[1]))]
            for a, b in product(first, second)
        )
    )
    return {
        pair: coefficient for pair, coefficient in total.items() if sp.simplify(coefficient) != 0
    }
