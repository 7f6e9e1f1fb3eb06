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
                "Sigma = diag(v) has the inverse diag(1/v_i): on the diagonal of their "
                "product is 1.",
                value_at(entry(one_over * Sigma, i, i), reciprocal),
                sp.Integer(1),
            ),
            equal(
                "Off the diagonal of this product is 0.",
                entry(one_over * Sigma, i, j),
                sp.Integer(0),
            ),
            equal(
                "Entry i of Sigma^-1 mu is mu_i/v_i, which is zero exactly where mu_i is zero.",
                value_at(entry(one_over * means, i, 0), reciprocal),
                means[i, 0] / variances[i, 0],
            ),
            equal(
                "Count the numbers of RR' that are not zero: N on the diagonal of the first "
                "block, z in the column and z in the row for the bias, and the last number, "
                "which is at least 1.",
                sp.Sum(1, (row, 1, N)) + sp.Sum(2, (row, 1, z)) + 1,
                counts(z)["preconditioner"],
            ),
            equal(
                "Off the diagonal Sigma + mu mu' has the entries mu_i mu_j.",
                entry(Sigma + means * means.T, i, j),
                means[i, 0] * means[j, 0],
            ),
            equal(
                "Count the numbers of the inverse that are not zero: N on the diagonal of "
                "the first block, z(z - 1) off it, z in the column and z in the row for the "
                "bias, and the last number.",
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
                        "Of the numbers that are not zero, Sigma^-1 has N. The column and "
                        "the row Sigma^-1 mu each have as many as mu, and the last number "
                        "is at least 1.",
                        count_of_nonzeros(),
                    ),
                ),
                "inverse": (
                    because(
                        "Of the numbers that are not zero, Sigma + mu mu' has N on its "
                        "diagonal and z(z - 1) off it. The column and the row mu each have "
                        "z, and the last number is 1.",
                        count_of_nonzeros(),
                    ),
                ),
            },
            covers=(factors.variances(diagonal.args[0], s.L.within(kind="diagonal")),),
        ),
    )
