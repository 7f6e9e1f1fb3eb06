"""Softmax regression: the spectrum that a mean of the inputs makes."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, log_sum_exp
from theory.functions.constants import eye
from theory.functions.eigenvalues import eigenvalues
from theory.functions.heads import hess
from theory.functions.heads_of_chance import means
from theory.functions.homogeneous import at_place
from theory.functions.matrices import ascending, kron, stack, vec
from theory.kronecker.conditioning import IDENTITY, WHITE, second_moment
from theory.kronecker.letters import (
    BESIDE,
    LENGTH,
    NU_MATRIX,
    ORTHOGONAL,
    SOURCE,
    WAY,
    M,
    N,
    mu,
    ones,
    square,
    t,
    w,
    x,
)
from theory.kronecker.outliers import CLASSES, PROBABILITIES, UNEVEN, UNIFORM, one, other
from theory.kronecker.products import products_of_eigenvectors
from theory.laws import Entries
from theory.proofs.factors import beside_ones, polar
from theory.proofs.rules import use
from theory.proofs.rules.eigenvalues import eigenbasis
from theory.proofs.rules.mean_matrices import mean_of_a_product
from theory.proofs.rules.stacked import stacked_hessian_at
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative


@claim(
    "identity",
    (s.mu, CLASSES),
    (cite(SOURCE, "ICS Conditioning Hypothesis"), cite("page2019", "such an overall shift")),
    (WHITE, "no bias", "softmax regression on M classes at zero weights"),
)
def softmax_regression() -> Derivation:
    """At zero weights, where all M classes are equally probable, the Hessian of softmax regression
    on N inputs of covariance I and mean mu has the eigenvalue (1 + |mu|^2)/M with multiplicity M -
    1, 1/M with multiplicity (N - 1)(M - 1), and 0 with multiplicity N."""
    matrix = IDENTITY + mu * mu.T
    logits = sp.symbols("z_1 z_2", real=True)
    loss = sp.log(sum(sp.exp(z) for z in logits) + sp.Symbol("rest", positive=True))
    chance = [sp.exp(z - loss) for z in logits]
    weights, label = sp.MatrixSymbol("W", M, N), sp.MatrixSymbol("t", M, 1)
    outputs = weights * x
    of_example = log_sum_exp(outputs) - inner(label, outputs)
    hessian = at_place(hess(of_example, vec(weights)), weights, sp.ZeroMatrix(M, N))
    curved = (eye(M) - ones(M) * ones(M).T / M) / M
    of_one = means(kron(x * x.T, curved))
    return Derivation(
        definition=eigenvalues(means(hessian)),
        closed_form=ascending(
            stack(
                kron(NU_MATRIX, ones(M - 1)) / M, ones((N - 1) * (M - 1)) / M, sp.ZeroMatrix(N, 1)
            ),
        ),
        steps=(
            equal(
                "The loss log(sum_i exp z_i) - z_label has in one output z_i the second "
                "derivative phi_i - phi_i^2, with phi_i = exp(z_i)/sum_j exp(z_j).",
                derivative(loss, logits[0], 2),
                chance[0] - chance[0] ** 2,
            ),
            equal(
                "In two different outputs of z = W x the second derivative is -phi_i phi_j, "
                "whatever the label. So S = diag(phi) - phi phi'.",
                derivative(derivative(loss, logits[0]), logits[1]),
                -chance[0] * chance[1],
            ),
            second_moment(IDENTITY),
            equal(
                "At zero weights all phi_i are 1/M, so S is I/M - 11'/M^2 for every "
                "example. S takes h + r 1 where it takes h, so it is 0 along 1.",
                UNIFORM * (other + t * one),
                UNIFORM * other,
                PROBABILITIES,
            ),
            equal(
                "Every direction h orthogonal to 1 has the eigenvalue 1/M, in M - 1 dimensions.",
                UNIFORM * other,
                other / M,
                {one.T * other: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "The matrix A has the eigenvalue 1 + |mu|^2 once, along mu.",
                matrix * mu,
                (1 + square) * mu,
                LENGTH,
            ),
            equal(
                "Every direction w orthogonal to mu has the eigenvalue 1 of A.",
                matrix * w,
                w,
                ORTHOGONAL,
            ),
            *products_of_eigenvectors(),
        ),
        twins={
            "multiplicity M": ascending(
                stack(
                    kron(NU_MATRIX, ones(M)) / M,
                    ones((N - 1) * (M - 1)) / M,
                    sp.ZeroMatrix(N - 1, 1),
                )
            ),
            "the probabilities left out": ascending(
                stack(kron(NU_MATRIX, ones(M - 1)), ones((N - 1) * (M - 1)), sp.ZeroMatrix(N, 1))
            ),
        },
        chain=chain(
            because(
                "At W = 0 the second derivative of an example's loss along H is x'H'(I/M - "
                "11'/M^2)Hx, whatever its label.",
                use.inside(by=stacked_hessian_at(), old=hessian, new=kron(x * x.T, curved)),
                eigenvalues(of_one),
            ),
            because(
                "The mean of xx' is I + mu mu'.",
                use.inside(by=mean_of_a_product(), old=of_one, new=kron(matrix, curved)),
                eigenvalues(kron(matrix, curved)),
            ),
            because(
                "The vector mu/|mu| and N - 1 columns orthogonal to mu are a basis, and so "
                "are 1/sqrt M and M - 1 columns orthogonal to 1. The products of both bases "
                "are eigenvectors with these eigenvalues.",
                eigenbasis(
                    columns=sp.BlockMatrix(
                        [
                            [
                                kron(WAY, UNEVEN),
                                kron(BESIDE, UNEVEN),
                                kron(eye(N), ones(M) / sp.sqrt(M)),
                            ]
                        ]
                    ),
                    values=stack(
                        kron(NU_MATRIX, ones(M - 1)) / M,
                        ones((N - 1) * (M - 1)) / M,
                        sp.ZeroMatrix(N, 1),
                    ),
                ),
            ),
            covers=(polar(mu), beside_ones(M)),
            laws={x: Entries(mu, IDENTITY, eye(1), gaussian=False)},
        ),
    )
