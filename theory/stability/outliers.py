"""How many outliers the Hessian of softmax regression has, and where they lie."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import diagonal, inner
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import largest
from theory.functions.levels import eigenvalue_of, multiplicity
from theory.functions.matrices import kron
from theory.proofs import covers
from theory.proofs.rules import levels
from theory.proofs.tactics import cited, equal
from theory.stability.letters import (
    SOURCE,
    TWO_CLASSES,
    M,
    N,
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
    """The Kronecker product of I + mu mu' and diag(p) - pp', the Hessian of softmax regression with
    M equally likely classes, has M - 1 outliers: it has the eigenvalue (1 + |mu|^2)/M exactly M - 1
    times, 1/M exactly (N - 1)(M - 1) times, and N zeros. Here all M entries of p are 1/M, N is the
    number of inputs, and mu their mean vector."""
    mean, x, w = (sp.MatrixSymbol(name, N, 1) for name in ("mu", "x", "w"))
    v = sp.MatrixSymbol("v", M, 1)
    squared = sp.Symbol("|mu|^2", positive=True)
    chances_alike = sp.Identity(M) / M - one * one.T / M**2
    alike = {one.T * one: M * sp.Identity(1)}
    inputs = eye(N) + s.mu.symbol * s.mu.symbol.T  # E xx'
    equal_chances = ones(M, 1) / M
    hessian = kron(inputs, diagonal(equal_chances) - equal_chances * equal_chances.T)
    h, g = sp.MatrixSymbol("h", N, 1), sp.MatrixSymbol("g", M, 1)
    length = inner(s.mu.symbol, s.mu.symbol)
    across = length * h - inner(s.mu.symbol, h) * s.mu.symbol  # any input across mu
    unlike = M * g - inner(ones(M, 1), g) * ones(M, 1)  # any outputs without a mean
    all_levels = (
        "The Hessian H has (H - a)(H - 1/M)H = 0 with a = (1 + |mu|^2)/M. The eigenvalues are a, "
        "1/M and 0. The traces of I, H and H^2 say how often each number occurs."
    )
    outlying = f"{all_levels} The number a is the largest."
    levels_of = levels.levels(
        values=((1 + length) / M, 1 / M, sp.Integer(0)),
        counts=(M - 1, (N - 1) * (M - 1), N),
    )
    return Derivation(
        definition={
            "outlier": largest(hessian),
            "outliers": multiplicity(hessian, largest(hessian)),
            "bulk": eigenvalue_of(hessian, kron(across, unlike)),
            "zeros": multiplicity(hessian, sp.Integer(0)),
        },
        closed_form={
            "outlier": (1 + inner(s.mu.symbol, s.mu.symbol)) / M,
            "outliers": M - 1,
            "bulk": 1 / M,
            "zeros": N,
        },
        steps=(
            equal(
                "Write an input as mu + x, where x has the mean 0 and the covariance matrix I. "
                "On average its outer product with itself is I + mu mu'.",
                (mean + x) * (mean + x).T,
                sp.Identity(N) + mean * mean.T,
                {
                    x * x.T: sp.Identity(N),
                    mean * x.T: sp.ZeroMatrix(N, N),
                    x * mean.T: sp.ZeroMatrix(N, N),
                },
            ),
            cited(
                "Where the weights move by Z, the outputs move by Z times the input. So the "
                "Hessian is the Kronecker product of I + mu mu' and diag(p) - pp', whose "
                "eigenvalues are the products",
                cite("hornjohnson1991", "theorem 4.2.12"),
            ),
            equal(
                "The second moment of the inputs has the eigenvalue 1 + |mu|^2 once, along mu.",
                (sp.Identity(N) + mean * mean.T) * mean,
                (1 + squared) * mean,
                {mean.T * mean: squared * sp.Identity(1)},
            ),
            equal(
                "The second moment has the eigenvalue 1, N - 1 times, for every w orthogonal to "
                "mu.",
                (sp.Identity(N) + mean * mean.T) * w,
                w,
                {mean.T * w: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "The curvature in the outputs has the eigenvalue 1/M, M - 1 times, for every v "
                "whose entries add up to 0.",
                chances_alike * v,
                v / M,
                {**alike, one.T * v: sp.ZeroMatrix(1, 1)},
            ),
            equal(
                "The curvature in the outputs has the eigenvalue 0 once, for the shift of all "
                "outputs.",
                chances_alike * one,
                sp.ZeroMatrix(M, 1),
                alike,
            ),
            equal(
                "The M - 1 outliers, the (N - 1)(M - 1) of the bulk and the N zeros are all M N "
                "eigenvalues.",
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
        chain=chain(
            outputs={
                "outlier": (because(outlying, levels_of),),
                "outliers": (because(outlying, levels_of),),
                "bulk": (
                    because(
                        "For directions orthogonal to mu and to 1 the eigenvalue is 1/M.",
                        levels.eigenvalue(),
                    ),
                ),
                "zeros": (because(all_levels, levels_of),),
            },
            covers=(covers.not_zero(s.mu.symbol),),
        ),
    )
