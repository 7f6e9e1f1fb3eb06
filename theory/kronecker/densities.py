"""The spectrum of a large Kronecker product: its moments, its density, how much it fluctuates."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.indices import entrywise
from theory.kronecker.letters import (
    KFAC,
    SEED,
    A,
    E,
    N,
    P,
    Q,
    S,
    Var,
    lam,
    n,
    p,
    v,
)
from theory.kronecker.products import products_of_eigenvectors
from theory.matrices import trace
from theory.proof import cited, equal
from theory.tensors import kron

ORDER = s.k.within(low=1, typical=(1, 6))
WHITE_NOISE = "independent inputs of mean 0 and variance v, derivatives of mean 0 and variance 1"


@claim(
    "identity",
    (s.A, s.S, ORDER),
    (
        cite(SEED, "the eigenvalues of A (x) B are the products"),
        cite("hornjohnson1991"),
    ),
)
def product_moments() -> Derivation:
    """The mean k-th power of an eigenvalue of A (x) S is that of A times that of S."""
    order = ORDER.symbol
    powers = sp.MatrixSymbol("A", N, N), sp.MatrixSymbol("S", n, n)
    total, other = trace(A**order), trace(S**order)
    return Derivation(
        definition=trace(kron(A, S) ** order) / (N * n),
        closed_form=total * other / (N * n),
        steps=(
            entrywise(
                "If P (x) Q is the k-th power, P = A^k and Q = S^k, the next is PA (x) QS:",
                kron(P, Q) * kron(*powers),
                kron(P * powers[0], Q * powers[1]),
            ),
            entrywise(
                "by induction all powers are products, whose traces multiply.",
                sp.Trace(kron(P, Q)),
                sp.Trace(P) * sp.Trace(Q),
            ),
        ),
        twins={
            "the mean of the two": (total / N + other / n) / 2,
            "of N + n eigenvalues": total * other / (N + n),
        },
    )


def bulk(value: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """Marchenko and Pastur's density at alpha = 1."""
    return sp.sqrt((4 * variance - value) / value) / (2 * sp.pi * variance)


@claim(
    "limit",
    (s.lam, s.v),
    (cite(SEED, "the eigenvalues of A (x) B are the products"), cite("marchenkopastur1967")),
    (WHITE_NOISE, "A and S independent", "N = n = p to infinity"),
)
def product_density() -> Derivation:
    """The eigenvalues of A (x) S have the multiplicative convolution of the two densities, the
    integral of rho_A(t) rho_S(lam/t) dt/t. For as many inputs as outputs as examples it is, with
    r = sqrt(lam/v)/4 and c = (1 - r)^2/(4r),
    [(1 + r)^2 K(-c) - 4r E(-c)]/(2 pi^2 v r^(3/2)) up to lam = 16 v: two elliptic integrals."""
    place, y, r, c, sine = sp.symbols("t y r c s", positive=True)  # s = sin(phi)
    u = sp.Symbol("u", real=True)
    ratio = sp.sqrt(lam / v) / 4
    parameter = (1 - ratio) ** 2 / (4 * ratio)
    inside = _elliptic(ratio, parameter) / (2 * sp.pi**2 * v * ratio ** sp.Rational(3, 2))
    share = sp.Function("F_S")
    inner = 1 + r**2 - 2 * r * sp.cosh(u)
    cut = (1 - r) ** 2 / (4 * r)
    return Derivation(
        definition=sp.Integral(
            bulk(place, v) * bulk(lam / place, sp.Integer(1)) / place, (place, lam / 4, 4 * v)
        ),
        closed_form=sp.Piecewise((inside, lam < 16 * v), (0, True)),
        steps=(
            *products_of_eigenvectors(),
            equal(
                "Beside an eigenvalue t of A the share of products up to lam is F_S(lam/t), F_S "
                "the share of S's eigenvalues up to a point; its slope in lam is rho_S(lam/t)/t,",
                sp.diff(share(lam / place), lam),
                sp.diff(share(y), y).subs(y, lam / place) / place,
            ),
            cited(
                "and the mean over A's eigenvalues the integral against rho_A. Both densities are "
                "Marchenko and Pastur's, at alpha = 1 sqrt((4v - t)/t)/(2 pi v).",
                cite("marchenkopastur1967", "theorem 1"),
            ),
            equal(
                "With lam = 16 v r^2, t = 4 v r exp(u), dt/t = du the integrand's square is",
                (bulk(place, v) * bulk(16 * v * r**2 / place, sp.Integer(1))).subs(
                    place, 4 * v * r * sp.exp(u)
                )
                ** 2,
                (inner / (4 * sp.pi**2 * v * r) ** 2).rewrite(sp.exp),
            ),
            equal(
                "even in u, and zero at both ends, u = +-log(1/r), where t = 4v and lam/4.",
                inner.rewrite(sp.exp).subs(u, sp.log(1 / r)),
                0,
            ),
            equal(
                "With c = (1 - r)^2/(4r) put sinh(u/2) = sqrt(c) sin(phi); as "
                "cosh(u) = 1 + 2 sinh(u/2)^2 the root's square is (1 - r)^2 cos(phi)^2,",
                1 + r**2 - 2 * r * (1 + 2 * cut * sine**2),
                (1 - r) ** 2 * (1 - sine**2),
            ),
            equal(
                "zero at phi = pi/2, where sinh(u/2) is sqrt(c).",
                sp.sinh(sp.log(1 / r) / 2).rewrite(sp.exp) ** 2,
                cut,
            ),
            equal(
                "du is 2 sqrt(c) cos(phi)/sqrt(1 + c sin(phi)^2) dphi, and (1 - r) 2 sqrt(c) is "
                "4 sqrt(r) c: what is left is 4 sqrt(r) times the integral from 0 to pi/2 of "
                "c cos(phi)^2/sqrt(1 + c sin(phi)^2), in which",
                c * (1 - sine**2) / sp.sqrt(1 + c * sine**2),
                (1 + c) / sp.sqrt(1 + c * sine**2) - sp.sqrt(1 + c * sine**2),
            ),
            equal(
                "is K(-c) with a factor 1 + c, less E(-c). Twice that, for u of both signs, over "
                "4 pi^2 v r, is the density.",
                2
                * 4
                * sp.sqrt(r)
                * ((1 + cut) * sp.elliptic_k(-c) - sp.elliptic_e(-c))
                / (4 * sp.pi**2 * v * r),
                _elliptic(r, c) / (2 * sp.pi**2 * v * r ** sp.Rational(3, 2)),
            ),
        ),
        twins={
            "convolution without dt/t": lam * sp.Piecewise((inside, lam < 16 * v), (0, True)),
            "the spectrum of S squared": sp.Piecewise(
                (bulk(sp.sqrt(lam / v), sp.Integer(1)) / (2 * sp.sqrt(lam * v)), lam < 16 * v),
                (0, True),
            ),
        },
    )


def _elliptic(r: sp.Expr, c: sp.Expr) -> sp.Expr:
    return (1 + r) ** 2 * sp.elliptic_k(-c) - 4 * r * sp.elliptic_e(-c)


@claim(
    "identity",
    (s.N, s.n, s.p, s.v),
    (
        cite("muirhead1982", "section 3.2"),
        cite(SEED, "the eigenvalues of A (x) B are the products"),
    ),
    (WHITE_NOISE, "Gaussian inputs and derivatives, independent of each other"),
)
def product_fluctuation() -> Derivation:
    """Large Kronecker products fluctuate as their small factors do: the mean eigenvalue of A (x) S
    from p examples has mean v and variance v^2 [(1 + 2/(Np))(1 + 2/(np)) - 1], about
    (2 v^2/p)(1/N + 1/n), of N + n eigenvalues and not of N n."""
    mean_eigenvalue = sp.Trace(KFAC) / (N * n)
    degrees, chi = sp.symbols("d chi2", positive=True)
    density = chi ** (degrees / 2 - 1) * sp.exp(-chi / 2) / 2 ** (degrees / 2)
    density /= sp.gamma(degrees / 2)
    variance = v**2 * ((1 + 2 / (N * p)) * (1 + 2 / (n * p)) - 1)
    return Derivation(
        definition={"mean": E(mean_eigenvalue), "variance": Var(mean_eigenvalue)},
        closed_form={"mean": v, "variance": variance},
        steps=(
            entrywise(
                "The mean eigenvalue is the product of the two means, which are independent.",
                sp.Trace(kron(A, S)) / (N * n),
                (sp.Trace(A) / N) * (sp.Trace(S) / n),
            ),
            equal(
                "tr A is v/p times the sum of d = N p squares of standard normal numbers, a chi^2 "
                "of mean d",
                sp.Integral(chi * density, (chi, 0, sp.oo)),
                degrees,
            ),
            equal(
                "and mean square d^2 + 2d, d^2 (1 + 2/d); tr S likewise with d = n p.",
                sp.Integral(chi**2 * density, (chi, 0, sp.oo)),
                degrees**2 * (1 + 2 / degrees),
            ),
            equal(
                "Mean squares multiply; the square of the mean is taken off.",
                (v / (N * p)) ** 2
                * (N * p) ** 2
                * (1 + 2 / (N * p))
                * (n * p) ** 2
                * (1 + 2 / (n * p))
                / (n * p) ** 2
                - v**2,
                variance,
            ),
        ),
        twins={
            "of N n eigenvalues": {"mean": v, "variance": 2 * v**2 / (N * n * p)},
            "of A's alone": {"mean": v, "variance": 2 * v**2 / (N * p)},
        },
    )
