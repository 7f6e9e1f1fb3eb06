"""The Hessian before batch norm: an equality where the sources print a bound, and indefinite."""

from functools import lru_cache

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, by_step, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.functions import columns
from theory.functions.columns import inner, length
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import smallest
from theory.functions.heads import grad, hess, moved
from theory.functions.matrices import centred
from theory.proofs.rules import calculus, slopes, use
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import linear_algebra
from theory.smoothness.gradient_bound import MOVED, normalisation_moves
from theory.smoothness.letters import (
    DIRECTION,
    EXACT,
    NAMED,
    NUMBER,
    SOURCE,
    B,
    C,
    H,
    P,
    alignment,
    at_zero,
    curvature_in,
    deviation,
    eps,
    g,
    gamma,
    gradient_in,
    growth,
    h,
    loss,
    mean,
    one,
    projected,
    quadratic_form,
    sigma,
    spread,
    squared,
    standardised,
    u,
    x,
    y,
    yhat,
)

BOTH_AT_THE_OUTPUT = "g and H are gradient and Hessian of the loss at z = BN(y)"
NOT_FLAT = Condition(
    "the gradient before batch norm is not zero",
    sp.Ne(
        gamma**2 * inner(g, g),
        gamma**2 * (inner(ones(B, 1), g) ** 2 + inner(g, standardised(y)) ** 2) / B,
    ),
)
#: The gradient before batch norm in letters.
SLOPE = gamma / sigma * P * g
ALIGNED = {**EXACT, g.T * yhat: alignment * NUMBER, yhat.T * g: alignment * NUMBER}


@lru_cache
def k_in_letters() -> sp.MatrixExpr:
    """K in letters."""
    part = P * g
    outer = part * yhat.T + yhat * part.T
    return (gamma / sigma) ** 2 * P * H * P - gamma / (B * sigma**2) * (outer + alignment * P)


def second_derivative(words: str) -> Step:
    """G'b + a'Ha = h'Kh where yhat moves by a/gamma and bends by b/gamma."""
    moves = gamma * P * h / sigma
    bends = -gamma * (yhat * (spread - growth**2) + 2 * growth * P * h) / sigma**2
    return equal(words, g.T * bends + moves.T * H * moves, h.T * k_in_letters() * h, NAMED)


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma, s.eps),
    (cite(SOURCE, "eq. (10)"), cite("santurkar2018", "theorem 4.2")),
    (BOTH_AT_THE_OUTPUT,),
)
def hessian() -> Derivation:
    """The Hessian of the loss before batch norm is K = (gamma/sigma)^2 Pi H Pi - gamma/(B sigma^2)
    [Pi g yhat' + yhat (Pi g)' + <g,yhat> Pi]. The first term is the loss's own curvature, projected
    and rescaled, and the second term curves even a linear loss. Here sigma^2 = variance + eps, yhat
    = (y - mean)/sigma and Pi = I - 11'/B - yhat yhat'/B."""
    first, second = sp.MatrixSymbol("a", B, 1), sp.MatrixSymbol("b", B, 1)
    move = x * first + x**2 * second / 2
    hat, scale = standardised(y, eps), deviation(y, eps)
    part, kept = projected(g, y, eps), curvature_in(y, eps)
    outer = part * hat.T + hat * part.T
    return Derivation(
        definition=hess(loss(y, eps), y),
        closed_form=kept,
        steps=(
            *normalisation_moves()[:1],
            equal(
                "To second order, of yhat = (sigma yhat + x Ch)/sigma(x), the share of yhat ...",
                at_zero(sigma / MOVED, 2),
                (3 * growth**2 - spread) / sigma**2,
            ),
            equal("... and the share of Ch.", at_zero(x / MOVED, 2), -2 * growth / sigma**2),
            equal(
                "With h'Pi h/B = spread - growth^2 ...",
                h.T * P * h,
                B * (spread - growth**2) * NUMBER,
                NAMED,
            ),
            equal(
                "... yhat bends by - (yhat h'Pi h + 2 Pi h yhat'h)/(B sigma^2).",
                (3 * growth**2 - spread) / sigma**2 * yhat - 2 * growth / sigma**2 * C * h,
                -(yhat * (spread - growth**2) + 2 * growth * P * h) / sigma**2,
                NAMED,
            ),
            equal(
                "A loss of gradient g and Hessian H, moved by x a + x^2 b/2, bends by g'b + a'Ha.",
                g.T * move + move.T * H * move / 2,
                x * g.T * first
                + x**2 / 2 * (g.T * second + first.T * H * first)
                + x**3 / 2 * first.T * H * second
                + x**4 / 8 * second.T * H * second,
                {H.T: H},
            ),
            second_derivative(
                "With a = gamma Pi h/sigma and b = gamma times the bend of yhat this is h'Kh, "
                "for every h."
            ),
        ),
        twins={
            "the loss's own curvature alone": curvature_in(y, eps)
            + gamma / (B * scale**2) * (outer + inner(g, hat) * (eye(B) - hat * hat.T / B)),
            "statistics held fixed": (gamma / scale) ** 2 * H,
            "without the outer products": kept + gamma / (B * scale**2) * outer,
            "the second term with the other sign": kept + 2 * gamma / (B * scale**2) * outer,
        },
        chain=chain(
            because(
                "Along any h the loss bends by g' times the bend of gamma yhat, and by H between "
                "its moves. Together this is h'Kh.",
                calculus.hessian(),
            )
        ),
    )


def along_gradient(first: sp.Expr, share_of_second: sp.Expr = 1 / B) -> sp.Expr:
    """``first`` less gamma <g,yhat> |grad|^2/sigma^2 times the share."""
    return first - share_of_second * gamma / deviation(y) ** 2 * inner(
        g, standardised(y)
    ) * squared(gradient_in(y))


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma),
    (cite(SOURCE, "eq. (10)"), cite("santurkar2018", "theorem 4.2")),
    (BOTH_AT_THE_OUTPUT,),
)
def curvature_along_gradient() -> Derivation:
    """Along the gradient d before batch norm the Hessian K has exactly the form that the source
    prints as a bound: d'Kd = (gamma/sigma)^2 d'Hd - gamma/(B sigma^2) <g,yhat> |d|^2. Here sigma is
    the standard deviation of y, and yhat = (y - mean)/sigma."""
    ratio = (gamma / deviation(y)) ** 2
    return Derivation(
        definition=quadratic_form(curvature_in(y), gradient_in(y)),
        closed_form=along_gradient(ratio * quadratic_form(H, gradient_in(y))),
        steps=(
            equal("d is projected already, Pi d = d, ...", P * SLOPE, SLOPE, ALIGNED),
            equal("... and orthogonal to yhat,", yhat.T * SLOPE, sp.ZeroMatrix(1, 1), ALIGNED),
            equal(
                "so the outer products of K drop out.",
                SLOPE.T * k_in_letters() * SLOPE,
                (gamma / sigma) ** 2 * SLOPE.T * H * SLOPE
                - gamma / (B * sigma**2) * alignment * SLOPE.T * SLOPE,
                ALIGNED,
            ),
        ),
        twins={
            "printed: with the plain gradient in the first term": along_gradient(
                ratio * quadratic_form(H, g)
            ),
            "the first term alone": ratio * quadratic_form(H, gradient_in(y)),
            "1/sqrt(B) in the second term": along_gradient(
                ratio * quadratic_form(H, gradient_in(y)), 1 / sp.sqrt(B)
            ),
        },
        chain=chain(
            by_step("The outer products of K drop out.", 3),
            letters=mean(sp.S.Zero, one, yhat, sigma, alignment),
        ),
    )


@claim(
    "identity",
    (s.y, s.g, s.H, s.gamma),
    (cite(SOURCE, "section 2.2"), cite("grosse2021", "scale invariance")),
    (BOTH_AT_THE_OUTPUT,),
)
def curvature_of_outputs() -> Derivation:
    """Before batch norm the Hessian K of the loss has K 1 = 0 for the vector 1 of ones, and K (y -
    mean) is minus the gradient. So along y itself there is no curvature at all. The reason is that
    batch norm sees neither a shift nor a rescaling of y."""
    outputs, kept = sigma * yhat, k_in_letters()
    return Derivation(
        definition={
            "along the mean": curvature_in(y) * (y - centred(y)),
            "along the outputs": curvature_in(y) * centred(y),
            "y'Ky": quadratic_form(curvature_in(y), y),
        },
        closed_form={
            "along the mean": 0 * y,
            "along the outputs": -gradient_in(y),
            "y'Ky": sp.S.Zero,
        },
        steps=(
            equal(
                "Pi and yhat' take 1 to zero.", k_in_letters() * one, sp.ZeroMatrix(B, 1), ALIGNED
            ),
            equal(
                "Pi takes yhat to zero, and yhat'yhat = B.",
                k_in_letters() * outputs,
                -SLOPE,
                ALIGNED,
            ),
            equal(
                "The gradient is orthogonal to both.",
                (outputs + x * one).T * kept * (outputs + x * one),
                sp.ZeroMatrix(1, 1),
                ALIGNED,
            ),
        ),
        twins={
            "plus the gradient": {
                "along the mean": 0 * y,
                "along the outputs": gradient_in(y),
                "y'Ky": sp.S.Zero,
            },
            "flat along the outputs": {
                "along the mean": 0 * y,
                "along the outputs": 0 * y,
                "y'Ky": sp.S.Zero,
            },
        },
        chain=chain(
            outputs={
                "along the mean": (
                    calculated(
                        "What centring takes out is the mean in every entry.",
                        columns.mean(y) * (curvature_in(y) * ones(B, 1)),
                    ),
                    by_step("K takes the vector 1 to zero.", 1),
                ),
                "along the outputs": (by_step("Pi takes yhat to zero, and yhat'yhat = B.", 2),),
                "y'Ky": (
                    by_step(
                        "The gradient is orthogonal to yhat and to 1.",
                        3,
                        where={x: columns.mean(y)},
                    ),
                ),
            },
            letters=mean(sp.S.Zero, one, yhat, sigma, alignment),
        ),
    )


@claim(
    "bound",
    (s.y, s.g, s.H, s.gamma),
    (cite(SOURCE, "section 2.2"), cite("hornjohnson2013", "theorem 4.3.28")),
    (BOTH_AT_THE_OUTPUT, NOT_FLAT),
)
def negative_curvature() -> Derivation:
    """Before batch norm the loss is a saddle wherever its gradient d is not zero. The smallest
    eigenvalue of its Hessian K is at most (a - sqrt(a^2 + 4 b^2))/2 < 0, and the largest is at
    least the other root. Here a = d'Kd/|d|^2 is the curvature along the gradient, b = |d|/(sigma
    sqrt(B)), and sigma is the standard deviation of y."""
    c = quadratic_form(curvature_in(y), gradient_in(y)) / squared(gradient_in(y))
    b = length(gradient_in(y)) / (deviation(y) * sp.sqrt(B))
    bent = curvature_in(y)
    outwards, ahead = standardised(y) / sp.sqrt(B), gradient_in(y) / length(gradient_in(y))
    theorem = linear_algebra.smallest_in_a_plane(bent, outwards, ahead)
    along, slope = sp.Symbol("a", real=True), sp.Symbol("b", positive=True)
    z = sp.Symbol("z")
    block = sp.Matrix([[0, -slope], [-slope, along]])
    root = (along - sp.sqrt(along**2 + 4 * slope**2)) / 2
    size = sp.Symbol("|d|", positive=True)  # the length of the gradient
    unit = yhat / sp.sqrt(B)
    return Derivation(
        definition=smallest(curvature_in(y)),
        closed_form={"upper": (c - sp.sqrt(c**2 + 4 * b**2)) / 2},
        steps=(
            cited(
                "The smallest eigenvalue is at most the smallest eigenvalue of the restriction "
                "to two directions",
                cite("hornjohnson2013", "theorem 4.3.28"),
            ),
            equal("Along yhat there is no curvature; ...", unit.T * k_in_letters() * unit,
                  sp.ZeroMatrix(1, 1), ALIGNED),
            equal(
                "... between yhat/sqrt(B) and d/|d| there is -b, b = |d|/(sigma sqrt(B)).",
                unit.T * k_in_letters() * SLOPE / size,
                -SLOPE.T * SLOPE / (sigma * sp.sqrt(B) * size),
                ALIGNED,
            ),
            equal(
                "The 2 x 2 restriction has this characteristic polynomial,",
                (z * sp.eye(2) - block).det(),
                z**2 - along * z - slope**2,
            ),
            equal("of which this is a root, ...", root**2 - along * root, slope**2),
            nonnegative(
                "... negative: the product of both roots is -b^2, their difference positive.",
                (along - 2 * root) * slope**2,
            ),
        ),
        twins={
            "no negative curvature": {"upper": sp.S.Zero},
            "twice as negative": {"upper": c - sp.sqrt(c**2 + 4 * b**2)},
        },
        chain=chain(
            outputs={
                "upper": (
                    because(
                        "The smallest eigenvalue is at most that of the restriction to yhat and d.",
                        theorem,
                        theorem.statement().right,
                        relation="<=",
                    ),
                    because(
                        "Along yhat there is no curvature. Between yhat and d it is -b for unit "
                        "vectors, as K yhat = -d/sigma.",
                        use.equals(
                            are={
                                quadratic_form(bent, outwards): sp.S.Zero,
                                quadratic_form(bent, ahead): c,
                                inner(outwards, bent * ahead): -b,
                            }
                        ),
                    ),
                )
            },
            reached={
                "upper": Reached(
                    {
                        "y": [1, -1, 0],
                        "g": [1, 1, -2],
                        "H": [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
                        "gamma": 1,
                    }
                )
            },
        ),
    )  # fmt: skip


@claim(
    "limit",
    (s.y, s.g, s.H, s.gamma, DIRECTION),
    (cite(SOURCE, "eq. (9)"),),
    (BOTH_AT_THE_OUTPUT, "three continuous derivatives, for the order of the limit"),
)
def taylor() -> Derivation:
    """The loss L moved by x u from y is L + x grad'u + x^2 u'Ku/2 + o(x^2), with the gradient grad
    and the Hessian K before batch norm. So twice the remainder after the linear term, over x^2,
    tends to u'Ku."""
    remainder = moved(loss(y), (y, x * u)) - loss(y) - x * inner(grad(loss(y), y), u)
    bent = hess(loss(y), y)
    along = sp.Function("f")
    bend, third = sp.symbols("bend third", real=True)
    return Derivation(
        definition=sp.Limit(2 * remainder / x**2, x, 0, "+-"),
        closed_form=quadratic_form(curvature_in(y), u),
        steps=(
            equal(
                "The remainder f(x) - f(0) - x f'(0) has the second derivative of f ...",
                sp.Derivative(along(x) - along(0) - x * growth, (x, 2)),
                sp.Derivative(along(x), (x, 2)),
            ),
            equal(
                "... and starts as bend x^2/2 with bend = f''(0); twice it over x^2 tends to bend.",
                sp.Limit((bend * x**2 + third * x**3 / 3) / x**2, x, 0),
                bend,
            ),
            second_derivative("The second derivative of the loss along h is h'Kh."),
        ),
        twins={
            "half of it": quadratic_form(curvature_in(y), u) / 2,
            "the loss's own curvature alone": (gamma / deviation(y)) ** 2
            * quadratic_form(H, projected(u, y)),
        },
        chain=chain(
            because(
                "To second order the loss changes by x grad'u + x^2 u'hess u/2.",
                slopes.small_step(),
                quadratic_form(bent, u),
            ),
            because("The Hessian is K.", slopes.slopes(are={bent: curvature_in(y)})),
        ),
    )
