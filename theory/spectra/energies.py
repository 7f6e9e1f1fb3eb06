"""Where the loss and the gradient have their energy: the outlier's share."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E
from theory.laws import Entries
from theory.proofs.rules import chance
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import value_at
from theory.spectra.letters import (
    ANYWHERE,
    DATA_LAW,
    MANY,
    MEAN_R,
    POPULATION,
    SOURCE,
    TWO_OR_MORE,
    UNCORRELATED,
    N,
    R,
    j,
    m,
    start,
    v,
    y,
)
from theory.spectra.shared_steps import mean_and_rest, of_population, population_steps


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite("ghorbani2019"), cite(SOURCE, "almost 50% of L1 energy")),
    (UNCORRELATED, MANY),
)
def energy_l1() -> Derivation:
    """The outlier's share of the sum of all eigenvalues, the L1 energy of the Hessian, is (N m^2 +
    v)/(N (m^2 + v)). For large N the share tends to m^2/(m^2 + v), which is one half where m^2 =
    v."""
    return Derivation(
        definition=largest(MEAN_R) / sp.Trace(MEAN_R),
        closed_form=(N * m**2 + v) / (N * (m**2 + v)),
        steps=(
            *population_steps(),
            equal(
                "The sum of all eigenvalues is N m^2 + v and N - 1 times v, together N (m^2 + v).",
                N * m**2 + v + (N - 1) * v,
                N * (m**2 + v),
            ),
            equal(
                "For large N the share tends to m^2/(m^2 + v).",
                sp.Limit((N * m**2 + v) / (N * (m**2 + v)), N, sp.oo),
                m**2 / (m**2 + v),
            ),
            equal(
                "This share is one half where m^2 = v.",
                value_at(m**2 / (m**2 + v), {v: m**2}),
                sp.Rational(1, 2),
            ),
        ),
        twins={
            "its limit m^2/(m^2 + v)": m**2 / (m**2 + v),
            "one of N": 1 / N,
        },
        chain=chain(
            of_population(largest(POPULATION) / sp.Trace(POPULATION)),
            mean_and_rest(),
            laws=DATA_LAW,
        ),
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite("ghorbani2019", "figure 11"), cite(SOURCE, "almost all of the gradient energy")),
    (
        UNCORRELATED,
        MANY,
        ANYWHERE,
    ),
)
def energy_gradient() -> Derivation:
    """The share of the gradient's expected squared length that lies along the outlier's eigenvector
    (1, ..., 1) is (N m^2 + v)^2/((N m^2 + v)^2 + (N - 1) v^2). This share is 1 - O(1/N)."""
    out = N * m**2 + v
    share = out**2 / (out**2 + (N - 1) * v**2)
    d, unit = sp.MatrixSymbol("d", N, 1), sp.Identity(N)
    along = sp.OneMatrix(N, 1) / sp.sqrt(N)

    def of_outlier(matrix: sp.MatrixExpr) -> sp.Expr:
        gradient = matrix * d
        return E(inner(along, gradient) ** 2) / E(inner(gradient, gradient))

    return Derivation(
        definition=of_outlier(MEAN_R),
        closed_form=share,
        steps=(
            *population_steps(),
            equal(
                "The gradient is R d, and on average dd' is start^2 I/N. So the mean "
                "squared gradient along an eigenvector is its squared eigenvalue times "
                "start^2/N.",
                R * d * d.T * R,
                start**2 / N * R * R,
                {d * d.T: start**2 / N * sp.Identity(N)},
            ),
            equal(
                "The sum of the squared eigenvalues, the trace of R^2, consists of the "
                "square of the outlier N m^2 + v and N - 1 times v^2.",
                sp.Sum(v**2, (j, 1, N - 1)) + out**2,
                out**2 + (N - 1) * v**2,
            ),
            equal(
                "The share along the other eigenvectors is of order 1/N: N times this share "
                "tends to v^2/m^4. The letter y stands for m.",
                sp.Limit(value_at(N * (1 - share), {m: y}), N, sp.oo),
                v**2 / y**4,
            ),
        ),
        twins={
            "the share of the L1 energy": out / (N * (m**2 + v)),
            "eigenvalues not squared": out / (out + (N - 1) * v**2),
        },
        chain=chain(
            of_population(of_outlier(POPULATION)),
            because("On average dd' is start^2 I/N.", chance.expectation()),
            laws=DATA_LAW | {d: Entries(0 * d, start**2 / N * unit, sp.Identity(1), False)},
        ),
    )
