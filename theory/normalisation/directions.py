"""The directions of a batch: what the Jacobian of batch norm passes on of each."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.stated import jacobian as jacobian_of
from theory.functions.stated import rank
from theory.normalisation.jacobian import PASSED_IN_LETTERS, derivative_along, jacobian_matrix
from theory.normalisation.letters import (
    DIVISOR,
    NOUGHT,
    NUMBER,
    ONES,
    OUTPUT,
    OXFORD,
    PROJECTOR,
    STANDARD,
    STANDARDISED,
    VARIANCE,
    B,
    divisor,
    eps,
    one,
    sigma,
    y,
    yhat,
)
from theory.proofs.rules import columns, use
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import projectors
from theory.proofs.unevaluated import value_at


@claim("identity", (s.y,), (cite(OXFORD, "section 2.1, eq. (1)"),), ("eps = 0",))
def jacobian_rank() -> Derivation:
    """The Jacobian of batch norm is Pi/sigma, with the standard deviation sigma of y and a
    projector Pi of rank B - 2, whose null space is spanned by BN(y) and the vector 1 of ones. Two
    of the B directions of a batch pass nothing on. For a batch of two the gradient is zero."""
    derivatives, matrix = jacobian_of(STANDARDISED, y), jacobian_matrix(sp.S.Zero)
    projector = sp.sqrt(VARIANCE) * matrix
    return Derivation(
        definition=rank(derivatives),
        closed_form=B - 2,
        steps=(
            equal(
                "The matrix Pi = I - 11'/B - yhat yhat'/B is its own square.",
                PROJECTOR * PROJECTOR,
                PROJECTOR,
                STANDARD,
            ),
            equal(
                "The matrix Pi is symmetric: it is its own transpose.",
                sp.Transpose(PROJECTOR),
                PROJECTOR,
            ),
            equal(
                "The matrix Pi takes the vector 1 to zero.",
                PROJECTOR * one,
                sp.ZeroMatrix(B, 1),
                STANDARD,
            ),
            equal(
                "The matrix Pi takes the vector yhat to zero.",
                PROJECTOR * yhat,
                sp.ZeroMatrix(B, 1),
                STANDARD,
            ),
            cited(
                "The rank of a projector is its trace.",
                cite("hornjohnson2013", "idempotent matrices"),
            ),
            equal(
                "The trace of I is B, the trace of 11'/B is 1'1/B, and the trace of yhat yhat'/B "
                "is yhat'yhat/B.",
                B * NUMBER - one.T * one / B - yhat.T * yhat / B,
                (B - 2) * NUMBER,
                STANDARD,
            ),
        ),
        twins={
            "centring alone": B - 1,
            "full rank": B,
            "a third direction lost": B - 3,
        },
        chain=chain(
            because(
                "The derivatives of BN(y) form the matrix of normalisation.jacobian.",
                use.inside(by=columns.jacobian(), old=derivatives, new=matrix),
                rank(matrix),
            ),
            because(
                "The matrix Pi, sigma times the Jacobian, is a projector, so its rank is "
                "its trace.",
                projectors.rank_of_a_projector(projector, 1 / sp.sqrt(VARIANCE)),
                sp.Trace(projector),
            ),
            calculated(
                "The trace of I is B, the trace of 11'/B is 1'1/B = 1, and the trace of yhat "
                "yhat'/B is yhat'yhat/B = 1."
            ),
        ),
    )


@claim(
    "identity",
    (s.y, s.eps),
    (cite(OXFORD, "section 2.1, eq. (1)"),),
    (Condition("a batch has three examples or more", B >= 3),),
)
def jacobian_eigenvalues() -> Derivation:
    """The Jacobian of batch norm multiplies the vector 1 of ones by 0, the deviations of y from the
    mean by eps/s^3, and every vector orthogonal to both by 1/s, where s^2 = variance + eps."""
    w = sp.MatrixSymbol("w", B, 1)
    added = sp.Symbol("eps", nonnegative=True)
    derivatives, whole = jacobian_of(OUTPUT, y), jacobian_matrix()
    squared = VARIANCE + eps

    def known(value: sp.Expr) -> Link:
        """From the derivatives to their closed form."""
        return because(
            "The derivatives of BN(y) form the matrix of normalisation.jacobian.",
            use.inside(by=columns.jacobian(), old=derivatives, new=whole),
            value.xreplace({derivatives: whole}),
        )

    across = largest(derivatives)
    along = inner(STANDARDISED, derivatives * STANDARDISED) / B
    of_ones = inner(ONES, derivatives * ONES) / B
    return Derivation(
        definition={
            "across": across,
            "along": along,
            "mean": of_ones,
        },
        closed_form={
            "across": 1 / DIVISOR,
            "along": eps / squared ** sp.Rational(3, 2),
            "mean": sp.Integer(0),
        },
        steps=(
            *derivative_along(),
            equal(
                "The Jacobian, here without its factor 1/s, takes the vector 1 to zero.",
                PASSED_IN_LETTERS * one,
                sp.ZeroMatrix(B, 1),
                STANDARD,
            ),
            equal(
                "The Jacobian without its factor 1/s multiplies yhat by 1 - sigma^2/s^2.",
                PASSED_IN_LETTERS * yhat,
                (1 - sigma**2 / divisor**2) * yhat,
                STANDARD,
            ),
            equal(
                "The factor 1 - sigma^2/s^2, over s, is eps/s^3: the eigenvalue along the "
                "deviations.",
                value_at(
                    (1 - sigma**2 / divisor**2) / divisor, {divisor: sp.sqrt(sigma**2 + added)}
                ),
                added / (sigma**2 + added) ** sp.Rational(3, 2),
            ),
            equal(
                "A vector w orthogonal to 1 and yhat stays as it is, so its eigenvalue is 1/s.",
                PASSED_IN_LETTERS * w,
                w,
                {one.T * w: NOUGHT, yhat.T * w: NOUGHT},
            ),
            equal(
                "The eigenvalue 1/s is the largest, since eps/s^3 is smaller by sigma^2/s^3.",
                1 / divisor - value_at(added / divisor**3, {added: divisor**2 - sigma**2}),
                sigma**2 / divisor**3,
            ),
        ),
        twins={
            "a projector over s whatever eps": {
                "across": 1 / DIVISOR,
                "along": sp.Integer(0),
                "mean": sp.Integer(0),
            },
            "eps left out": {
                "across": 1 / sp.sqrt(VARIANCE),
                "along": sp.Integer(0),
                "mean": sp.Integer(0),
            },
            "a frozen variance": {
                "across": 1 / DIVISOR,
                "along": 1 / DIVISOR,
                "mean": sp.Integer(0),
            },
        },
        chain=chain(
            outputs={
                "across": (
                    known(across),
                    because(
                        "The matrix multiplies vectors orthogonal to 1 and BN(y) by 1/s, "
                        "and no vector by more.",
                        columns.largest_eigenvalue(orthogonal=(ONES, STANDARDISED)),
                    ),
                ),
                "along": (
                    known(along),
                    calculated(
                        "The centring I - 11'/B keeps yhat, and BN(y)BN(y)'/B takes the "
                        "share variance/s^2 of yhat away.",
                        (1 - VARIANCE / squared) / DIVISOR,
                    ),
                    calculated("1 - variance/s^2 is eps/s^2."),
                ),
                "mean": (
                    known(of_ones),
                    calculated("The Jacobian takes the vector 1 to zero."),
                ),
            }
        ),
    )
