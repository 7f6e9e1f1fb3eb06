"""The angle between the gradient and the way to the optimum."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.functions.large import uniform_direction
from theory.proofs.rules import large, order, parts, substitution
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems.interlacing import between_extreme_eigenvalues, product_of_lengths
from theory.proofs.theorems.random_matrices import mean_over_eigenvalues, random_direction
from theory.spectra.letters import (
    ANYWHERE,
    CENTRED,
    INDEPENDENT,
    LARGE,
    LARGE_R,
    SOURCE,
    UNIT_R,
    A,
    N,
    R,
    Z,
    alpha,
    limit,
    n,
    phi,
    u,
    v,
    x,
)
from theory.spectra.shared_steps import fills, waves


@claim(
    "limit",
    (s.alpha,),
    (cite("ghorbani2019", "figure 12"), cite(SOURCE, "Figure 12")),
    (INDEPENDENT, CENTRED, LARGE, ANYWHERE),
)
def energy_cosine() -> Derivation:
    """The cosine between the gradient and the way to the optimum is (tr R/N)/sqrt(tr R^2/N) for a
    random start, with R the inputs' second-moment matrix. On the bulk this cosine is sqrt(alpha/(1
    + alpha))."""
    d = sp.MatrixSymbol("d", N, 1)
    way, S = uniform_direction("d", n, 1), UNIT_R
    gradient = LARGE_R * way
    lengths = sp.sqrt(inner(way, way) * inner(gradient, gradient))
    first, second = (limit(inner(way, each * way) / inner(way, way)) for each in (S, S**2))
    place = 1 + 1 / alpha + 2 * sp.cos(phi) / sp.sqrt(alpha)
    whole, weighted = waves(sp.Integer(1)), waves(place)
    on_circle = 2 / sp.pi * whole, 2 / sp.pi * weighted
    circle = substitution.substitution(image=place)
    area = phi / 2 - sp.sin(2 * phi) / 4
    moment = (1 + 1 / alpha) * area + 2 * sp.sin(phi) ** 3 / 3 / sp.sqrt(alpha)
    means = tuple(mean_over_eigenvalues(each, A, sp.Integer(1), Z, x) for each in (A, A**2))
    over = tuple(each.statement().right for each in means)
    return Derivation(
        definition=limit(inner(way, gradient) / lengths),
        closed_form=sp.sqrt(alpha / (1 + alpha)),
        steps=(
            equal(
                "For a start at distance 1 the mean of dd' is I/N. So the mean of d'Rd is "
                "tr R/N, and the mean of |Rd|^2 is tr R^2/N.",
                R * d * d.T,
                R / N,
                {d * d.T: sp.Identity(N) / N},
            ),
            cited(
                "Quadratic forms of a random direction do not fluctuate: the variance of "
                "d'Ad is at most 2 tr A^2/N^2",
                cite("vershynin2018", "theorem 6.2.1"),
            ),
            fills(
                "The traces tr R/N and tr R^2/N tend to v and v^2(1 + 1/alpha) (spectra.moments)."
            ),
            equal(
                "For A = R the variance of d'Ad over the square of its mean is at most 2 (1 "
                "+ 1/alpha)/N, which tends to 0.",
                sp.Limit(2 * v**2 * (1 + 1 / alpha) / N / v**2, N, sp.oo),
                0,
            ),
            equal(
                "The cosine is tr R/N over the square root of tr R^2/N, in which v cancels.",
                v / sp.sqrt(v**2 * (1 + 1 / alpha)),
                sp.sqrt(alpha / (1 + alpha)),
            ),
        ),
        twins={
            "its square": alpha / (1 + alpha),
            "aligned": sp.Integer(1),
        },
        chain=chain(
            because(
                "Both forms, divided by |d|^2, have a limit. The variance v cancels.",
                large.continuous(),
                first / sp.sqrt(second),
            ),
            because(
                "A quadratic form of a random direction does not fluctuate.",
                random_direction(way, A, A, sp.Integer(1), Z),
                limit(sp.Trace(S) / n) / sp.sqrt(second),
            ),
            because(
                "The form of the squared matrix does not fluctuate.",
                random_direction(way, A**2, A, sp.Integer(1), Z),
                limit(sp.Trace(S) / n) / sp.sqrt(limit(sp.Trace(S**2) / n)),
            ),
            because(
                "The mean over the eigenvalues is an integral over the bulk.",
                means[0],
                over[0] / sp.sqrt(limit(sp.Trace(S**2) / n)),
            ),
            because(
                "The mean of the squared eigenvalues is another integral over the bulk.",
                means[1],
                over[0] / sp.sqrt(over[1]),
            ),
            because(
                "Put x = 1 + 1/alpha + (2/sqrt alpha) cos phi.",
                parts.part(of=over[0], is_=on_circle[0], by=circle),
                on_circle[0] / sp.sqrt(over[1]),
            ),
            because(
                "Put x = 1 + 1/alpha + (2/sqrt alpha) cos phi in the integral of the squares too.",
                parts.part(of=over[1], is_=on_circle[1], by=circle),
                on_circle[0] / sp.sqrt(on_circle[1]),
            ),
            because(
                "The area under sin^2 is pi/2.",
                parts.part(
                    of=whole, is_=sp.pi / 2, by=substitution.antiderivative_in_coordinates(of=area)
                ),
                1 / sp.sqrt(on_circle[1]),
            ),
            because(
                "The second integral is pi (1 + 1/alpha)/2, since the cosine adds nothing.",
                parts.part(
                    of=weighted,
                    is_=sp.pi / 2 * (1 + 1 / alpha),
                    by=substitution.antiderivative_in_coordinates(of=moment),
                ),
                1 / sp.sqrt(1 + 1 / alpha),
            ),
            calculated("The root of alpha/(1 + alpha) is one over the root of 1 + 1/alpha."),
        ),
    )


@claim(
    "bound",
    (s.R.within(kind="definite"), s.u),
    (cite("hornjohnson2013", "section 7.4, Kantorovich's inequality"),),
)
def energy_cosine_bound() -> Derivation:
    """The cosine between the gradient and the way to the optimum is at least 2 sqrt(kappa)/(1 +
    kappa), with kappa the condition number of R."""
    kappa = largest(R) / smallest(R)
    least, most, length = smallest(R), largest(R), sp.sqrt(sp.Trace(u.T * R * R * u))
    low, high, e = sp.symbols("lambda_min lambda_max e", positive=True)
    return Derivation(
        definition=sp.Trace(u.T * R * u) / sp.sqrt(sp.Trace(u.T * R * R * u)),
        closed_form={"lower": 2 * sp.sqrt(kappa) / (1 + kappa), "upper": sp.Integer(1)},
        steps=(
            cited(
                "All eigenvalues lie between lambda_min and lambda_max, so u'(R - "
                "lambda_min I)(lambda_max I - R)u is not negative",
                cite("hornjohnson2013", "section 7.2"),
            ),
            equal(
                "Multiply this form out for a unit vector u. As it is not negative, |Ru|^2 "
                "is at most (lambda_min + lambda_max) u'Ru - lambda_min lambda_max.",
                u.T * (R - low * sp.Identity(N)) * (high * sp.Identity(N) - R) * u,
                (low + high) * u.T * R * u - low * high * sp.Identity(1) - u.T * R * R * u,
                {u.T * u: sp.Identity(1)},
            ),
            equal(
                "With e = u'Ru the squared cosine e^2/|Ru|^2 is therefore at least e^2 over "
                "(lambda_min + lambda_max) e - lambda_min lambda_max. This quotient is at least "
                "4 lambda_min lambda_max/(lambda_min + lambda_max)^2, since the difference is a "
                "square over positive factors.",
                e**2 * (low + high) ** 2 - 4 * low * high * ((low + high) * e - low * high),
                ((low + high) * e - 2 * low * high) ** 2,
            ),
            equal(
                "With kappa = lambda_max/lambda_min this least value is 4 kappa/(1 + "
                "kappa)^2, the square of the stated bound.",
                4 * low * high / (low + high) ** 2,
                (2 * sp.sqrt(high / low) / (1 + high / low)) ** 2,
            ),
            equal(
                "The bound is attained. Take the u whose squared components along the "
                "eigenvectors of lambda_min and lambda_max are lambda_max and lambda_min, "
                "over lambda_min + lambda_max. Its squared cosine is the bound.",
                (low * high + high * low) ** 2
                / (low + high) ** 2
                / ((low**2 * high + high**2 * low) / (low + high)),
                4 * low * high / (low + high) ** 2,
            ),
            cited(
                "The upper bound is Cauchy's inequality.", cite("hornjohnson2013", "section 0.6")
            ),
        ),
        twins={
            "1/sqrt(kappa)": {"lower": 1 / sp.sqrt(kappa), "upper": sp.Integer(1)},
            "its square": {"lower": 4 * kappa / (1 + kappa) ** 2, "upper": sp.Integer(1)},
        },
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "u'(R - lambda_min)(lambda_max - R)u is not negative.",
                        between_extreme_eigenvalues(R, u, 1 / ((least + most) * length)),
                        (length**2 + least * most) / ((least + most) * length),
                        ">=",
                    ),
                    because(
                        "The arithmetic mean of |Ru|^2 and lambda_min lambda_max is at "
                        "least their geometric mean.",
                        order.gap(
                            is_=(length - sp.sqrt(least * most)) ** 2 / ((least + most) * length)
                        ),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "By Cauchy's inequality u'Ru is at most |Ru| |u|.",
                        product_of_lengths(u, R * u, 1 / length),
                        sp.sqrt(inner(u, u)) * sp.sqrt(inner(R * u, R * u)) / length,
                        "<=",
                    ),
                    calculated("The direction has the length 1."),
                ),
            },
            reached={
                "lower": Reached(
                    {"R": [[9, 0], [0, 16]], "u": [sp.Rational(4, 5), sp.Rational(3, 5)]}
                ),
                "upper": Reached({"R": [[9, 0], [0, 16]], "u": [1, 0]}),
            },
        ),
    )
