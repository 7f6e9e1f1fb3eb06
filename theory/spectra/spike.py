"""The eigenvalue that a mean pushes out of the bulk."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.eigenvalues import largest
from theory.functions.large import infimum
from theory.proofs.rules import large, pieces
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.random_matrices import (
    bai_yin_largest,
    sample_covariance,
    spiked_eigenvalue,
)
from theory.proofs.unevaluated import value_at
from theory.spectra.letters import (
    BIASED,
    FEWER,
    GAUSSIAN,
    LARGE,
    LARGE_PUSHED,
    MEAN,
    NORMAL,
    OUT,
    PUSH,
    SOURCE,
    UPPER,
    N,
    alpha,
    centred,
    limit,
    m,
    n,
    p,
    pushed,
    second_moments,
    spike,
    spiked,
    tau,
    v,
    with_examples,
)
from theory.spectra.shared_steps import bound_state


def above_or_edge(square: sp.Expr, ratio: sp.Expr = 1 / alpha) -> sp.Expr:
    """The limit of the largest squared singular value where the spike has the strength theta."""
    return sp.Piecewise(
        ((1 + square) * (ratio + square) / square, square > sp.sqrt(ratio)),
        ((1 + sp.sqrt(ratio)) ** 2, True),
    )


@claim(
    "limit",
    (s.N, s.alpha, s.m, s.v),
    (cite("benaychgeorges2012", "theorem 2.8"), cite(SOURCE, "lambda_N")),
    (
        BIASED,
        LARGE_PUSHED,
    ),
)
def outlier() -> Derivation:
    """Inputs with a mean push one eigenvalue out of the bulk: once N m^2 > v/sqrt(alpha), the
    largest eigenvalue of the inputs' second-moment matrix is lambda_out = (v + N m^2)(v/alpha + N
    m^2)/(N m^2). Below this threshold the largest eigenvalue stays at the bulk's upper edge v(1 +
    sqrt alpha)^2/alpha."""
    resolvent = alpha / (alpha * PUSH + v)
    return Derivation(
        definition=limit(largest(second_moments(pushed()))),
        closed_form=sp.Piecewise((OUT, v / sp.sqrt(alpha) < PUSH), (UPPER, True)),
        steps=(
            *bound_state(),
            equal(
                "In the letters of the claim, with tau = N m^2/v, v times this eigenvalue "
                "is lambda_out.",
                v * value_at((1 + tau) * (1 / alpha + tau) / tau, {tau: PUSH / v}),
                OUT,
            ),
            equal(
                "The eigenvalue lambda_out lies (N m^2 - v/sqrt alpha)^2/(N m^2) above the "
                "edge, and equals the edge at the threshold. Above the threshold no other "
                "eigenvalue lies outside (spectra.one_outlier, spectra.edges). Below it the "
                "largest eigenvalue is not above the largest for any larger mean, since the "
                "norm of B grows with its first entry. So it stays at the edge.",
                OUT - UPPER,
                (PUSH - v / sp.sqrt(alpha)) ** 2 / PUSH,
            ),
            cited(
                "For any other law an outlier solves N m^2 lam s_N s_p = 1, with s_N and "
                "s_p the limits of tr 1/(lam - XX'/p) over N and tr 1/(lam - X'X/p) over p, "
                "X centred",
                cite("benaychgeorges2012", "theorem 2.8"),
            ),
            equal(
                "The value lambda_out s_N = alpha/(alpha N m^2 + v) at the outlier solves "
                "the equation of the bulk.",
                resolvent * (OUT - v * (1 - 1 / alpha) - v / alpha * OUT * resolvent),
                1,
            ),
            equal(
                "With s_p = s_N/alpha + (1 - 1/alpha)/lam the equation of the outlier, N "
                "m^2 lam s_N s_p = 1, holds at lambda_out. So any other law has the same "
                "outlier.",
                PUSH * OUT * resolvent * (resolvent / alpha + (1 - 1 / alpha) / OUT),
                1,
            ),
        ),
        twins={
            "population value N m^2 + v": N * m**2 + v,
            "no threshold": OUT,
        },
        chain=chain(
            because(
                "R is v YY' where Y is Z/sqrt p plus a spike of rank one along the mean.",
                large.scaled_matrix(factor=v),
                limit(v * largest(spiked())),
            ),
            because(
                "The factor v leaves the limit.", large.continuous(), v * limit(largest(spiked()))
            ),
            because(
                "The theorem on spikes holds for the strength m sqrt(N/v).",
                spiked_eigenvalue(**spike()),
                v * above_or_edge(PUSH / v),
            ),
            because(
                "The factor v goes into the two pieces, above and below the threshold.",
                pieces.same_pieces(),
            ),
        ),
    )


@claim(
    "limit",
    (s.N, s.p, s.v),
    (cite("baikbenarouspeche2005", "theorem 1.1"), cite("benaychgeorges2012", "theorem 2.8")),
    (NORMAL, LARGE),
)
def threshold() -> Derivation:
    """The eigenvalue that a mean m of the inputs pushes out leaves the bulk once |m| exceeds
    sqrt(v)/(N p)^(1/4)."""
    data, fewer = with_examples(GAUSSIAN), with_examples(FEWER)
    R, without_mean = second_moments(pushed(data)), centred(pushed(data))
    A, count = sp.MatrixSymbol("A", n, n), data.shape[1]
    C, noise = (
        limit(largest(A / count).xreplace({A: each}))
        for each in (without_mean * without_mean.T, v * fewer * fewer.T)
    )
    unit = limit(largest(second_moments(fewer)))
    out, over = limit(largest(spiked(data))), above_or_edge(PUSH / v, N / p)
    edge = (1 + sp.sqrt(N / p)) ** 2
    part = (count - 1) / count  # of the examples

    def leaves(high: sp.Expr, low: sp.Expr) -> sp.Expr:
        return infimum(m, high, low)

    critical = sp.sqrt(v) / (N * p) ** sp.Rational(1, 4)
    return Derivation(
        definition=leaves(limit(largest(R)), C),
        closed_form=critical,
        steps=(
            *bound_state(),
            equal(
                "At tau = N m^2/v = 1/sqrt alpha the ratio r of the vector's entries is 1, "
                "so the entries stop falling off.",
                value_at(1 / (sp.sqrt(alpha) * tau), {alpha: p / N, tau: N * critical**2 / v}),
                1,
            ),
            equal(
                "At this mean the eigenvalue of the vector equals the edge (spectra.outlier).",
                value_at(value_at(OUT - UPPER, {alpha: p / N}), {m: critical}),
                0,
            ),
            cited(
                "Any other law of the inputs has the same threshold.",
                cite("benaychgeorges2012", "theorem 2.8"),
            ),
        ),
        twins={
            "where N m^2 = v": sp.sqrt(v / N),
            "where N m^2 exceeds the upper edge of the noise": sp.sqrt(
                UPPER.subs(alpha, p / N) / N
            ),
        },
        chain=chain(
            because(
                "R is v YY' where Y is Z/sqrt p plus a spike of rank one along the mean.",
                large.scaled_matrix(factor=v),
                leaves(limit(v * largest(spiked(data))), C),
            ),
            because(
                "The factor v leaves the limit.",
                large.continuous(of=limit(v * largest(spiked(data))), is_=v * out),
                leaves(v * out, C),
            ),
            because(
                "The theorem on spikes holds for the strength m sqrt(N/v).",
                spiked_eigenvalue(**spike(data)),
                leaves(v * over, C),
            ),
            because(
                "Centred Gaussian examples are distributed as p - 1 examples without a mean.",
                sample_covariance(largest(A / count), A, MEAN, sp.sqrt(v), data, fewer),
                leaves(v * over, noise),
            ),
            because(
                "These examples have v (p - 1)/p times the eigenvalues of p - 1 examples "
                "with variance 1.",
                large.scaled_matrix(factor=v * part),
                leaves(v * over, limit(v * part * largest(second_moments(fewer)))),
            ),
            because(
                "A product tends to the product of the limits.",
                large.continuous(
                    of=limit(v * part * largest(second_moments(fewer))), is_=v * limit(part) * unit
                ),
                leaves(v * over, v * limit(part) * unit),
            ),
            because(
                "The factor (p - 1)/p tends to 1.", large.not_random(), leaves(v * over, v * unit)
            ),
            because(
                "The largest eigenvalue tends to the edge of the bulk.",
                bai_yin_largest(fewer),
                leaves(v * over, v * edge),
            ),
            because(
                "For m above the closed form the largest eigenvalue exceeds the edge of the "
                "bulk. For m below it, the two are equal.",
                large.from_there_on(),
            ),
        ),
    )
