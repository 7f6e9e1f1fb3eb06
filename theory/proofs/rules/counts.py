"""Rules that count: entries of a matrix that are not zero."""

from typing import Any

import sympy as sp

from theory.functions.covariances import nonzeros
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.kernel.words import Word
from theory.proofs.uses import rule


@rule
def count_of_nonzeros(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Blocks are counted one by one: invertible diagonal factors leave the count of a column as it
    is, a diagonal has one entry per row, and a positive diagonal plus x x' has z(z - 1) more, where
    z of x are not zero."""
    if relation != "=" or not isinstance(left, nonzeros):
        return False
    (matrix,) = left.args
    blocks = list(matrix.blocks) if isinstance(matrix, sp.BlockMatrix) else [matrix]
    return kernel.same(sp.Add(*(_count(kernel, each) for each in blocks)), right)


def _count(kernel: Kernel, block: Any) -> Any:
    if not is_matrix(block) or block.shape == (1, 1):
        number = kernel.number(block)
        if number == 0:
            return sp.Integer(0)
        if kernel.has_sign(number, "is_positive") or kernel.has_sign(-number, "is_positive"):
            return sp.Integer(1)
        raise NotImplementedError(f"whether {block} is zero")
    terms = kernel.polynomial(block)
    if not terms:
        return sp.Integer(0)
    if len(terms) == 1:
        ((word, scale),) = terms.items()
        if _is_not_zero(kernel, scale):
            return _of_word(kernel, word, block.shape)
    if len(terms) == 2:
        (diagonal, scale), (square, other) = sorted(terms.items(), key=lambda term: len(term[0]))
        if not _is_positive_diagonal(kernel, diagonal):
            (diagonal, scale), (square, other) = (square, other), (diagonal, scale)
        half = square[: len(square) // 2]
        positive = all(kernel.has_sign(each, "is_positive") for each in (scale, other))
        if (
            positive
            and _is_positive_diagonal(kernel, diagonal)
            and half + kernel.turned(half) == square
        ):
            z = _of_word(kernel, half, (block.shape[0], sp.Integer(1)))
            return block.shape[0] + z * (z - 1)
    raise NotImplementedError(f"the entries of {block} that are not zero")


def _of_word(kernel: Kernel, word: Word, shape: tuple[Any, Any]) -> Any:
    """A diagonal, or a column or a row between diagonals."""
    rest = tuple(letter for letter in word if not _is_full(kernel, letter))
    if not rest and shape[0] == shape[1]:
        return shape[0]
    if len(rest) == 1 and sp.Integer(1) in rest[0].shape:
        column = rest[0] if rest[0].shape[1] == 1 else kernel.turned_letter(rest[0])
        return nonzeros(column)
    raise NotImplementedError(f"the entries of {word} that are not zero")


def _is_not_zero(kernel: Kernel, number: Any) -> bool:
    return any(kernel.has_sign(sign * number, "is_positive") for sign in (1, -1))


def _is_positive_diagonal(kernel: Kernel, word: Word) -> bool:
    """Whether a word of invertible diagonal letters is a square."""
    half = word[: len(word) // 2]
    return half + kernel.turned(half) == word and all(_is_full(kernel, x) for x in word)


def _is_full(kernel: Kernel, letter: Any) -> bool:
    """Whether a letter is a diagonal matrix without zeros on its diagonal."""
    while isinstance(letter, (sp.Inverse, sp.Transpose)):
        letter = letter.arg
    return kernel.kinds.get(letter) == "diagonal" and letter in kernel.regular
