"""Rules of chance: means, variances and probabilities of random letters, by their laws."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import E, Prob, Var
from theory.laws import Entries, JointNormal, Normal
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.moments import expected, is_polynomial, random_letters
from theory.proofs.uses import rule


@rule
def expectation(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A mean is linear, and a product of means where the factors are independent; means of products
    are those of the laws, and a variance is the mean square less the squared mean.

    Gaussian letters have the sum over all pairings as mean of a product, others no more than their
    first two moments. What is no polynomial in random letters stays a mean.
    """
    if relation != "=" or not sp.sympify(left).has(E, Var):
        return False
    return kernel.same(worked_out(kernel, left), worked_out(kernel, right))


@rule
def density(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The mean of f is the integral of f times the density, over all values of its letters."""
    if relation != "=" or not isinstance(left, E) or not isinstance(right, sp.Integral):
        return False
    (value,) = left.args
    letters = [limits[0] for limits in right.limits]
    law = _law_of(kernel, random_letters(kernel, value), letters)
    if law is None or any(tuple(limits[1:]) != law.ends for limits in right.limits):
        return False
    return kernel.same(value * _density(law, letters), right.function)


@rule
def probability(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The probability that letters lie between bounds is the integral of their density there."""
    if relation != "=" or not isinstance(left, Prob) or not isinstance(right, sp.Integral):
        return False
    (event,) = left.args
    letters = [limits[0] for limits in right.limits]
    law = _law_of(kernel, random_letters(kernel, event), letters)
    bounds = _bounds(event, letters, law.ends) if law is not None else None
    if bounds is None or bounds != {x: (low, high) for x, low, high in right.limits}:
        return False
    return kernel.same(_density(law, letters), right.function)


@rule
def gaussian_form(
    kernel: Kernel, left: Any, right: Any, relation: str, forms: Mapping[Any, Any]
) -> bool:
    """Linear forms of Gaussian letters are Gaussian: where f(x) stands under a mean, x may be a
    form of the same mean, variance and covariances.

    ``forms`` = {x: the form}; the law of each x is compared with the moments of its form.
    """
    pair = _under_one_head(left, right)
    if relation != "=" or pair is None or not forms:
        return False
    letters = list(forms)
    old, new = pair
    if not all(isinstance(kernel.laws.get(x), (Normal, JointNormal)) for x in letters):
        return False
    if set(random_letters(kernel, new)) - set(letters):
        return False
    if not all(_is_linear_in_gaussians(kernel, form) for form in forms.values()):
        return False
    if not all(_same_moments(kernel, x, y, forms) for x in letters for y in letters):
        return False
    return bool(new.xreplace(dict(forms)) == old) or _agree(kernel, new.xreplace(dict(forms)), old)


def worked_out(kernel: Kernel, expression: Any) -> Any:
    """Every mean and variance in an expression, as far as moments go."""
    expression = sp.sympify(expression)
    images = {each: expected(kernel, each.args[0]) for each in expression.atoms(E)}
    for each in expression.atoms(Var):
        value = each.args[0]
        images[each] = expected(kernel, value**2) - expected(kernel, value) ** 2
    return expression.xreplace(images)


def _density(law: Any, letters: list[Any]) -> Any:
    if isinstance(law, JointNormal):
        return law.density(*(x for x in law.letters if x in letters))
    return law.density(*letters)


def _law_of(kernel: Kernel, met: list[Any], letters: list[Any]) -> Any:
    """The one law of all random letters, which must be those that are integrated over."""
    laws = {id(kernel.laws.get(x)): kernel.laws.get(x) for x in letters}
    if len(laws) != 1 or set(met) != set(letters) or len(set(letters)) != len(letters):
        return None
    (law,) = laws.values()
    if law is None or isinstance(law, Entries):
        return None
    if isinstance(law, JointNormal):
        return law if set(law.letters) == set(letters) else None
    return law if len(letters) == 1 else None


def _bounds(event: Any, letters: list[Any], ends: tuple[Any, Any]) -> dict[Any, Any] | None:
    """Between what an event holds each letter, where it is a list of inequalities with bounds."""
    bounds = dict.fromkeys(letters, ends)
    for part in event.args if isinstance(event, sp.And) else (event,):
        if not isinstance(part, (sp.Lt, sp.Le, sp.Gt, sp.Ge)):
            return None
        low, high = (part.lts, part.gts)
        if high in bounds and not low.has(*letters) and bounds[high][0] == ends[0]:
            bounds[high] = (low, bounds[high][1])
        elif low in bounds and not high.has(*letters) and bounds[low][1] == ends[1]:
            bounds[low] = (bounds[low][0], high)
        else:
            return None
    return bounds


def _under_one_head(left: Any, right: Any) -> tuple[Any, Any] | None:
    for head in (E, Prob, Var):
        if isinstance(left, head) and isinstance(right, head):
            return left.args[0], right.args[0]
    return None


def _is_linear_in_gaussians(kernel: Kernel, form: Any) -> bool:
    """Whether a form is linear in letters that are Gaussian together."""
    letters = [x for x in random_letters(kernel, form) if sp.sympify(form).has(x)]
    scale = sp.Dummy("scale", real=True)
    laws = [kernel.laws[x] for x in letters]
    if not letters or not all(
        isinstance(law, (Normal, JointNormal)) or (isinstance(law, Entries) and law.gaussian)
        for law in laws
    ):
        return False
    if len(random_letters(kernel, form)) != len(letters):  # a law given another letter
        return False
    if not all(is_polynomial(sp.sympify(form), x) for x in letters):
        return False
    parts = {x: sp.MatrixSymbol(f"{x}#", *x.shape) if x.is_Matrix else sp.Dummy() for x in letters}
    moved = {x: x + scale * part for x, part in parts.items()}
    slope = sp.diff(kernel.number(sp.sympify(form).subs(moved)), scale)
    return not sp.expand(slope).has(scale) and not any(_touches(kernel, slope, x) for x in letters)


def _touches(kernel: Kernel, number: Any, letter: Any) -> bool:
    if number.has(letter):
        return True
    words = (kernel.products.get(s, ()) for s in number.free_symbols)
    return any(part in (letter, sp.Transpose(letter)) for word in words for part in word)


def _same_moments(kernel: Kernel, x: Any, y: Any, forms: Mapping[Any, Any]) -> bool:
    return kernel.same(expected(kernel, x), expected(kernel, forms[x])) and kernel.same(
        expected(kernel, x * y), expected(kernel, forms[x] * forms[y])
    )


def _agree(kernel: Kernel, one: Any, other: Any) -> bool:
    if isinstance(one, sp.logic.boolalg.Boolean):
        return False
    return equality.vanishes(kernel.number(one) - kernel.number(other))
