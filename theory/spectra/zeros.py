"""Eigenvalues that are zero by rank."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.large import independent
from theory.functions.stated import rank
from theory.proofs.intervals import beside_one, ordered
from theory.proofs.rules import pieces
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.projectors import rank_of_a_projector
from theory.proofs.theorems.random_matrices import rank_of_independent
from theory.proofs.unevaluated import unevaluated
from theory.spectra.letters import (
    ATOM,
    COUNT,
    SOURCE,
    N,
    alpha,
    j,
    ones,
    p,
)


def left_over(projector: sp.MatrixExpr, trace: sp.Expr) -> tuple[Link, ...]:
    """The last links: the rank of a ``projector`` of this ``trace``, and what it leaves."""
    return (
        because(
            "A projector's rank is its trace.",
            rank_of_a_projector(projector, 1),
            N - sp.Min(N, trace),
        ),
        because("The remaining eigenvalues are zero.", pieces.pieces()),
    )


@claim(
    "identity",
    (s.N, s.p),
    (cite(SOURCE, "a total of (N-p) eigenvalues will be zero"),),
    ("inputs with a density", "with probability 1"),
)
def null_count() -> Derivation:
    """The inputs' second-moment matrix R has max(0, N - p) zero eigenvalues. After the sample means
    are subtracted, R has max(0, N - p + 1)."""
    X, all_ones = independent("X", N, p), sp.OneMatrix(p, p)
    pi = sp.Identity(p) - all_ones / p
    projector, none = sp.Identity(p) - ones * ones.T / p, sp.ZeroMatrix(p, 1)
    return Derivation(
        definition={"raw": N - rank(X), "centred": N - rank(X - X * all_ones / p)},
        closed_form={"raw": sp.Max(0, N - p), "centred": sp.Max(0, N - p + 1)},
        steps=(
            cited(
                "N x p independent entries with a density have rank min(N, p) with probability 1.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "The number of zeros is N less this rank, max(0, N - p). Minimum and "
                "maximum are written with absolute values.",
                N - unevaluated(sp.Min(N, p).rewrite(sp.Abs)),
                sp.Max(0, N - p).rewrite(sp.Abs),
            ),
            equal(
                "Centring multiplies X by Pi = I - 11'/p, which is a projector: Pi^2 = Pi.",
                projector * projector,
                projector,
                COUNT,
            ),
            equal(
                "The projector loses the direction 1, as Pi 1 = 0.", projector * ones, none, COUNT
            ),
            equal(
                "The projector loses no other direction, as its trace is p - 1. So it "
                "leaves p - 1 independent examples.",
                sp.Sum(1 - 1 / p, (j, 1, p)),
                p - 1,
            ),
            equal(
                "With p - 1 independent examples the number of zeros is max(0, N - p + 1). "
                "Minimum and maximum are written with absolute values.",
                N - unevaluated(sp.Min(N, p - 1).rewrite(sp.Abs)),
                sp.Max(0, N - p + 1).rewrite(sp.Abs),
            ),
        ),
        twins={
            "centring costs nothing": {"raw": sp.Max(0, N - p), "centred": sp.Max(0, N - p)},
            "one too many raw": {
                "raw": sp.Max(0, N - p + 1),
                "centred": sp.Max(0, N - p + 1),
            },
        },
        chain=chain(
            outputs={
                "raw": (
                    because(
                        "The rank of X is as large as the sizes admit.",
                        rank_of_independent(X, sp.Identity(p)),
                        N - sp.Min(N, rank(sp.Identity(p))),
                    ),
                    *left_over(sp.Identity(p), p),
                ),
                "centred": (
                    calculated(
                        "Centring multiplies X by the projector Pi = I - 11'/p.", N - rank(X * pi)
                    ),
                    because(
                        "The rank of X Pi is as large as N and the rank of Pi admit.",
                        rank_of_independent(X, pi),
                        N - sp.Min(N, rank(pi)),
                    ),
                    *left_over(pi, p - 1),
                ),
            },
            covers=(ordered(N, p),),
        ),
    )


@claim(
    "identity",
    (s.alpha,),
    (cite(SOURCE, "(1-alpha) for all the zero eigenvalues"), cite("lecun1991")),
    ("inputs with a density", "with probability 1"),
)
def atom() -> Derivation:
    """The share max(0, 1 - alpha) of the eigenvalues of the inputs' second-moment matrix is exactly
    zero. The bulk holds the other share, min(1, alpha)."""
    X = independent("X", N, alpha * N)
    largest_rank = sp.Min(N, rank(sp.Identity(alpha * N)))
    return Derivation(
        definition=(N - rank(X)) / N,
        closed_form=ATOM,
        steps=(
            cited(
                "The rank of X is min(N, p) with probability 1.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "With p = alpha N the share of zeros, 1 - min(1, alpha), does not depend on "
                "N. The minimum is written with an absolute value.",
                (N - sp.Min(N, alpha * N).rewrite(sp.Abs)) / N,
                ATOM.rewrite(sp.Abs),
            ),
            equal(
                "The rest of the mass is the mass of the bulk, min(1, alpha) "
                "(spectra.distribution), written with an absolute value.",
                1 - unevaluated(ATOM.rewrite(sp.Abs)),
                sp.Min(1, alpha).rewrite(sp.Abs),
            ),
        ),
        twins={
            "alpha upside down": sp.Max(0, 1 - 1 / alpha),
            "no zeros": sp.Integer(0),
        },
        chain=chain(
            because(
                "The rank of X is as large as the sizes admit, and there are alpha N examples.",
                rank_of_independent(X, sp.Identity(alpha * N)),
                (N - largest_rank) / N,
            ),
            because(
                "A projector's rank is its trace.",
                rank_of_a_projector(sp.Identity(alpha * N), 1),
                (N - sp.Min(N, alpha * N)) / N,
            ),
            because("The share does not depend on N.", pieces.pieces()),
            covers=(beside_one(alpha),),
        ),
    )
