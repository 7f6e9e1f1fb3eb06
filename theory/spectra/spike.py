"""The eigenvalue that a mean pushes out of the bulk."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, Step, claim
from theory.functions.eigenvalues import largest
from theory.proofs.tactics import cited, equal, positive
from theory.spectra.letters import (
    BIASED,
    COUNT,
    COVARIANCE,
    LARGE,
    LARGE_PUSHED,
    OUT,
    PUSH,
    SOURCE,
    UPPER,
    E,
    N,
    R,
    alpha,
    inf,
    limit_of,
    m,
    one,
    ones,
    p,
    v,
    y,
)
from theory.spectra.shared_steps import model


def bound_state() -> tuple[Step, ...]:
    """The eigenvector that a mean binds to the first row of the tridiagonal matrix."""
    tau = sp.Symbol("tau", positive=True)
    ratio, root = 1 / (sp.sqrt(alpha) * tau), sp.sqrt(1 + tau)
    beside, middle, off = root / sp.sqrt(alpha), 1 + 1 / alpha, 1 / sp.sqrt(alpha)
    value = (1 + tau) * (1 / alpha + tau) / tau
    return (
        equal(
            "Rotations that take 1/sqrt N and 1/sqrt p to the first input and the first example "
            "turn the mean m 11' into one entry, m sqrt(N p).",
            one.T * (m * one * ones.T) * ones / sp.sqrt(N * p),
            m * sp.sqrt(N * p) * sp.Identity(1),
            COUNT,
        ),
        model(),
        equal(
            "The mean makes the first chi^2 non-central; over p it is 1 + tau, tau = N m^2/v. In "
            "units of v the first row is 1 + tau, sqrt((1 + tau)/alpha); near it all others have "
            "1 + 1/alpha on the diagonal and 1/sqrt alpha beside it.",
            (p + (m * sp.sqrt(N * p)) ** 2 / v) / p,
            1 + N * m**2 / v,
        ),
        equal(
            "The vector 1, sqrt(1 + tau) r, sqrt(1 + tau) r^2, ... with r = 1/(sqrt(alpha) tau) is "
            "an eigenvector of eigenvalue (1 + tau)(1/alpha + tau)/tau: the first row,",
            1 + tau + beside * root * ratio,
            value,
        ),
        equal(
            "the second,",
            beside + middle * root * ratio + off * root * ratio**2,
            value * root * ratio,
        ),
        equal("and all others.", off + middle * ratio + off * ratio**2, value * ratio),
        positive(
            "Above the threshold, tau = (1 + y)/sqrt alpha with y > 0, it falls off: r < 1.",
            1 - ratio.subs(tau, (1 + y) / sp.sqrt(alpha)),
        ),
        cited(
            "Where an approximate eigenvector has residual d there is an eigenvalue within d of "
            "its value. Cut off after log N rows, whose entries converge, the vector has d -> 0.",
            cite("hornjohnson2013", "section 6.3"),
        ),
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
    tau = sp.Symbol("tau", positive=True)
    resolvent = alpha / (alpha * PUSH + v)
    return Derivation(
        definition=limit_of(E(largest(R))),
        closed_form=sp.Piecewise((OUT, v / sp.sqrt(alpha) < PUSH), (UPPER, True)),
        steps=(
            *bound_state(),
            equal(
                "Its eigenvalue in the claim's letters, N m^2 = tau v.",
                v * ((1 + tau) * (1 / alpha + tau) / tau).subs(tau, PUSH / v),
                OUT,
            ),
            equal(
                "It lies (N m^2 - v/sqrt alpha)^2/(N m^2) above the edge and touches the edge at "
                "the threshold. Above, it is the only one outside (spectra.one_outlier, "
                "spectra.edges). Below, the largest is under the largest of every mean above, for "
                "the norm of B grows with its first entry.",
                OUT - UPPER,
                (PUSH - v / sp.sqrt(alpha)) ** 2 / PUSH,
            ),
            cited(
                "For any other law an outlier solves N m^2 lam s_N s_p = 1, with s_N and s_p the "
                "limits of tr 1/(lam - XX'/p) over N and tr 1/(lam - X'X/p) over p, X centred;",
                cite("benaychgeorges2012", "theorem 2.8"),
            ),
            equal(
                "at lambda_out s_N = alpha/(alpha N m^2 + v): it solves the equation of the bulk,",
                resolvent * (OUT - v * (1 - 1 / alpha) - v / alpha * OUT * resolvent),
                1,
            ),
            equal(
                "and with s_p = s_N/alpha + (1 - 1/alpha)/lam the other one: the same outlier.",
                PUSH * OUT * resolvent * (resolvent / alpha + (1 - 1 / alpha) / OUT),
                1,
            ),
        ),
        twins={
            "population value N m^2 + v": N * m**2 + v,
            "no threshold": OUT,
        },
    )


@claim(
    "limit",
    (s.N, s.p, s.v),
    (cite("baikbenarouspeche2005", "theorem 1.1"), cite("benaychgeorges2012", "theorem 2.8")),
    (BIASED, LARGE),
)
def threshold() -> Derivation:
    """The eigenvalue that a mean m of the inputs pushes out leaves the bulk once |m| exceeds
    sqrt(v)/(N p)^(1/4)."""
    candidates = sp.ConditionSet(
        m, sp.Gt(limit_of(E(largest(R))), limit_of(E(largest(COVARIANCE)))), sp.Interval(0, sp.oo)
    )
    critical = sp.sqrt(v) / (N * p) ** sp.Rational(1, 4)
    return Derivation(
        definition=inf(candidates),
        closed_form=critical,
        steps=(
            *bound_state(),
            equal(
                "At tau = N m^2/v = 1/sqrt alpha the bound vector stops falling off.",
                1 / (sp.sqrt(p / N) * N * critical**2 / v),
                1,
            ),
            equal(
                "There its eigenvalue touches the edge (spectra.outlier).",
                (OUT - UPPER).subs(alpha, p / N).subs(m, critical),
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
    )
