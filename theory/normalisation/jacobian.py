"""The Jacobian of batch norm: through the statistics every output depends on every example."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import because, calculated, chain
from theory.claim import Derivation, Step, claim
from theory.domain import Condition
from theory.functions.columns import inner, mean
from theory.functions.eigenvalues import largest
from theory.functions.stated import jacobian as jacobian_of
from theory.functions.stated import rank
from theory.normalisation.letters import (
    CENTRING,
    DIVISOR,
    GROSSE,
    NOUGHT,
    NUMBER,
    ONES,
    OUTPUT,
    OXFORD,
    PROJECTOR,
    STANDARD,
    STANDARDISED,
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
from theory.proofs.rules import columns
from theory.proofs.tactics import cited, equal
from theory.proofs.theorems import projectors


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
            "Move y by x h. The variance becomes a parabola, sigma^2 + 2 x sigma a + x^2 b with "
            "a = yhat'h/B, b = the variance of h.",
            (CENTRING * (UNDONE + x * h)).T * (CENTRING * (UNDONE + x * h)) / B,
            sigma**2 * NUMBER + 2 * x * sigma * yhat.T * h / B + x**2 * h.T * CENTRING * h / B,
            STANDARD,
        ),
        equal(
            "So 1/s, s^2 = variance + eps, has the derivative -sigma a/s^3 at x = 0.",
            sp.diff(1 / sp.sqrt(moved + added), x).subs(x, 0),
            -sigma * along / (sigma**2 + added) ** sp.Rational(3, 2),
        ),
        equal(
            "The numerator C(y + x h), C = I - 11'/B, has the derivative Ch and starts at sigma "
            "yhat: the product rule gives (1/s)(C - (sigma/s)^2 yhat yhat'/B)h, for every h.",
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
                "It is symmetric.",
                PASSED_IN_LETTERS.T,
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
                "Along any h BN(y) moves by this matrix times h: quotient rule, with the "
                "derivative of the root.",
                columns.jacobian(),
            )
        ),
    )


@claim("identity", (s.y,), (cite(OXFORD, "section 2.1, eq. (1)"),), ("eps = 0",))
def jacobian_rank() -> Derivation:
    """The Jacobian of batch norm is Pi/sigma, with the standard deviation sigma of y and a
    projector Pi of rank B - 2, whose null space is spanned by BN(y) and the vector 1 of ones. Two
    of the B directions of a batch pass nothing on. For a batch of two the gradient is zero."""
    projector = sp.sqrt(VARIANCE) * jacobian_matrix(sp.S.Zero)
    return Derivation(
        definition=rank(jacobian_matrix(sp.S.Zero)),
        closed_form=B - 2,
        steps=(
            equal("Pi is its own square ...", PROJECTOR * PROJECTOR, PROJECTOR, STANDARD),
            equal("... and symmetric.", PROJECTOR.T, PROJECTOR),
            equal("Pi takes 1 to zero ...", PROJECTOR * one, sp.ZeroMatrix(B, 1), STANDARD),
            equal("... and yhat.", PROJECTOR * yhat, sp.ZeroMatrix(B, 1), STANDARD),
            cited(
                "The rank of a projector is its trace.",
                cite("hornjohnson2013", "idempotent matrices"),
            ),
            equal(
                "The trace of I is B, the trace of 11'/B is 1'1/B, and the trace of yhat yhat'/B "
                "is yhat'yhat/B.",
                B * NUMBER - one.T * one / B - yhat.T * yhat / B,
                (B - 2) * NUMBER,
                STANDARD,
            ),
        ),
        twins={
            "centring alone": B - 1,
            "full rank": B,
            "a third direction lost": B - 3,
        },
        chain=chain(
            because(
                "Pi = sigma times the Jacobian is a projector: its rank is its trace.",
                projectors.rank_of_a_projector(projector, 1 / sp.sqrt(VARIANCE)),
                sp.Trace(projector),
            ),
            calculated("The traces are B, 1'1/B = 1 and yhat'yhat/B = 1."),
        ),
    )


@claim(
    "identity",
    (s.y, s.eps),
    (cite(OXFORD, "section 2.1, eq. (1)"),),
    (Condition("a batch has three examples or more", B >= 3),),
)
def jacobian_eigenvalues() -> Derivation:
    """The Jacobian of batch norm multiplies the vector 1 of ones by 0, the deviations of y from the
    mean by eps/s^3, and every vector orthogonal to both by 1/s, where s^2 = variance + eps."""
    w = sp.MatrixSymbol("w", B, 1)
    added = sp.Symbol("eps", nonnegative=True)
    whole = jacobian_matrix()
    squared = VARIANCE + eps
    return Derivation(
        definition={
            "across": largest(whole),
            "along": inner(STANDARDISED, whole * STANDARDISED) / B,
            "mean": inner(ONES, whole * ONES) / B,
        },
        closed_form={
            "across": 1 / DIVISOR,
            "along": eps / squared ** sp.Rational(3, 2),
            "mean": sp.Integer(0),
        },
        steps=(
            *derivative_along(),
            equal("The mean is taken off.", PASSED_IN_LETTERS * one, sp.ZeroMatrix(B, 1), STANDARD),
            equal(
                "Of yhat the factor 1 - sigma^2/s^2 is left, ...",
                PASSED_IN_LETTERS * yhat,
                (1 - sigma**2 / divisor**2) * yhat,
                STANDARD,
            ),
            equal(
                "... which over s is eps/s^3, ...",
                ((1 - sigma**2 / divisor**2) / divisor).subs(divisor, sp.sqrt(sigma**2 + added)),
                added / (sigma**2 + added) ** sp.Rational(3, 2),
            ),
            equal(
                "... and a vector orthogonal to 1 and yhat stays as it is.",
                PASSED_IN_LETTERS * w,
                w,
                {one.T * w: NOUGHT, yhat.T * w: NOUGHT},
            ),
            equal(
                "The factor 1/s is the largest: eps/s^3 is less by sigma^2/s^3.",
                1 / divisor - (added / divisor**3).subs(added, divisor**2 - sigma**2),
                sigma**2 / divisor**3,
            ),
        ),
        twins={
            "a projector over s whatever eps": {
                "across": 1 / DIVISOR,
                "along": sp.Integer(0),
                "mean": sp.Integer(0),
            },
            "eps left out": {
                "across": 1 / sp.sqrt(VARIANCE),
                "along": sp.Integer(0),
                "mean": sp.Integer(0),
            },
            "a frozen variance": {
                "across": 1 / DIVISOR,
                "along": 1 / DIVISOR,
                "mean": sp.Integer(0),
            },
        },
        chain=chain(
            outputs={
                "across": (
                    because(
                        "What is orthogonal to 1 and BN(y) is multiplied by 1/s, and nothing by "
                        "more.",
                        columns.largest_eigenvalue(orthogonal=(ONES, STANDARDISED)),
                    ),
                ),
                "along": (
                    calculated(
                        "C keeps yhat, and BN(y)BN(y)'/B takes the share variance/s^2 of it.",
                        (1 - VARIANCE / squared) / DIVISOR,
                    ),
                    calculated("1 - variance/s^2 is eps/s^2."),
                ),
                "mean": (calculated("The mean is taken off."),),
            }
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
    gradient = gamma * passed(g) / DIVISOR
    added = sp.Symbol("eps", nonnegative=True)
    return Derivation(
        definition={"ones": inner(ONES, gradient), "inputs": inner(y, gradient)},
        closed_form={
            "ones": sp.Integer(0),
            "inputs": gamma * inner(g, OUTPUT) * eps / (VARIANCE + eps),
        },
        steps=(
            *derivative_along(),
            equal(
                "The gradient is gamma times the Jacobian, which is symmetric, times g. With 1,",
                one.T * (gamma * PASSED_IN_LETTERS * g / divisor),
                NOUGHT,
                STANDARD,
            ),
            equal(
                "with y = mu 1 + sigma yhat; BN(y) is sigma yhat/s,",
                UNDONE.T * (gamma * PASSED_IN_LETTERS * g / divisor),
                gamma * (1 - sigma**2 / divisor**2) * g.T * (sigma * yhat / divisor),
                STANDARD,
            ),
            equal(
                "and 1 - sigma^2/s^2 is eps/s^2.",
                (1 - sigma**2 / divisor**2).subs(divisor, sp.sqrt(sigma**2 + added)),
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
                "ones": (calculated("1 is orthogonal to BN(y), and its mean is taken off."),),
                "inputs": (
                    calculated(
                        "y'BN(y)/B is variance/s.",
                        gamma * inner(g, OUTPUT) * (1 - VARIANCE / (VARIANCE + eps)),
                    ),
                    calculated("1 - variance/s^2 is eps/s^2."),
                ),
            }
        ),
    )
