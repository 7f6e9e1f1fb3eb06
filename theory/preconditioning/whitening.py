"""Which factor of the covariance, and what only the variances, as in batch norm, leave."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.covariances import correlation, diagonal_part
from theory.functions.eigenvalues import largest, smallest
from theory.functions.heads import hess
from theory.functions.stated import condition
from theory.preconditioning.letters import (
    COVARIANCE,
    FROM_STANDARD,
    MEAN,
    RAYLEIGH,
    SOURCE,
    TO_STANDARD,
    L,
    N,
    Sigma,
    X,
    evaluated,
    inverse,
    mu,
    preconditioner,
    second_moments,
    squared_loss,
    stacked,
)
from theory.proofs.blocks import equal_blocks
from theory.proofs.correlated import (
    axis,
    deviations_and_correlations,
)
from theory.proofs.factors import sample_of
from theory.proofs.rules import eigenvalues, inverses, use
from theory.proofs.rules.stacked import stacked_hessian
from theory.proofs.tactics import cited, equal
from theory.proofs.unevaluated import entry, value_at

turn = s.turn.symbol
OWN = "squared loss of a layer with biases, the sample's own statistics"


@claim(
    "identity",
    (s.mu, s.L, s.turn, s.n),
    (cite(SOURCE, "Sigma^(1/2)"), cite("desjardins2015")),
)
def any_factor() -> Derivation:
    """Any factor L of the covariance, LL' = Sigma, gives the same preconditioner RR', so the same
    steps: Sigma^(1/2), Cholesky's factor, the eigenvectors times the roots of the eigenvalues. Here
    the source's R maps standardised parameters to the layer's own. The factors of one matrix are L
    times a rotation or reflection."""
    other = sp.MatrixSymbol("L_2", N, N)
    closed = preconditioner((L * L.T).I)
    turned, other_way = (each.subs(L, L * turn) for each in (FROM_STANDARD, TO_STANDARD))
    orthogonal = {turn.T * turn: eye(N), turn * turn.T: eye(N), turn.I: turn.T, turn.T.I: turn}
    return Derivation(
        definition=sp.MatMul(sp.Inverse(other_way), sp.Transpose(sp.Inverse(other_way))),
        closed_form=closed,
        steps=(
            equal(
                'With a rotation or reflection "turn", turn turn\' = I, the product L turn '
                "is another factor of LL'.",
                (L * turn) * (L * turn).T,
                L * L.T,
                orthogonal,
            ),
            equal(
                "Every factor L_2 is such a product: where L_2 L_2' = LL', L^-1 L_2 times "
                "its transpose is I, so L^-1 L_2 is orthogonal.",
                (L.I * other) * (L.I * other).T,
                eye(N),
                {other * other.T: L * L.T, **inverse(L)},
            ),
            equal_blocks(
                "Put L turn in place of L in RR', and multiply out. The rotation drops out, "
                "since turn turn' = I.",
                turned * turned.T,
                closed,
                {**orthogonal, **inverse(L)},
            ),
        ),
        twins={
            "a factor from the other side, L'L": preconditioner((L.T * L).I),
            "turned with the factor": preconditioner(turn.T * (L * L.T).I * turn),
            "R itself": FROM_STANDARD,
        },
        chain=chain(
            because(
                "R is the inverse of R^-1, the map to the standardised coordinates.",
                inverses.written_out(matrix=other_way, is_=turned),
                sp.MatMul(turned, turned.T),
            ),
            calculated("Multiply out. The rotation drops out, since turn turn' is I."),
        ),
    )


@claim(
    "identity",
    (s.Sigma,),
    (cite(SOURCE, "normalizes every unit"), cite(SOURCE, "quasi-diagonal")),
    (OWN,),
)
def variances_only() -> Derivation:
    """Inputs that are standardised unit by unit, by means and variances alone, as batch norm or a
    quasi-diagonal step does, keep their correlations. So the condition number of the Hessian is
    lambda_max/lambda_min, the largest over the smallest eigenvalue of the correlation matrix, and
    it is 1 only for uncorrelated inputs."""
    C = correlation(Sigma)
    i, others = sp.symbols("i others", integer=True, nonnegative=True)
    size = i + others + 1
    scales, matrix = sp.MatrixSymbol("t", size, 1), sp.MatrixSymbol("Sigma", size, size)
    stretched = sp.DiagMatrix(scales) * matrix * sp.DiagMatrix(scales)
    shifted = sp.BlockMatrix([[L.T.I, sp.ZeroMatrix(N, 1)], [-mu.T * L.T.I, eye(1)]])
    back = sp.BlockMatrix([[L.T, sp.ZeroMatrix(N, 1)], [mu.T, eye(1)]])
    moments = second_moments(Sigma, units=eye(1))
    inside = shifted.T * moments * shifted
    weights, bias = sp.MatrixSymbol("w", 1, N), sp.MatrixSymbol("b", 1, 1)
    hessian = hess(squared_loss(weights, bias), stacked(weights, bias))
    of_sample = evaluated(second_moments(COVARIANCE, MEAN, eye(1)))
    scaled = preconditioner(diagonal_part(Sigma).I, units=eye(1))
    return Derivation(
        definition=condition(sp.MatMul(scaled, hessian)),
        closed_form=largest(C) / smallest(C),
        steps=(
            equal_blocks(
                "With L the diagonal matrix of standard deviations the Hessian of a unit "
                "becomes the Hessian for inputs of mean 0 and covariance C = L^-1 Sigma "
                "L'^-1. The bias is apart, with the eigenvalue 1.",
                shifted.T * sp.BlockMatrix([[Sigma + mu * mu.T, mu], [mu.T, eye(1)]]) * shifted,
                sp.BlockMatrix(
                    [
                        [L.I * Sigma * L.T.I, sp.ZeroMatrix(N, 1)],
                        [sp.ZeroMatrix(1, N), eye(1)],
                    ]
                ),
            ),
            equal(
                "The matrix C has ones on its diagonal: t_i^2 Sigma_ii = 1 for t_i = "
                "Sigma_ii^(-1/2).",
                value_at(entry(stretched, i, i), {scales[i, 0]: 1 / sp.sqrt(matrix[i, i])}),
                sp.Integer(1),
            ),
            cited(
                "So e_i'C e_i = 1 lies between the extreme eigenvalues of C, and the "
                "eigenvalue 1 of the bias changes neither of the two",
                RAYLEIGH,
            ),
        ),
        twins={
            "1, as after whitening": sp.Integer(1),
            "as before, of Sigma": largest(Sigma) / smallest(Sigma),
            "the square root": sp.sqrt(largest(C) / smallest(C)),
        },
        chain=chain(
            because(
                "Along every move of the weights and the bias of a unit, the second "
                "derivative of the loss is the quadratic form of Abar.",
                use.inside(by=stacked_hessian(), old=hessian, new=of_sample),
                condition(sp.MatMul(scaled, of_sample)),
            ),
            because(
                "RR'H has the eigenvalues of R'HR, the Hessian in the standardised coordinates.",
                eigenvalues.condition_of_similar(change=shifted, back=back),
                largest(inside) / smallest(inside),
            ),
            because(
                "R'HR is the correlation matrix C, with 1 for the bias beside it. C has "
                "ones on its diagonal, so 1 lies between its extreme eigenvalues.",
                eigenvalues.number_beside(block=C, at=axis(Sigma)),
            ),
            covers=(
                deviations_and_correlations(Sigma, s.L.within(kind="diagonal")),
                sample_of(X, mu, Sigma, OWN),
            ),
        ),
    )
