"""What preconditioning leaves of the condition number with an old mean."""

from collections.abc import Callable

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, by_step, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import trace
from theory.functions.rates import largest_over, least, radius
from theory.functions.stated import argmin
from theory.preconditioning.letters import (
    SOURCE,
    L,
    N,
    Sigma,
    eta,
    inverse,
    mu,
    mu0,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.factors import direction, displaced
from theory.proofs.rules import rates
from theory.proofs.rules.eigenvalues import plane_and_rest
from theory.proofs.tactics import equal
from theory.proofs.theorems import dynamics

lam = sp.Symbol("lam", real=True)  # of a matrix whose eigenvalues have no sign yet


@claim(
    "identity",
    (s.mu0, s.mu, s.Sigma),
    (cite(SOURCE, "Updates in this coordinate system are immune to ICS"),),
    ("the covariance is known", "squared loss of a layer with biases, best fixed rate"),
)
def outdated_mean() -> Derivation:
    """With inputs standardised by an old mean mu0, the Hessian has the eigenvalues ((sqrt(delta^2 +
    4) +- delta)/2)^2, whose product is 1, and otherwise 1. Here delta = sqrt((mu - mu0)'Sigma^-1
    (mu - mu0)) is the distance of mu0 from the present mean mu. So the condition number is
    ((sqrt(delta^2 + 4) + delta)/2)^4. The best rate 2/(delta^2 + 2) shrinks the distance to the
    minimum by delta sqrt(delta^2 + 4)/(delta^2 + 2) per step: descent is immune only where delta =
    0."""
    gap = trace((mu - mu0).T * Sigma.I * (mu - mu0))
    # the same for a number delta
    delta, y = sp.symbols("delta y", nonnegative=True)
    d, across = sp.MatrixSymbol("d", N, 1), sp.MatrixSymbol("w", N, 1)
    shifted = sp.BlockMatrix([[L.T.I, sp.ZeroMatrix(N, 1)], [-mu0.T * L.T.I, eye(1)]])
    moments = sp.BlockMatrix([[Sigma + mu * mu.T, mu], [mu.T, eye(1)]])
    hessian = sp.BlockMatrix([[eye(N) + d * d.T, d], [d.T, eye(1)]])
    root = sp.sqrt(delta**2 + 4)
    top, bottom = ((root + sign * delta) ** 2 / 4 for sign in (1, -1))
    share = (delta * root - delta**2) / 2
    inside = shifted.T * moments * shifted
    step = sp.MatAdd(eye(N + 1), sp.MatMul(-eta, inside))

    def the_best(value: sp.Expr) -> sp.Expr:
        return argmin(eta, value, (eta,))

    def the_least(value: sp.Expr) -> sp.Expr:
        return least(value, (eta,))

    distance, way = sp.sqrt(gap), direction(mu)
    plane = (
        sp.BlockMatrix([[way], [sp.ZeroMatrix(1, 1)]]),
        sp.BlockMatrix([[sp.ZeroMatrix(N, 1)], [eye(1)]]),
    )

    def values(of_both: sp.Expr) -> Link:
        """Of what is written in the larger and the smaller eigenvalue."""
        return because(
            "The matrix keeps the plane of (d, 0) and the bias (0, 1), where it has two "
            "eigenvalues. Across the plane its eigenvalue is 1.",
            plane_and_rest(
                plane=plane, values=tuple(each.subs(delta, distance) for each in (top, 1 / top))
            ),
            of_both.subs(delta, distance),
        )

    def best(of: Callable[[sp.Expr], sp.Expr]) -> tuple[Link, ...]:
        """From the radius of a step to both extreme eigenvalues, and to where their modes meet."""
        size = sp.Abs(1 - eta * lam)
        low, high = smallest(inside), largest(inside)
        return (
            because(
                "On the eigenvectors of the Hessian the modes separate.",
                dynamics.spectral_radius_by_modes(step, inside, lam),
                of(largest_over(size, lam, low, high)),
            ),
            because(
                "|1 - eta lam| is convex in lam. So one of the extreme modes is the slowest.",
                rates.convex_at_the_ends(),
                of(sp.Max(*(size.subs(lam, end) for end in (low, high)))),
            ),
            values(of(sp.Max(*(size.subs(lam, end) for end in (top, 1 / top))))),
            because(
                "As eta grows, 1 - eta lambda_min falls and eta lambda_max - 1 rises. The "
                "larger of them is least where both are equal.",
                rates.lines_meet(),
            ),
        )

    def form(square: sp.Expr) -> dict[str, sp.Expr]:
        return {
            "condition": ((sp.sqrt(square + 4) + sp.sqrt(square)) / 2) ** 4,
            "rate": 2 / (square + 2),
            "contraction": sp.sqrt(square * (square + 4)) / (square + 2),
        }

    return Derivation(
        definition={
            "condition": largest(inside) / smallest(inside),
            "rate": the_best(radius(step)),
            "contraction": the_least(radius(step)),
        },
        closed_form=form(gap),
        steps=(
            equal_blocks(
                "For one unit the Hessian R0' Abar R0 is [[I + dd', d], [d', 1]] with d = "
                "L^-1 (mu - mu0), where R0 standardises by the old mean.",
                inside,
                hessian.subs(d, L.I * (mu - mu0)),
                {Sigma: L * L.T, **inverse(L)},
            ),
            equal_blocks(
                "The squared length d'd is delta^2, as L'^-1 L^-1 = Sigma^-1.",
                (L.I * (mu - mu0)).T * (L.I * (mu - mu0)),
                (mu - mu0).T * Sigma.I * (mu - mu0),
                {sp.MatMul(L.T.I, L.I): Sigma.I},
            ),
            equal_blocks(
                "A vector (w, 0) with w'd = 0 has the eigenvalue 1.",
                hessian * sp.BlockMatrix([[across], [sp.ZeroMatrix(1, 1)]]),
                sp.BlockMatrix([[across], [sp.ZeroMatrix(1, 1)]]),
                {d.T * across: sp.ZeroMatrix(1, 1)},
            ),
            equal_blocks(
                "The matrix takes the vector (d, y) to ((1 + delta^2 + y) d, delta^2 + y). "
                "So its eigenvalue can only be 1 + delta^2 + y.",
                hessian * sp.BlockMatrix([[d], [y * eye(1)]]),
                sp.BlockMatrix([[(1 + delta**2 + y) * d], [(delta**2 + y) * eye(1)]]),
                {d.T * d: delta**2 * eye(1)},
            ),
            equal(
                "The vector (d, y) is an eigenvector if (1 + delta^2 + y) y = delta^2 + y. "
                "This equation has the roots y = (-delta^2 +- delta sqrt(delta^2 + 4))/2.",
                (1 + delta**2 + y) * y - (delta**2 + y),
                (y - share) * (y + share + delta**2),
            ),
            equal(
                "The larger eigenvalue 1 + delta^2 + y is the square of (sqrt(delta^2 + 4) + "
                "delta)/2.",
                1 + delta**2 + share,
                top,
            ),
            equal(
                "The smaller eigenvalue 1 + delta^2 + y is the square of (sqrt(delta^2 + 4) - "
                "delta)/2.",
                1 - share,
                bottom,
            ),
            equal(
                "The product of the two eigenvalues is 1, so that the eigenvalue 1 of all "
                "other directions lies between them.",
                top * bottom,
                sp.Integer(1),
            ),
            equal(
                "The condition number is the larger eigenvalue over the smaller one, which "
                "is the square of the larger one as their product is 1.",
                top / bottom,
                form(delta**2)["condition"],
            ),
            equal(
                "The best rate is 2 over the sum of the largest and the smallest eigenvalue "
                "(quadratic.optimal_rate).",
                _best_between(top, bottom)["rate"],
                form(delta**2)["rate"],
            ),
            equal(
                "The contraction is the difference of the largest and the smallest "
                "eigenvalue over their sum (quadratic.optimal_rate).",
                _best_between(top, bottom)["contraction"],
                form(delta**2)["contraction"],
            ),
        ),
        twins={
            "as with the present mean": {"condition": 1, "rate": 1, "contraction": 0},
            "as without a bias, 1 + delta^2": {**form(gap), "condition": 1 + gap},
            "the larger eigenvalue alone": {
                **form(gap),
                "condition": sp.sqrt(form(gap)["condition"]),
            },
        },
        chain=chain(
            outputs={
                "condition": (
                    values(top / bottom),
                    by_step(
                        "The condition number is the larger eigenvalue over the smaller one.", 9
                    ),
                ),
                "rate": best(the_best),
                "contraction": best(the_least),
            },
            letters={delta: distance},
            covers=(displaced(Sigma, s.L, mu, mu0),),
        ),
    )


def _best_between(large: sp.Expr, small: sp.Expr) -> dict[str, sp.Expr]:
    """The best fixed rate between two extreme eigenvalues and what it shrinks by."""
    return {"rate": 2 / (large + small), "contraction": (large - small) / (large + small)}
