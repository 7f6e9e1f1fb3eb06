"""Which of the matrices is quasi-diagonal: RR', not its inverse."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.covariances import nonzeros
from theory.preconditioning.letters import SOURCE, N, mu, preconditioner, second_moments
from theory.proofs import factors
from theory.proofs.rules.counts import count_of_nonzeros
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import entry, value_at


@claim(
    "identity",
    (s.mu,),
    (cite(SOURCE, "'almost' diagonal"), cite("ollivier2015")),
    ("uncorrelated inputs: Sigma is diagonal",),
)
def quasi_diagonal() -> Derivation:
    """With uncorrelated inputs the preconditioner RR' is quasi-diagonal, a diagonal with a row and
    a column for the bias: it has N + 2z + 1 numbers per unit that are not zero, 3N + 1 at most,
    where z inputs have a mean. The inverse, which is printed as the quasi-diagonal one, holds mu
    mu' and has N + 1 + z(z + 1) such numbers, all (N + 1)^2 if every input has a mean. With
    correlated inputs neither is sparse: the upper left block of RR' is Sigma^-1, diagonal only if
    Sigma is diagonal."""
    i, later = sp.symbols("i later", integer=True, nonnegative=True)
    j, z = i + 1 + later, sp.Symbol("z", integer=True, nonnegative=True)
    size = j + 1 + later  # any, larger than i and j
    variances, inverses, means = (sp.MatrixSymbol(name, size, 1) for name in ("v", "v^-1", "mu"))
    reciprocal = {inverses[at, 0]: 1 / variances[at, 0] for at in (i, j)}
    Sigma, one_over = sp.DiagMatrix(variances), sp.DiagMatrix(inverses)
    row = sp.Symbol("row", integer=True)
    unit = eye(1)

    def counts(with_mean: sp.Expr) -> dict[str, sp.Expr]:
        return {
            "preconditioner": N + 2 * with_mean + 1,
            "inverse": N + 1 + with_mean * (with_mean + 1),
        }

    closed, diagonal = counts(nonzeros(mu)), sp.DiagMatrix(sp.MatrixSymbol("v", N, 1))
    swapped = dict(zip(closed, reversed(list(closed.values())), strict=True))
    return Derivation(
        definition={
            "preconditioner": nonzeros(preconditioner(diagonal.I, units=unit)),
            "inverse": nonzeros(second_moments(diagonal, units=unit)),
        },
        closed_form=closed,
        steps=(
            equal(
                "Diagonal matrices have diagonal inverses: on its diagonal the product of "
                "Sigma and these inverses has 1.",
                value_at(entry(one_over * Sigma, i, i), reciprocal),
                sp.Integer(1),
            ),
            equal(
                "Off its diagonal this product has 0.", entry(one_over * Sigma, i, j), sp.Integer(0)
            ),
            equal(
                "So Sigma^-1 is diagonal exactly if Sigma is diagonal. The entries of "
                "Sigma^-1 mu are mu_i/v_i, zero exactly where mu_i is zero.",
                value_at(entry(one_over * means, i, 0), reciprocal),
                means[i, 0] / variances[i, 0],
            ),
            equal(
                "So RR' has N numbers on the diagonal of its first block, z in the column and in "
                "the row for the bias, and the last, which is at least 1.",
                sp.Sum(1, (row, 1, N)) + sp.Sum(2, (row, 1, z)) + 1,
                counts(z)["preconditioner"],
            ),
            equal(
                "Off the diagonal Sigma + mu mu' has the entries mu_i mu_j.",
                entry(Sigma + means * means.T, i, j),
                means[i, 0] * means[j, 0],
            ),
            equal(
                "There are z(z - 1) such pairs that are not zero, and N numbers on the diagonal.",
                z * (z - 1) + N + 2 * z + 1,
                counts(z)["inverse"],
            ),
        ),
        twins={
            "printed: [RR']^-1 is the almost diagonal one": swapped,
            "3N + 1, whatever the means": {**closed, "preconditioner": 3 * N + 1},
            "(N + 1)^2, whatever the means": {**closed, "inverse": (N + 1) ** 2},
        },
        chain=chain(
            outputs={
                "preconditioner": (
                    because(
                        "Sigma^-1 has N numbers, Sigma^-1 mu as many as mu in a column and in a "
                        "row, and the corner is at least 1.",
                        count_of_nonzeros(),
                    ),
                ),
                "inverse": (
                    because(
                        "Sigma + mu mu' has N numbers on the diagonal and z(z - 1) beside it.",
                        count_of_nonzeros(),
                    ),
                ),
            },
            covers=(factors.variances(diagonal.args[0], s.L.within(kind="diagonal")),),
        ),
    )
