"""How many outliers the Hessian of softmax regression has, and where they lie."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.proofs.tactics import cited, equal
from theory.stability.letters import (
    SOURCE,
    TWO_CLASSES,
    M,
    N,
    eig,
    one,
)
from theory.stability.softmax import (
    CROSS_ENTROPY,
)


@claim(
    "identity",
    (s.mu, TWO_CLASSES),
    (cite(SOURCE, "9 or 10 outlying eigenvalues"), cite("papyan2020")),
    (
        CROSS_ENTROPY,
        "softmax regression from N inputs of mean mu and covariance I, all classes equally likely, "
        "as at weights zero",
        Condition("mu is not zero", inner(s.mu.symbol, s.mu.symbol) > 0),
    ),
)
def class_outliers() -> Derivation:
    """The Hessian of softmax regression with M equally likely classes has M - 1 outliers: it has
    the eigenvalue (1 + |mu|^2)/M exactly M - 1 times, 1/M exactly (N - 1)(M - 1) times, and N
    zeros. Here N is the number of inputs, and mu their mean vector."""
    mean, x, w = (sp.MatrixSymbol(name, N, 1) for name in ("mu", "x", "w"))
    v = sp.MatrixSymbol("v", M, 1)
    squared = sp.Symbol("|mu|^2", positive=True)
    chances_alike = sp.Identity(M) / M - one * one.T / M**2
    alike = {one.T * one: M * sp.Identity(1)}
    return Derivation(
        definition={
            "outlier": eig(sp.Symbol("E[xx'] (x) (diag(p) - pp')")),
            "outliers": sp.Function("multiplicity")(sp.Symbol("outlier")),
            "bulk": eig(sp.Symbol("E[xx'] (x) (diag(p) - pp')")),
            "zeros": sp.Function("multiplicity")(sp.Symbol("0")),
        },
        closed_form={
            "outlier": (1 + inner(s.mu.symbol, s.mu.symbol)) / M,
            "outliers": M - 1,
            "bulk": 1 / M,
            "zeros": N,
        },
        steps=(
            equal(
                "The outputs z = Wx move by Z x with the weights; on average xx' is I + mu mu'.",
                (mean + x) * (mean + x).T,
                sp.Identity(N) + mean * mean.T,
                {
                    x * x.T: sp.Identity(N),
                    mean * x.T: sp.ZeroMatrix(N, N),
                    x * mean.T: sp.ZeroMatrix(N, N),
                },
            ),
            cited(
                "So the Hessian is the Kronecker product of E[xx'] and diag(p) - pp', whose "
                "eigenvalues are the products",
                cite("hornjohnson1991", "theorem 4.2.12"),
            ),
            equal(
                "of 1 + |mu|^2, once, along mu ...",
                (sp.Identity(N) + mean * mean.T) * mean,
                (1 + squared) * mean,
                {mean.T * mean: squared * sp.Identity(1)},
            ),
            equal(
                "... and 1, N - 1 times, across it,",
                (sp.Identity(N) + mean * mean.T) * w,
                w,
                {mean.T * w: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "with 1/M, M - 1 times, for v without a mean ...",
                chances_alike * v,
                v / M,
                {**alike, one.T * v: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "... and 0, once, for the shift of all outputs.",
                chances_alike * one,
                sp.ZeroMatrix(M, 1),
                alike,
            ),
            equal(
                "Counted: outliers, bulk and zeros are all eigenvalues.",
                (M - 1) + (N - 1) * (M - 1) + N,
                N * M,
            ),
        ),
        twins={
            "as many outliers as classes": {
                "outlier": (1 + inner(s.mu.symbol, s.mu.symbol)) / M,
                "outliers": M,
                "bulk": 1 / M,
                "zeros": N,
            },
            "the mean alone": {
                "outlier": inner(s.mu.symbol, s.mu.symbol) / M,
                "outliers": M - 1,
                "bulk": 1 / M,
                "zeros": N,
            },
            "curvature p of a class": {
                "outlier": (1 + inner(s.mu.symbol, s.mu.symbol)) * (M - 1) / M**2,
                "outliers": M - 1,
                "bulk": (M - 1) / M**2,
                "zeros": N,
            },
        },
    )
