"""Steps that several proofs share."""

import sympy as sp

from companion.references import cite
from theory.chain import Link, because
from theory.claim import Step
from theory.functions.large import independent
from theory.proofs.rules import chance, eigenvalues, substitution
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.proofs.theorems.random_matrices import mean_over_eigenvalues
from theory.proofs.unevaluated import derivative, value_at
from theory.proofs.uses import Use
from theory.spectra.letters import (
    CENTRE,
    COUNT,
    POPULATION,
    RADIUS,
    UNDER_ROOT,
    A,
    N,
    Z,
    alpha,
    j,
    lam,
    m,
    one,
    ones,
    p,
    phi,
    r,
    tau,
    v,
    x,
    y,
)

INTO_THE_BULK = "The mean of a function of the eigenvalues tends to its integral over the bulk."


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
            "Put lam = lambda_c + r cos phi with lambda_c = v(1 + 1/alpha) and r = 2v/sqrt "
            "alpha. The square under the root of the density becomes r^2 sin^2(phi).",
            value_at(UNDER_ROOT, {lam: CENTRE + RADIUS * cosine}),
            (RADIUS * sine) ** 2,
        ),
        equal(
            "With dlam = r sin(phi) dphi, lam rho(lam) dlam is alpha r^2/(2 pi v) "
            "sin^2(phi) dphi. The factor is 2v/pi, so lam rho(lam) dlam is v (2/pi) "
            "sin^2(phi) dphi, phi from 0 to pi.",
            value_at(alpha * r**2 / (2 * sp.pi * v), {r: RADIUS}),
            v * 2 / sp.pi,
        ),
        equal(
            "Let a_j be the mean of cos^(2j) under the density (2/pi) sin^2. Odd powers of "
            "cos have the mean zero. The function sin^3 cos^(2j+1) is zero at 0 and at pi, "
            "so its derivative has the integral zero. This gives (2j + 4) a_(j+1) = (2j + "
            "1) a_j.",
            derivative(cosine ** (2 * j + 1) * sine**3, phi),
            ((2 * j + 4) * cosine ** (2 * j + 2) - (2 * j + 1) * cosine ** (2 * j)) * sine**2,
        ),
        equal(
            "The recursion starts at a_0 = 1, since (2/pi) sin^2 is a density.",
            sp.Integral(2 / sp.pi * sine**2, (phi, 0, sp.pi)),
            sp.Integer(1),
        ),
        equal(
            "The quotient of Cat_(j+1)/4^(j+1) and Cat_j/4^j, with Catalan numbers Cat_j, "
            "is (2j + 1)/(2j + 4). So a_j is Cat_j/4^j.",
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
            "An example is m 1 + z. On average zz' is v I and z is 0, so R is v I + m^2 11'.",
            example * example.T,
            matrix,
            {noise * noise.T: v * sp.Identity(N), noise: zero, noise.T: zero.T},
        ),
        equal(
            "The vector 1 is an eigenvector of R with the eigenvalue N m^2 + v, since 1'1 = N.",
            matrix * one,
            (N * m**2 + v) * one,
            COUNT,
        ),
        equal(
            "Every w with 1'w = 0 is an eigenvector of R with the eigenvalue v. These "
            "vectors w have N - 1 dimensions.",
            matrix * other,
            v * other,
            {one.T * other: sp.ZeroMatrix(1, 1)},
        ),
        nonnegative(
            "The eigenvalue N m^2 + v exceeds v by N m^2, which is not negative. So N m^2 + v "
            "is the largest eigenvalue.",
            N * m**2 + v - v,
        ),
    )


def of_population(right: sp.Expr) -> Link:
    """The link from the means of R's entries to v I + m^2 11'."""
    return because(
        "The inputs of an example are uncorrelated, so the mean of R is v I + m^2 11'.",
        chance.matrix_of_means(is_=POPULATION),
        right,
    )


def mean_and_rest(right: sp.Expr | None = None) -> Link:
    """The link that takes the extreme eigenvalues of v I + m^2 11' to numbers."""
    return because(
        "The matrix v I + m^2 11' multiplies the vector 1 by N m^2 + v, and every vector "
        "orthogonal to 1 by v.",
        eigenvalues.plane_and_rest(plane=(sp.OneMatrix(N, 1),), values=(N * m**2 + v,)),
        right,
    )


def waves(function: sp.Expr) -> sp.Integral:
    """The integral of a function of cos phi against sin^2 phi over half the circle."""
    return sp.Integral(function * sp.sin(phi) ** 2, (phi, 0, sp.pi))


def on_the_circle(right: sp.Expr) -> Link:
    """The link from an integral over the bulk to one over the angle phi."""
    return because(
        "Put lam = lambda_c + r cos phi: the root in the density becomes r sin phi.",
        substitution.substitution(image=CENTRE + RADIUS * sp.cos(phi)),
        right,
    )


def over_eigenvalues(function: sp.MatrixExpr, data: independent = Z) -> Use:
    """The theorem on the mean of a function of R's eigenvalues, with A for R of random data."""
    return mean_over_eigenvalues(function, A, v, data, lam)


def to_the_bulk(front: sp.Expr, function: sp.MatrixExpr) -> Link:
    """The link from a number times the mean over R's eigenvalues to an integral."""
    theorem = over_eigenvalues(function)
    return because(INTO_THE_BULK, theorem, front * theorem.statement().right)


def bound_state() -> tuple[Step, ...]:
    """The eigenvector that a mean binds to the first row of the tridiagonal matrix."""
    ratio, root = 1 / (sp.sqrt(alpha) * tau), sp.sqrt(1 + tau)
    beside, middle, off = root / sp.sqrt(alpha), 1 + 1 / alpha, 1 / sp.sqrt(alpha)
    value = (1 + tau) * (1 / alpha + tau) / tau
    return (
        equal(
            "Rotate the inputs so that 1/sqrt N becomes the first input, and the examples "
            "so that 1/sqrt p becomes the first example. The mean m 11' becomes one entry, "
            "m sqrt(N p).",
            one.T * (m * one * ones.T) * ones / sp.sqrt(N * p),
            m * sp.sqrt(N * p) * sp.Identity(1),
            COUNT,
        ),
        model(),
        equal(
            "The mean makes the first chi^2 non-central: over p it is 1 + tau with tau = N "
            "m^2/v. In units of v the first row is 1 + tau, sqrt((1 + tau)/alpha). The rows "
            "near the first have 1 + 1/alpha on the diagonal and 1/sqrt alpha beside it.",
            (p + (m * sp.sqrt(N * p)) ** 2 / v) / p,
            1 + N * m**2 / v,
        ),
        equal(
            "Try the vector 1, sqrt(1 + tau) r, sqrt(1 + tau) r^2, ... with r = "
            "1/(sqrt(alpha) tau). The first row of the matrix gives the eigenvalue (1 + "
            "tau)(1/alpha + tau)/tau.",
            1 + tau + beside * root * ratio,
            value,
        ),
        equal(
            "The second row of the matrix gives the same eigenvalue times the second entry.",
            beside + middle * root * ratio + off * root * ratio**2,
            value * root * ratio,
        ),
        equal(
            "All other rows give the same eigenvalue times their entries, here divided "
            "by sqrt(1 + tau) and powers of r.",
            off + middle * ratio + off * ratio**2,
            value * ratio,
        ),
        positive(
            "Above the threshold, where tau is (1 + y)/sqrt alpha with y > 0, the entries "
            "of this vector fall off: r < 1.",
            1 - value_at(ratio, {tau: (1 + y) / sp.sqrt(alpha)}),
        ),
        cited(
            "If an approximate eigenvector of length 1 has a residual of length d, an "
            "eigenvalue lies within d of its value. Cut the vector off after log N rows, "
            "whose entries converge: then d tends to 0.",
            cite("hornjohnson2013", "section 6.3"),
        ),
    )


def rows() -> Step:
    """The entries of the tridiagonal matrix v BB'/p in the limit."""
    degrees = sp.Symbol("n", positive=True)
    return equal(
        "A chi^2 of n degrees has the mean n and the variance 2n. Its variance over its "
        "squared mean is 2/n, which tends to 0. So row x N of v BB'/p has a = v(alpha - x + "
        "1 - x)/alpha on the diagonal, and b = v sqrt((alpha - x)(1 - x))/alpha beside it.",
        sp.Limit(2 * degrees / degrees**2, degrees, sp.oo),
        0,
    )


def row_centre() -> sp.Expr:
    """The diagonal of row x N, a."""
    return v * (alpha - x + 1 - x) / alpha


def row_radius() -> sp.Expr:
    """Twice the entry beside it, 2b."""
    return 2 * v * sp.sqrt((alpha - x) * (1 - x)) / alpha
