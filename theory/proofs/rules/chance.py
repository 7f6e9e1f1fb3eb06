"""Rules of chance: means, variances and probabilities of random letters, by their laws."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, Prob, Var, means
from theory.laws import Entries, JointNormal, Normal
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.moments import expected, is_polynomial, random_letters
from theory.proofs.kernel.ranges import homogeneous
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
def matrix_of_means(kernel: Kernel, left: Any, right: Any, relation: str, is_: Any) -> bool:
    """The matrix of the means of a random M's entries is P where a'Mb has the mean a'Pb for all
    columns a and b.

    P, which is ``is_``, holds no random letter.
    """
    found = left.atoms(means)
    if relation != "=" or len(found) != 1 or any(is_.has(x) for x in kernel.laws):
        return False
    (node,) = found
    (matrix,) = node.args
    if matrix.shape != is_.shape:
        return False
    a, b = (sp.MatrixSymbol(f"any_{x}", size, 1) for x, size in zip("ab", is_.shape, strict=True))
    mean = worked_out(kernel, E(inner(a, matrix * b)))
    return kernel.same(mean, inner(a, is_ * b)) and kernel.same(left.xreplace({node: is_}), right)


@rule
def density(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The mean of f is the integral of f times the density, over all values of its letters."""
    if isinstance(left, sp.Integral):
        left, right = right, left
    if relation != "=" or not isinstance(left, E) or not isinstance(right, sp.Integral):
        return False
    (value,) = left.args
    letters = [limits[0] for limits in right.limits]
    met = random_letters(kernel, value)
    alone = [x for x in met if value.has(x)]
    if len(alone) == len(letters) == 1:  # the integral may have a name of its own
        (letter,), letters = letters, alone
        if letter != alone[0] and right.function.has(alone[0]):
            return False
        right = sp.Integral(
            right.function.xreplace({letter: alone[0]}), (*alone, *right.limits[0][1:])
        )
    laws = _laws_of(kernel, met, letters)
    if laws is None or any((low, high) != laws[x].ends for x, low, high in right.limits):
        return False
    return kernel.same(value * _density(laws), right.function)


@rule
def probability(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The probability that letters lie between bounds is the integral of their density there."""
    if relation != "=" or not isinstance(left, Prob) or not isinstance(right, sp.Integral):
        return False
    (event,) = left.args
    letters = [limits[0] for limits in right.limits]
    laws = _laws_of(kernel, random_letters(kernel, event), letters)
    if laws is None:
        return False
    bounds = _bounds(event, laws)
    if bounds is None or not all(_ordered(kernel, laws[x], bounds[x]) for x in laws):
        return False
    if bounds != {x: (low, high) for x, low, high in right.limits}:
        return False
    return kernel.same(_density(laws), right.function)


@rule
def indicator(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The probability that all of some numbers are positive is the mean of the product of their
    steps, each 1 above 0 and 0 elsewhere."""
    if relation != "=" or not isinstance(left, Prob):
        return False
    steps = _as_steps(left.args[0])
    return steps is not None and bool(right == E(steps))


@rule
def gaussian_form(
    kernel: Kernel, left: Any, right: Any, relation: str, forms: Mapping[Any, Any]
) -> bool:
    """Linear forms of Gaussian letters are Gaussian: where f(x) stands under a mean, x may be a
    form of the same mean, variance and covariances.

    ``forms`` = {x: the form}; the law of each x is compared with the moments of its form.
    """
    if relation != "=" or not forms:
        return False
    return _in_forms(kernel, left, right, forms) or _in_forms(kernel, right, left, forms)


def worked_out(kernel: Kernel, expression: Any) -> Any:
    """Every mean and variance in an expression, as far as moments go."""
    expression = sp.sympify(expression)
    images = {each: expected(kernel, each.args[0]) for each in expression.atoms(E)}
    for each in expression.atoms(Var):
        value = each.args[0]
        images[each] = expected(kernel, value**2) - expected(kernel, value) ** 2
    return expression.xreplace(images)


def _density(laws: Mapping[Any, Any]) -> Any:
    """The density of some letters together: a law may be one given other letters."""
    alone = [law.density(x) for x, law in laws.items() if not isinstance(law, JointNormal)]
    joint = {law for law in laws.values() if isinstance(law, JointNormal)}
    return sp.Mul(*alone, *(law.density(*law.letters) for law in joint))


def _laws_of(kernel: Kernel, met: list[Any], letters: list[Any]) -> dict[Any, Any] | None:
    """The laws of the letters of an integral, which must be all random letters that are met."""
    laws = {x: _of_these(kernel.laws[x], letters) for x in letters if x in kernel.laws}
    if len(laws) != len(letters) or not set(met) <= set(laws):
        return None
    if any(isinstance(law, Entries) for law in laws.values()):
        return None
    if not all(_has_density(kernel, law) for law in laws.values()):
        return None
    return laws


def _of_these(law: Any, letters: list[Any]) -> Any:
    """The law of those numbers of several that are integrated over."""
    if not isinstance(law, JointNormal):
        return law
    kept = [k for k, x in enumerate(law.letters) if x in letters]
    return JointNormal(
        tuple(law.letters[k] for k in kept),
        sp.ImmutableMatrix(law.covariance.extract(kept, kept)),
    )


def _has_density(kernel: Kernel, law: Any) -> bool:
    """Whether a law is not degenerate on the domain."""
    if isinstance(law, JointNormal):
        return kernel.has_sign(law.covariance.det(), "is_positive")
    return kernel.has_sign(law.variance if isinstance(law, Normal) else law.freedom, "is_positive")


def _bounds(event: Any, laws: Mapping[Any, Any]) -> dict[Any, Any] | None:
    """Between what an event holds each letter, where it is a list of inequalities with bounds."""
    bounds = {x: law.ends for x, law in laws.items()}
    for part in event.args if isinstance(event, sp.And) else (event,):
        if not isinstance(part, (sp.Lt, sp.Le, sp.Gt, sp.Ge)):
            return None
        low, high = part.lts, part.gts
        if high in bounds and not low.has(*bounds) and bounds[high][0] == laws[high].ends[0]:
            bounds[high] = (low, bounds[high][1])
        elif low in bounds and not high.has(*bounds) and bounds[low][1] == laws[low].ends[1]:
            bounds[low] = (bounds[low][0], high)
        else:
            return None
    return bounds


def _ordered(kernel: Kernel, law: Any, bounds: tuple[Any, Any]) -> bool:
    """Whether bounds are in their order, and lie between the ends of a law."""
    places = [law.ends[0], *bounds, law.ends[1]]
    return all(
        a == b or a == -sp.oo or b == sp.oo or kernel.nonnegative(b - a)
        for a, b in pairwise(places)
    )


def _under_one_head(left: Any, right: Any) -> tuple[Any, Any] | None:
    for head in (E, Prob, Var):
        if isinstance(left, head) and isinstance(right, head):
            return left.args[0], right.args[0]
    return None


def _in_forms(kernel: Kernel, old: Any, new: Any, forms: Mapping[Any, Any]) -> bool:
    """Whether ``old`` is ``new`` with forms in place of letters of the same law."""
    pair = _under_one_head(old, new)
    if pair is None or not all(
        isinstance(kernel.laws.get(x), (Normal, JointNormal)) for x in forms
    ):
        return False
    old, new = pair
    if set(random_letters(kernel, new)) - set(forms):
        return False
    if not all(is_linear_in_gaussians(kernel, form) for form in forms.values()):
        return False
    if not all(_same_moments(kernel, x, y, forms) for x in forms for y in forms):
        return False
    return bool(new.xreplace(dict(forms)) == old) or _agree(kernel, new.xreplace(dict(forms)), old)


def is_linear_in_gaussians(kernel: Kernel, form: Any) -> bool:
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


def _as_steps(event: Any) -> Any:
    """The product of the steps of numbers that an event asks to be positive."""
    parts = event.args if isinstance(event, sp.And) else (event,)
    if not all(isinstance(part, (sp.Gt, sp.Lt)) for part in parts):
        return None
    return sp.Mul(*(sp.Heaviside(part.gts - part.lts, 0) for part in parts))


def _agree(kernel: Kernel, one: Any, other: Any) -> bool:
    if isinstance(one, sp.logic.boolalg.Boolean):
        one, other = _as_steps(one), _as_steps(other)
        return one is not None and bool(homogeneous(one) == homogeneous(other))
    return equality.vanishes(kernel.number(one) - kernel.number(other))
