"""Learning rates beyond the quadratic: stationary points of any loss, the largest rate itself."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.eigenvalues import largest, smallest
from theory.functions.heads import grad, smooth
from theory.functions.rates import largest_over, radius
from theory.functions.stated import jacobian
from theory.proofs.rules import limits, linearised, rates
from theory.proofs.tactics import cited, equal, positive
from theory.proofs.theorems import dynamics
from theory.proofs.unevaluated import derivative, value_at
from theory.stability.letters import SOURCE, SPECTRAL, Hess, P, at_zero, eta, lam

third, fourth = s.third.symbol, s.fourth.symbol
x = sp.Symbol("x", real=True)


@claim(
    "identity",
    (s.Hess, s.eta),
    (cite(SOURCE, "l' <- (I - eta H) l'"), cite("cohen2021")),
    ("a stationary point of a loss with two continuous derivatives", "starts close to it"),
)
def growth_per_step() -> Derivation:
    """Close to a stationary point of a smooth loss gradient descent multiplies the displacement by
    I - eta H with the Hessian H. The worst factor is max(|1 - eta lambda_max|, |1 - eta
    lambda_min|), with the largest and the smallest eigenvalue of H. It is below 1 exactly for eta <
    2/lambda_max where H is positive definite, and above 1 at every rate where H has a negative
    eigenvalue."""
    f = sp.Function("l")
    low, high, bent = sp.symbols("lambda_min lambda_max bent", positive=True)
    weight = sp.Symbol("weight", positive=True)  # of lambda_max, against that of lambda_min
    between = (low + weight * high) / (1 + weight)
    place = sp.MatrixSymbol("theta", P, 1)
    loss = smooth(place, sp.ZeroMatrix(P, 1), Hess)  # it has no slope at a stationary point
    matrix = sp.Identity(P) - eta * Hess
    either = sp.Symbol("lam", real=True)  # an eigenvalue, of either sign
    return Derivation(
        definition=radius(jacobian(place - eta * grad(loss, place), place)),
        closed_form=sp.Max(sp.Abs(1 - eta * largest(Hess)), sp.Abs(1 - eta * smallest(Hess))),
        steps=(
            equal(
                "The derivative of a step in the point x is 1 - eta l''. In many dimensions it "
                "is I - eta H, and a step multiplies the displacement by this matrix, to first "
                "order.",
                derivative(x - eta * derivative(f(x), x), x),
                1 - eta * derivative(f(x), x, 2),
            ),
            cited(
                "H = UDU', U orthogonal and D diagonal: the factors are 1 - eta lambda",
                SPECTRAL,
            ),
            equal(
                "The factor of an eigenvalue between two others is between their factors, so the "
                "worst factor belongs to one of the ends.",
                1 - eta * between,
                ((1 - eta * low) + weight * (1 - eta * high)) / (1 + weight),
            ),
            equal(
                "The smallest factor 1 - eta lambda_max exceeds -1 by this product. So where "
                "lambda_max is positive, all factors exceed -1 exactly if eta < 2/lambda_max.",
                (1 - eta * high) + 1,
                high * (2 / high - eta),
            ),
            positive(
                "A positive lambda_min has the factor 1 - eta lambda_min. This factor falls "
                "short of 1 by eta lambda_min at every rate.",
                1 - (1 - eta * low),
            ),
            positive(
                "A negative eigenvalue -bent has the factor 1 + eta bent. It exceeds 1 by eta "
                "bent at every rate.",
                (1 + eta * bent) - 1,
            ),
        ),
        twins={
            "the largest eigenvalue alone": sp.Abs(1 - eta * largest(Hess)),
            "gradient flow": sp.exp(-eta * smallest(Hess)),
            "without absolute values": sp.Max(1 - eta * largest(Hess), 1 - eta * smallest(Hess)),
        },
        chain=chain(
            because(
                "To first order the gradient is H times the displacement.",
                linearised.hessian_for_gradient(matrix=matrix),
                radius(matrix),
            ),
            because(
                "On the eigenvectors of H the modes separate.",
                dynamics.spectral_radius_by_modes(matrix, Hess, either),
                largest_over(sp.Abs(1 - eta * either), either, smallest(Hess), largest(Hess)),
            ),
            because(
                "The factor of an eigenvalue between two others is between their factors.",
                rates.convex_at_the_ends(),
            ),
        ),
    )


@claim(
    "identity",
    (s.lam, s.third, s.fourth),
    (cite("chenbruna2023"), cite(SOURCE, "highest stable learning rate")),
    ("a loss of one weight, lam x^2/2 + third x^3/6 + fourth x^4/24 + ..., near its minimum",),
)
def two_steps_at_the_largest_rate() -> Derivation:
    """At the largest rate itself, eta = 2/lam, two steps of descent bring x to x - a x^3 with a =
    2(3 third^2 - lam fourth)/(3 lam^2) in leading order, as the quadratic decides nothing. Where a
    > 0 descent still converges, slowly, and a little above this rate it settles into swinging about
    the minimum. Where a < 0 it is expelled."""
    coefficient = 2 * (3 * third**2 - lam * fourth) / (3 * lam**2)
    slope = lam * x + third * x**2 / 2 + fourth * x**3 / 6
    once = x - 2 / lam * slope
    after = value_at(once, {x: once})
    # the loss with any smooth rest, and two steps on it
    loss = lam * x**2 / 2 + third * x**3 / 6 + fourth * x**4 / 24 + x**5 * sp.Function("h")(x)
    step = x - 2 / lam * sp.diff(loss, x)
    twice = step.subs(x, step)
    return Derivation(
        definition=sp.Limit((x - twice) / x**3, x, 0, "+-"),
        closed_form=coefficient,
        steps=(
            equal(
                "The gradient of the loss is this cubic in x, up to higher powers.",
                derivative(lam * x**2 / 2 + third * x**3 / 6 + fourth * x**4 / 24, x),
                slope,
            ),
            equal(
                "At the rate 2/lam two steps, one inside the other, have the slope 1 at the "
                "minimum: they keep x to first order.",
                derivative(after, x, at=0),
                1,
            ),
            equal(
                "The second derivative of two steps is 0 at the minimum: they bring no square "
                "of x.",
                derivative(after, x, 2, at=0),
                0,
            ),
            equal(
                "Two steps take a x^3 away, where a is minus a sixth of their third derivative "
                "at the minimum.",
                -derivative(after, x, 3, at=0) / 6,
                coefficient,
            ),
        ),
        twins={
            "the fourth derivative alone": -2 * fourth / (3 * lam),
            "the third derivative as steep as the fourth": 2
            * (third**2 - lam * fourth)
            / (3 * lam**2),
            "a quadratic, which keeps its size": sp.Integer(0),
        },
        chain=chain(
            because(
                "Two steps keep 0 and have the slope 1 there. They have no second slope. The third "
                "slope tells the limit.",
                limits.by_slopes(),
                at_zero(x - twice, 3) / 6,
            ),
            calculated("Two steps are differentiated three times at the minimum."),
        ),
    )
