"""Eigenvalues that are zero by rank."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.proofs.tactics import cited, equal
from theory.spectra.letters import (
    ATOM,
    CENTRED_X,
    COUNT,
    SOURCE,
    N,
    X,
    alpha,
    j,
    ones,
    p,
    rank,
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
    projector, none = sp.Identity(p) - ones * ones.T / p, sp.ZeroMatrix(p, 1)
    return Derivation(
        definition={"raw": N - rank(X), "centred": N - rank(CENTRED_X)},
        closed_form={"raw": sp.Max(0, N - p), "centred": sp.Max(0, N - p + 1)},
        steps=(
            cited(
                "N x p independent entries with a density have rank min(N, p) with probability 1.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "That leaves max(0, N - p) zeros.",
                N - sp.Min(N, p).rewrite(sp.Abs),
                sp.Max(0, N - p).rewrite(sp.Abs),
            ),
            equal(
                "Centring multiplies by Pi = I - 11'/p, a projector, Pi^2 = Pi, ...",
                projector * projector,
                projector,
                COUNT,
            ),
            equal("... that loses the direction 1, Pi 1 = 0, ...", projector * ones, none, COUNT),
            equal(
                "... and no other: its trace is p - 1. So it leaves p - 1 independent examples.",
                sp.Sum(1 - 1 / p, (j, 1, p)),
                p - 1,
            ),
            equal(
                "That leaves max(0, N - p + 1) zeros.",
                N - sp.Min(N, p - 1).rewrite(sp.Abs),
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
    return Derivation(
        definition=(N - rank(X)) / N,
        closed_form=ATOM,
        steps=(
            cited(
                "The rank of X is min(N, p) with probability 1.",
                cite("muirhead1982", "theorem 3.1.4"),
            ),
            equal(
                "With p = alpha N the share of zeros does not depend on N.",
                (N - sp.Min(N, alpha * N).rewrite(sp.Abs)) / N,
                ATOM.rewrite(sp.Abs),
            ),
            equal(
                "The rest is the mass of the bulk, min(1, alpha) (spectra.distribution).",
                1 - ATOM.rewrite(sp.Abs),
                sp.Min(1, alpha).rewrite(sp.Abs),
            ),
        ),
        twins={
            "alpha upside down": sp.Max(0, 1 - 1 / alpha),
            "no zeros": sp.Integer(0),
        },
    )
