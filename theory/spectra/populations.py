"""Infinitely many examples: the population's eigenvalues, and what scales with the variance."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.covariances import diagonal_part
from theory.functions.eigenvalues import largest, smallest
from theory.functions.heads_of_chance import E
from theory.laws import Entries
from theory.proofs.rules import chance
from theory.proofs.tactics import equal, nonnegative
from theory.spectra.letters import (
    CENTRED,
    COUNT,
    DATA_LAW,
    DATA_R,
    MANY,
    MEAN_R,
    POPULATION,
    SOURCE,
    TWO_OR_MORE,
    UNCORRELATED,
    N,
    X,
    j,
    lam,
    m,
    one,
    p,
    v,
)
from theory.spectra.shared_steps import mean_and_rest, of_population, population_steps


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite(SOURCE, "lambda_N = N m^2 + v"), cite("lecun1991")),
    (UNCORRELATED, MANY),
)
def population() -> Derivation:
    """With infinitely many examples the inputs' second-moment matrix is R = v I + m^2 11', 1 the
    vector of ones. One eigenvalue of R is N m^2 + v, along (1, ..., 1), and N - 1 are equal to
    v. The definition asks for the largest and the smallest, and a step counts the others."""
    return Derivation(
        definition={"outlier": largest(MEAN_R), "others": smallest(MEAN_R)},
        closed_form={"outlier": N * m**2 + v, "others": v},
        steps=(*population_steps(),),
        twins={
            "the outlier without v": {"outlier": N * m**2, "others": v},
            "the diagonal m^2 + v": {"outlier": N * m**2 + v, "others": m**2 + v},
        },
        chain=chain(
            outputs={
                "outlier": (of_population(largest(POPULATION)), mean_and_rest()),
                "others": (of_population(smallest(POPULATION)), mean_and_rest()),
            },
            laws=DATA_LAW,
        ),
    )


@claim(
    "identity",
    (s.N, s.m, s.v),
    (cite(SOURCE, "trace(R)"),),
    ("inputs of mean m and variance v, any law, any covariances",),
)
def trace() -> Derivation:
    """The eigenvalues of the inputs' second-moment matrix add up to N(m^2 + v) on average, whatever
    the number of examples."""
    noise = sp.MatrixSymbol("z", N, 1)
    C, D = sp.MatrixSymbol("C", N, N), sp.MatrixSymbol("D", p, p)

    def of_variance(variance: sp.Expr, any_: sp.MatrixExpr) -> sp.MatrixExpr:
        return any_ - diagonal_part(any_) + variance * sp.Identity(any_.shape[0])

    return Derivation(
        definition=E(sp.Trace(DATA_R)),
        closed_form=N * (m**2 + v),
        steps=(
            equal(
                "The trace of xx' is x'x. For x = m 1 + z, with z of mean 0, it is on "
                "average N m^2 + z'z.",
                (m * one + noise).T * (m * one + noise),
                N * m**2 * sp.Identity(1) + noise.T * noise,
                COUNT | {one.T * noise: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "The product z'z is a sum of N squares of mean v, so the mean of x'x is N "
                "(m^2 + v). R averages over the examples, which changes no mean.",
                N * m**2 + sp.Sum(v, (j, 1, N)),
                N * (m**2 + v),
            ),
        ),
        twins={"the outlier alone": N * m**2 + v, "the mean forgotten": N * v},
        chain=chain(
            because(
                "The trace is a sum of squares of inputs. Each has the mean m^2 + v, whatever the "
                "covariances of inputs and of examples.",
                chance.expectation(),
            ),
            laws={X: Entries(m * sp.OneMatrix(N, p), of_variance(v, C), of_variance(1, D))},
        ),
    )


@claim(
    "identity",
    (s.X, s.v),
    (cite(SOURCE, "controlled by variance of input component distribution"),),
    (CENTRED,),
)
def variance_scaling() -> Derivation:
    """Without a mean the variance v only scales the spectrum: the inputs sqrt(v) X have v times the
    eigenvalues of the inputs X."""
    scaled = sp.sqrt(v) * X
    w = sp.MatrixSymbol("w", N, 1)
    return Derivation(
        definition=largest(scaled * scaled.T / p),
        closed_form=v * largest(DATA_R),
        steps=(
            equal(
                "Inputs that are multiplied by sqrt v have the second-moment matrix v R.",
                sp.MatMul(1 / p, scaled, sp.Transpose(scaled)),
                v * DATA_R,
            ),
            equal(
                "The eigenvectors stay the same: where R w = lam w, v R w is v lam w.",
                v * DATA_R * w,
                v * lam * w,
                {X * X.T * w: p * lam * w},
            ),
        ),
        twins={
            "by the standard deviation": sp.sqrt(v) * largest(DATA_R),
            "by its square": v**2 * largest(DATA_R),
        },
        chain=chain(calculated("R is multiplied by v, and so is every eigenvalue.")),
    )


@claim(
    "identity",
    (TWO_OR_MORE, s.m, s.v),
    (cite(SOURCE, "Biased inputs slow down convergence"), cite("lecun1991")),
    (UNCORRELATED, MANY),
)
def biased_condition() -> Derivation:
    """Biased inputs slow descent: their population has the condition number (N m^2 + v)/v. The
    population of centred inputs has the condition number 1."""
    return Derivation(
        definition=largest(MEAN_R) / smallest(MEAN_R),
        closed_form=(N * m**2 + v) / v,
        steps=(
            *population_steps(),
            nonnegative(
                "The condition number (N m^2 + v)/v is never less than 1, and it is 1 "
                "exactly for m = 0.",
                (N * m**2 + v) / v - 1,
            ),
        ),
        twins={
            "one input's, (m^2 + v)/v": (m**2 + v) / v,
            "N m^2/v": N * m**2 / v,
        },
        chain=chain(
            of_population(largest(POPULATION) / smallest(POPULATION)),
            mean_and_rest(),
            laws=DATA_LAW,
        ),
    )
