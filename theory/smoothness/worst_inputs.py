"""The worst inputs for the curvature: not those that stretch the gradient most."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner, length
from theory.functions.heads import grad, hess, smooth
from theory.proofs.rules import extremes, inputs, slopes, use
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import value_at
from theory.smoothness.ball import ahead, cosine, image, in_ball, over_ball
from theory.smoothness.gradient_bound import AT_THE_OUTPUT
from theory.smoothness.hessian import ALIGNED, BOTH_AT_THE_OUTPUT, SLOPE, k_in_letters
from theory.smoothness.letters import (
    EXACT,
    NUMBER,
    SOURCE,
    ZERO,
    B,
    H,
    P,
    X,
    alignment,
    at_zero,
    curvature_in,
    deviation,
    g,
    gamma,
    gradient_in,
    projected,
    quadratic_form,
    radius,
    sigma,
    squared,
    standardised,
    x,
    y,
    yhat,
)
from theory.smoothness.worst_weights import over_inputs

phi = sp.Symbol("phi", real=True)  # on the circle of largest images


@claim(
    "identity",
    (s.y, s.g, s.gamma, s.radius),
    (cite(SOURCE, "eqs. (14), (16)"),),
    (
        AT_THE_OUTPUT,
        "y is held fixed, and the loss is linear: L = <Pi g, z>, without a part along yhat",
        "a supremum: with X'W = y it is approached as |W| grows",
    ),
)
def largest_linear_curvature() -> Derivation:
    """A linear loss <Pi g, z> after batch norm has no curvature along its gradient d =
    (gamma/sigma) Pi g before batch norm, d'Kd = 0. Yet the curvature along the gradient in the
    weights, over inputs of norm at most ``radius``, reaches (3 sqrt(3)/8) radius^4 |d|^3/(sigma
    sqrt(B)). Here K is the Hessian before batch norm, sigma the standard deviation of y, and Pi = I
    - 11'/B - yhat yhat'/B."""
    part = projected(g, y)
    linear = smooth(gamma * standardised(y), part, sp.ZeroMatrix(B, B))
    # In letters d along the gradient and f = yhat/sqrt(B): K = -(d f' + f d')/(sigma sqrt(B))
    d, f = sp.MatrixSymbol("d", B, 1), sp.MatrixSymbol("f", B, 1)
    means = {d: gradient_in(y), f: standardised(y) / sp.sqrt(B), sigma: deviation(y)}
    flat = -(d * f.T + f * d.T) / (sigma * sp.sqrt(B))
    filled = over_ball(quadratic_form(flat, image), d)
    top = 3 * sp.sqrt(3) / 8 * radius**4 * length(d) ** 3 / (sigma * sp.sqrt(B))
    above = image - radius**2 / 4 * (3 * d - sp.sqrt(3) * length(d) * f)
    along, across = inner(d, above) / length(d), -inner(f, above)
    left_over = above - along / length(d) * d + across * f
    squares = (sp.sqrt(3) - 1) * squared(above) + squared(left_over) + (along - across) ** 2
    factor = length(d) / (sigma * sp.sqrt(B))
    steepness = sp.Abs(gamma) * length(projected(g, y)) / deviation(y)
    size = sp.Symbol("|d|", positive=True)
    unit = yhat / sp.sqrt(B)
    bend = -size / (sigma * sp.sqrt(B)) * (ahead * unit.T + unit * ahead.T)
    square = {ahead.T * ahead: NUMBER, ahead.T * yhat: ZERO, yhat.T * ahead: ZERO}
    reached = radius**2 * size / 2 * ((1 + sp.cos(phi)) * ahead - sp.sin(phi) * unit)
    scale = radius**4 * size**3 / (2 * sigma * sp.sqrt(B))
    shape = (1 + sp.cos(phi)) * sp.sin(phi)
    return Derivation(
        definition=over_inputs(quadratic_form(hess(linear, y), X.T * (X * grad(linear, y)))),
        closed_form=3 * sp.sqrt(3) / 8 * radius**4 * steepness**3 / (deviation(y) * sp.sqrt(B)),
        steps=(
            equal(
                "With H = 0 and <g,yhat> = 0 the Hessian K is - (d yhat' + yhat d')/(B sigma).",
                k_in_letters().subs(alignment, 0) - (gamma / sigma) ** 2 * P * H * P,
                -(SLOPE * yhat.T + yhat * SLOPE.T) / (B * sigma),
                EXACT,
            ),
            equal("The curvature d'Kd is then zero, as d is orthogonal to yhat.",
                  SLOPE.T * (SLOPE * yhat.T + yhat * SLOPE.T) * SLOPE, ZERO, ALIGNED),
            equal(
                "The move h = X'Xd may be any point of the ball |h|^2 <= radius^2 <h,d>. A part "
                "of h that is orthogonal to d and yhat only takes room. On the ball's circle in "
                "the plane of d and yhat the two sides are equal.",
                reached.T * reached,
                radius**2 * size * reached.T * ahead,
                {**EXACT, **square},
            ),
            equal(
                "On this circle the curvature h'Kh is a function of the angle phi.",
                reached.T * bend * reached,
                scale * shape * NUMBER,
                {**EXACT, **square},
            ),
            equal(
                "(1 + cos phi) sin phi is greatest at phi = pi/3: its square falls short of 27/16 "
                "by a square times a positive number.",
                sp.Rational(27, 16) - (1 + cosine) ** 3 * (1 - cosine),
                (cosine - sp.Rational(1, 2)) ** 2 * ((cosine + sp.Rational(3, 2)) ** 2
                                                     + sp.Rational(1, 2)),
            ),
            equal(
                "At phi = pi/3 this function is 3 sqrt(3)/4, and the curvature is the claimed "
                "one.",
                scale * value_at(shape, {phi: sp.pi / 3}),
                3 * sp.sqrt(3) / 8 * radius**4 * size**3 / (sigma * sp.sqrt(B)),
            ),
        ),
        twins={
            "printed: radius^4 d'Kd, which is zero": sp.S.Zero,
            "the spectral norm of K on all of radius^2 d": radius**4
            * steepness**3
            / (deviation(y) * sp.sqrt(B)),
        },
        chain=chain(
            because(
                "K is -(d yhat' + yhat d')/(B sigma), and the gradient is d.",
                slopes.slopes(
                    are={hess(linear, y): flat.xreplace(means), grad(linear, y): means[d]}
                ),
                over_inputs(quadratic_form(flat, X.T * (X * d))).xreplace(means),
            ),
            because(
                "Over the inputs h = X'Xd runs through a ball.",
                inputs.ball(),
                filled.xreplace(means),
            ),
            because(
                "The largest value is at h = radius^2 |d| (3 e - sqrt(3) f)/4 with e along d "
                "and f along yhat. For any other h the largest value exceeds h'Kh by sqrt(3) "
                "|d|/(sigma sqrt(B)) times the room in the ball and by squares.",
                use.in_letters(
                    by=extremes.extreme(
                        at=image - above,
                        gap=factor * squares,
                        facts={in_ball(d): factor * sp.sqrt(3)},
                    ),
                    of=(filled, top),
                    means=means,
                    rules={inner(f, f): sp.S.One, inner(d, f): sp.S.Zero},
                ),
                top.xreplace(means),
            ),
            calculated("|d| is |gamma| |Pi g|/sigma."),
        ),
    )  # fmt: skip


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma, s.radius),
    (cite(SOURCE, "eq. (14)"),),
    (BOTH_AT_THE_OUTPUT, "y is held fixed"),
)
def slope_at_isotropic_inputs() -> Derivation:
    """With batch norm the curvature along the gradient in the weights is no maximum at X'X =
    radius^2 I, where the source has one, whatever the loss. There it grows at the rate radius^4
    |d|^3/(sigma sqrt(B)) as X'Xd turns on its circle away from the outputs. Here d is the gradient
    before batch norm, and sigma the standard deviation of y."""
    slope, scale = gradient_in(y), deviation(y)
    size = sp.Symbol("|d|", positive=True)
    along, cross, across = sp.symbols("e'Ke e'Kf f'Kf", real=True)
    unit = yhat / sp.sqrt(B)
    bent = (1 + sp.cos(x)) ** 2 * along - 2 * (1 + sp.cos(x)) * sp.sin(x) * cross
    turned = (
        radius**2
        / 2
        * ((1 + sp.cos(x)) * slope - length(slope) / sp.sqrt(B) * sp.sin(x) * standardised(y))
    )
    return Derivation(
        definition=at_zero(quadratic_form(curvature_in(y), turned), 1),
        closed_form=radius**4 * length(slope) ** 3 / (scale * sp.sqrt(B)),
        steps=(
            equal(
                "On the circle h = (radius^2 |d|/2) ((1 + cos x) e - sin x f) with e = d/|d|, f "
                "= yhat/sqrt(B), the curvature h'Kh starts to change by - radius^4 |d|^2 e'Kf.",
                at_zero(radius**4 * size**2 / 4 * (bent + sp.sin(x) ** 2 * across), 1),
                -(radius**4) * size**2 * cross,
            ),
            equal(
                "e'Kf is - |d|/(sigma sqrt(B)) for every H, as K(y - mean) = -d.",
                SLOPE.T * k_in_letters() * unit / size,
                -SLOPE.T * SLOPE / (sigma * sp.sqrt(B) * size),
                ALIGNED,
            ),
        ),
        twins={
            "printed: a maximum, where it vanishes": sp.S.Zero,
            "half of it": radius**4 * length(slope) ** 3 / (2 * scale * sp.sqrt(B)),
        },
        chain=chain(
            calculated(
                "At x = 0 the circle goes along - yhat, and h is radius^2 d.",
                -(radius**4)
                * length(slope)
                / sp.sqrt(B)
                * inner(slope, curvature_in(y) * standardised(y)),
            ),
            calculated("K yhat is -d/sigma, as K(y - mean) = -d."),
        ),
    )
