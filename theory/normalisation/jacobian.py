"""The Jacobian of batch norm: through the statistics every output depends on every example."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.functions.columns import inner, mean
from theory.functions.stated import jacobian as jacobian_of
from theory.normalisation.letters import (
    CENTRING,
    DIVISOR,
    GROSSE,
    NOUGHT,
    NUMBER,
    ONES,
    OUTPUT,
    OXFORD,
    STANDARD,
    UNDONE,
    VARIANCE,
    B,
    divisor,
    eps,
    g,
    gamma,
    h,
    normalised,
    one,
    sigma,
    x,
    y,
    yhat,
)
from theory.proofs.rules import columns, parts
from theory.proofs.tactics import equal
from theory.proofs.unevaluated import derivative, value_at


def identity() -> sp.MatrixExpr:
    """The identity matrix; SymPy's own Identity(B) does not print for NumPy."""
    return sp.DiagMatrix(ONES)


def jacobian_matrix(added: sp.Expr = eps) -> sp.MatrixExpr:
    """(I - 11'/B - BN(y)BN(y)'/B)/s; a projector over s where ``added`` is zero."""
    out = normalised(y, added)
    return (identity() - ONES * ONES.T / B - out * out.T / B) / sp.sqrt(VARIANCE + added)


def passed(gradient: sp.MatrixExpr) -> sp.MatrixExpr:
    """What the Jacobian, but for its 1/s, makes of a column."""
    return gradient - mean(gradient) * ONES - OUTPUT * inner(OUTPUT, gradient) / B


#: In letters: BN(y) = sigma yhat/s.
PASSED_IN_LETTERS = CENTRING - sigma**2 / divisor**2 * yhat * yhat.T / B


def derivative_along() -> tuple[Step, ...]:
    """The derivative of BN(y + x h) at x = 0, at any B and for every h."""
    along, across = sp.symbols("a b", real=True)
    moved = sigma**2 + 2 * x * sigma * along + x**2 * across
    added = sp.Symbol("eps", nonnegative=True)
    return (
        equal(
            "Move y by x h. The variance becomes a parabola in x, sigma^2 + 2 x sigma a + "
            "x^2 b with a = yhat'h/B and b the variance of h.",
            (CENTRING * (UNDONE + x * h)).T * (CENTRING * (UNDONE + x * h)) / B,
            sigma**2 * NUMBER + 2 * x * sigma * yhat.T * h / B + x**2 * h.T * CENTRING * h / B,
            STANDARD,
        ),
        equal(
            "On this parabola 1/s, with s^2 = variance + eps, has the derivative -sigma "
            "a/s^3 at x = 0.",
            derivative(1 / sp.sqrt(moved + added), x, at=0),
            -sigma * along / (sigma**2 + added) ** sp.Rational(3, 2),
        ),
        equal(
            "The numerator C(y + x h) with C = I - 11'/B is sigma yhat at x = 0, and has "
            "the derivative Ch. So the product rule gives for BN(y) the derivative (1/s)(C "
            "- (sigma/s)^2 yhat yhat'/B)h, for every h.",
            CENTRING * h / divisor - sigma / divisor**3 * (CENTRING * UNDONE) * (yhat.T * h) / B,
            PASSED_IN_LETTERS * h / divisor,
            STANDARD,
        ),
    )


@claim(
    "identity",
    (s.y, s.eps),
    (cite(GROSSE, "we differentiate through it"), cite(OXFORD, "section 2.1, eq. (1)")),
)
def jacobian() -> Derivation:
    """The derivatives of the outputs of batch norm in its inputs y are the symmetric matrix
    dBN(y)/dy = (I - 11'/B - BN(y)BN(y)'/B)/s, with s^2 = variance + eps and the vector 1 of B
    ones."""
    return Derivation(
        definition=jacobian_of(OUTPUT, y),
        closed_form=jacobian_matrix(),
        steps=(
            *derivative_along(),
            equal(
                "The matrix of the derivatives is symmetric: it is its own transpose.",
                sp.Transpose(PASSED_IN_LETTERS),
                PASSED_IN_LETTERS,
            ),
        ),
        twins={
            "statistics frozen": identity() / DIVISOR,
            "the variance frozen": (identity() - ONES * ONES.T / B) / DIVISOR,
            "the mean frozen": (identity() - OUTPUT * OUTPUT.T / B) / DIVISOR,
            "printed: 1/sqrt(B) for 1/B with yhat": (
                identity() - ONES * ONES.T / B - OUTPUT * OUTPUT.T / sp.sqrt(B)
            )
            / DIVISOR,
        },
        chain=chain(
            because(
                "Along any h the derivative of BN(y) is this matrix times h, by the "
                "quotient rule and the derivative of the root.",
                columns.jacobian(),
            )
        ),
    )


@claim(
    "identity",
    (s.y, s.g, s.gamma, s.eps),
    (cite(OXFORD, "section 2.1, eq. (1)"), cite(GROSSE, "statistics path")),
)
def gradient_orthogonality() -> Derivation:
    """The gradient of the loss in the inputs y of batch norm adds up to zero over the batch. Its
    inner product with y is gamma g'BN(y) eps/(variance + eps), which is zero where eps = 0."""
    gradient = gamma * jacobian_of(OUTPUT, y).T * g
    found = gamma * jacobian_matrix().T * g
    added = sp.Symbol("eps", nonnegative=True)

    def known(direction: sp.MatrixExpr) -> Link:
        """From the derivatives to their closed form."""
        return because(
            "The derivatives of BN(y) form the matrix of normalisation.jacobian.",
            parts.claimed(claim="normalisation.jacobian"),
            inner(direction, found),
        )

    return Derivation(
        definition={"ones": inner(ONES, gradient), "inputs": inner(y, gradient)},
        closed_form={
            "ones": sp.Integer(0),
            "inputs": gamma * inner(g, OUTPUT) * eps / (VARIANCE + eps),
        },
        steps=(
            *derivative_along(),
            equal(
                "The gradient is gamma times the Jacobian, which is symmetric, times g. The "
                "product of the vector 1 and the gradient is 0, so the gradient adds up to "
                "zero.",
                one.T * (gamma * PASSED_IN_LETTERS * g / divisor),
                NOUGHT,
                STANDARD,
            ),
            equal(
                "The product of y = mu 1 + sigma yhat and the gradient is not 0: the factor "
                "1 - sigma^2/s^2 is left. Here sigma yhat/s is BN(y).",
                UNDONE.T * (gamma * PASSED_IN_LETTERS * g / divisor),
                gamma * (1 - sigma**2 / divisor**2) * g.T * (sigma * yhat / divisor),
                STANDARD,
            ),
            equal(
                "With s^2 = sigma^2 + eps the factor 1 - sigma^2/s^2 is eps/s^2.",
                value_at(1 - sigma**2 / divisor**2, {divisor: sp.sqrt(sigma**2 + added)}),
                added / (sigma**2 + added),
            ),
        ),
        twins={
            "orthogonal to y whatever eps": {"ones": sp.Integer(0), "inputs": sp.Integer(0)},
            "statistics frozen": {
                "ones": gamma * inner(ONES, g) / DIVISOR,
                "inputs": gamma * inner(g, y) / DIVISOR,
            },
        },
        chain=chain(
            outputs={
                "ones": (
                    known(ONES),
                    calculated(
                        "The vector 1 is orthogonal to BN(y), and the centring I - 11'/B takes "
                        "it to zero."
                    ),
                ),
                "inputs": (
                    known(y),
                    calculated(
                        "The product y'BN(y)/B is variance/s.",
                        gamma * inner(g, OUTPUT) * (1 - VARIANCE / (VARIANCE + eps)),
                    ),
                    calculated("1 - variance/s^2 is eps/s^2."),
                ),
            }
        ),
    )
