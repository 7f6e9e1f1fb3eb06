"""Matrices with a structure, read as words: blocks, Kronecker products, diagonals, inverses.

Each function gives the polynomial of one kind of expression; ``read`` finds the one that is asked
for.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from theory.functions.columns import diagonal
from theory.functions.covariances import diagonal_part
from theory.functions.matrices import khatri_rao, kron, pinv, squares, stack, vec
from theory.functions.stated import eigenvectors
from theory.proofs import indices
from theory.proofs.kernel import frames
from theory.proofs.kernel.products import Paired, Part
from theory.proofs.kernel.words import ONE, Polynomial, Word

Kernel = Any  # theory.proofs.kernel.decide imports this file

#: What is compared entry by entry.
BY_ENTRIES = (khatri_rao, squares)


def read(kernel: Kernel, e: Any) -> Polynomial | None:
    """The polynomial of ``e`` where it has a structure that is read here."""
    for kinds, reader in READERS:
        if isinstance(e, kinds):
            return reader(kernel, e)
    return None


def blocks(kernel: Kernel, e: Any) -> Polynomial:
    """Blocks between the parts of their rows and of their columns."""
    rows, columns = e.blockshape
    table = [[kernel.polynomial(e.blocks[i, j]) for j in range(columns)] for i in range(rows)]
    return kernel.blocks(table, e.rowblocksizes, e.colblocksizes)


def stacked(kernel: Kernel, e: stack) -> Polynomial:
    """One matrix above the other."""
    table = [[kernel.polynomial(each)] for each in e.args]
    return kernel.blocks(table, [each.shape[0] for each in e.args], [e.shape[1]])


def kronecker(kernel: Kernel, e: Any) -> Polynomial:
    """A Kronecker product of two matrices, or of more from the left."""
    first, *others = e.args
    total, shape = kernel.polynomial(first), first.shape
    for other in others:
        total = kernel.paired(total, kernel.polynomial(other), shape, other.shape)
        shape = (shape[0] * other.shape[0], shape[1] * other.shape[1])
    return total


def columns_below(kernel: Kernel, e: vec) -> Polynomial:
    """The columns of a matrix below each other; of blocks side by side block below block."""
    (matrix,) = e.args
    if isinstance(matrix, sp.BlockMatrix) and matrix.blockshape[0] == 1:
        below = [vec(matrix.blocks[0, j]) for j in range(matrix.blockshape[1])]
        return stacked(kernel, stack(*below))
    return kernel.stacked(kernel.polynomial(matrix), matrix.shape)


def on_diagonal(kernel: Kernel, e: Any) -> Polynomial:
    """The matrix with a column on its diagonal: block by block, and factor by factor."""
    column = kernel.polynomial(e.args[0])
    return kernel.add(*(kernel.scaled(c, _diagonal(kernel, w)) for w, c in column.items()))


def _diagonal(kernel: Kernel, word: Word) -> Polynomial:
    if not word:  # a number
        return {ONE: sp.Integer(1)}
    if isinstance(word[0], Part):
        edge: Polynomial = {word[:1]: sp.Integer(1)}
        inside = _diagonal(kernel, word[1:]) if word[1:] else {ONE: sp.Integer(1)}
        return kernel.times(edge, inside, kernel.turn(edge))
    if len(word) == 1 and isinstance(word[0], Paired):
        first, second = (_diagonal(kernel, each.args) for each in word[0].args[:2])
        (a, _), (b, _) = word[0].shapes
        return kernel.paired(first, second, (a, a), (b, b))
    if len(word) == 1 and isinstance(word[0], OneMatrix):
        return {ONE: sp.Integer(1)}
    letter = diagonal(word[0] if len(word) == 1 else sp.MatMul(*word))
    kernel.symmetric.add(letter)
    kernel.kinds[letter] = "diagonal"
    return {(letter,): sp.Integer(1)}


def of_diagonal(kernel: Kernel, e: diagonal_part) -> Polynomial:
    """A matrix without what is off its diagonal; diagonal factors at its ends stand before it."""
    matrix = kernel.polynomial(e.args[0])
    return kernel.add(*(kernel.scaled(c, _part(kernel, word)) for word, c in matrix.items()))


def _part(kernel: Kernel, word: Word) -> Polynomial:
    diagonals = [is_diagonal(kernel, letter) for letter in word]
    if all(diagonals):
        return {word: sp.Integer(1)}
    start = diagonals.index(False)
    end = len(word) - diagonals[::-1].index(False)
    middle = min(word[start:end], kernel.turned(word[start:end]), key=str)
    letter = diagonal_part(middle[0] if len(middle) == 1 else sp.MatMul(*middle))
    if letter in kernel.images:
        inside = kernel.polynomial(kernel.images[letter])
    else:
        kernel.symmetric.add(letter)
        kernel.kinds[letter] = "diagonal"
        inside = {(letter,): sp.Integer(1)}
    one = sp.Integer(1)
    return kernel.times({word[:start]: one}, inside, {word[end:]: one})


def is_diagonal(kernel: Kernel, letter: Any) -> bool:
    """Whether a letter is a diagonal matrix."""
    return kernel.kinds.get(_inside(letter)) == "diagonal"


def _inside(letter: Any) -> Any:
    """What a letter is the inverse or the transpose of."""
    return _inside(letter.arg) if isinstance(letter, (sp.Inverse, sp.Transpose)) else letter


def pseudoinverse(kernel: Kernel, e: pinv) -> Polynomial:
    """Moore and Penrose's inverse: (M'M)^-1 M' where M'M is a number above 0, else a letter."""
    polynomial = kernel.polynomial(e.args[0])
    if not polynomial:
        return {}
    ((word, number), *more) = polynomial.items()
    if more or not kernel.has_sign(number, "is_positive"):
        return {(e,): sp.Integer(1)}
    turned, scale = kernel.turned(word), {ONE: 1 / number}
    square = kernel.tidy(turned + word, sp.Integer(1))
    if set(square) == {ONE} and kernel.has_sign(square[ONE], "is_positive"):
        return {turned: 1 / (number * square[ONE])}
    if str(turned) < str(word):
        return kernel.times(scale, kernel.turn(_penrose(kernel, turned, e.shape[::-1])))
    return kernel.times(scale, _penrose(kernel, word, e.shape))


def _penrose(kernel: Kernel, word: Word, shape: tuple[Any, Any]) -> Polynomial:
    """A letter for the inverse of a word, with Penrose's four rules."""
    letter = sp.MatrixSymbol(f"({' '.join(map(str, word))})^+", *shape)
    inverse: Polynomial = {(kernel.made(letter, {word: sp.Integer(1)}),): sp.Integer(1)}
    kernel.rule((*word, letter, *word), {word: sp.Integer(1)})
    kernel.rule((letter, *word, letter), inverse)
    if kernel.turned(word) == word:
        _commutes(kernel, word, letter)
        return inverse
    for whole in ((*word, letter), (letter, *word)):
        kernel.rules[kernel.turned(whole)] = {whole: sp.Integer(1)}
    return inverse


def _commutes(kernel: Kernel, word: Word, letter: Any) -> None:
    """Of a symmetric M: M^+ is symmetric too and commutes with M; MM^+A = A where M = AA'."""
    kernel.symmetric.add(letter)
    kernel.rules[(letter, *word)] = {(*word, letter): sp.Integer(1)}
    kernel.rules[(*word, letter, letter)] = {(letter,): sp.Integer(1)}
    half = word[: len(word) // 2]
    first = half if half and kernel.turned(half) == word[len(half) :] else word
    kernel.rules[(*word, letter, *first)] = {first: sp.Integer(1)}
    turned = kernel.turned(first)
    kernel.rules[(*turned, *word, letter)] = {turned: sp.Integer(1)}


def inverse_of_product(kernel: Kernel, letter: Paired) -> Polynomial | None:
    """The inverse of a Kronecker product of square words: factor by factor."""
    (a, b), (c, d) = letter.shapes
    words = [each.args for each in letter.args[:2]]
    if a != b or c != d or not all(kernel.is_square(each) for word in words for each in word):
        return None
    first, second = (
        tuple(kernel.inverse_letter(each) for each in reversed(word)) for word in words
    )
    return kernel.paired({first: sp.Integer(1)}, {second: sp.Integer(1)}, (a, a), (c, c))


def by_entries(kernel: Kernel, e: Any) -> dict[Any, sp.Expr]:
    """An entry of ``e`` as a sum over indices, by kinds of summands."""
    letters = e.atoms(sp.MatrixSymbol)
    if letters & set(kernel.images):
        raise NotImplementedError(f"no entries in coordinates of {e}")
    symmetric = frozenset(str(each) for each in letters & kernel.symmetric)
    return indices.normal_sum(e, symmetric)


def total(kernel: Kernel, number: Any) -> Any:
    """A trace as a sum over indices, each kind of summand a symbol."""
    terms = by_entries(kernel, number).items()
    return sp.Add(*(c * sp.Symbol(f"sum{key}", real=True) for key, c in terms))


def basis(kernel: Kernel, e: eigenvectors) -> Polynomial:
    """Orthonormal eigenvectors U: U'U = UU' = I."""
    matrix = kernel.polynomial(e.args[0])
    letter = sp.MatrixSymbol(f"basis({kernel.key(matrix)})", *e.shape)
    kernel.matrix(letter, "orthogonal")
    return {(kernel.made(letter, matrix),): sp.Integer(1)}


READERS: tuple[tuple[Any, Any], ...] = (
    (sp.BlockMatrix, blocks),
    (stack, stacked),
    ((sp.KroneckerProduct, kron), kronecker),
    (vec, columns_below),
    ((diagonal, sp.DiagMatrix), on_diagonal),
    (diagonal_part, of_diagonal),
    (pinv, pseudoinverse),
    (eigenvectors, basis),
    *frames.READERS,
)
