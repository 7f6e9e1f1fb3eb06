"""Stability: the largest rate, of plain descent and of three kinds of momentum."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Chain, because, chain
from theory.claim import Derivation, Step, claim
from theory.functions.heads import sup
from theory.functions.matrices import trace
from theory.functions.rates import radius, root_size
from theory.proofs.covers import positive_extreme
from theory.proofs.rules import rates
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.proofs.theorems import dynamics
from theory.proofs.unevaluated import value_at
from theory.quadratic.letters import (
    CURVED,
    IDENTITY,
    LARGEST,
    NOT_ZERO,
    ROTATION,
    SOURCE,
    SPECTRAL,
    D,
    N,
    R,
    U,
    beta,
    eta,
    lam,
    least_over_modes,
    over_modes,
    rest,
    spread,
    z,
)


@claim(
    "identity",
    (s.R,),
    (cite(SOURCE, "0 < eta < 2/"), cite("page2019", "highest stable rate")),
    (NOT_ZERO, "directions in which the loss is flat are left out: nothing moves there"),
)
def max_rate() -> Derivation:
    """Gradient descent converges from every start exactly for 0 < eta < 2/lambda_max, with
    lambda_max the largest eigenvalue of R. The bound 2/lambda_max is a supremum, not attained. If a
    quadratic loss curves downwards anywhere, descent diverges at every rate from almost every
    start."""
    rate, step = 2 / lam, (IDENTITY - eta * R) * CURVED
    return Derivation(
        definition=stable(step),
        closed_form=rate.subs(lam, LARGEST),
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "On the axes U the modes separate: V_j(k+1) = (1 - eta lam) V_j(k).",
                U.T * (IDENTITY - eta * U * D * U.T) * U,
                IDENTITY - eta * D,
                ROTATION,
            ),
            equal(
                "|1 - eta lam| < 1 exactly if 1 - (1 - eta lam)^2 is positive. For eta > 0 "
                "this holds exactly if eta < 2/lam.",
                1 - (1 - eta * lam) ** 2,
                eta * lam**2 * (rate - eta),
            ),
            nonnegative(
                "The mode of the largest eigenvalue, lam + spread, allows no larger rate "
                "than any other mode.",
                rate - value_at(rate, {lam: lam + spread}),
            ),
            equal(
                "At eta = 2/lam the factor 1 - eta lam is -1. The mode alternates V_j, "
                "-V_j, V_j without shrinking, so the bound is not attained.",
                1 - eta * lam,
                -1 + lam * (rate - eta),
            ),
            positive(
                "Where the loss curves downwards, by -lam, the factor is 1 + eta lam. It "
                "exceeds 1 at every rate, as eta lam > 0.",
                (1 + eta * lam) - 1,
            ),
        ),
        twins={
            "the range without oscillation, 1/lambda_max": 1 / LARGEST,
            "of the mean eigenvalue": 2 * N / trace(R),
        },
        chain=joined(step, sp.Abs(1 - eta * lam), rate),
    )


@claim(
    "identity",
    (s.R, s.beta),
    (cite("polyak1964"), cite("page2019", "momentum"), cite("cohen2021")),
    (NOT_ZERO, "directions in which the loss is flat are left out"),
)
def max_rate_heavy_ball() -> Derivation:
    """With heavy-ball momentum, W(k+1) = W(k) - eta grad + beta (W(k) - W(k-1)) with grad the
    gradient at W(k), descent converges exactly for 0 < eta < 2(1 + beta)/lambda_max, lambda_max the
    largest eigenvalue of R."""
    rate = 2 * (1 + beta) / lam
    return Derivation(
        definition=stable(heavy_ball_step()),
        closed_form=rate.subs(lam, LARGEST),
        steps=_stability(heavy_ball_mode(), heavy_ball_polynomial(z, lam), rate, slope=lam),
        twins={
            "without the gain of momentum": 2 / LARGEST,
            "of averaged gradients": 2 * (1 + beta) / ((1 - beta) * LARGEST),
            "of Nesterov's momentum": 2 * (1 + beta) / ((1 + 2 * beta) * LARGEST),
        },
        chain=joined(heavy_ball_step(), root_size(1 + beta - eta * lam, beta), rate),
    )


@claim(
    "identity",
    (s.R, s.beta),
    (cite("page2019", "momentum"), cite("cohen2021")),
    (NOT_ZERO, "directions in which the loss is flat are left out"),
)
def max_rate_nesterov() -> Derivation:
    """With Nesterov's momentum, which takes the gradient at the extrapolated point W(k) + beta
    (W(k) - W(k-1)), descent converges exactly for 0 < eta < (2 + 2 beta)/((1 + 2 beta) lambda_max),
    lambda_max the largest eigenvalue of R. This bound is below 2/lambda_max, the bound without
    momentum."""
    kept = CURVED - eta * R
    step = sp.BlockMatrix([[(1 + beta) * kept, -beta * kept], [CURVED, sp.ZeroMatrix(N, N)]])
    left = 1 - eta * lam
    mode = sp.Matrix([[(1 + beta) * left, -beta * left], [1, 0]])
    rate = 2 * (1 + beta) / ((1 + 2 * beta) * lam)
    return Derivation(
        definition=stable(step),
        closed_form=rate.subs(lam, LARGEST),
        steps=_stability(
            mode,
            z**2 - (1 + beta) * left * z + beta * left,
            rate,
            slope=(1 + 2 * beta) * lam,
        ),
        twins={
            "of heavy-ball momentum": 2 * (1 + beta) / LARGEST,
            "of plain descent": 2 / LARGEST,
        },
        chain=joined(step, root_size((1 + beta) * left, beta * left), rate),
    )


@claim(
    "identity",
    (s.R, s.beta),
    (cite("page2019", "momentum"), cite("cohen2021")),
    (NOT_ZERO, "directions in which the loss is flat are left out"),
)
def max_rate_ema() -> Derivation:
    """With steps along an average of gradients, average <- beta average + (1 - beta) grad and W <-
    W - eta average, descent converges exactly for 0 < eta < 2(1 + beta)/((1 - beta) lambda_max),
    lambda_max the largest eigenvalue of R. These steps are heavy-ball momentum at the rate (1 -
    beta) eta."""
    fresh = (1 - beta) * R
    step = sp.BlockMatrix([[CURVED - eta * fresh, -eta * beta * CURVED], [fresh, beta * CURVED]])
    mode = sp.Matrix(
        [[1 - eta * (1 - beta) * lam, -eta * beta], [(1 - beta) * lam, beta]],
    )
    rate = 2 * (1 + beta) / ((1 - beta) * lam)
    return Derivation(
        definition=stable(step),
        closed_form=rate.subs(lam, LARGEST),
        steps=_stability(
            mode,
            z**2 - (1 + beta - eta * (1 - beta) * lam) * z + beta,
            rate,
            slope=(1 - beta) * lam,
        ),
        twins={
            "of heavy-ball momentum": 2 * (1 + beta) / LARGEST,
            "of plain descent": 2 / LARGEST,
        },
        chain=joined(step, root_size(1 + beta - eta * (1 - beta) * lam, beta), rate),
    )


def stable(step: sp.MatrixExpr) -> sp.Expr:
    """The supremum of the rates at which the linear map ``step`` contracts."""
    return sup(eta, eta, radius(step) < 1)


def joined(step: sp.MatrixExpr, size: sp.Expr, rate: sp.Expr) -> Chain:
    """From ``step`` to its modes of ``size``, which contract below ``rate``, to the largest lam."""
    return chain(
        because(
            "On the eigenvectors of R the modes separate.",
            dynamics.spectral_radius_by_modes(step, R, lam),
            sup(eta, eta, over_modes(size) < 1),
        ),
        because(
            "Each mode contracts exactly below a rate of its own.",
            rates.stable_below(),
            least_over_modes(rate),
        ),
        because(
            "The mode of the largest eigenvalue allows the smallest rate.",
            rates.extreme_at_an_end(),
        ),
        covers=(positive_extreme(LARGEST),),
    )


def _stability(
    mode: sp.Matrix, polynomial: sp.Expr, rate: sp.Expr, slope: sp.Expr
) -> tuple[Step, ...]:
    """A mode's two states contract exactly for 0 < eta < ``rate``: Jury's three conditions.

    ``mode`` is the matrix that takes the states one step on, ``polynomial`` its characteristic
    one, and ``slope`` (rate - eta) its value at -1.
    """
    momentum = 1 / (1 + rest)  # any beta between 0 and 1
    below = rate - spread  # any eta up to the rate
    at_zero = polynomial.subs(z, 0)
    return (
        cited("R = UDU' with U orthogonal and D diagonal: the modes separate", SPECTRAL),
        equal(
            "A step multiplies the state of a mode by a 2 x 2 matrix. The determinant of z "
            "I minus this matrix is its characteristic polynomial chi(z).",
            (z * sp.eye(2) - mode).det(),
            polynomial,
        ),
        cited(
            "The roots of chi lie inside the unit circle exactly if chi(1), chi(-1) > 0 and "
            "|chi(0)| < 1",
            cite("jury1964"),
        ),
        positive(
            "chi(1) > 0 at every rate.",
            value_at(polynomial.subs(z, 1).expand(), {beta: momentum}),
        ),
        equal(
            "The value chi(-1) is a positive factor times (bound - eta). It is zero at eta "
            "= bound, so that the bound is not attained.",
            value_at(polynomial, {z: -1}),
            slope * (rate - eta),
        ),
        positive(
            "The factor of (bound - eta) is positive, so chi(-1) > 0 exactly below the bound.",
            value_at(slope, {beta: momentum}),
        ),
        positive(
            "The value chi(0) is less than 1, since beta < 1, written beta = 1/(1 + rest).",
            value_at(1 - at_zero, {beta: momentum}),
        ),
        positive(
            "Below the bound chi(0) exceeds -1, since beta < 1, written beta = 1/(1 + rest).",
            value_at(value_at(1 + at_zero, {eta: below}), {beta: momentum}),
        ),
        nonnegative(
            "The mode of the largest eigenvalue, lam + spread, allows no larger rate than "
            "any other mode.",
            value_at(rate - value_at(rate, {lam: lam + spread}), {beta: momentum}),
        ),
    )


def heavy_ball_step() -> sp.BlockMatrix:
    """What takes (W(k) - W*, W(k-1) - W*) one step on, in the directions that are not flat."""
    now = (1 + beta) * CURVED - eta * R
    return sp.BlockMatrix([[now, -beta * CURVED], [CURVED, sp.ZeroMatrix(N, N)]])


def heavy_ball_mode() -> sp.Matrix:
    """The same for the component along one eigenvector."""
    return sp.Matrix([[1 + beta - eta * lam, -beta], [1, 0]])


def heavy_ball_polynomial(at: sp.Expr, curvature: sp.Expr) -> sp.Expr:
    """Its characteristic polynomial."""
    return at**2 - (1 + beta - eta * curvature) * at + beta
