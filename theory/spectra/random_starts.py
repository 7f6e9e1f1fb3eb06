"""What a start in a random direction makes of the loss: a mean over eigenvalues."""

import sympy as sp

from theory.chain import Link, because
from theory.claim import Step
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E
from theory.functions.large import independent
from theory.proofs.rules import chance, large
from theory.proofs.tactics import equal
from theory.spectra.letters import (
    WAY,
    A,
    N,
    Z,
    limit,
    n,
    second_moments,
    start,
    v,
)
from theory.spectra.shared_steps import to_the_bulk

START_IS_RANDOM = "With d = W - W* at the start the mean of dd' is start^2 I/N."


def excess(shrink: sp.MatrixExpr, data: independent = Z) -> sp.Expr:
    """The limit of the excess loss once the way to the start is multiplied by ``shrink``, which is
    a function of A, the second-moment matrix of random data."""
    matrix = second_moments(sp.sqrt(v) * data)
    after = shrink.xreplace({A: matrix}).doit() * WAY
    return limit(E(inner(after, matrix * after) / 2))


def mean_of(function: sp.MatrixExpr, data: independent = Z) -> sp.Expr:
    """The mean over the eigenvalues of A."""
    matrix = function.xreplace({A: second_moments(sp.sqrt(v) * data)})
    return sp.Trace(matrix.doit()) / n


def from_the_start(shrink: sp.MatrixExpr) -> tuple[Link, ...]:
    """The links from this loss to an integral over the bulk."""
    front, function = start**2 / 2, shrink * A * shrink
    mean = mean_of(function)
    return (
        because(START_IS_RANDOM, chance.expectation(), limit(front * mean)),
        because("The constant factor leaves the limit.", large.continuous(), front * limit(mean)),
        to_the_bulk(front, function),
    )


def descended(rate: sp.Expr, steps: sp.Expr) -> sp.MatrixExpr:
    """What so many steps of descent multiply W - W* by."""
    return sp.MatPow(sp.Identity(n) - rate * A, steps)


def mean_of_start() -> Step:
    """A random start makes the excess loss a mean over eigenvalues."""
    A, d = sp.MatrixSymbol("A", N, N), sp.MatrixSymbol("d", N, 1)
    return equal(
        "Descent takes d = W - W* to f(R)d, with f(lam) = (1 - eta lam)^k after k steps or "
        "exp(-lam t) at time t. The excess loss is d'Ad/2 with A = R f(R)^2. On average dd' "
        "is start^2 I/N, so the loss is start^2/2 times the mean of lam f(lam)^2 over the "
        "eigenvalues.",
        A * d * d.T,
        start**2 / N * A,
        {d * d.T: start**2 / N * sp.Identity(N)},
    )
