"""The spectrum of a large Kronecker product: its moments, its density, how much it fluctuates."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.constants import eye
from theory.functions.heads_of_chance import E, Var
from theory.functions.matrices import kron, trace
from theory.kronecker.letters import (
    KFAC,
    SOURCE,
    A,
    D,
    N,
    P,
    Q,
    S,
    X,
    lam,
    n,
    p,
    v,
)
from theory.kronecker.products import products_of_eigenvectors
from theory.laws import Entries
from theory.proofs.indices import entrywise
from theory.proofs.rules.chance import expectation
from theory.proofs.rules.powers import power_by_induction
from theory.proofs.tactics import cited, equal

ORDER = s.order.within(low=1, typical=(1, 6))
WHITE_NOISE = "independent inputs of mean 0 and variance v, derivatives of mean 0 and variance 1"


@claim(
    "identity",
    (s.A, s.S, ORDER),
    (
        cite(SOURCE, "the eigenvalues of A (x) B are the products"),
        cite("hornjohnson1991"),
    ),
)
def product_moments() -> Derivation:
    """The moment of any order of the eigenvalues of the Kronecker product A (x) S, the mean of
    lam^order, is the moment of A's eigenvalues times the moment of S's."""
    order = ORDER.symbol
    powers = sp.MatrixSymbol("A", N, N), sp.MatrixSymbol("S", n, n)
    total, other = trace(A**order), trace(S**order)
    return Derivation(
        definition=trace(kron(A, S) ** order) / (N * n),
        closed_form=total * other / (N * n),
        steps=(
            entrywise(
                "If a power is Phi (x) Psi, Phi = A^j and Psi = S^j, the next is Phi A (x) Psi S:",
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
        chain=chain(
            because(
                "By induction every power is the product of the powers.",
                power_by_induction(of=kron(A, S), count=order, is_=kron(A**order, S**order)),
                trace(kron(A**order, S**order)) / (N * n),
            ),
            calculated("The traces multiply."),
        ),
    )


def bulk(value: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """Marchenko and Pastur's density at alpha = 1."""
    return sp.sqrt((4 * variance - value) / value) / (2 * sp.pi * variance)


@claim(
    "limit",
    (s.lam, s.v),
    (cite(SOURCE, "the eigenvalues of A (x) B are the products"), cite("marchenkopastur1967")),
    (WHITE_NOISE, "A and S independent", "N = n = p to infinity"),
)
def product_density() -> Derivation:
    """The density of the eigenvalues of a Kronecker product A (x) S is the multiplicative
    convolution of the densities rho_A and rho_S, the integral of rho_A(x) rho_S(lam/x) dx/x. For
    equal numbers of inputs, outputs and examples it is [(1 + r)^2 K(-e) - 4r E(-e)]/(2 pi^2 v
    r^(3/2)) up to lam = 16 v. Here r = sqrt(lam/v)/4, e = (1 - r)^2/(4r), and K and E are the
    complete elliptic integrals."""
    place, y, r, c, sine = sp.symbols("x y r e s", positive=True)  # s = sin(phi)
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
                "Beside an eigenvalue x of A the share of products up to lam is F_S(lam/x), F_S "
                "the share of S's eigenvalues up to a point; its slope in lam is rho_S(lam/x)/x,",
                sp.diff(share(lam / place), lam),
                sp.diff(share(y), y).subs(y, lam / place) / place,
            ),
            cited(
                "and the mean over A's eigenvalues the integral against rho_A. Both densities are "
                "Marchenko and Pastur's, at alpha = 1 sqrt((4v - x)/x)/(2 pi v).",
                cite("marchenkopastur1967", "theorem 1"),
            ),
            equal(
                "With lam = 16 v r^2, x = 4 v r exp(u), dx/x = du the integrand's square is",
                (bulk(place, v) * bulk(16 * v * r**2 / place, sp.Integer(1))).subs(
                    place, 4 * v * r * sp.exp(u)
                )
                ** 2,
                (inner / (4 * sp.pi**2 * v * r) ** 2).rewrite(sp.exp),
            ),
            equal(
                "even in u, and zero at both ends, u = +-log(1/r), where x = 4v and lam/4.",
                inner.rewrite(sp.exp).subs(u, sp.log(1 / r)),
                0,
            ),
            equal(
                "With e = (1 - r)^2/(4r) put sinh(u/2) = sqrt(e) sin(phi); as "
                "cosh(u) = 1 + 2 sinh(u/2)^2 the root's square is (1 - r)^2 cos(phi)^2,",
                1 + r**2 - 2 * r * (1 + 2 * cut * sine**2),
                (1 - r) ** 2 * (1 - sine**2),
            ),
            equal(
                "zero at phi = pi/2, where sinh(u/2) is sqrt(e).",
                sp.sinh(sp.log(1 / r) / 2).rewrite(sp.exp) ** 2,
                cut,
            ),
            equal(
                "du is 2 sqrt(e) cos(phi)/sqrt(1 + e sin(phi)^2) dphi, and (1 - r) 2 sqrt(e) is "
                "4 sqrt(r) e: what is left is 4 sqrt(r) times the integral from 0 to pi/2 of "
                "e cos(phi)^2/sqrt(1 + e sin(phi)^2), in which",
                c * (1 - sine**2) / sp.sqrt(1 + c * sine**2),
                (1 + c) / sp.sqrt(1 + c * sine**2) - sp.sqrt(1 + c * sine**2),
            ),
            equal(
                "is K(-e) with a factor 1 + e, less E(-e). Twice that, for u of both signs, over "
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
        cite(SOURCE, "the eigenvalues of A (x) B are the products"),
    ),
    (WHITE_NOISE, "Gaussian inputs and derivatives, independent of each other"),
)
def product_fluctuation() -> Derivation:
    """A large Kronecker product fluctuates as its small factors do: the mean eigenvalue of A (x) S
    from p examples has mean v and variance v^2 [(1 + 2/(Np))(1 + 2/(np)) - 1], about (2 v^2/p)(1/N
    + 1/n). Here A (N x N) and S (n x n) are the second-moment matrices of a layer's inputs and
    derivatives. It is the fluctuation
    of N + n eigenvalues, not of N n."""
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
        chain=chain(
            outputs={
                "mean": (
                    because(
                        "Means of squares add up, and independent factors multiply.", expectation()
                    ),
                ),
                "variance": (
                    because("Means of fourth powers are sums over pairings.", expectation()),
                ),
            },
            laws={
                X: Entries(sp.ZeroMatrix(N, p), v * eye(N), eye(p)),
                D: Entries(sp.ZeroMatrix(n, p), eye(n), eye(p)),
            },
        ),
    )
