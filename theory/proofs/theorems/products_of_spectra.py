"""Theorems about the spectrum of a large Kronecker product."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.large import independent, share, tends_to
from theory.functions.matrices import kron
from theory.proofs.theorems.random_matrices import ratio_of, second_moments
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson1991", "theorem 4.2.12"))
def density_of_a_kronecker_product(
    first: Any, Z: Any, second: Any, Y: Any, level: Any, x: Any
) -> Statement:
    """The eigenvalues of A (x) S are all products of one of A and one of S: where the shares of
    both tend to laws with a density, that of the products is the integral of rho_A(x)
    rho_S(level/x)/x over x > 0.

    A = s ZZ'/p and S = t YY'/q have these laws where neither has fewer columns than rows.
    """
    if not isinstance(Z, independent) or not isinstance(Y, independent) or first.has(x):
        raise TypeError(f"{Z} and {Y} are not random matrices of independent entries")
    if Z.shape[0] != Y.shape[0] or {level, x} & (second.free_symbols | first.free_symbols):
        raise TypeError(f"{Z} and {Y} do not grow together")
    size, y = Z.shape[0], sp.Symbol("y", positive=True)
    A, S = (second_moments(sp.sqrt(s) * data) for s, data in ((first, Z), (second, Y)))
    density = sp.Derivative(tends_to(share(A, x), size), x)
    other = sp.Subs(sp.Derivative(tends_to(share(S, y), size), y), y, level / x)
    return Statement(
        sp.Derivative(tends_to(share(kron(A, S), level), size), level),
        sp.Integral(density * other / x, (x, 0, sp.oo)),
        nonnegative=(1 / ratio_of(Z) - 1, 1 / ratio_of(Y) - 1),
        positive=(first, second, level),
        free=(first, second, level),
    )
