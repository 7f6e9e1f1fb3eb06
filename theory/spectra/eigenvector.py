"""The eigenvector of the outlier: its share along the mean."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.heads_of_chance import E, Var
from theory.functions.large import top
from theory.laws import independent_entries
from theory.proofs.rules import chance, large
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.random_matrices import spiked_eigenvector
from theory.proofs.unevaluated import value_at
from theory.spectra.letters import (
    BIASED,
    COUNT,
    DATA_R,
    LARGE_PUSHED,
    SOURCE,
    N,
    X,
    alpha,
    limit,
    m,
    normal,
    one,
    p,
    pushed,
    second_moments,
    spike,
    spiked,
    tau,
    v,
    z,
)
from theory.spectra.shared_steps import bound_state


def mean_over_normal(function: sp.Expr) -> sp.Integral:
    """The mean of ``function`` of z over a standard normal z."""
    weight = sp.exp(-(normal**2) / 2) / sp.sqrt(2 * sp.pi)
    return sp.Integral(function * weight, (normal, -sp.oo, sp.oo))


@claim(
    "identity",
    (s.N, s.p, s.m, s.v),
    (cite(SOURCE, "R*U_N = (Nm^2+v)*U_N"), cite("lecun1991")),
    ("independent Gaussian inputs (for the mean: any law)",),
)
def outlier_rayleigh() -> Derivation:
    """Along u = (1, ..., 1)/sqrt N the curvature u'Ru, with R the inputs' second-moment matrix, has
    mean N m^2 + v at every number p of examples. For Gaussian inputs its variance is (4 N m^2 v + 2
    v^2)/p, since p u'Ru/v is non-central chi^2 with p degrees of freedom and non-centrality p N
    m^2/v."""
    along = sp.OneMatrix(N, 1) / sp.sqrt(N)
    curvature = inner(along, DATA_R * along)
    square = (sp.sqrt(N) * m + sp.sqrt(v) * normal) ** 2
    return Derivation(
        definition={
            "mean": E(curvature),
            "variance": Var(curvature),
        },
        closed_form={
            "mean": N * m**2 + v,
            "variance": (4 * N * m**2 * v + 2 * v**2) / p,
        },
        steps=(
            equal(
                "For any law the mean of R is v I + m^2 11' (spectra.population). With u = "
                "1/sqrt N the mean of u'Ru is N m^2 + v.",
                one.T * (v * sp.Identity(N) + m**2 * one * one.T) * one / N,
                (N * m**2 + v) * sp.Identity(1),
                COUNT,
            ),
            equal(
                "For Gaussian inputs u'Ru is the mean of p independent squares y^2 with y = "
                "sqrt(N) m + sqrt(v) z, z standard normal. The integral is the mean of y^2.",
                mean_over_normal(square),
                N * m**2 + v,
            ),
            equal(
                "The variance of y^2 is its mean square less the square of its mean. "
                "Divided by p it is the variance of u'Ru.",
                mean_over_normal(square**2) - (N * m**2 + v) ** 2,
                4 * N * m**2 * v + 2 * v**2,
            ),
        ),
        twins={
            "variance without the cross term": {
                "mean": N * m**2 + v,
                "variance": 2 * (N * m**2 + v) ** 2 / p,
            },
            "mean without v": {
                "mean": N * m**2,
                "variance": (4 * N * m**2 * v + 2 * v**2) / p,
            },
        },
        chain=chain(
            outputs={
                "mean": (because("The mean of xx' is v I + m^2 11'.", chance.expectation()),),
                "variance": (
                    because(
                        "The mean of a product of four Gaussian numbers is a sum over pairings.",
                        chance.expectation(),
                    ),
                ),
            },
            laws={X: independent_entries(N, p, v, m, gaussian=True)},
        ),
    )


@claim(
    "limit",
    (s.N, s.alpha, s.m, s.v),
    (cite("benaychgeorges2012", "theorem 2.9"),),
    (
        BIASED,
        LARGE_PUSHED,
    ),
)
def outlier_overlap() -> Derivation:
    """The top eigenvector's squared overlap with (1, ..., 1)/sqrt N is 1 - (1/alpha)(1 + tau)/(tau
    (tau + 1/alpha)) above the threshold tau = 1/sqrt alpha, with tau = N m^2/v. Below the threshold
    the overlap is zero."""
    push = N * m**2 / v
    aligned = 1 - (1 + push) / (alpha * push * (push + 1 / alpha))
    rest = (1 + tau) * z / (1 - z)
    along = spike()["u"]
    return Derivation(
        definition=limit(inner(along, top(second_moments(pushed()))) ** 2),
        closed_form=sp.Piecewise((aligned, 1 / sp.sqrt(alpha) < push), (0, True)),
        steps=(
            *bound_state(),
            equal(
                "The first entry of the vector is the part along (1, ..., 1)/sqrt N. The "
                "squares of the others are (1 + tau) z^i with z = r^2. Their sum is (1 + "
                "tau) z/(1 - z), since this number less z times itself is the first square.",
                rest - z * rest,
                (1 + tau) * z,
            ),
            equal(
                "The squared overlap is the square 1 of the first entry over 1 plus this "
                "sum, with z = 1/(alpha tau^2).",
                value_at(1 / (1 + rest), {z: 1 / (alpha * tau**2)}),
                value_at(aligned, {m: sp.sqrt(tau * v / N)}),
            ),
            equal(
                "At the threshold the overlap is zero. Below the threshold no eigenvector "
                "is bound to the first row.",
                value_at(aligned, {m: sp.sqrt(v / (N * sp.sqrt(alpha)))}),
                0,
            ),
            cited(
                "Any other law of the inputs, with the assumptions of the claim, has the "
                "same limit.",
                cite("benaychgeorges2012", "theorem 2.9"),
            ),
        ),
        twins={
            "the population's, 1": sp.Integer(1),
            "alpha upside down": 1 - alpha * (1 + push) / (push * (push + alpha)),
            "no threshold": aligned,
        },
        chain=chain(
            because(
                "R is v YY' where Y is Z/sqrt p plus a spike of rank one along the mean. R has the "
                "eigenvectors of YY'.",
                large.scaled_matrix(factor=v),
                limit(inner(along, top(spiked())) ** 2),
            ),
            because(
                "The theorem on spikes holds for the strength m sqrt(N/v).",
                spiked_eigenvector(**spike()),
            ),
        ),
    )
