"""Means of products of random letters, by the moments that their laws state.

A mean is linear, and a product of means where factors share no random letter. A matrix is its mean
plus Z (``pairs``). Sums over independent copies are taken apart by which of them are of one draw.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.utilities.iterables import multiset_partitions

from theory.functions.columns import inner, mean
from theory.functions.heads_of_chance import E, copies
from theory.functions.matrices import centred
from theory.laws import Entries, JointNormal, Normal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.kernel.pairs import over_matrix
from theory.proofs.kernel.ranges import homogeneous
from theory.proofs.kernel.words import Word


def expected(kernel: Kernel, value: Any) -> Any:
    """The mean of ``value``: linear, a product where factors are independent, moments of laws.

    What is no polynomial in the random letters stays E(...).
    """
    letters = random_letters(kernel, value)
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(homogeneous(value))):
        factors = sp.Mul.make_args(term)
        sure = [each for each in factors if not any(each.has(x) for x in letters)]
        groups = _independent(kernel, factors, letters)
        total += kernel.number(sp.Mul(*sure)) * sp.Mul(*(_mean(kernel, each) for each in groups))
    return total


def random_letters(kernel: Kernel, value: Any) -> list[Any]:
    """The random letters of ``value``: each before those that its law mentions."""
    found = {x for x in kernel.laws if sp.sympify(value).has(x)}
    while more := {x for x in kernel.laws if _mentioned(kernel, x, found)} - found:
        found |= more
    ordered: list[Any] = []
    while found:
        free = [x for x in found if not _mentioned(kernel, x, found - {x})]
        if not free:
            raise TypeError("the laws of random letters mention each other")
        ordered += sorted(free, key=str)
        found -= set(free)
    return ordered


def _mentioned(kernel: Kernel, letter: Any, by: set[Any]) -> bool:
    return any(_mentions(kernel.laws[x], letter) for x in by)


def _mentions(law: Any, letter: Any) -> bool:
    """Whether a law is one given another random letter."""
    if isinstance(law, JointNormal):
        return bool(law.covariance.has(letter))
    return any(sp.sympify(part).has(letter) for part in vars(law).values() if part is not None)


def _together(kernel: Kernel, letter: Any) -> set[Any]:
    """The letters that are not independent of one, by its law."""
    law = kernel.laws[letter]
    joint = set(law.letters) if isinstance(law, JointNormal) else {letter}
    return joint | {x for x in kernel.laws if _mentions(law, x)}


def _independent(kernel: Kernel, factors: Any, letters: list[Any]) -> list[Any]:
    """Products of the random factors that share no random letter."""
    groups: list[tuple[set[Any], Any]] = []
    for factor in factors:
        met = {x for x in letters if factor.has(x)}
        if not met:
            continue
        for _ in letters:
            met = met.union(*(_together(kernel, x) for x in met))
        joined = factor
        for other in [group for group in groups if group[0] & met]:
            groups.remove(other)
            met, joined = met | other[0], joined * other[1]
        groups.append((met, joined))
    return [product for _, product in groups]


def _mean(kernel: Kernel, product: Any) -> Any:
    letters = random_letters(kernel, product)
    outside = product.xreplace(
        {
            each: sp.MatrixSymbol(f"copies{k}", *each.shape)
            for k, each in enumerate(_copies(product))
        }
    )
    if not all(is_polynomial(outside, x) for x in letters):
        return E(kernel.number(product)) if _copies(product) else _of_one(kernel, product, letters)
    return moment(kernel, product, letters)


def _copies(product: Any) -> list[Any]:
    return sorted(product.atoms(copies), key=str)


def _of_one(kernel: Kernel, product: Any, letters: list[Any]) -> Any:
    """The mean of a function of one Gaussian number, which is named by its law: equal laws, equal
    means. Powers of the rectified one are moments of its law."""
    law = kernel.laws[letters[0]]
    if len(letters) != 1 or not isinstance(law, (Normal, JointNormal)):
        return E(kernel.number(product))
    (letter,) = letters
    if isinstance(law, JointNormal):
        place = law.letters.index(letter)
        law = Normal(0, law.covariance[place, place])
    base, power = product.as_base_exp()
    if law.mean == 0 and base == sp.Max(0, letter) and _whole(power):
        return kernel.number(law.rectified_moment(int(power)))
    name = sp.Symbol(f"Normal({kernel.number(law.mean)}, {kernel.number(law.variance)})", real=True)
    return E(kernel.number(product.xreplace({letter: name})))


def moment(kernel: Kernel, product: Any, letters: list[Any]) -> Any:
    """The mean of a polynomial in random letters."""
    parts, images = {}, {}
    for letter in letters:
        if letter in kernel.images or kernel.kinds.get(letter, "any") != "any":
            raise TypeError(f"{letter} has a law and a domain of another kind")
        law = kernel.laws[letter]
        if isinstance(law, Entries):
            parts[letter] = sp.MatrixSymbol(f"{letter}~", *letter.shape)
            images[letter] = law.mean + parts[letter]
    inside = kernel.within(images)
    value = inside.number(product)
    done: set[Any] = set()
    for letter in letters:
        law = kernel.laws[letter]
        if isinstance(law, Entries):
            value = over_matrix(inside, value, parts[letter], law)
        elif letter not in done:
            group = law.letters if isinstance(law, JointNormal) else (letter,)
            value = _over_numbers(inside, value, group, law)
            done |= set(group)
    if _copies(product):
        value = _over_copies(inside, kernel, value)
    kernel.products.update(inside.products)
    return value


def _over_copies(inside: Kernel, kernel: Kernel, value: Any) -> Any:
    """The mean of products of sums over copies: each sum by the same draw as others, or by one of
    its own."""
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(value)):
        outside, sums, count = sp.Integer(1), [], sp.Integer(0)
        for base, power in sp.Mul(term).as_powers_dict().items():
            if not any(_in_words(inside, s) for s in base.free_symbols):
                outside *= base**power
                continue
            summand, count = _summand(inside.products[base])
            sums += [summand] * int(power)
        for parts in multiset_partitions(list(range(len(sums)))) if sums else [[]]:
            means = [expected(kernel, sp.Mul(*(sums[k] for k in part))) for part in parts]
            total += outside * sp.ff(count, len(parts)) * sp.Mul(*means)
    return total


def _in_words(kernel: Kernel, symbol: Any) -> bool:
    return any(letter.has(copies) for letter in kernel.products.get(symbol, ()))


def _summand(word: Word) -> tuple[Any, Any]:
    """What is summed in the product of two columns, one of copies and one of copies or of ones."""
    columns = [x.arg if isinstance(x, sp.Transpose) else x for x in word]
    columns = [x.T if x.shape[0] == 1 else x for x in columns]
    known = all(isinstance(x, (copies, sp.OneMatrix)) for x in columns)
    if len(word) != 2 or not known:
        raise NotImplementedError(f"no mean of {word}")
    values = [x.args[0] for x in columns if isinstance(x, copies)]
    return sp.Mul(*values), columns[0].shape[0]


def _over_numbers(kernel: Kernel, value: Any, group: tuple[Any, ...], law: Any) -> Any:
    terms = sp.Poly(sp.expand(value), *group).terms()
    return sp.Add(*(c * kernel.number(law.moment(*map(int, powers))) for powers, c in terms))


def is_polynomial(e: Any, letter: Any) -> bool:
    """Whether ``e`` is a polynomial in the entries of ``letter``."""
    if e == letter or not e.has(letter):
        return True
    if is_matrix(e):
        if isinstance(e, (sp.MatAdd, sp.MatMul, sp.Transpose, centred)):
            return all(is_polynomial(x, letter) for x in e.args)
        return isinstance(e, sp.MatPow) and _whole(e.exp) and is_polynomial(e.base, letter)
    if isinstance(e, sp.Pow):
        return _whole(e.exp) and is_polynomial(e.base, letter)
    if isinstance(e, MatrixElement):
        return e.parent.shape == (1, 1) and is_polynomial(e.parent, letter)
    known = isinstance(e, (sp.Add, sp.Mul, inner, sp.Trace, mean))
    return known and all(is_polynomial(x, letter) for x in e.args)


def _whole(exponent: Any) -> bool:
    return bool(exponent.is_Integer and exponent > 0)
