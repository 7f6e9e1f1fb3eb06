"""What preconditioning leaves of the condition number, with the right mean."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import smallest, smallest_positive
from theory.functions.heads import hess
from theory.preconditioning.letters import (
    CENTRED,
    COUNT,
    COVARIANCE,
    MEAN,
    SOURCE,
    UNIT,
    L,
    N,
    Wl,
    X,
    bl,
    evaluated,
    from_standard,
    inverse,
    mu,
    n,
    one,
    p,
    second_moments,
    squared_loss,
    stacked,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.factors import whitened
from theory.proofs.rules import parts
from theory.proofs.tactics import equal

AROUND_MEAN = s.X.symbol * (eye(p) - ones(p, 1) * ones(1, p) / p) * s.X.symbol.T / p
VARIED = Condition(
    "the sample covariance has full rank", smallest_positive(AROUND_MEAN) <= smallest(AROUND_MEAN)
)


@claim(
    "identity",
    (s.X, s.n),
    (cite(SOURCE, "Updates in this coordinate system are immune to ICS"), cite("desjardins2015")),
    (VARIED, "squared loss, averaged over the examples"),
)
def standardised_hessian() -> Derivation:
    """With the mean and the covariance of the sample the Hessian of a layer's squared loss in the
    standardised coordinates is exactly the identity: R'HR = I, with H the Hessian in theta = R
    theta~ (the source's R). So the condition number is 1, and one step at rate 1 ends at the
    minimum."""
    size = (N + 1) * n
    standard, change, right = sp.MatMul(L.I, CENTRED), from_standard(MEAN), from_standard(mu)
    corner, loss = sp.ZeroMatrix(N * n, n), squared_loss(Wl, bl)
    return Derivation(
        definition=evaluated(change.T) * hess(loss, stacked(Wl, bl)) * evaluated(change),
        closed_form=eye(size),
        steps=(
            equal(
                "The standardised inputs have mean zero.",
                standard * one / p,
                sp.ZeroMatrix(N, 1),
                COUNT,
            ),
            equal(
                "The standardised inputs have the covariance I, where LL' is the covariance "
                "of the sample.",
                L.I * (sp.MatMul(CENTRED, CENTRED.T) / p) * L.T.I,
                eye(N),
                {X * X.T: p * (L * L.T + MEAN * MEAN.T), **COUNT, **inverse(L)},
            ),
            equal_blocks(
                "With H = Abar (x) I and Abar in blocks of LL' and mu, the product R'HR is "
                "I, block by block.",
                right.T * second_moments(L * L.T) * right,
                UNIT,
                inverse(L),
            ),
        ),
        twins={
            "without any change": evaluated(second_moments(COVARIANCE, MEAN)),
            "centred, the covariance left": evaluated(second_moments(COVARIANCE, 0 * mu)),
            "L of the unbiased covariance, over p - 1": sp.BlockMatrix(
                [[(p - 1) / p * eye(N * n), corner], [corner.T, eye(n)]]
            ),
        },
        chain=chain(
            because(
                "H is the Hessian of preconditioning.layer_hessian.",
                parts.claimed(claim="preconditioning.layer_hessian"),
                evaluated(change.T * second_moments(COVARIANCE, MEAN) * change),
            ),
            calculated(
                "The sample covariance is LL'.",
                evaluated(change.T * second_moments(L * L.T, MEAN) * change),
            ),
            by_step("R'HR is I, block by block.", 3, where={mu: evaluated(MEAN)}),
            covers=(whitened(X, s.L, VARIED.relation),),
        ),
    )
