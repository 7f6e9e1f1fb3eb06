"""Speed at the rate 1/lambda_max: one step where R is isotropic, else kappa steps and more."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, chain
from theory.claim import Derivation, claim
from theory.functions.rates import radius
from theory.proofs.rules import rates
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import dynamics
from theory.proofs.unevaluated import value_at
from theory.quadratic.letters import (
    CURVED,
    IDENTITY,
    LARGEST,
    NOT_ZERO,
    SMALLEST,
    SOURCE,
    SPECTRAL,
    N,
    R,
    d,
    eta,
    gap,
    high,
    lam,
    low,
    over_modes,
    spread,
)

STEP = (IDENTITY - R / LARGEST) * CURVED
LEFT = over_modes(sp.Abs(1 - lam / LARGEST))
MODES = dynamics.spectral_radius_by_modes(STEP, R, lam)


@claim("identity", (s.R,), (cite(SOURCE, "convergence is reached in single step"),), (NOT_ZERO,))
def isotropic_one_step() -> Derivation:
    """One step at eta = 1/lambda_max leaves at most the fraction 1 - lambda_min+/lambda_max of the
    distance to the minimum, with lambda_max the largest and lambda_min+ the smallest positive
    eigenvalue of R. So one step suffices from every start exactly if all eigenvalues that are not
    zero are equal."""
    return Derivation(
        definition=radius(STEP),
        closed_form=1 - SMALLEST / LARGEST,
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "A step leaves the fraction 1 - eta lam of a mode. The fraction is zero "
                "only at eta = 1/lam, so one eta cannot remove the modes of two different "
                "eigenvalues.",
                1 - eta * lam,
                lam * (1 / lam - eta),
            ),
            nonnegative(
                "At eta = 1/lambda_max the fraction 1 - lam/lambda_max is not negative, "
                "since lambda_max is lam + spread. Here lam is lambda_min+.",
                1 - low / (low + spread),
            ),
            nonnegative(
                "The mode of lambda_min+ has the largest fraction: another eigenvalue "
                "lambda_min+ + spread has a larger quotient by lambda_max = lambda_min+ + "
                "gap.",
                (1 - low / high) - (1 - (low + spread) / high),
            ),
            equal(
                "If R d = lam d for every displacement d that is not flat, one step at the "
                "rate 1/lam leaves nothing of d.",
                d - R * d / lam,
                sp.ZeroMatrix(N, 1),
                {R * d: lam * d},
            ),
        ),
        twins={
            "at the best rate": (LARGEST - SMALLEST) / (LARGEST + SMALLEST),
            "one step from everywhere, whatever R": sp.Integer(0),
        },
        chain=chain(
            because("On the eigenvectors of R the modes separate.", MODES, LEFT),
            because(
                "Of the mode of the smallest positive eigenvalue the largest fraction is left.",
                rates.extreme_at_an_end(),
            ),
        ),
    )


@claim("identity", (s.R,), (cite(SOURCE, "t_max = (lambda_max/lambda_min)"),), (NOT_ZERO,))
def slowest_mode() -> Derivation:
    """At eta = 1/lambda_max the slowest mode has the time constant -1/ln(1 - 1/kappa), between
    kappa - 1 and kappa - 1/2. Here kappa = lambda_max/lambda_min+, with lambda_max the largest and
    lambda_min+ the smallest positive eigenvalue of R."""
    ratio, tau = sp.symbols("kappa tau", positive=True)
    kappa = LARGEST / SMALLEST
    slow = -1 / sp.log(1 - 1 / ratio)
    return Derivation(
        definition=-1 / sp.log(radius(STEP)),
        closed_form=-1 / sp.log(1 - 1 / kappa),
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            nonnegative(
                "Of the factors 1 - lam/lambda_max the factor of lambda_min+ is the "
                "largest, since any other lam = lambda_min+ + spread has a larger quotient "
                "by lambda_max = lambda_min+ + gap.",
                (1 - low / high) - (1 - (low + spread) / high),
            ),
            equal(
                "This largest factor is 1 - 1/kappa, since lambda_max = kappa lambda_min+.",
                value_at(1 - low / high, {gap: ratio * low - low}),
                1 - 1 / ratio,
            ),
            equal(
                "In one time constant the mode shrinks by the factor e, so that exp(-1/time "
                "constant) is the factor per step.",
                value_at(sp.exp(-1 / tau), {tau: slow}),
                1 - 1 / ratio,
            ),
            equal(
                "As kappa grows, the time constant minus kappa tends to -1/2: for large "
                "kappa the time constant is near kappa - 1/2.",
                sp.Limit(slow - ratio, ratio, sp.oo),
                -sp.Rational(1, 2),
            ),
        ),
        twins={
            "printed: kappa": kappa,
            "at the best rate": -1 / sp.log((kappa - 1) / (kappa + 1)),
        },
        chain=chain(
            because("On the eigenvectors of R the modes separate.", MODES, -1 / sp.log(LEFT)),
            because(
                "Of the mode of the smallest positive eigenvalue the largest fraction is left.",
                rates.extreme_at_an_end(),
            ),
        ),
    )
