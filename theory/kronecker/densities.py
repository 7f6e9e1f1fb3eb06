"""The spectrum of a large Kronecker product: its density."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.large import independent, share, tends_to
from theory.functions.matrices import kron
from theory.kronecker.letters import (
    SOURCE,
    WHITE_NOISE,
    lam,
    v,
)
from theory.kronecker.products import products_of_eigenvectors
from theory.proofs.covers import below_or_above
from theory.proofs.rules.elliptic import (
    complete_elliptic,
    in_the_piece,
    inverted,
    no_range,
    substituted,
)
from theory.proofs.rules.supports import support_of_a_product
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.products_of_spectra import density_of_a_kronecker_product
from theory.proofs.theorems.random_matrices import marchenko_pastur, scaled_bulk
from theory.proofs.unevaluated import derivative, value_at

n = sp.Symbol("n", integer=True, positive=True)  # inputs, outputs and examples
Z, Y = independent("Z", n, n), independent("Y", n, n)
LARGE_A, LARGE_S = v * Z * Z.T / n, Y * Y.T / n


def bulk(value: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """Marchenko and Pastur's density at alpha = 1, up to four times the variance."""
    return scaled_bulk(variance, sp.Integer(1), value)[0]


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
    share_of_s = sp.Function("F_S")
    inner = 1 + r**2 - 2 * r * sp.cosh(u)
    cut = (1 - r) ** 2 / (4 * r)
    convolved = bulk(place, v) * bulk(lam / place, sp.Integer(1)) / place
    z, sine_of = sp.symbols("z s", positive=True)
    evened = sp.sqrt((1 - ratio * z**2) * (z**2 - ratio)) / z**2
    waved = sp.sqrt(1 - sine_of**2) / sp.sqrt(1 + parameter * sine_of**2)
    to_sine = (z - 1 / z) / (2 * sp.sqrt(parameter))
    scale = (1 - ratio) * sp.sqrt(parameter) / (sp.pi**2 * v * ratio)

    first, second = marchenko_pastur(Z, place, v), marchenko_pastur(Y, y)
    product = density_of_a_kronecker_product(v, Z, sp.Integer(1), Y, lam, place)
    densities = product.statement().right
    for each in (first, second):
        densities = densities.xreplace({each.statement().left: each.statement().right})
    of_a = product.statement().right.xreplace({first.statement().left: first.statement().right})

    def up_to_the_edge(value: sp.Expr) -> sp.Expr:
        return sp.Piecewise((value, lam < 16 * v), (0, True))

    return Derivation(
        definition=sp.Derivative(tends_to(share(kron(LARGE_A, LARGE_S), lam), n), lam),
        closed_form=sp.Piecewise((inside, lam < 16 * v), (0, True)),
        steps=(
            *products_of_eigenvectors(),
            equal(
                "For one eigenvalue x of A the share of products up to lam is F_S(lam/x), "
                "where F_S(y) is the share of the eigenvalues of S up to y. The derivative "
                "of F_S(lam/x) in lam is rho_S(lam/x)/x.",
                derivative(share_of_s(lam / place), lam),
                derivative(share_of_s(y), y, at=lam / place) / place,
            ),
            cited(
                "The mean over A's eigenvalues is the integral against rho_A. Both "
                "densities are Marchenko and Pastur's, at alpha = 1 sqrt((4v - x)/x)/(2 pi "
                "v)",
                cite("marchenkopastur1967", "theorem 1"),
            ),
            equal(
                "Put lam = 16 v r^2 and x = 4 v r exp(u), so that dx/x = du. The square of "
                "the integrand becomes 1 + r^2 - 2r cosh(u), over 16 pi^4 r^2 v^2.",
                value_at(
                    bulk(place, v) * bulk(16 * v * r**2 / place, sp.Integer(1)),
                    {place: 4 * v * r * sp.exp(u)},
                )
                ** 2,
                (inner / (4 * sp.pi**2 * v * r) ** 2).rewrite(sp.exp),
            ),
            equal(
                "The factor 1 + r^2 - 2r cosh(u) is even in u. It is zero at both ends of "
                "the integral, u = +-log(1/r), where x is 4v and lam/4.",
                value_at(inner.rewrite(sp.exp), {u: sp.log(1 / r)}),
                0,
            ),
            equal(
                "Put sinh(u/2) = sqrt(e) sin(phi) with e = (1 - r)^2/(4r), and s = "
                "sin(phi). As cosh(u) = 1 + 2 sinh(u/2)^2, the factor 1 + r^2 - 2r cosh(u) "
                "is (1 - r)^2 cos(phi)^2.",
                1 + r**2 - 2 * r * (1 + 2 * cut * sine**2),
                (1 - r) ** 2 * (1 - sine**2),
            ),
            equal(
                "At the end u = log(1/r) the square of sinh(u/2) is e, so that phi is pi/2 there.",
                sp.sinh(sp.log(1 / r) / 2).rewrite(sp.exp) ** 2,
                cut,
            ),
            equal(
                "With du = 2 sqrt(e) cos(phi)/sqrt(1 + e s^2) dphi and 2 (1 - r) sqrt(e) = "
                "4 sqrt(r) e, what is left is 4 sqrt(r) times the integral over phi, from 0 "
                "to pi/2, of e cos(phi)^2/sqrt(1 + e s^2). The integrand is the difference "
                "of two parts.",
                c * (1 - sine**2) / sp.sqrt(1 + c * sine**2),
                (1 + c) / sp.sqrt(1 + c * sine**2) - sp.sqrt(1 + c * sine**2),
            ),
            equal(
                "By the definitions of K and E the integral over phi is (1 + e) K(-e) - "
                "E(-e). Twice the integral, for u of both signs, times 4 sqrt(r) and over 4 "
                "pi^2 v r, is the density.",
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
        chain=chain(
            because(
                "The eigenvalues of A (x) S are all products of one of A and one of S.",
                product,
                product.statement().right,
            ),
            because("The density of A is Marchenko and Pastur's.", first, of_a),
            because("The density of S is Marchenko and Pastur's with v = 1.", second, densities),
            because(
                "The density of A is zero above 4 v and the density of S above 4, so x lies "
                "between lam/4 and 4 v.",
                support_of_a_product(),
                sp.Integral(convolved, (place, sp.Min(lam / 4, 4 * v), 4 * v)),
            ),
            because(
                "Above 16 v no x lies below 4 v and above lam/4.",
                no_range(),
                up_to_the_edge(sp.Integral(convolved, (place, lam / 4, 4 * v))),
            ),
            because(
                "Put x = 4 v r z^2.",
                in_the_piece(by=substituted(by=4 * v * ratio * z**2)),
                up_to_the_edge(
                    sp.Integral(evened, (z, sp.sqrt(ratio), 1 / sp.sqrt(ratio)))
                    / (2 * sp.pi**2 * v * ratio)
                ),
            ),
            because(
                "The substitution of 1/z for z turns the part below 1 into the part "
                "above 1, so the integral is twice the part above 1.",
                in_the_piece(by=inverted()),
                up_to_the_edge(
                    sp.Integral(evened, (z, 1, 1 / sp.sqrt(ratio))) / (sp.pi**2 * v * ratio)
                ),
            ),
            because(
                "Put (z - 1/z)/2 = sqrt(e) s, where s is sin(phi).",
                in_the_piece(by=substituted(by=to_sine)),
                up_to_the_edge(scale * sp.Integral(waved, (sine_of, 0, 1))),
            ),
            because(
                "The integral over s is (1 + 1/e) K(-e) - E(-e)/e, by the definitions of K and E.",
                in_the_piece(
                    by=complete_elliptic(
                        modulus=-parameter, weights=(1 + 1 / parameter, -1 / parameter)
                    )
                ),
            ),
            covers=(below_or_above(lam, 16 * v),),
        ),
    )


def _elliptic(r: sp.Expr, c: sp.Expr) -> sp.Expr:
    return (1 + r) ** 2 * sp.elliptic_k(-c) - 4 * r * sp.elliptic_e(-c)
