"""What a subspace shows of the eigenvalues, and what a projection leaves of them."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, nth_largest, smallest
from theory.functions.frames import eigenvector, frame
from theory.functions.matrices import pinv
from theory.proofs import covers
from theory.proofs.rules import order, sets
from theory.proofs.tactics import cited, equal, nonnegative, positive
from theory.proofs.theorems import spectral
from theory.proofs.theorems.linear_algebra import (
    largest_rayleigh_quotient,
    smallest_rayleigh_quotient,
)
from theory.stability.letters import (
    COURANT_FISCHER,
    SOURCE,
    SPECTRAL,
    Hess,
    P,
    dim,
    span,
)

low = sp.Symbol("lambda_min", real=True)
room = sp.Symbol("room", nonnegative=True)


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
    place = sp.Symbol("j", integer=True, positive=True)
    columns = frame("Q", P, place + sp.Symbol("more", integer=True, nonnegative=True))
    ritz = columns.T * Hess * columns
    unit = eigenvector(ritz, place)
    first = because(
        "On its eigenvector x of length 1 a Ritz value is x'(Q'HQ)x.",
        spectral.value_on_the_eigenvector(ritz, place),
        inner(unit, ritz * unit),
    )
    last = calculated("Qx has length 1, as Q'Q = I.")
    squared = inner(columns * unit, columns * unit)
    return Derivation(
        definition=nth_largest(ritz, place),
        closed_form={"lower": smallest(Hess), "upper": largest(Hess)},
        steps=(
            equal(
                "A Ritz value is x'(Q'HQ)x with |x| = 1 and Q'Q = I. So it is the quadratic "
                "form of H in Qx, and Qx has the length of x.",
                (basis * x).T * (basis * x),
                x.T * x,
                {basis.T * basis: sp.Identity(dim)},
            ),
            cited(
                "On the eigenvectors of H this quadratic form is a mean of eigenvalues with "
                "weights a^2", SPECTRAL),
            nonnegative(
                "The mean is at most the largest eigenvalue, low + rest + room: an eigenvalue "
                "low + rest of weight a^2 falls short of it by a^2 room.",
                ((low + rest + room) - (low + rest)) * c**2,
            ),
            nonnegative(
                "The mean is at least the smallest eigenvalue, low: an eigenvalue low + rest of "
                "weight a^2 exceeds it by a^2 rest.",
                        ((low + rest) - low) * c**2),
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
        chain=chain(
            outputs={
                "lower": (
                    first,
                    because(
                        "This is the quadratic form of H in Qx, at least lambda_min |Qx|^2.",
                        smallest_rayleigh_quotient(Hess, columns * unit),
                        smallest(Hess) * squared,
                        ">=",
                    ),
                    last,
                ),
                "upper": (
                    first,
                    because(
                        "This is the quadratic form of H in Qx, at most lambda_max |Qx|^2.",
                        largest_rayleigh_quotient(Hess, columns * unit),
                        largest(Hess) * squared,
                        "<=",
                    ),
                    last,
                ),
            }
        ),
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
    top = largest(Hess)
    unit = eigenvector(kept, sp.Integer(1))
    taken = basis * unit
    left = unit - taken
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
                "Any x is the sum of a part Pi x outside the span and a part (I - Pi)x inside, "
                "which does not count. So x'Pi H Pi x is at most lambda_max |Pi x|^2, and |Pi "
                "x|^2 = x'Pi x is |x|^2 - |(I - Pi)x|^2.",
                x.T * x - x.T * (sp.Identity(P) - projector).T * (sp.Identity(P) - projector) * x,
                x.T * projector * x,
                {projector * projector: projector, projector.T: projector},
            ),
            equal(
                "A direction z inside the span, Pi z = 0, is left with the eigenvalue 0.",
                projector * matrix * projector * z,
                sp.ZeroMatrix(P, 1),
                {projector * z: sp.ZeroMatrix(P, 1)},
            ),
            positive(
                "The first dim + 1 eigenvectors and the P - dim dimensions outside the span are "
                "together one more than the P dimensions of the space. So at least one "
                "combination of these eigenvectors lies outside the span.",
                (dim + 1) + (P - dim) - P,
            ),
            nonnegative(
                "Such a combination bends by no less than the (dim + 1)-th eigenvalue: an "
                "eigenvalue that is larger by room, of weight a^2, adds a^2 room.",
                ((low + room) - low) * c**2,
            ),
            cited("Both bounds together are Cauchy's interlacing of eigenvalues", COURANT_FISCHER),
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
        chain=chain(
            outputs={
                "lower": (
                    because(
                        "The largest eigenvalue is at least the quadratic form in any x of length "
                        "1, also in those outside the span.",
                        spectral.rayleigh_on_a_subspace(kept, span),
                        spectral.largest_bend(kept, span),
                        ">=",
                    ),
                    because(
                        "For x outside the span the projected matrix is H.",
                        sets.same_on_the_set(),
                        spectral.largest_bend(Hess, span),
                    ),
                    because(
                        "Some x outside the span bends by no less than the (dim + 1)-th "
                        "eigenvalue.",
                        spectral.courant_fischer(Hess, span),
                        relation=">=",
                    ),
                ),
                "upper": (
                    because(
                        "On its eigenvector x of length 1 the eigenvalue is the quadratic form.",
                        spectral.value_on_the_eigenvector(kept, sp.Integer(1)),
                        inner(unit, kept * unit),
                    ),
                    because(
                        "This eigenvalue is the quadratic form of H in Pi x, at most lambda_max "
                        "|Pi x|^2.",
                        largest_rayleigh_quotient(Hess, left),
                        top * inner(left, left),
                        "<=",
                    ),
                    because(
                        "The squared lengths of Pi x and of (I - Pi) x add up to 1.",
                        order.gap(
                            is_=sp.Max(top, 0) * inner(taken, taken)
                            + sp.Max(-top, 0) * inner(left, left)
                        ),
                        relation="<=",
                    ),
                ),
            },
            covers=(covers.sign_of(top),),
        ),
    )


def hess_outside(basis: sp.MatrixExpr) -> sp.MatrixExpr:
    """H with the range of the projector ``basis`` taken out on both sides."""
    return Hess - basis * Hess - Hess * basis + basis * Hess * basis
