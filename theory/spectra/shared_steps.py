"""Steps that several proofs share."""

import sympy as sp

from companion.references import cite
from theory.chain import Link, because
from theory.claim import Step
from theory.functions.constants import ones
from theory.proofs.rules import eigenvalues
from theory.proofs.tactics import cited, equal, nonnegative
from theory.spectra.letters import (
    CENTRE,
    COUNT,
    RADIUS,
    UNDER_ROOT,
    N,
    alpha,
    j,
    lam,
    m,
    one,
    phi,
    v,
)


def model() -> Step:
    """The bidiagonal matrix from which everything about Gaussian data is read."""
    return cited(
        "Reflections of inputs and of examples turn Gaussian data X/sqrt v into a lower bidiagonal "
        "B of independent entries: chi_p, chi_(p-1), ... on the diagonal, chi_(N-1), chi_(N-2), "
        "... below it. R and v BB'/p have the same eigenvalues.",
        cite("dumitriuedelman2002", "theorem 3.1"),
    )


def fills(words: str = "The eigenvalues of R fill the density of spectra.density.") -> Step:
    """The theorem that turns means over eigenvalues into integrals."""
    return cited(words, cite("marchenkopastur1967", "theorem 1"))


def catalan(n: sp.Expr) -> sp.Expr:
    """The n-th Catalan number, C(2n, n)/(n + 1)."""
    return sp.binomial(2 * n, n) / (n + 1)


def circle() -> tuple[Step, ...]:
    """The bulk's integrals: lam = lambda_c + r cos phi makes them powers of a cosine."""
    cosine, sine = sp.cos(phi), sp.sin(phi)
    return (
        equal(
            "Put lam = lambda_c + r cos phi with lambda_c = v(1 + 1/alpha), r = 2v/sqrt alpha: the "
            "root in the density becomes r sin phi ...",
            UNDER_ROOT.subs(lam, CENTRE + RADIUS * cosine),
            (RADIUS * sine) ** 2,
        ),
        equal(
            "... so that lam rho(lam) dlam = v (2/pi) sin^2(phi) dphi, phi from 0 to pi.",
            alpha / (2 * sp.pi * v) * RADIUS**2,
            v * 2 / sp.pi,
        ),
        equal(
            "Let a_j be the mean of cos^(2j) under (2/pi) sin^2; odd powers have mean zero. The "
            "integral of this derivative over 0..pi is zero: (2j + 4) a_(j+1) = (2j + 1) a_j ...",
            sp.diff(cosine ** (2 * j + 1) * sine**3, phi),
            ((2 * j + 4) * cosine ** (2 * j + 2) - (2 * j + 1) * cosine ** (2 * j)) * sine**2,
        ),
        equal(
            "... with a_0 = 1 ...", sp.Integral(2 / sp.pi * sine**2, (phi, 0, sp.pi)), sp.Integer(1)
        ),
        equal(
            "... which is solved by a_j = Cat_j/4^j.",
            catalan(j + 1) / catalan(j) / 4,
            (2 * j + 1) / (2 * j + 4),
        ),
    )


def population_steps() -> tuple[Step, ...]:
    """Eigenvectors and eigenvalues of v I + m^2 11'."""
    noise, other = sp.MatrixSymbol("z", N, 1), sp.MatrixSymbol("w", N, 1)
    zero, matrix = sp.ZeroMatrix(N, 1), v * sp.Identity(N) + m**2 * one * one.T
    example = m * one + noise
    return (
        equal(
            "An example is m 1 + z; on average zz' is v I and z is 0, so R is v I + m^2 11'.",
            example * example.T,
            matrix,
            {noise * noise.T: v * sp.Identity(N), noise: zero, noise.T: zero.T},
        ),
        equal("1 is an eigenvector, for 1'1 = N.", matrix * one, (N * m**2 + v) * one, COUNT),
        equal(
            "So is every w with 1'w = 0, which are N - 1 dimensions.",
            matrix * other,
            v * other,
            {one.T * other: sp.ZeroMatrix(1, 1)},
        ),
        nonnegative("The first eigenvalue is the largest.", N * m**2 + v - v),
    )


def mean_and_rest(right: sp.Expr | None = None) -> Link:
    """The link that takes the extreme eigenvalues of v I + m^2 11' to numbers."""
    return because(
        "v I + m^2 11' takes 1 to N m^2 + v times it, and is v on all that is orthogonal to 1.",
        eigenvalues.plane_and_rest(plane=(ones(N, 1),), values=(N * m**2 + v,)),
        right,
    )
