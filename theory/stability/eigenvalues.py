"""Leading eigenvalues from products alone, and what a projection leaves of them."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.claim import Derivation, claim
from theory.domain import Condition
from theory.functions.eigenvalues import largest, nth_largest, smallest
from theory.functions.matrices import pinv
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.stability.letters import (
    COURANT_FISCHER,
    SOURCE,
    SPECTRAL,
    Hess,
    P,
    dim,
    k,
    lam,
    lim,
    span,
)

ratio, tangent = s.ratio.symbol, s.tangent.symbol
low = sp.Symbol("lambda_min", real=True)
room = sp.Symbol("room", nonnegative=True)
part, other = sp.symbols("a a_2", positive=True)
rayleigh = sp.Function("rayleigh")


@claim(
    "identity",
    (s.Hess,),
    (cite(SOURCE, "Power method"), cite("parlett1998", "chapter 4")),
    (
        Condition(
            "one eigenvalue has the largest absolute value, lambda_max is not -lambda_min",
            sp.Ne(largest(Hess), -smallest(Hess)),
        ),
        "the start is not orthogonal to its eigenvector, as no random start is",
    ),
)
def power_method() -> Derivation:
    """The power method, repeated products of a vector with the Hessian, finds the eigenvalue of
    largest absolute value. This is the smallest eigenvalue where the loss curves downwards more
    than upwards, so it is not always the largest."""
    curving, next_one = sp.symbols("lambda_1 lambda_2", real=True, nonzero=True)
    quotient = (
        part**2 * curving * curving ** (2 * k) + other**2 * next_one * next_one ** (2 * k)
    ) / (part**2 * curving ** (2 * k) + other**2 * next_one ** (2 * k))
    small = sp.Symbol("b", positive=True)
    step = sp.Symbol("k", positive=True)
    top, bottom = largest(Hess), smallest(Hess)
    return Derivation(
        definition=lim(rayleigh(Hess**k)),
        closed_form=sp.Piecewise((top, sp.Gt(top + bottom, 0)), (bottom, True)),
        steps=(
            cited("H = UDU' with U orthogonal and D diagonal: components separate", SPECTRAL),
            equal(
                "After k products a component is a lambda^k. Every other component, here a "
                "second, moves the Rayleigh quotient off lambda_1 by a multiple of "
                "(lambda_2/lambda_1)^(2k), ...",
                quotient,
                curving
                + (next_one - curving)
                * (other / part) ** 2
                * (next_one ** (2 * k) / curving ** (2 * k))
                / (1 + (other / part) ** 2 * (next_one ** (2 * k) / curving ** (2 * k))),
            ),
            equal(
                "... which tends to zero where |lambda_2| < |lambda_1|, whatever the signs.",
                sp.Limit((1 / (1 + small)) ** (2 * step), step, sp.oo),
                0,
            ),
            equal(
                "All eigenvalues lie between two, so one of these has the largest |lambda|: the "
                "upper if their sum is positive.",
                (low + room) ** 2 - low**2,
                room * (low + (low + room)),
            ),
        ),
        twins={
            "the maximal eigenvalue, as where all are positive": top,
            "the largest absolute value, without its sign": sp.Max(top, -bottom),
        },
    )


@claim(
    "identity",
    (s.lam, s.ratio, s.tangent, s.k),
    (cite("parlett1998", "chapter 4"), cite(SOURCE, "Power method")),
    ("two eigenvalues, lam and ratio lam, |ratio| < 1",),
)
def power_method_rate() -> Derivation:
    """After k products of the power method the tangent of the angle to the leading eigenvector is
    tangent |ratio|^k. The Rayleigh quotient lies below the eigenvalue lam by lam (1 - ratio) times
    the square of this tangent in leading order, so the eigenvalue is found twice as fast as the
    vector."""
    left = tangent * ratio**k
    value = lam * (1 - ratio) * left**2 / (1 + left**2)
    c, q = sp.symbols("b a", real=True, nonzero=True)
    vector = sp.Matrix([c, c * q])
    matrix = sp.diag(lam, ratio * lam)
    return Derivation(
        definition={
            "tangent": sp.Function("tan")(sp.Function("angle")(sp.Symbol("H^k v"))),
            "error": lam - rayleigh(sp.Symbol("H^k v")),
        },
        closed_form={"tangent": tangent * sp.Abs(ratio) ** k, "error": value},
        steps=(
            equal(
                "A product with the Hessian multiplies the quotient a of the two components by "
                "the ratio.",
                (matrix * vector)[1] / (matrix * vector)[0],
                ratio * q,
            ),
            equal(
                "The Rayleigh quotient in terms of the quotient.",
                lam - (vector.T * matrix * vector)[0] / (vector.T * vector)[0],
                lam * (1 - ratio) * q**2 / (1 + q**2),
            ),
            equal(
                "So its error is of second order in the angle's tangent.",
                sp.Limit((lam * (1 - ratio) * q**2 / (1 + q**2)) / q**2, q, 0),
                lam * (1 - ratio),
            ),
        ),
        twins={
            "the eigenvalue as slow as the vector": {
                "tangent": tangent * sp.Abs(ratio) ** k,
                "error": lam * (1 - ratio) * tangent**2 * sp.Abs(ratio) ** k
                / (1 + tangent**2 * sp.Abs(ratio) ** k),
            },
            "the vector as fast as the eigenvalue": {
                "tangent": tangent * ratio ** (2 * k),
                "error": value,
            },
        },
    )  # fmt: skip


@claim(
    "bound",
    (s.Hess,),
    (cite(SOURCE, "the slightly more sophisticated Lanczos algorithm"),
     cite("parlett1998", "chapters 11 to 13")),
    ("the start of Lanczos has a part along every eigenvector",),
)  # fmt: skip
def ritz_values() -> Derivation:
    """Ritz values, the eigenvalues of the Hessian H restricted to any subspace, lie between the
    smallest and the largest eigenvalue of H. Lanczos reaches both exactly after as many products as
    H has distinct eigenvalues."""
    c, rest = sp.symbols("a rest", nonnegative=True)
    x = sp.MatrixSymbol("x", dim, 1)
    basis = sp.MatrixSymbol("Q", P, dim)
    return Derivation(
        definition=sp.Function("ritz")(Hess, dim),
        closed_form={"lower": smallest(Hess), "upper": largest(Hess)},
        steps=(
            equal(
                "A Ritz value x'(Q'HQ)x of |x| = 1, Q'Q = I, is the Rayleigh quotient of Qx, of "
                "length 1.",
                (basis * x).T * (basis * x),
                x.T * x,
                {basis.T * basis: sp.Identity(dim)},
            ),
            cited("On eigenvectors of H it is a mean of eigenvalues with weights a^2", SPECTRAL),
            nonnegative(
                "of which none exceeds the largest, low + rest + room, ...",
                ((low + rest + room) - (low + rest)) * c**2,
            ),
            nonnegative("... or falls below the smallest.", ((low + rest) - low) * c**2),
            cited(
                "Krylov's space of v, Hv, H^2 v, ... closes after as many vectors as distinct "
                "eigenvalues: the minimal polynomial, of that degree, annihilates v",
                cite("hornjohnson2013", "section 3.3"),
            ),
            cited(
                "An H-invariant space has Ritz values that are eigenvalues: all eigenvalues of "
                "eigenvectors along which v has a part",
                cite("parlett1998", "chapter 12"),
            ),
        ),
        twins={
            "of curvatures that are positive": {"lower": sp.Integer(0), "upper": largest(Hess)},
            "between the extremes' absolute values": {
                "lower": -sp.Max(largest(Hess), -smallest(Hess)),
                "upper": sp.Max(largest(Hess), -smallest(Hess)),
            },
        },
    )  # fmt: skip


@claim(
    "bound",
    (s.Hess, s.span),
    (cite(SOURCE, "restricted to the subspace orthogonal to the 29 dimensional subspace"),
     cite("hornjohnson2013", "theorem 4.3.28")),
)  # fmt: skip
def projected_curvature() -> Derivation:
    """With dim directions projected out of the Hessian H, the largest eigenvalue that is left is at
    least the (dim + 1)-th largest of H. It is at most the largest of H, or 0 where that is
    negative. The directions that are projected out are left with the eigenvalue 0."""
    basis = span * pinv(span)
    projector, matrix = sp.MatrixSymbol("Pi", P, P), sp.MatrixSymbol("H", P, P)
    x, z = sp.MatrixSymbol("x", P, 1), sp.MatrixSymbol("z", P, 1)
    c = sp.Symbol("a", real=True)
    kept = hess_outside(basis)
    return Derivation(
        definition=largest(kept),
        closed_form={
            "lower": nth_largest(Hess, dim + 1),
            "upper": sp.Max(largest(Hess), 0),
        },
        steps=(
            equal(
                "For x outside the span, Pi x = x, the projected matrix is H.",
                x.T * projector * matrix * projector * x,
                x.T * matrix * x,
                {projector * x: x, projector.T: projector, matrix.T: matrix},
            ),
            equal(
                "Any x is a sum of a part outside and a part inside, which does not count: x'Pi "
                "H Pi x is at most lambda_max |Pi x|^2, and |Pi x|^2 = |x|^2 - |(I - Pi)x|^2.",
                x.T * x - x.T * (sp.Identity(P) - projector).T * (sp.Identity(P) - projector) * x,
                x.T * projector * x,
                {projector * projector: projector, projector.T: projector},
            ),
            equal(
                "Directions inside the span are left with 0.",
                projector * matrix * projector * z,
                sp.ZeroMatrix(P, 1),
                {projector * z: sp.ZeroMatrix(P, 1)},
            ),
            positive(
                "The first dim + 1 eigenvectors span more dimensions than the dim that are taken "
                "out, so at least one combination of them lies outside, ...",
                (dim + 1) + (P - dim) - P,
            ),
            nonnegative(
                "... and bends by no less than the (dim + 1)-th eigenvalue: each term exceeds it.",
                ((low + room) - low) * c**2,
            ),
            cited("This is Cauchy's interlacing.", COURANT_FISCHER),
        ),
        twins={
            "each direction takes out an eigenvalue": {
                "lower": nth_largest(Hess, dim),
                "upper": sp.Max(largest(Hess), 0),
            },
            "what is left begins at the next eigenvalue": {
                "lower": nth_largest(Hess, dim + 1),
                "upper": sp.Max(nth_largest(Hess, dim + 1), 0),
            },
            "never above the largest eigenvalue": {
                "lower": nth_largest(Hess, dim + 1),
                "upper": largest(Hess),
            },
        },
    )


def hess_outside(basis: sp.MatrixExpr) -> sp.MatrixExpr:
    """H with the range of the projector ``basis`` taken out on both sides."""
    return Hess - basis * Hess - Hess * basis + basis * Hess * basis
