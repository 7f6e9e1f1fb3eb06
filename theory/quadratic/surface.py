"""The surface: the loss is a quadratic form, the same curvature everywhere."""

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from companion.references import cite
from theory import symbols as s
from theory.chain import Reached, because, by_step, calculated, chain
from theory.claim import Derivation, claim
from theory.functions.columns import inner
from theory.functions.eigenvalues import smallest
from theory.functions.matrices import trace
from theory.functions.stated import diagonalised
from theory.proofs.rules import calculus, quadratic_forms
from theory.proofs.tactics import cited, equal, nonnegative
from theory.proofs.theorems import spectra
from theory.proofs.unevaluated import derivative
from theory.quadratic.letters import (
    DATA_C,
    DATA_Q,
    DATA_R,
    LARGEST,
    LOSS,
    ROTATION,
    SOURCE,
    SPECTRAL,
    SYMMETRIC,
    D,
    N,
    Q,
    R,
    U,
    W,
    X,
    energy,
    lam,
    p,
    t,
    u,
)


@claim("identity", (s.X, s.Y, s.W), (cite(SOURCE, "E(W)"), cite("lecun1991", "eq. (1)")))
def form() -> Derivation:
    """The loss of a linear neuron, half its mean squared error, is a quadratic form in its weights:
    E(W) = (W'RW - 2Q'W + |Y|^2/p)/2. R = XX'/p is the second-moment matrix of the inputs, and Q =
    XY/p, the source's letter, is the mean product of inputs and target."""
    closed = (W.T * DATA_R * W - 2 * DATA_Q.T * W + DATA_C) / 2
    return Derivation(
        definition=LOSS,
        closed_form=closed,
        steps=(
            equal(
                "Expand the square of the residual. The number Y'X'W equals its transpose W'XY, "
                "so the two cross terms are one.",
                LOSS,
                closed,
            ),
        ),
        twins={
            "cross term without its factor 2": (W.T * DATA_R * W - DATA_Q.T * W + DATA_C) / 2,
            "sum of squares without the half": W.T * DATA_R * W - 2 * DATA_Q.T * W + DATA_C,
        },
        chain=chain(by_step("The square of the residual is expanded.", 1)),
    )


@claim("identity", (s.X, s.Y, s.W), (cite(SOURCE, "J(E) = RW-Q"),))
def gradient() -> Derivation:
    """The gradient of the loss |Y - X'W|^2/(2p) is RW - Q, with R = XX'/p the second-moment matrix
    of the inputs and Q = XY/p, the source's letter, their mean product with the target."""
    closed = DATA_R * W - DATA_Q
    step = sp.MatrixSymbol("h", N, 1)
    moved = LOSS.subs(W, W + t * step)
    return Derivation(
        definition=sp.Derivative(LOSS, W),
        closed_form=closed,
        steps=(
            equal(
                "Move W by x h, for any vector h. The loss changes by x h' times the "
                "gradient, and by a term in x^2.",
                moved,
                LOSS + t * step.T * closed + t**2 * step.T * DATA_R * step / 2,
            ),
            equal("SymPy's matrix calculus gives the same gradient.", derivative(LOSS, W), closed),
        ),
        twins={
            "gradient of the sum over examples": p * closed,
            "without the targets": DATA_R * W,
            "of the loss without its half": 2 * closed,
        },
        chain=chain(
            because(
                "Along any direction h the first derivative of the loss is h' times the gradient.",
                calculus.gradient(),
            )
        ),
    )


@claim("identity", (s.X,), (cite(SOURCE, "H = R"), cite("lecun1991")))
def hessian() -> Derivation:
    """The Hessian of the loss |Y - X'W|^2/(2p) is R = XX'/p, the uncentred second-moment matrix of
    the inputs, whatever the targets Y and the weights W."""
    ones = OneMatrix(p, 1)
    centred = X - X * ones * ones.T / p
    step = sp.MatrixSymbol("h", N, 1)
    slope = DATA_R * W - DATA_Q
    return Derivation(
        definition=sp.Derivative(LOSS, W, W),
        closed_form=DATA_R,
        steps=(
            equal(
                "Move W by h. The gradient changes by R h, and neither Y nor W is left.",
                slope.subs(W, W + step) - slope,
                DATA_R * step,
            ),
            equal(
                "SymPy's matrix calculus differentiates the loss twice, and gives the same "
                "Hessian.",
                derivative(derivative(LOSS, W), W),
                DATA_R,
            ),
        ),
        twins={
            "the covariance, inputs centred": centred * centred.T / p,
            "of the loss without its half": 2 * DATA_R,
        },
        chain=chain(
            because(
                "Along any direction h the second derivative of the loss is h'Rh.",
                calculus.hessian(),
            )
        ),
    )


@claim("identity", (s.R, s.u), (cite(SOURCE, "H' = u.T*H*u"),))
def directional_curvature() -> Derivation:
    """The second derivative of the loss along a direction u of length 1 is u'Ru. Along an
    eigenvector of R this curvature is the eigenvalue."""
    closed = u.T * R * u
    a, b, c = sp.symbols("a b c", real=True)
    return Derivation(
        definition=sp.Derivative(energy(W + t * u, Q), t, 2),
        closed_form=closed,
        steps=(
            equal(
                "Along W + x u the loss is a parabola in x.",
                energy(W + t * u, Q),
                energy(W, Q) + t * u.T * (R * W - Q) + t**2 / 2 * closed,
                SYMMETRIC,
            ),
            equal(
                "The second derivative of a parabola is the coefficient of x^2/2.",
                sp.Derivative(a + b * t + c * t**2 / 2, t, 2),
                c,
            ),
            equal(
                "Along an eigenvector of length 1, R u = lam u, the curvature u'Ru is lam.",
                closed,
                lam * sp.Identity(1),
                {R * u: lam * u, u.T * u: sp.Identity(1)},
            ),
        ),
        twins={
            "without the 2 of the second derivative": closed / 2,
            "the squared length of Ru": u.T * R * R * u,
        },
        chain=chain(
            by_step(
                "Along W + x u the loss is a parabola in x.",
                1,
                sp.Derivative(energy(W, Q) + t * u.T * (R * W - Q) + t**2 / 2 * closed, t, 2),
            ),
            because("The second derivative is the coefficient of x^2/2.", calculus.derivative()),
        ),
    )


@claim(
    "bound",
    (s.R, s.u),
    (cite(SOURCE, "H' = u.T*H*u"), cite("hornjohnson2013", "theorem 4.2.2")),
)
def curvature_bounds() -> Derivation:
    """The curvature u'Ru of the loss in any direction u lies between the smallest and the largest
    eigenvalue of R: lambda_min <= u'Ru <= lambda_max. The curvature reaches both bounds, along the
    eigenvectors of these eigenvalues."""
    i = sp.Symbol("i", integer=True, positive=True)
    value, component = sp.IndexedBase("lambda", real=True), sp.IndexedBase("z", real=True)
    floor, excess = sp.Symbol("lambda_1", real=True), sp.Symbol("excess", nonnegative=True)
    share = sp.Symbol("z_i", real=True)
    terms = (i, 1, N)
    on_axes = because(
        "R is diagonal on its eigenvectors.",
        spectra.spectral_theorem(R),
        u.T * diagonalised(R) * u,
    )
    return Derivation(
        definition=u.T * R * u,
        closed_form={"lower": smallest(R), "upper": LARGEST},
        steps=(
            cited("R = UDU' with U orthogonal and D diagonal", SPECTRAL),
            equal(
                "With z = U'u the curvature u'Ru is z'Dz, the sum of lambda_i z_i^2.",
                u.T * (U * D * U.T) * u,
                sp.MatMul(sp.Transpose(U.T * u), D, U.T * u),
            ),
            equal(
                "The vector z = U'u has length 1, as u has.",
                (U.T * u).T * (U.T * u),
                sp.Identity(1),
                {**ROTATION, u.T * u: sp.Identity(1)},
            ),
            equal(
                "From the sum of lambda_i z_i^2 take the smallest eigenvalue, lambda_1, "
                "times the sum of z_i^2: each term has the factor lambda_i - lambda_1.",
                sp.Sum(value[i] * component[i] ** 2, terms)
                - floor * sp.Sum(component[i] ** 2, terms),
                sp.Sum((value[i] - floor) * component[i] ** 2, terms),
            ),
            nonnegative(
                "No term is negative, since lambda_i - lambda_1 = excess is not: so u'Ru >= "
                "lambda_1. For the upper bound replace R by -R. At z = e_i the curvature is "
                "lambda_i.",
                (floor + excess - floor) * share**2,
            ),
        ),
        twins={
            "the trace as upper bound": {"lower": smallest(R), "upper": trace(R)},
            "the mean eigenvalue as lower bound": {"lower": trace(R) / N, "upper": LARGEST},
        },
        chain=chain(
            outputs={
                "lower": (
                    on_axes,
                    because(
                        "The curvature is a weighted mean of the eigenvalues, so it is not "
                        "below the smallest eigenvalue.",
                        quadratic_forms.mean_of_eigenvalues(),
                        smallest(R) * inner(u, u),
                        ">=",
                    ),
                    calculated("The length of u is 1."),
                ),
                "upper": (
                    on_axes,
                    because(
                        "The curvature is a weighted mean of the eigenvalues, so it is not "
                        "above the largest eigenvalue.",
                        quadratic_forms.mean_of_eigenvalues(),
                        LARGEST * inner(u, u),
                        "<=",
                    ),
                    calculated("The length of u is 1."),
                ),
            },
            reached={
                "lower": Reached({"R": [[1, 0], [0, 2]], "u": [1, 0]}),
                "upper": Reached({"R": [[1, 0], [0, 2]], "u": [0, 1]}),
            },
        ),
    )
