"""Smooth functions: Lipschitz constants of a loss and of its gradient."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Approached, Reached, because, calculated, chain
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import trace
from theory.proofs.rules import order, use
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import linear_algebra
from theory.smoothness.letters import CAUCHY_SCHWARZ, NUMBER, SPECTRAL, N, radius, x

SOURCE = "rethinking"
R, d = s.R.symbol, s.d.symbol
MODEL = "for the excess loss E = d'Rd/2 on the ball |d| <= radius, a convex domain"
IN_BALL = Condition(
    "both points lie in the ball", sp.Max(inner(s.V.symbol, s.V.symbol), inner(d, d)) <= radius**2
)
INDEFINITE = s.R.within(kind="symmetric")
one_end, other_end = sp.MatrixSymbol("a", N, 1), sp.MatrixSymbol("b", N, 1)
axis = sp.MatrixSymbol("e", N, 1)  # of length 1, along the largest eigenvalue
top = sp.Symbol("lambda_max", positive=True)
AXIS = {R * axis: top * axis, axis.T * axis: NUMBER, R.T: R}


def excess(at: sp.MatrixExpr) -> sp.MatrixExpr:
    """d'Rd/2."""
    return at.T * R * at / 2


@claim(
    "bound",
    (s.R, s.V, s.d, s.radius),
    (cite(SOURCE, "a function is L-Lipschitz"), cite("nesterov2004", "section 1.2.2")),
    (MODEL, IN_BALL),
)
def lipschitz() -> Derivation:
    """On a convex domain a function f is L-Lipschitz, |f(a) - f(b)| <= L |a - b|, for no L smaller
    than the supremum of its gradient's length. For the excess loss d'Rd/2 on a ball the smallest L
    is lambda_max radius, with the largest eigenvalue lambda_max of R. It is approached next to the
    end of the steepest axis."""
    V = s.V.symbol
    middle = (V + d) / 2
    per_room = (largest(R) * length(V - d)) ** 2 / 2
    along = sp.Function("f")
    low = sp.Symbol("low", positive=True)
    return Derivation(
        definition=sp.Abs(inner(V, R * V) - inner(d, R * d)) / 2,
        closed_form={"upper": largest(R) * radius * length(V - d)},
        steps=(
            equal(
                "Between two points of a convex domain the function changes by the integral "
                "of its slope along the segment.",
                sp.Integral(sp.Derivative(along(x), x), (x, 0, 1)),
                along(1) - along(0),
            ),
            equal(
                "For the quadratic this change is the gradient at the middle times the step.",
                excess(other_end) - excess(one_end),
                (other_end - one_end).T * R * (one_end + other_end) / 2,
                {R.T: R},
            ),
            cited("A slope is at most the gradient's norm times |a - b|", CAUCHY_SCHWARZ),
            cited(
                "The norm |Rd| is at most lambda_max |d|, with equality along the top axis",
                SPECTRAL,
            ),
            equal(
                "Take two points on the top axis e, at radius and at radius - low. Between them "
                "the change over the distance is lambda_max (radius - low/2).",
                (excess(radius * axis) - excess((radius - low) * axis)) / low,
                top * (radius - low / 2) * NUMBER,
                AXIS,
            ),
            equal(
                "As low tends to 0, this quotient tends to the bound.",
                sp.Limit(top * (radius - low / 2), low, 0),
                top * radius,
            ),
        ),
        twins={
            "of the gradient in the middle of the ball": {
                "upper": largest(R) * radius * length(V - d) / 2
            },
            "the trace for the largest eigenvalue": {"upper": trace(R) * radius * length(V - d)},
        },
        chain=chain(
            outputs={
                "upper": (
                    calculated(
                        "The loss changes by the gradient at the middle times the step.",
                        sp.Abs(inner(V - d, R * middle)),
                    ),
                    because(
                        "A product is at most the product of the lengths.",
                        linear_algebra.absolute_product(V - d, R * middle),
                        length(V - d) * length(R * middle),
                        relation="<=",
                    ),
                    because(
                        "The spectral theorem bounds the squared length m'R^2m of Rm.",
                        use.scaled(
                            by=use.rooted(
                                by=linear_algebra.largest_rayleigh_quotient(R * R, middle)
                            ),
                            factor=length(V - d),
                            of=(length(R * middle), sp.sqrt(largest(R * R)) * length(middle)),
                        ),
                        length(V - d) * sp.sqrt(largest(R * R)) * length(middle),
                        relation="<=",
                    ),
                    because(
                        "The root of the largest eigenvalue of R^2 is the largest eigenvalue of R.",
                        use.inside(
                            by=linear_algebra.norm_of_symmetric(R),
                            old=sp.sqrt(largest(R * R)),
                            new=sp.Max(largest(R), -smallest(R)),
                        ),
                        length(V - d) * largest(R) * length(middle),
                    ),
                    because(
                        "The squared length of the middle m is the mean of the squared lengths "
                        "of the ends, less |a - b|^2/4. So it is at most radius^2.",
                        order.square_gap(
                            is_=(largest(R) * inner(V - d, V - d) / 2) ** 2,
                            facts={
                                inner(V, V) <= radius**2: per_room,
                                inner(d, d) <= radius**2: per_room,
                            },
                        ),
                        relation="<=",
                    ),
                )
            },
            reached={
                "upper": Approached(
                    {"R": [[2, 0], [0, 1]], "V": [1, 0], "d": [1 - low, 0], "radius": 1},
                    letter=low,
                    to=0,
                )
            },
        ),
    )


@claim(
    "bound",
    (INDEFINITE, s.V, s.d),
    (cite(SOURCE, "the gradient landscape itself became more smooth"),
     cite("nesterov2004", "section 1.2.2")),
    ("for E = d'Rd/2, R of any signs",),
)  # fmt: skip
def beta_smoothness() -> Derivation:
    """A function is beta-smooth, its gradient beta-Lipschitz, for no beta smaller than the supremum
    of its Hessian's norm, the largest |eigenvalue|. For a quadratic with the Hessian R the smallest
    beta is max(lambda_max, -lambda_min), with the largest and the smallest eigenvalue of R. It is
    reached along the eigenvector."""
    V = s.V.symbol
    value = sp.Symbol("lambda_i", real=True)
    room = sp.Symbol("room", nonnegative=True)
    component = sp.Symbol("z_i", real=True)
    return Derivation(
        definition=length(R * V - R * d),
        closed_form={"upper": sp.Max(largest(R), -smallest(R)) * length(V - d)},
        steps=(
            equal(
                "The gradients differ by R(a - b): the Hessian is R everywhere.",
                R * one_end - R * other_end,
                R * (one_end - other_end),
            ),
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            nonnegative(
                "On the axes no term of beta^2 |z|^2 - |Dz|^2 is negative, as beta = |lambda_i| "
                "+ room.",
                ((sp.Abs(value) + room) ** 2 - value**2) * component**2,
            ),
            equal(
                "For the unit eigenvector e of the largest |eigenvalue|, |Re|^2 is its square: "
                "the bound is reached.",
                (R * axis).T * (R * axis),
                top**2 * NUMBER,
                AXIS,
            ),
        ),
        twins={
            "the largest eigenvalue, signed": {"upper": largest(R) * length(V - d)},
            "half of it": {"upper": sp.Max(largest(R), -smallest(R)) * length(V - d) / 2},
        },
        chain=chain(
            outputs={
                "upper": (
                    calculated("The gradients differ by R(a - b).", length(R * (V - d))),
                    because(
                        "The spectral theorem bounds the square of this length, (a - b)'R^2(a - "
                        "b).",
                        use.rooted(by=linear_algebra.largest_rayleigh_quotient(R * R, V - d)),
                        sp.sqrt(largest(R * R)) * length(V - d),
                        relation="<=",
                    ),
                    because(
                        "The eigenvalues of R^2 are the squares of the eigenvalues of R.",
                        use.inside(
                            by=linear_algebra.norm_of_symmetric(R),
                            old=sp.sqrt(largest(R * R)),
                            new=sp.Max(largest(R), -smallest(R)),
                        ),
                    ),
                )
            },
            reached={"upper": Reached({"R": [[1, 0], [0, -2]], "V": [0, 1], "d": [0, 0]})},
        ),
    )
