"""The best rates, with momentum and without, and the number of steps they need."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, chain
from theory.claim import Derivation, claim
from theory.functions.columns import length
from theory.functions.rates import first, least, radius, root_size
from theory.functions.stated import argmin
from theory.proofs.covers import has_length
from theory.proofs.rules import firsts, rates
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import dynamics
from theory.proofs.unevaluated import derivative, value_at
from theory.quadratic.letters import (
    CURVED,
    IDENTITY,
    LARGEST,
    NOT_ZERO,
    SMALLEST,
    SOURCE,
    SPECTRAL,
    R,
    beta,
    d,
    eta,
    gap,
    high,
    k,
    lam,
    low,
    over_modes,
    z,
)
from theory.quadratic.stability import heavy_ball_mode, heavy_ball_polynomial, heavy_ball_step

#: Of the start: else there is no distance that a step could shrink.
DISPLACED = "R d is not 0 for the displacement d at the start"


@claim(
    "identity",
    (s.R,),
    (cite(SOURCE, "optimal step size eta=1/lambda_max"), cite("polyak1987", "section 1.4")),
    (NOT_ZERO,),
)
def optimal_rate() -> Derivation:
    """The fixed rate that shrinks the distance to the minimum fastest is 2/(lambda_max +
    lambda_min+), with lambda_max the largest and lambda_min+ the smallest positive eigenvalue of R.
    At this rate the distance shrinks by the factor (kappa - 1)/(kappa + 1) per step, kappa =
    lambda_max/lambda_min+. No rate does better."""
    step = (IDENTITY - eta * R) * CURVED
    worst, size = radius(step), sp.Abs(1 - eta * lam)
    modes, ends = over_modes(size), sp.Max(*(size.subs(lam, end) for end in (SMALLEST, LARGEST)))
    best, closed = _best_rate(high, low), _best_rate(LARGEST, SMALLEST)
    rate, contraction = best["rate"], best["contraction"]
    return Derivation(
        definition={"rate": argmin(eta, worst, (eta,)), "contraction": least(worst, (eta,))},
        closed_form=closed,
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "Both 1 - eta lambda_min+ and eta lambda_max - 1 are at most the worst "
                "factor. Their mean with the weights lambda_max and lambda_min+ does not "
                "depend on eta.",
                (high * (1 - eta * low) + low * (eta * high - 1)) / (low + high),
                contraction,
            ),
            equal(
                "So at no rate is the worst factor below this mean, and it equals the mean "
                "only if 1 - eta lambda_min+ does: at eta = 2/(lambda_max + lambda_min+).",
                (1 - eta * low) - contraction,
                low * (rate - eta),
            ),
            equal(
                "At eta = 2/(lambda_max + lambda_min+) the factor eta lambda_max - 1 is the "
                "same mean.",
                rate * high - 1,
                contraction,
            ),
            equal(
                "An eigenvalue lam between lambda_min+ and lambda_max has no larger factor: "
                "the difference of the squares is not negative.",
                contraction**2 - (1 - rate * lam) ** 2,
                rate**2 * (lam - low) * (high - lam),
            ),
        ),
        twins={
            "printed: 1/lambda_max": {"rate": 1 / LARGEST, "contraction": 1 - SMALLEST / LARGEST},
            "the best rate with the contraction of 1/lambda_max": {
                **closed,
                "contraction": 1 - SMALLEST / LARGEST,
            },
        },
        chain=chain(
            outputs={
                "rate": _to_the_best(argmin(eta, modes, (eta,)), argmin(eta, ends, (eta,)), step),
                "contraction": _to_the_best(least(modes, (eta,)), least(ends, (eta,)), step),
            },
        ),
    )


@claim("identity", (s.R,), (cite("polyak1964"), cite("polyak1987", "section 3.2")), (NOT_ZERO,))
def optimal_heavy_ball() -> Derivation:
    """The heavy ball is fastest with the rate 4/(sqrt lambda_max + sqrt lambda_min+)^2 and the
    momentum ((sqrt kappa - 1)/(sqrt kappa + 1))^2, with lambda_max the largest and lambda_min+ the
    smallest positive eigenvalue of R, kappa = lambda_max/lambda_min+. In the long run the distance
    to the minimum then shrinks by the factor (sqrt kappa - 1)/(sqrt kappa + 1) per step. No other
    rate and momentum do better."""
    r, ratio = sp.symbols("r kappa", positive=True)
    # the square roots of the two extreme eigenvalues
    small = sp.Symbol("root_min", positive=True)
    large = small + sp.Symbol("root_gap", positive=True)
    best = _best_heavy_ball(large, small)
    rate, momentum, contraction = best["rate"], best["momentum"], best["contraction"]
    quotient = (1 + r) * (r + beta) / ((1 - r) * (r - beta))
    worst, both = radius(heavy_ball_step()), (eta, beta)
    modes = over_modes(root_size(1 + beta - eta * lam, beta))
    closed = _best_heavy_ball(sp.sqrt(LARGEST), sp.sqrt(SMALLEST))
    plain = _best_rate(LARGEST, SMALLEST)["contraction"]
    return Derivation(
        definition={
            "rate": argmin(eta, worst, both),
            "momentum": argmin(beta, worst, both),
            "contraction": least(worst, both),
        },
        closed_form=closed,
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "The factors z by which a mode shrinks per step are the roots of the "
                "characteristic polynomial chi(z) of its 2 x 2 matrix.",
                (z * sp.eye(2) - heavy_ball_mode()).det(),
                heavy_ball_polynomial(z, lam),
            ),
            cited(
                "Both roots of chi lie in |z| <= r only if chi(r), chi(-r) >= 0 and "
                "|chi(0)| <= r^2: the criterion for z/r",
                cite("jury1964"),
            ),
            equal(
                "For lambda_min+ the condition chi(r) >= 0 says that eta lambda_min+ >= (1 "
                "- r)(r - beta)/r.",
                heavy_ball_polynomial(r, low),
                r * (eta * low - (1 - r) * (r - beta) / r),
            ),
            equal(
                "For lambda_max the condition chi(-r) >= 0 says that eta lambda_max <= (1 + "
                "r)(r + beta)/r.",
                heavy_ball_polynomial(-r, high),
                r * ((1 + r) * (r + beta) / r - eta * high),
            ),
            equal(
                "So kappa is at most the quotient of the upper bound and the lower bound. "
                "This quotient grows with beta, since its derivative is positive for beta < "
                "r < 1.",
                derivative(quotient, beta),
                2 * r * (1 + r) / ((1 - r) * (r - beta) ** 2),
            ),
            equal(
                "Since beta = chi(0) <= r^2, the quotient is at most its value at beta = "
                "r^2. So kappa <= ((1 + r)/(1 - r))^2.",
                value_at(quotient, {beta: r**2}),
                ((1 + r) / (1 - r)) ** 2,
            ),
            equal(
                "The bound on kappa says sqrt kappa (1 - r) <= 1 + r. Solved for r, no "
                "choice of rate and momentum has a factor below (sqrt kappa - 1)/(sqrt "
                "kappa + 1).",
                (1 + r) - sp.sqrt(ratio) * (1 - r),
                (1 + sp.sqrt(ratio)) * (r - _best_heavy_ball(sp.sqrt(ratio), 1)["contraction"]),
            ),
            equal(
                "At the stated rate and momentum 4 beta - (1 + beta - eta lam)^2 is not "
                "negative for lam from lambda_min+ to lambda_max. So all roots there are "
                "complex or double.",
                4 * momentum - (1 + momentum - rate * lam) ** 2,
                rate**2 * (lam - small**2) * (large**2 - lam),
            ),
            equal(
                "For complex or double roots |z|^2 is the product of the roots, beta. So "
                "the factor is the square root of the stated momentum beta.",
                value_at(sp.sqrt(beta), {beta: momentum}),
                contraction,
            ),
        ),
        twins={
            "the contraction of plain descent": {**closed, "contraction": plain},
            "momentum and contraction taken for each other": {
                **closed,
                "momentum": closed["contraction"],
                "contraction": closed["momentum"],
            },
        },
        chain=chain(
            outputs={
                "rate": _to_double_roots(argmin(eta, modes, both)),
                "momentum": _to_double_roots(argmin(beta, modes, both)),
                "contraction": _to_double_roots(least(modes, both)),
            },
        ),
    )


@claim(
    "bound",
    (s.R, s.left),
    (cite(SOURCE, "learning dynamics"), cite("polyak1987", "section 1.4")),
    (NOT_ZERO, DISPLACED),
)
def iterations() -> Derivation:
    """At the best fixed rate the distance to the minimum is below the fraction "left" of its first
    value after at most floor(ln(1/left)/ln((kappa + 1)/(kappa - 1))) + 1 steps, kappa =
    lambda_max/lambda_min+ the largest eigenvalue of R over the smallest positive one. A start
    displaced along an eigenvector of lambda_max or lambda_min+ needs all these steps."""
    left = s.left.symbol
    best, extremes = _best_rate(high, low), _best_rate(LARGEST, SMALLEST)
    rate, factor = best["rate"], best["contraction"]
    ratio, shrink = sp.symbols("kappa f", positive=True)

    def steps_at(contraction: sp.Expr) -> sp.Expr:
        return sp.floor(sp.log(1 / left) / -sp.log(contraction)) + 1

    kappa = LARGEST / SMALLEST
    moved, modes = IDENTITY - extremes["rate"] * R, over_modes(sp.Abs(1 - extremes["rate"] * lam))
    start, after = CURVED * d, sp.MatPow(moved, k)  # the displacement from the nearest minimum
    slowest = over_modes(sp.Abs(1 - extremes["rate"] * lam) ** k)
    return Derivation(
        definition=first(k, length(after * start) / length(start) < left),
        closed_form={"upper": steps_at(extremes["contraction"])},
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "A step multiplies no mode by more than f = gap/(gap + 2 lambda_min+), with "
                "gap = lambda_max - lambda_min+. The difference of the squares is not "
                "negative for lambda_min+ <= lam <= lambda_max.",
                factor**2 - (1 - rate * lam) ** 2,
                rate**2 * (lam - low) * (high - lam),
            ),
            equal(
                "The largest factor f depends on kappa alone: f = (kappa - 1)/(kappa + 1).",
                value_at(factor, {gap: (ratio - 1) * low}),
                (ratio - 1) / (ratio + 1),
            ),
            equal(
                "So |d_k| <= f^k |d_0|, with equality along the extreme eigenvectors. By "
                "logarithms f^k < left exactly if k > ln(1/left)/ln(1/f). The first such k "
                "is the floor of the quotient, plus 1.",
                sp.log(shrink**k / left),
                -k * sp.log(1 / shrink) + sp.log(1 / left),
            ),
        ),
        twins={
            "printed: at 1/lambda_max": {"upper": steps_at(1 - 1 / kappa)},
            "of the heavy ball": {
                "upper": steps_at((sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)),
            },
        },
        chain=chain(
            outputs={
                "upper": (
                    because(
                        "In k steps every component shrinks at least as much as the "
                        "component of the slowest mode.",
                        firsts.smaller_falls_first(
                            by=dynamics.stretched_by_modes(after, R, lam, start),
                            of=(length(after * start), slowest * length(start)),
                            over=length(start),
                        ),
                        first(k, slowest < left),
                        "<=",
                    ),
                    because(
                        "The largest of the powers is the power of the largest factor.",
                        firsts.power_of_largest(),
                        first(k, modes**k < left),
                    ),
                    because(
                        "The slowest mode belongs to an extreme eigenvalue, so its factor "
                        "is f = (kappa - 1)/(kappa + 1).",
                        rates.extreme_at_an_end(),
                        first(k, extremes["contraction"] ** k < left),
                    ),
                    because(
                        'The powers of a fraction fall below "left", and logarithms give '
                        "the first k.",
                        firsts.first_power_below(),
                    ),
                ),
            },
            covers=(has_length(start, DISPLACED),),
        ),
    )


def _to_the_best(modes: sp.Expr, ends: sp.Expr, step: sp.MatrixExpr) -> tuple[Link, ...]:
    """From the radius of a step to its modes, the two extreme ones, and where these are equal."""
    return (
        because(
            "On the eigenvectors of R the modes separate.",
            dynamics.spectral_radius_by_modes(step, R, lam),
            modes,
        ),
        because(
            "|1 - eta lam| is convex in lam, so that one of the extreme modes is the slowest.",
            rates.convex_at_the_ends(),
            ends,
        ),
        because(
            "1 - eta lambda_min+ falls as eta grows, and eta lambda_max - 1 rises. The larger one "
            "is least where both are equal.",
            rates.lines_meet(),
        ),
    )


def _to_double_roots(modes: sp.Expr) -> tuple[Link, ...]:
    """From the radius of a step to its modes, and to the choice where all roots are of one size."""
    return (
        because(
            "On the eigenvectors of R the modes separate.",
            dynamics.spectral_radius_by_modes(heavy_ball_step(), R, lam),
            modes,
        ),
        because(
            "The best choice gives the two extreme modes double roots of one size.",
            rates.roots_of_one_size(),
        ),
    )


def _best_rate(large: sp.Expr, small: sp.Expr) -> dict[str, sp.Expr]:
    """The best fixed rate, between the extreme eigenvalues, and what it shrinks by."""
    return {"rate": 2 / (large + small), "contraction": (large - small) / (large + small)}


def _best_heavy_ball(large: sp.Expr, small: sp.Expr | int) -> dict[str, sp.Expr]:
    """The best choice in terms of the square roots of the extreme eigenvalues."""
    return {
        "rate": 4 / (large + small) ** 2,
        "momentum": ((large - small) / (large + small)) ** 2,
        "contraction": (large - small) / (large + small),
    }
